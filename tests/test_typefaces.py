"""Every name that a sheet may have to write has its letters in a font that ships with the package."""

import hashlib
import json
import unicodedata

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager

from gazetteer import Gazetteer
from incidents.dataset import Dataset
from incidents.sheet.typefaces import FOLDER, families, font, without_glyph

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


def test_the_fonts_bear_names_that_no_machine_has_so_that_none_takes_their_place():
    fonts = [entry for entry in fontManager.ttflist if entry.name in families()]

    assert len(fonts) == 2 * len(families())
    assert {str(FOLDER), families()[-1]} >= {
        str(FOLDER) if str(FOLDER) in entry.fname else entry.name for entry in fonts
    }
