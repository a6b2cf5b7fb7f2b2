"""Every letter of a line of a PDF stands where it was measured, as matplotlib's own writer would set one font's."""

import io
from itertools import groupby

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st
from matplotlib import _text_helpers
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.textpath import text_to_path
from pypdf import PdfReader
from pypdf.generic import ContentStream

from incidents.sheet.briefing import settings
from incidents.sheet.line_of_text import Line
from incidents.sheet.paper import Type
from tests.letters import bytes_of, lines_of

TEXTS = (
    "Côte d'Ivoire, Tenkodogo: « Euvre » à Sèvaré",
    "AVATAR To WAVE, Ty. V.A. 11-17 Nov 2021",
    "two  spaces, and one behind ",
    " one before",
    "(brackets) and \\ backslashes",
)


MORE_TEXTS = (
    *TEXTS,
    "Côte d’Ivoire, Tenkodogo: « Œuvre » à Sèvaré, 11–17 Nov",
    "Кабул и Кундуз",
    "office, affluent, fjord, flight",
    "from Kunduz (قندوز) to Kabul",
    "قندوز",
    "\u200eOrganisation: سازمان نمونه",
    "\u200fد افغانستان امنیتي پېښې (as of 19 Nov 2021)",
    "\u200f\u200e19 Nov 2021) گزارش",
    "گزارش‌های می‌شود",
    "مُحَمَّدٌ يُّ",
    "ⴽⵉⴷⴰⵍ, Ɗiina d’Œuvre",
)


def drawn(kind, texts, *, bold=False):
    """The page of a PDF with texts, and the reader that it belongs to."""
    figure = Figure(figsize=(8, 2))
    for text in texts:
        figure.add_artist(kind(0.1, 0.5, text, fontproperties=Type(7.0, bold=bold).font(text), parse_math=False))
    written = io.BytesIO()
    with settings(), PdfPages(written) as pdf:
        pdf.savefig(figure)
    reader = PdfReader(written)
    return reader.pages[0], reader


def shown(kind, texts, *, bold=False):
    """Where the letters of texts stand in a PDF: of each, its place, its glyphs and the distances between them."""
    page, reader = drawn(kind, texts, bold=bold)
    lines, place = [], (0.0, 0.0)
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        match operator:
            case b"cm":
                place = tuple(map(float, operands[4:]))
            case b"Td" if any(operands):
                place = tuple(map(float, operands))
            case b"TJ":
                lines.append((place, joined(operands[0])))
    return lines


def measured(text, *, bold):
    """Where they are by the fonts."""
    font = text_to_path._get_font(Type(7.0, bold=bold).font(text))
    font.set_size(7.0, 72)
    return [(glyph.x, glyph.y) for glyph in _text_helpers.layout(text, font)]


def assert_as_measured(texts, *, bold=False):
    for text, line in zip(texts, lines_of(*drawn(Line, texts, bold=bold)), strict=True):
        places = [(letter.left - 57.6, letter.up - 72.0) for letter in line]
        assert np.array(places) == pytest.approx(np.array(measured(text, bold=bold)), abs=0.03)


def joined(parts):
    """Strings that follow each other as one: how a writer cuts them moves no letter."""
    together = []
    for is_move, run in groupby(parts, key=lambda part: isinstance(part, int | float)):
        found = list(run)
        together += [round(float(move), 6) for move in found] if is_move else [b"".join(map(bytes_of, found))]
    return together


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("text", MORE_TEXTS)
def test_every_letter_stands_where_it_was_measured_whichever_font_it_is_of(text, bold):
    assert_as_measured([text], bold=bold)


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("text", TEXTS)
def test_every_letter_of_one_font_stands_where_matplotlib_would_put_it(text, bold):
    assert shown(Line, [text], bold=bold) == shown(Text, [text], bold=bold) != []


LINES = st.text(st.sampled_from("AVTWLPYafijlorty.,-’ éÖç/()\\1742"), min_size=1, max_size=40)


@settings_of_hypothesis(max_examples=8)
@given(st.lists(LINES.filter(str.strip), min_size=30, max_size=60))
def test_so_does_every_letter_of_lines_that_repeat_their_words(texts):
    assert_as_measured(texts)
