"""Lines of a PDF written word by word, each word shaped once.

matplotlib's PDF writer reads every letter of every line anew out of the font's file, twice: four fifths of the time of
a sheet with a long key. Texts repeat their words, so here each is read once. Operators as of ISO 32000-1, 9.4.
"""

from __future__ import annotations

from typing import Any, Final
from weakref import WeakKeyDictionary

from matplotlib import _text_helpers
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.backends.backend_pdf import Op, PdfFile
from matplotlib.font_manager import FontPath, FontProperties, findfont, get_font
from matplotlib.ft2font import FT2Font

# How a word is shown: strings of glyphs and the distances between them; None if it takes more than one font.
_Shown = list[bytes | float] | None
_KNOWN: Final[WeakKeyDictionary[PdfFile, dict[tuple[FontPath, float, str], _Shown]]] = WeakKeyDictionary()


def show(
    renderer: RendererBase, gc: GraphicsContextBase, *, at: tuple[float, float], said: str, face: FontProperties
) -> bool:
    """Write a line, and say whether that could be done: only into a PDF, and only what one font of Latin letters has.

    There a letter's place depends on the letter before it and on none beyond a space, which is not so in Arabic.

    Parameters
    ----------
    at
        Where its baseline begins, in points from the lower left corner.
    """
    writer: Any = renderer
    file: Any = getattr(writer, "file", None)
    if not isinstance(file, PdfFile) or len(face.get_family()) > 1 or said.startswith(" "):
        return False
    path, size_pt = findfont(face), face.get_size_in_points()
    font = get_font(path)
    font.set_size(size_pt, 72)
    known = _KNOWN.setdefault(file, {})
    line: list[bytes | float] = []
    words = said.split(" ")
    for number, word in enumerate(words):
        # A word with the spaces around it, of which the one before has been shown with the word before.
        part = f"{' ' if number else ''}{word}{' ' if number < len(words) - 1 else ''}"
        key = path, size_pt, part
        if key not in known:
            known[key] = _shaped(file, font, part, size_pt=size_pt)
        shown = known[key]
        if shown is None:
            return False
        line += shown
    writer.check_gc(gc, gc.get_rgb())
    file.output(Op.begin_text, file.fontName(path), size_pt, Op.selectfont, *at, Op.textpos)
    file.output(line, Op.showkern, Op.end_text)
    return True


def _shaped(file: Any, font: FT2Font, part: str, *, size_pt: float) -> _Shown:
    shown: list[bytes | float] = []
    run = b""
    glyphs = list(_text_helpers.layout(part, font))
    for glyph in glyphs[part.startswith(" ") :]:
        # The writer embeds the glyphs that it has been told of, and there is no public way of telling it.
        subset, code = file._character_tracker.track_glyph(glyph.ft_object, glyph.char, glyph.glyph_index)  # noqa: SLF001
        if subset or glyph.y:
            return None
        if glyph.prev_kern:
            shown += [run, -1000 * glyph.prev_kern / size_pt]
            run = b""
        run += code.to_bytes(2, "big")
    return [*shown, run]
