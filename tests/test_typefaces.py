"""Every name that a sheet may have to write has its letters in a font that ships with the package."""

import hashlib
import io
import json
import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont, fontManager, get_font
from PIL import Image
from pypdf import PdfReader

from gazetteer import Gazetteer
from incidents.dataset import Dataset
from incidents.sheet.briefing import settings
from incidents.sheet.direction import is_turned, turned
from incidents.sheet.paper import PAGES, Paper, Type, width_mm, wrap
from incidents.sheet.typefaces import FOLDER, boxes_words, families, font, without_glyph
from tests.letters import MM_PER_POINT, gaps, lines_of, seen

NAMES = {
    "French": "Côte d’Ivoire, Tenkodogo, Gaoua, Œuf, « Sèvaré »",
    "Arabic": "قندوز، المنطقة الخضراء، بغداد ٣",
    "Dari": "کندهار، ولایت پکتیا، گردیز، چهارراهی ۴",
    "Pashto": "ټانک، ډېره اسماعیل خان، ښار، ړومبی، ږوب، ګردېز، کوڼړ، نوښار",
    "Fulfulde, Hausa and Bambara": "Ɗiina, Ɓoggol, Ƴiiwoonde, Ŋalawal, bɛɛ, cɔ",
    "Tamasheq": "ⴽⵉⴷⴰⵍ",
}


def test_the_fonts_are_those_of_the_manifest_and_their_licence_is_beside_them():
    manifest = json.loads((FOLDER / "MANIFEST.json").read_bytes())
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in FOLDER.glob("*.ttf")}

    assert found == manifest["sha256"]
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FOLDER / "OFL.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", NAMES.values(), ids=NAMES)
def test_no_letter_is_missing(text):
    assert without_glyph(text) == ()


def test_a_letter_that_no_font_has_is_named():
    assert without_glyph("Kunduz 昆") == ("昆",)


def test_every_name_of_the_theatres_in_latin_or_arabic_letters_can_be_written(gazetteer: Gazetteer):
    """Syriac, of which a few names in Iraq are known, is the one script of these countries that no font here has."""
    theatres = ("BF", "ML", "NE", "TG", "BJ", "GH", "CI", "AF", "PK", "IQ", "IR")
    world = gazetteer.layers[-1]
    lacking = {name for country in theatres for name in world.spelt(country=country) if without_glyph(name)}
    scripts = {unicodedata.name(sign, "?").split()[0] for name in lacking for sign in without_glyph(name)}

    assert not scripts & {"LATIN", "ARABIC", "COMBINING", "TIFINAGH"}


def test_every_letter_of_the_curated_dataset_is_there(desk: Dataset):
    texts = [*desk.incidents.select_dtypes("str").to_numpy().ravel(), *desk.sources.to_numpy().ravel()]

    assert without_glyph(" ".join(text for text in texts if isinstance(text, str))) == ()


def test_a_letter_that_only_the_other_weight_has_is_missing():
    lighter = [chr(sign) for sign in get_font(findfont("DejaVu Sans")).get_charmap()]
    only = [sign for sign in lighter if without_glyph(sign, bold=True)]

    assert only
    assert not any(without_glyph(sign) for sign in only)


def test_many_missing_letters_are_counted_and_not_all_named():
    assert boxes_words([chr(0x4E00 + number) for number in range(40)]).endswith(" 丛 东 丝 and 10 more")
    assert boxes_words([]) == ""


def pixels(text, **options):
    figure = Figure(figsize=(4, 1), dpi=100)
    canvas = FigureCanvasAgg(figure)
    figure.text(0.1, 0.4, text, fontproperties=font(24, bold=False), **options)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., 0].copy()


