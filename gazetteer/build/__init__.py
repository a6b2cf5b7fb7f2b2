"""From the sources to the committed files under `gazetteer/data`, to the index and to packs: one module per source."""
