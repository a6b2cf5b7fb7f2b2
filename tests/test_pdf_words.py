"""A line of a PDF that is written word by word stands as matplotlib's own writer would set it, letter by letter."""

import io
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from matplotlib.text import Text
from pypdf import PdfReader
from pypdf.generic import ContentStream

from incidents.sheet.briefing import settings
from incidents.sheet.line_of_text import Line
from incidents.sheet.paper import Type

TEXTS = (
    "Côte d’Ivoire, Tenkodogo: « Œuvre » à Sèvaré",
    "AVATAR To WAVE, Ty. V.A. 11–17 Nov 2021",
    "office, affluent, fjord, flight",
    "Кабул и Кундуз",
    "two  spaces, and one behind ",
    " one before",
    "(brackets) and \\ backslashes",
    "from Kunduz (قندوز) to Kabul",
    "قندوز",
)


def shown(kind, texts, *, bold=False):
    """Where the letters of texts stand in a PDF: of each, its place, its glyphs and the distances between them."""
    figure = Figure(figsize=(8, 2))
    for text in texts:
        figure.add_artist(kind(0.1, 0.5, text, fontproperties=Type(7.0, bold=bold).font(text), parse_math=False))
    written = io.BytesIO()
    with settings(), PdfPages(written) as pdf:
        pdf.savefig(figure)
    page = PdfReader(written).pages[0]
    lines, place = [], (0.0, 0.0)
    for operands, operator in ContentStream(page.get_contents(), page.pdf).operations:
        match operator:
            case b"cm":
                place = tuple(map(float, operands[4:]))
            case b"Td" if any(operands):
                place = tuple(map(float, operands))
            case b"TJ":
                lines.append((place, joined(operands[0])))
    return lines


def joined(parts):
    """Strings that follow each other as one: how a writer cuts them moves no letter."""
    together = []
    for is_move, run in groupby(parts, key=lambda part: isinstance(part, int | float)):
        found = list(run)
        together += [round(float(move), 6) for move in found] if is_move else [b"".join(map(bytes_of, found))]
    return together


def bytes_of(part):
    return getattr(part, "original_bytes", part)


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("text", TEXTS)
def test_every_letter_stands_where_matplotlib_would_put_it(text, bold):
    assert shown(Line, [text], bold=bold) == shown(Text, [text], bold=bold) != []


LINES = st.text(st.sampled_from("AVTWLPYafijlorty.,-’ éÖç/()\\1742"), min_size=1, max_size=40)


@settings_of_hypothesis(max_examples=8)
@given(st.lists(LINES.filter(str.strip), min_size=30, max_size=60))
def test_so_does_every_letter_of_lines_that_repeat_their_words(texts):
    assert shown(Line, texts) == shown(Text, texts)
