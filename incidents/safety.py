"""The one way in which text from data becomes safe for the map."""

from __future__ import annotations

import html
from typing import Final

# Besides HTML's own: what opens a JavaScript template literal, an escape, or a Jinja expression, which folium renders.
_ENTITIES: Final = str.maketrans({character: f"&#{ord(character)};" for character in "`$\\{}"})


def safe_text(text: str) -> str:
    """Make text inert in HTML, in a JavaScript template literal and in a Jinja template.

    Examples
    --------
    >>> safe_text("<b>100 {% of</b>")
    '&lt;b&gt;100 &#123;% of&lt;/b&gt;'
    """
    return html.escape(text, quote=True).translate(_ENTITIES)