def test_arabic_letters_are_joined_and_run_from_right_to_left():
    """The letters of Kunduz one by one are wider than the word, and its first letter stands at its right end."""
    joined, apart = pixels("قندوز"), pixels("\u200c".join("قندوز"))
    widths = [np.ptp(np.flatnonzero((drawn < 128).any(axis=0))) for drawn in (joined, apart)]
    first = pixels("ق\u200d")
    end = np.flatnonzero((joined < 128).any(axis=0)).max()
    initial = np.flatnonzero((first < 128).any(axis=0))
    width = int(np.ptp(initial))

    assert widths[0] < widths[1]
    assert np.array_equal(
        joined[:, end - width // 2 : end + 1] < 128,
        first[:, initial.max() - width // 2 : initial.max() + 1] < 128,
    )


OF_SEVERAL_FONTS = {
    "a title": turned("د افغانستان امنیتي پېښې (as of 19 Nov 2021)"),
    "a subtitle": turned("گزارش هفتگی"),
    "joiners": turned("گزارش‌های هفتگی می‌شود"),
    "latin inside": turned("الحوادث المنسوبة إلى JNIM في 2021"),
    "arabic inside": "Organisation: سازمان نمونه",
    "arabic first": "قندوز, Afghanistan",
    "arabic last": "endorsement or acceptance by سازمان نمونه.",
    "tifinagh": "Kidal (ⴽⵉⴷⴰⵍ), Mali",
}


@pytest.mark.parametrize("align", ["left", "center", "right"])
@pytest.mark.parametrize("text", OF_SEVERAL_FONTS.values(), ids=OF_SEVERAL_FONTS)
def test_a_line_of_several_fonts_is_as_wide_as_it_was_measured_and_its_spaces_are_alike(text, align):
    face, written = Type(9.0), io.BytesIO()
    paper = Paper(PAGES["a4-landscape"])
    paper.write(text, 100, 100, face=face, align=align)
    with settings(), PdfPages(written) as pdf:
        pdf.savefig(paper.figure)
    reader = PdfReader(written)
    (line,) = lines_of(reader.pages[0], reader)
    width = width_mm(text, face)
    begin = 100 - width * {"left": 0.0, "center": 0.5, "right": 1.0}[align]
    space = width_mm(" ", face) / MM_PER_POINT

    assert min(letter.left for letter in seen(line)) * MM_PER_POINT == pytest.approx(begin, abs=0.1)
    assert max(letter.right for letter in seen(line)) * MM_PER_POINT == pytest.approx(begin + width, abs=0.1)
    assert gaps(line) == pytest.approx([space] * len(gaps(line)), abs=0.1 * space)


@pytest.mark.parametrize("text", OF_SEVERAL_FONTS.values(), ids=OF_SEVERAL_FONTS)
def test_its_ink_begins_at_the_margin_and_ends_where_it_was_measured_to_end(text):
    face, written = Type(9.0), io.BytesIO()
    paper = Paper(PAGES["a4-landscape"])
    paper.write(text, 10, 100, face=face)
    with settings():
        paper.figure.savefig(written, format="png", dpi=300)
    ink = np.flatnonzero((np.asarray(Image.open(written).convert("L")) < 128).any(axis=0)) * 25.4 / 300

    # A letter leaves some of its own width white at its sides.
    assert 10 - 0.1 <= ink.min() <= 10 + 0.35
    assert 10 + width_mm(text, face) - 0.45 <= ink.max() <= 10 + width_mm(text, face) + 0.1


def test_a_number_that_begins_a_line_stands_as_it_would_without_the_break():
    """The day of "as of 19 Nov" in an Arabic title stands left of its month even if the line breaks before it."""
    face = Type(9.0)
    title = turned("د افغانستان امنیتي پېښې (as of 19 Nov 2021)")
    first, second = wrap(title, width=width_mm(turned("د افغانستان امنیتي پېښې (as of"), face) + 0.1, face=face)
    paper = Paper(PAGES["a4-landscape"])
    paper.write_between(first, left=10, right=90, up=100, face=face)
    paper.write_between(second, left=10, right=90, up=95, face=face)
    written = io.BytesIO()
    with settings(), PdfPages(written) as pdf:
        pdf.savefig(paper.figure)
    reader = PdfReader(written)
    lines = lines_of(reader.pages[0], reader)
    said = ["".join(letter.said for letter in seen(line)) for line in lines]

    assert said[0].startswith("as of( ")
    assert said[1] == ")19 Nov 2021"
    assert [max(letter.right for letter in seen(line)) * MM_PER_POINT for line in lines] == pytest.approx(
        [90, 90], abs=0.1
    )


@given(st.text(st.sampled_from("ab قن1 (."), min_size=1, max_size=30), st.floats(0.1, 12))
def test_no_letter_is_lost_or_added_where_a_turned_text_is_broken(text, width):
    lines = wrap(turned(text), width=width, face=Type(9.0))
    kept = "".join(lines).replace("\u200e", "").replace("\u200f", "")

    assert kept.replace(" ", "") == text.replace(" ", "")
    assert len({is_turned(line) for line in lines}) <= 1


def test_the_fonts_bear_names_that_no_machine_has_so_that_none_takes_their_place():
    fonts = [entry for entry in fontManager.ttflist if entry.name in families()]

    assert len(fonts) == 2 * len(families())
    assert {str(FOLDER), families()[-1]} >= {
        str(FOLDER) if str(FOLDER) in entry.fname else entry.name for entry in fonts
    }
