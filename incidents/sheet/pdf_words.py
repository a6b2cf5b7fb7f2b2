"""Lines of a PDF written word by word, each word shaped once, and each letter where it was measured.

matplotlib's PDF writer reads every letter of every line anew out of the font's file, twice: four fifths of the time of
a sheet with a long key. Texts repeat their words, so here each is read once. Operators as of ISO 32000-1, 9.4.

Where a line goes from one font to another, that writer puts the next letter where it belongs and then moves it once
more, by its distance from where the letter before it would have ended. After a mark that is not seen, which is kept as
a space of no width, that is a whole space: every line with Arabic in it hung out of its column, with a gap in it.
"""

from __future__ import annotations

from typing import Any, Final
from weakref import WeakKeyDictionary

from matplotlib import _text_helpers
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.backends.backend_pdf import Op, PdfFile
from matplotlib.font_manager import FontPath, FontProperties, findfont, get_font
from matplotlib.ft2font import FT2Font

# How a word is shown: strings of glyphs and the distances between them; None if it takes more than one font or line.
_Shown = list[bytes | float] | None
_KNOWN: Final[WeakKeyDictionary[PdfFile, dict[tuple[FontPath, float, str], _Shown]]] = WeakKeyDictionary()


def show(
    renderer: RendererBase, gc: GraphicsContextBase, *, at: tuple[float, float], said: str, face: FontProperties
) -> bool:
    """Write a line, and say whether that could be done: only into a PDF.

    Parameters
    ----------
    at
        Where its baseline begins, in points from the lower left corner.
    """
    writer: Any = renderer
    file: Any = getattr(writer, "file", None)
    if not isinstance(file, PdfFile):
        return False
    writer.check_gc(gc, gc.get_rgb())
    line = _words(file, said, face)
    if line is None:
        _show_runs(file, at=at, said=said, face=face)
        return True
    file.output(Op.begin_text, file.fontName(findfont(face)), face.get_size_in_points(), Op.selectfont)
    file.output(*at, Op.textpos, line, Op.showkern, Op.end_text)
    return True


def _words(file: Any, said: str, face: FontProperties) -> _Shown:
    """Shape a line word by word; None if it cannot be, which is so if it takes more than one font of Latin letters.

    There a letter's place depends on the letter before it and on none beyond a space, which is not so in Arabic.
    """
    if len(face.get_family()) > 1 or said.startswith(" "):
        return None
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
            return None
        line += shown
    return line


def _show_runs(file: Any, *, at: tuple[float, float], said: str, face: FontProperties) -> None:
    """Write a line of several fonts: each run of letters of one font and height begins where its first letter is."""
    size_pt = face.get_size_in_points()
    font = get_font([findfont(_of_family(face, family)) for family in face.get_family()])
    font.set_size(size_pt, 72)
    file.output(Op.begin_text)
    across, up = 0.0, 0.0
    before: tuple[str, int, float] | None = None
    run: list[bytes | float] = []
    for glyph in _text_helpers.layout(said, font):
        subset, code = _tracked(file, glyph)
        path = FontPath(str(glyph.ft_object.fname), glyph.ft_object.face_index)
        if before != (here := (path, subset, glyph.y)):
            if run:
                file.output(run, Op.showkern)
            place = at[0] + glyph.x, at[1] + glyph.y
            file.output(file.fontName(path, subset), size_pt, Op.selectfont)
            file.output(place[0] - across, place[1] - up, Op.textpos)
            (across, up), before, run = place, here, []
        elif glyph.prev_kern:
            run.append(-1000 * glyph.prev_kern / size_pt)
        run.append(code.to_bytes(2, "big"))
    file.output(run, Op.showkern, Op.end_text)


def _of_family(face: FontProperties, family: str) -> FontProperties:
    one = face.copy()
    one.set_family(family)
    return one


def _tracked(file: Any, glyph: Any) -> tuple[int, int]:
    """Give the part of its font that a glyph is in, and its code there.

    The writer embeds the glyphs that it has been told of, and there is no public way of telling it.
    """
    subset, code = file._character_tracker.track_glyph(glyph.ft_object, glyph.char, glyph.glyph_index)  # noqa: SLF001
    return subset, code


def _shaped(file: Any, font: FT2Font, part: str, *, size_pt: float) -> _Shown:
    shown: list[bytes | float] = []
    run = b""
    glyphs = list(_text_helpers.layout(part, font))
    for glyph in glyphs[part.startswith(" ") :]:
        subset, code = _tracked(file, glyph)
        if subset or glyph.y:
            return None
        if glyph.prev_kern:
            shown += [run, -1000 * glyph.prev_kern / size_pt]
            run = b""
        run += code.to_bytes(2, "big")
    return [*shown, run]
