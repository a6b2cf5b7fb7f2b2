"""From the sources to the committed files under `gazetteer/data`: one script per source."""
