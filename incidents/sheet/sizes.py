"""Sizes: about how large a sheet's file will be, told before it is made."""

from __future__ import annotations

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from incidents.sheet.briefing import Sheet


def about_bytes(sheet: Sheet, *, format: str, preview: bytes) -> int:  # noqa: A002  the word of matplotlib and pandas
    """Estimate how large a sheet is in a format, in bytes, without writing it.

    The coefficients are least squares over 32 sheets of 20 to 1,000 incidents on one map and on three, which are met
    within an eighth (tests/test_sheet.py holds them to a quarter): bytes of a sheet without anything, of each corner,
    each shape and each letter. A picture has as many bytes as its preview, for four times the pixels.
    """
    first, *_ = sheet.pages
    shapes = [artist for artist in first.findobj() if isinstance(artist, Patch | Line2D)]
    corners = sum(len(np.asarray(shape.get_path().vertices)) for shape in shapes)
    letters = [sum(len(text.get_text()) for text in page.axes[0].texts) for page in sheet.pages]
    match format:
        case "pdf":
            return round(39_000 + 8 * corners + 1.65 * sum(letters))
        case "svg":
            return round(199_000 + 22.3 * corners + 256 * len(shapes) + 47.5 * letters[0])
        case _:
            return round(2.4 * len(preview))
