"""The sheet says what it shows, draws precision as it is, and comes out the same every time."""

import hashlib
import io
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import combinations, pairwise
from math import hypot
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.textpath import text_to_path
from pypdf import PdfReader
from pyproj import Geod
from shapely.geometry import Point

from gazetteer.boundaries import Boundaries
from incidents.errors import ExportError
from incidents.filters import UNATTRIBUTED, Filters
from incidents.frames import FRAMES, WORLD, Frame
from incidents.geocode import disc, records
from incidents.readers import read_table
from incidents.schema import Rejected
from incidents.sheet import PAGES, Imprint, Order, Status, about_bytes, draw_sheet, frames_of, preview, render
from incidents.sheet.furniture import north_at, scale_bar
from incidents.sheet.key import Entry
from incidents.sheet.labels import Labels, Obstacles, around, heart, inside
from incidents.sheet.marks import Style
from incidents.sheet.paper import Box, Type, width_mm, wrap
from incidents.sheet.plate import Plate
from incidents.sheet.printed_map import spots
from incidents.sheet.strip import Strip, lanes_of
from incidents.sheet.ties import Ties
from incidents.spillover import Link, Rule, Strength
from incidents.symbols import symbols
from incidents.timeline import Period
from tests.letters import MM_PER_POINT, lines_of, seen
from tests.made_up import DATA, dataset_of, located, made_up

BOUNDARIES = Boundaries.load()
DATASET = made_up()
GEOD = Geod(ellps="WGS84")
MAP_RIGHT, MAP_BOTTOM, MARK_LAYER, FURNITURE_LAYER, NUMBER_GROUND_LAYER = 195, 75, 30, 16, 45
BORDER_LAYER, NAME_LAYERS, LINK_LAYER = 8, (11, 12, 14), 29.5
BOX = Box(15, 50, 197, 180)
WIDE = Frame("wide", "From Togo to Sydney", west=-10, south=-40, east=160, north=50)
AS_OF = date(2021, 11, 19)
EVERYTHING = Filters()


FULL = Imprint(
    subtitle="Semaine du 13 au 19 novembre",
    producer="Incident desk",
    organisation="Example Relief",
    map_number="MA001",
    version=3,
    status=Status.CORRECTION,
    correction="Incident 3 was shown in Benin; it happened in Togo.",
    corrected_on=date(2021, 11, 20),
    handling="Internal, until 1 Dec 2021",
    time_zone="Africa/Ouagadougou",
)


def sheet_of(filters=EVERYTHING, *, dataset=DATASET, gazetteer=None, frame=None, **asked):
    frames = asked.pop("frames", (frame,) if frame else ())
    order = Order(**{"title": "Test", "as_of": AS_OF, "produced_on": date(2021, 11, 20), "frames": frames, **asked})
    return draw_sheet(dataset, filters, order=order, boundaries=BOUNDARIES, gazetteer=gazetteer)


def texts_of(sheet, page=0):
    return [text for text in sheet.pages[page].axes[0].texts if text.get_text()]


def words_of(sheet):
    return " ".join(text.get_text() for page in range(len(sheet.pages)) for text in texts_of(sheet, page))


def titles_of(sheet):
    """What stands above its maps."""
    return [
        text
        for text in texts_of(sheet)
        if re.match(r"[A-Z] .*\(\d", text.get_text()) and text.get_position()[0] < MAP_RIGHT
    ]


def entries_of(dataset):
    """The located incidents of a dataset as the key lists them, numbered from 1."""
    groups = symbols(dataset.facets.families)
    located = records(dataset.incidents.loc[dataset.incidents.geometry.notna()])
    return [
        Entry(incident, groups[incident["actor_family"] or UNATTRIBUTED], number=number)
        for number, incident in enumerate(located, start=1)
    ]


def pdf_words(content):
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages)


def boxes_of(sheet, page=0):
    """Where each text stands, in millimetres."""
    figure = sheet.pages[page]
    to_mm = figure.axes[0].transData.inverted()
    renderer = figure.canvas.get_renderer()
    extents = [text.get_window_extent(renderer).transformed(to_mm) for text in texts_of(sheet, page)]
    return [Box(extent.x0, extent.y0, extent.x1, extent.y1) for extent in extents]


def many(count, *, spread):
    """`count` incidents, all at one town or over some degrees around it."""
    table = read_table((DATA / "made-up.csv").read_bytes()).accepted
    copies = [
        table.iloc[[number % 4]].assign(
            incident_id=f"many-{number}",
            longitude=0.7 + spread * ((number * 37) % 101) / 101,
            latitude=11.1 + spread * ((number * 53) % 97) / 97,
        )
        for number in range(count)
    ]
    return dataset_of(located(pd.concat(copies, ignore_index=True)))


def lacking_places(found, *, countries, unknown):
    """Of the first `countries` incidents only the country is known; of the next ones every place is unknown."""
    rows = found.incidents.copy()
    here, there = rows.index[:countries], rows.index[countries : countries + unknown]
    rows.loc[[*here, *there], "geometry"] = None
    rows.loc[[*here, *there], ["longitude", "latitude", "uncertainty_radius_km"]] = None
    rows.loc[here, ["geo_precision", "country", "country_code"]] = ["country", "Togo", "TG"]
    rows.loc[there, "geo_precision"] = None
    rows.loc[there, "place_reason"] = [f"No layer knows “Nowhere {number}”." for number in range(1, unknown + 1)]
    return dataset_of(rows)


# What it says


def test_a_pdf_says_title_day_count_filters_projection_sources_and_hash():
    filters = Filters(families=("JNIM",), date_to=AS_OF)
    placed = replace(DATASET, places_from="A gazetteer")
    content = render(sheet_of(filters, title="Sahel: attacks", dataset=placed), format="pdf")
    words = pdf_words(content)

    for said in (
        "Sahel: attacks (as of 19 Nov 2021)",
        "3 of 8 incidents shown, 1 not mappable",
        "Filters: Group: JNIM · To 19 Nov 2021",
        "Produced 20 Nov 2021",
        "Lambert azimuthal equal-area",
        "datum WGS 84",
        "The Made-up Bulletin",
        "Natural Earth 4.1",
        "Places of incidents: A gazetteer",
        f"SHA-256 {DATASET.sha256[:12]}",
        "Incident Desk",
        "made-07",
        "Only the country is known: Niger.",
    ):
        assert said in words, said


def test_without_filters_the_sheet_says_so():
    assert "No filter" in words_of(sheet_of())


def test_what_nobody_stated_is_not_stated():
    assert "Places of incidents: not stated." in words_of(sheet_of())


def test_a_sheet_that_lacks_rows_of_the_file_says_how_many_under_its_title_and_on_every_page():
    faults = (Rejected(3, "date_start", "soon", "no date"), Rejected(3, "injured", "x", "no number"))
    words = words_of(sheet_of(dataset=replace(DATASET, rejected=faults)))
    following = sheet_of(dataset=replace(many(60, spread=6.0), rejected=faults))

    assert "8 of 8 incidents shown, 2 not mappable; 1 row of the file could not be read" in words
    assert all(
        any("; 1 row of the file could not be read" in text.get_text() for text in texts_of(following, page))
        for page in range(len(following.pages))
    )
    assert "could not be read" not in words_of(sheet_of())


def test_a_joint_figure_names_the_other_incident_with_its_number_on_both_of_its_rows():
    sheet = sheet_of()
    words, numbered = words_of(sheet), (*sheet.drawn, *sheet.outside, *sheet.not_mapped)
    (second,) = re.findall(r"best estimate 4, together with route de Pô à Tenkodogo, Oct 2021 \(no\. (\d)\)", words)
    (first,) = re.findall(r"killed: counted with Djibo, Oct 2021 \(no\. (\d)\)", words)

    assert [numbered[int(number) - 1] for number in (first, second)] == ["made-04", "made-05"]


def test_in_full_a_place_as_reported_has_beside_it_what_it_is_drawn_as(desk):
    sheet = sheet_of(dataset=desk)
    first, following, _ = (" ".join(text.get_text() for text in texts_of(sheet, page)) for page in range(3))

    assert "marched to the Pakistani capital Islamabad" in following
    assert "drawn as Punjab, Pakistan: province, within about 380 km" in following
    assert "drawn as Punjab" not in first
    assert any("Islamabad" in line and "drawn as Punjab, Pakistan" in line for line in sheet.key)


def test_an_incident_that_shares_a_figure_is_named_even_where_the_filters_leave_it_out():
    assert "killed: counted with Djibo, Oct 2021" in words_of(sheet_of(Filters(text="seconde")))
    assert "together with route de Pô à Tenkodogo, Oct 2021" in words_of(sheet_of(Filters(text="cost")))


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        ("sahel", set()),
        ("afghanistan", {"the Durand Line of 1893", "the Line of Control of 1972"}),
        ("iraq", set()),
    ],
)
def test_a_border_that_one_of_its_sides_does_not_accept_has_its_note_where_it_is_drawn(frame, said):
    words = words_of(sheet_of(frame=FRAMES[frame]))
    assert {note for note in ("the Durand Line of 1893", "the Line of Control of 1972") if note in words} == said


def test_the_sheet_says_that_it_draws_no_other_overlay_of_the_desk():
    said = "Of what a desk lays over its map, a sheet draws documented crossings and links alone."
    assert said in words_of(sheet_of())


def test_a_frame_that_leaves_incidents_out_counts_them_and_lists_them():
    sheet = sheet_of(frame=FRAMES["sahel"])

    assert sheet.outside == ("made-06",)
    assert "5 on this map, 1 beyond the edges; 8 of 8 incidents shown, 2 not mappable" in words_of(sheet)
    assert "Beyond the edges of the map (1)" in words_of(sheet)


def test_a_selection_of_nothing_is_a_sheet_that_says_so():
    sheet = sheet_of(Filters(text="nowhere at all"))

    assert "0 of 8 incidents shown, 0 not mappable" in words_of(sheet)
    assert "No incident answers these filters." in words_of(sheet)


def test_the_imprint_is_on_the_sheet_and_what_it_lacks_is_not_stated():
    full, bare = words_of(sheet_of(imprint=FULL)), words_of(sheet_of())

    for said in (
        "Semaine du 13 au 19 novembre",
        "Map no. MA001 · v03 · Correction",
        "Correction of 20 Nov 2021: Incident 3 was shown in Benin; it happened in Togo.",
        "Handling: Internal, until 1 Dec 2021",
        "Producer: Incident desk",
        "Organisation: Example Relief",
        "Africa/Ouagadougou",
    ):
        assert said in full, said
    assert "acceptance by Example Relief." in full
    assert all(
        f"{name}: not stated" in bare for name in ("Producer", "Organisation", "Map no.", "Handling", "Time zone")
    )
    assert "Map no. not stated · v01 · New" in bare


def test_a_correction_that_does_not_say_what_it_corrects_is_refused():
    with pytest.raises(ExportError, match="says what it corrects"):
        Imprint(status=Status.CORRECTION)


def test_several_frames_each_have_their_projection_scale_and_share_of_the_incidents():
    sheet = sheet_of(frames=frames_of("theatres"))
    words = words_of(sheet)

    assert "A Sahel and littoral (" in words
    assert {"made-06"} & set(sheet.drawn)
    centres = ("12.0° N 0.2° W", "31.2° N 69.0° E", "33.2° N 43.8° E")
    for letter, centre in zip("ABC", centres, strict=True):
        assert f"{letter}: Lambert azimuthal equal-area, centred on {centre}" in words
    bars = [text for text in texts_of(sheet) if text.get_text().startswith("true at ")]
    assert len(bars) == 3


def test_maps_by_period_have_one_extent_and_each_shows_what_touches_its_period(desk):
    sheet = sheet_of(Filters(date_from=date(2019, 1, 1)), dataset=desk, by=Period.YEAR, frame=FRAMES["sahel"])

    assert "A, B: Lambert azimuthal equal-area, centred on 12.0° N 0.2° W" in words_of(sheet)
    assert len({text.get_text() for text in texts_of(sheet) if text.get_text().startswith("true at ")}) == 1
    titles = {text.get_text()[0]: text for text in titles_of(sheet)}
    assert [titles[letter].get_text() for letter in "AB"] == ["A 2020 (1)", "B 2021 (3)"]
    starts = {letter: title.get_position() for letter, title in titles.items()}
    numbers = [
        text for text in texts_of(sheet) if text.get_zorder() == 50 and re.fullmatch(r"\d(, \d)*", text.get_text())
    ]

    def numbers_on(letter):
        left, up = starts[letter]
        width = starts["B"][0] - starts["A"][0]
        places = [(text, *text.get_position()) for text in numbers]
        return {text.get_text() for text, x, y in places if 5 < x - left < width - 2 and 5 < up - y < 95}

    assert numbers_on("A") == {"1"}
    assert numbers_on("B") == {"2", "3", "4"}


def test_periods_are_counted_over_what_the_frame_shows_and_the_empty_ones_between_the_maps_are_named(desk):
    sheet = sheet_of(dataset=desk, by=Period.MONTH, frame=FRAMES["sahel"])

    assert [text.get_text() for text in titles_of(sheet)] == ["A Feb 2020 (1)", "B Nov 2021 (3)"]
    assert "No incident to show, and so no map: Mar 2020 to Oct 2021." in words_of(sheet)


def test_a_period_that_an_incident_only_may_have_been_in_has_a_map_and_its_count_says_so(desk):
    since = Filters(date_from=date(2021, 8, 1))
    sheet = sheet_of(since, dataset=desk, by=Period.MONTH, frame=FRAMES["afghanistan"])

    assert "B Sep 2021 (1, 1 perhaps in another)" in [text.get_text() for text in titles_of(sheet)]
    assert "so no map" not in words_of(sheet)


def test_a_map_of_a_period_counts_as_unsure_only_what_it_shows(desk):
    sheet = sheet_of(Filters(date_from=date(2021, 8, 1)), dataset=desk, by=Period.MONTH, frame=FRAMES["sahel"])

    assert [text.get_text() for text in titles_of(sheet)] == ["A Nov 2021 (3)"]


def test_more_periods_than_a_page_holds_are_refused_with_what_to_do(desk):
    with pytest.raises(ExportError, match="Choose longer periods or fewer days"):
        sheet_of(dataset=desk, by=Period.DAY)


def test_towns_are_named_by_their_rank_from_the_gazetteer(gazetteer):
    sheet = sheet_of(frame=FRAMES["sahel"], gazetteer=gazetteer)
    said = {text.get_text() for text in texts_of(sheet)}

    assert {"Ouagadougou", "Niamey"} <= said
    assert "Names of towns: curated gazetteer" in words_of(sheet)
    assert "Ouagadougou" not in {text.get_text() for text in texts_of(sheet_of(frame=FRAMES["sahel"]))}


def test_a_sheet_cannot_be_as_of_a_day_before_what_it_shows(desk):
    with pytest.raises(ExportError, match=r"2 of the incidents did, the last of them on 14 Nov 2021\. Choose that day"):
        sheet_of(Filters(date_from=date(2021, 11, 12)), dataset=desk, as_of=date(2021, 11, 11))


def test_a_sheet_cannot_be_as_of_a_day_that_is_yet_to_come():
    with pytest.raises(ExportError, match="made on 20 Nov 2021 cannot be as of 21 Nov 2021"):
        sheet_of(as_of=date(2021, 11, 21))


def test_towns_of_the_countries_that_are_spoken_of_are_named_first(desk, gazetteer):
    only = {"dataset": desk, "gazetteer": gazetteer, "frame": FRAMES["afghanistan"]}
    of_kabul, of_lahore = (
        {text.get_text() for text in texts_of(sheet_of(Filters(text=words), **only))}
        for words in ("western Kabul", "city of Lahore")
    )

    assert {"Kabul", "Herat", "Mazār-e Sharīf"} <= of_kabul
    assert not {"Herat", "Mazār-e Sharīf"} & of_lahore


def test_a_map_of_half_the_world_says_that_its_bar_holds_along_one_parallel_and_states_no_scale():
    words = words_of(sheet_of(frame=WIDE))

    assert re.search(r"true along \d+° N only", words)
    assert "no one scale: the bar is true east and west on this paper" in words
    assert "1 :" not in words


def test_links_are_drawn_in_dots_which_no_border_has_and_told_with_their_rule(desk):
    asked = {"dataset": desk, "frame": FRAMES["sahel"], "rule": "open"}
    with_links, without = (sheet_of(overlays=overlays, **asked) for overlays in (("links",), ()))

    def patterns(sheet):
        return [patch.get_linestyle() for patch in sheet.pages[0].axes[0].patches if patch.get_zorder() == LINK_LAYER]

    assert patterns(with_links)
    assert not patterns(without)
    assert "within 50 km and 30 days (preset borderland:" in words_of(with_links)
    assert "rule open)" in words_of(with_links)
    assert re.search(r"Under shuffled dates [\d.]+ links expected, \d+ found\.", words_of(with_links))
    (told,) = with_links.statement["overlays"]
    assert told["parameters"]["expected_low"] <= told["parameters"]["count"]
    assert "inferred link" not in words_of(without)


def test_a_short_link_leads_no_farther_aside_than_half_its_length(desk):
    sheet = sheet_of(dataset=desk, frame=FRAMES["sahel"], overlays=("links",), rule="open")
    link, _in_the_legend = (patch for patch in sheet.pages[0].axes[0].patches if patch.get_zorder() == LINK_LAYER)
    start, aside, end = (Point(vertex) for vertex in link.get_path().vertices)

    assert start.distance(end) < 5
    assert 0 < shapely.LineString([start, end]).distance(aside) < start.distance(end) / 2


def test_incidents_that_a_link_joins_are_named_by_their_numbers(desk):
    sheet = sheet_of(dataset=desk, frame=FRAMES["sahel"], overlays=("links",), rule="open")

    assert "Linked here: 2 and 3 (possible)." in words_of(sheet)
    assert sheet.drawn[1:3] == ("TM-2021-11-19-03", "TM-2021-11-19-01")


def test_the_incident_that_an_arrow_leads_to_is_named_by_its_number(desk):
    sheet = sheet_of(dataset=desk, frame=FRAMES["sahel"], overlays=("crossings",))

    assert "The arrow leads to no. 3." in words_of(sheet)
    assert sheet.drawn[2] == "TM-2021-11-19-01"
    assert "arrow leads" not in words_of(sheet_of(dataset=desk, frame=FRAMES["sahel"], overlays=()))


@pytest.mark.parametrize("number", [8, 9])
def test_links_too_many_to_be_named_are_only_counted(number):
    ids = {f"i{end}": end for end in range(number + 1)}
    far = {"distance_min_km": 1.0, "distance_max_km": 2.0, "gap_min_days": 1, "gap_max_days": 2}
    told = {"strength": Strength.FIRM, "directed": False, "rule": Rule.OPEN, "reason": ""}
    ties = Ties(links=tuple(Link(first_id="i0", second_id=f"i{end}", **far, **told) for end in range(1, number + 1)))

    assert ("0 and 8 (firm)" in ties.words([ties], numbers=ids)) is (number == 8)


@pytest.mark.parametrize(
    ("produced_on", "said"),
    [
        (date(2026, 11, 22), "Produced 22 Nov 2026"),
        (datetime(2026, 11, 22, 9, 5, tzinfo=UTC), "Produced 22 Nov 2026, 09:05 UTC+00:00"),
        (datetime(2026, 11, 22, 9, 5, tzinfo=timezone(timedelta(hours=-3.5))), "09:05 UTC-03:30"),
        (datetime(2026, 11, 22, 9, 5), "09:05 (time zone not stated)"),  # noqa: DTZ001  what this is about
    ],
)
def test_the_moment_of_production_has_its_time_zone(produced_on, said):
    assert said in words_of(sheet_of(produced_on=produced_on))


def test_text_is_never_mathematics():
    sheet = sheet_of(title="$x^2$ and \\frac{1}{2}")
    words = pdf_words(render(sheet, format="pdf"))

    assert "$x^2$ and \\frac{1}{2} (as of" in words
    assert "Katiba $x^2$ \\frac{1}{2}" in words
    assert "cost $5 and $6 \\alpha_{0};" in words
    assert not any(text.get_parse_math() for text in texts_of(sheet))


def test_a_line_with_arabic_in_it_keeps_the_order_of_the_english_around_it():
    (line,) = (text.get_text() for text in texts_of(sheet_of()) if "قندوز" in text.get_text())

    assert line == "\u200e2021 · قندوز, Afghanistan"


PASHTO = "د افغانستان امنیتي پېښې"
LONG_ARABIC = "الوضع الأمني في منطقة الساحل وعلى الحدود بين بوركينا فاسو وتوغو وبنين، " * 3


def letters_of(sheet, first):
    """The lines of the heading, from the first with the letter `first` in it, as they stand in the PDF."""
    reader = PdfReader(io.BytesIO(render(sheet, format="pdf")))
    lines = lines_of(reader.pages[0], reader)
    begin = next(number for number, line in enumerate(lines) if any(letter.said == first for letter in line))
    return [seen(line) for line in lines[begin:]]


def test_a_title_that_begins_in_arabic_has_its_day_at_its_left_end_and_its_first_letter_at_the_right():
    title, subtitle, count, *_ = letters_of(sheet_of(title=PASHTO, imprint=Imprint(subtitle="گزارش هفتگی")), "د")
    said = "".join(letter.said for letter in sorted(title, key=lambda letter: letter.left))
    margin = 9 / MM_PER_POINT

    assert re.match(r".as of 19 Nov 2021. [^a-z]*$", said)
    assert max(title, key=lambda letter: letter.right).said == "د"
    assert min(letter.left for letter in title) == pytest.approx(margin, abs=0.2)
    assert max(letter.right for letter in subtitle) == pytest.approx(max(letter.right for letter in title), abs=0.2)
    assert count[0].left == pytest.approx(margin, abs=0.2)


def test_the_lines_of_a_long_arabic_title_begin_above_each_other_at_the_right_and_the_last_has_the_day():
    lines = letters_of(sheet_of(title=LONG_ARABIC), "ض")
    title = [line for line in lines if any("\u0600" < letter.said[:1] < "\u06ff" for letter in line)]
    title = [line for line in title if line[0].up > title[0][0].up - 60 and line[0].left < 400]
    ends = [max(letter.right for letter in line) for line in title]
    days = ["2021" in "".join(letter.said for letter in line) for line in title]

    assert len(title) > 1
    assert ends == pytest.approx([ends[0]] * len(ends), abs=0.2)
    assert days == [False] * (len(title) - 1) + [True]


@pytest.mark.parametrize(
    "title", ["حوادث امنیتی در افغانستان و پاکستان", "Überfälle auf den Strassen von Togo und Benin"]
)
def test_the_day_of_a_title_that_needs_two_lines_stands_on_one_of_them_in_its_parentheses(title):
    lines = letters_of(sheet_of(title=title, page="letter-portrait"), title[0])[:2]
    said = ["".join(letter.said for letter in sorted(line, key=lambda one: one.left)) for line in lines]

    assert "2021" not in said[0]
    assert re.search(r".as of 19 Nov 2021.", said[1])


def test_a_title_in_english_with_arabic_in_it_reads_from_the_left():
    title, *_ = letters_of(sheet_of(title="Attacks in قندوز"), "ق")
    said = "".join(letter.said for letter in title)

    assert said.startswith("Attacks in ")
    assert said.endswith("(as of 19 Nov 2021)")


def test_a_summary_in_arabic_is_flush_at_the_right_of_its_column():
    rows = DATASET.incidents.copy()
    rows.loc[rows.index[0], "summary"] = f"{PASHTO} 2021."
    sheet = sheet_of(dataset=replace(DATASET, incidents=rows))
    (line,) = (text for text in texts_of(sheet) if PASHTO in text.get_text())

    assert line.get_text().startswith("\u200f")
    assert line.get_horizontalalignment() == "right"
    assert line.get_position()[0] == pytest.approx(PAGES["a4-landscape"].width_mm - 9)


@pytest.mark.parametrize("title", ["", "  ", "\n\t"])
def test_a_sheet_without_a_title_says_that_it_is_not_stated(title):
    assert sheet_of(title=title).title == "Title not stated (as of 19 Nov 2021)"


@pytest.mark.parametrize("page", ["a4-landscape", "a4-portrait"])
def test_letters_that_no_font_has_are_boxes_and_are_named_once(page):
    """Warnings are errors here, so that the writer's own would fail it."""
    sheet = sheet_of(title="日本語 X 日", page=page, imprint=Imprint(organisation="\ue000"))
    title, *_ = letters_of(sheet, "X")

    assert "".join(letter.said for letter in title).startswith("▯▯▯ X ▯")
    assert sheet.unwritten == ("日", "本", "語", "\ue000")
    assert sheet.unwritten_words.endswith("which are boxes on it: 日 本 語 U+E000")
    assert sheet_of(title=PASHTO).unwritten_words == ""


# What is drawn


def test_a_crossing_that_is_no_line_at_the_scale_of_the_map_is_counted_with_why(desk):
    drawn = sheet_of(dataset=desk, frame=FRAMES["sahel"], overlays=("crossings",))
    near = sheet_of(dataset=desk, frame=WIDE, overlays=("crossings",))

    assert "Not drawn here" not in words_of(drawn)
    assert "Not drawn here: 1 documented crossing, with ends in one place at this scale" in words_of(near)


def test_no_mark_stands_for_incidents_of_two_countries_however_small_the_map(desk):
    """Kabul and Islamabad are 370 km apart, and less than a mark on a map of the world."""
    entries = entries_of(desk)
    found = spots(entries, plate=Plate.of(WIDE, box=BOX))
    countries = [{entry.incident["country_code"] for entry in spot.entries} for spot in found]

    assert {frozenset(one) for one in countries} >= {frozenset({"AF"}), frozenset({"PK"})}
    assert all(len(one) == 1 for one in countries)
    assert sum(len(spot.entries) for spot in found) == len(entries)


def test_a_mark_of_several_places_has_a_ring_that_holds_all_their_rings_and_says_so(desk):
    plate = Plate.of(WIDE, box=BOX)
    together = [spot for spot in spots(entries_of(desk), plate=plate) if spot.style is Style.TOGETHER]

    assert together
    for spot in together:
        for entry in spot.entries:
            incident = entry.incident
            own = plate.shape(disc(incident["longitude"], incident["latitude"], radius_km=incident["uncertainty_km"]))
            assert spot.shape.buffer(0.05).contains(own)
    assert Style.TOGETHER.value in words_of(sheet_of(dataset=desk, frame=WIDE))
    assert Style.TOGETHER.value not in words_of(sheet_of(dataset=desk, frame=FRAMES["sahel"]))


def test_an_incident_of_two_maps_is_named_under_the_second_too(desk):
    sheet = sheet_of(Filters(date_from=date(2021, 8, 1)), dataset=desk, by=Period.MONTH, frame=FRAMES["afghanistan"])

    def counts_of(texts):
        told = (re.fullmatch(r"([A-Z]) \w+ 2021 \((\d+).*\)", text.get_text()) for text in texts)
        return {found[1]: int(found[2]) for found in told if found}

    key = [text for text in texts_of(sheet) if text.get_position()[0] > MAP_RIGHT]
    said = [text.get_text() for text in key]

    assert counts_of(titles_of(sheet)) == counts_of(key)
    assert len(counts_of(key)) == 4
    assert any(re.fullmatch(r"Nos?\. [\d, –]+ as well, listed above\.", words) for words in said)


def test_a_key_with_no_room_for_every_incident_gives_the_numbers_at_every_place_with_days_and_groups():
    sheet = sheet_of(dataset=many(200, spread=6.0))
    first = " ".join(text.get_text() for text in texts_of(sheet))

    assert "Djibo, Burkina Faso (50) 1 Oct 2021 – 31 Oct 2021: Katiba $x^2$ \\frac{1}{2} 50 Nos. 1–50" in first
    assert "near Kompienga, Burkina Faso (50) 2 Nov 2021: Unattributed 50 Nos. 52, 54, 56" in first
    assert "more places" not in first


def test_where_the_key_is_by_place_the_latest_incidents_fill_the_room_that_is_left():
    first = " ".join(text.get_text() for text in texts_of(sheet_of(dataset=many(200, spread=0.0))))
    listed = re.search(r"The latest on the map \((\d+)\)(.*)", first)

    assert int(listed[1]) > 3
    assert listed[2].split(" · ")[0].split()[-3:] == ["2–10", "Nov", "2021"]


@pytest.mark.parametrize(
    ("filters", "there", "absent"),
    [
        (Filters(text="checkpoint"), {Style.RINGED}, {Style.FILLED, Style.HOLLOW, Style.TINTED}),
        (Filters(text="shots"), {Style.HOLLOW}, {Style.FILLED, Style.RINGED, Style.TINTED}),
        (Filters(text="crossed"), {Style.TINTED}, {Style.FILLED, Style.RINGED, Style.HOLLOW}),
        (Filters(text="army"), {Style.FILLED}, {Style.RINGED, Style.HOLLOW, Style.TINTED}),
    ],
    ids=["settlement", "near a settlement", "district", "exact"],
)
def test_the_legend_shows_the_precision_that_is_drawn_and_no_other(filters, there, absent):
    words = words_of(sheet_of(filters))

    assert all(style.value in words for style in there)
    assert not any(style.value in words for style in absent)


def test_the_legend_names_the_groups_on_the_map_and_no_other():
    said = {text.get_text() for text in texts_of(sheet_of(frame=FRAMES["sahel"]))}

    assert {"JNIM", "Unattributed", "Katiba $x^2$ \\frac{1}{2}", "several groups in one mark"} <= said
    assert "=cmd|calc" not in said


@pytest.mark.parametrize(("asked", "marks"), [("crossed", 0), ("checkpoint", 1)], ids=["district", "settlement"])
def test_a_district_has_its_number_but_no_mark(asked, marks):
    (page,) = sheet_of(Filters(text=asked)).pages
    (number,) = (
        text
        for text in page.axes[0].texts
        if text.get_text() == "1" and text.get_position()[0] < MAP_RIGHT and text.get_position()[1] > MAP_BOTTOM
    )
    near = Point(number.get_position()).buffer(6)
    outlines = [patch.get_path().vertices for patch in page.axes[0].patches if patch.get_zorder() == MARK_LAYER]

    assert sum(near.contains(Point(outline.mean(axis=0))) for outline in outlines) == marks


@pytest.mark.parametrize("frame", [*FRAMES.values(), WIDE], ids=lambda frame: frame.title)
def test_the_scale_bar_is_right_within_2_percent_at_the_middle_of_the_map(frame):
    plate = Plate.of(frame, box=BOX)
    bar = scale_bar(plate)
    middle, up = (BOX.left + BOX.right) / 2, (BOX.bottom + BOX.top) / 2
    west, east = (plate.to_degrees(middle + side * bar.length_mm / 2, up) for side in (-1, 1))
    _, _, metres = GEOD.inv(*west, *east)

    assert metres / 1000 == pytest.approx(bar.distance_km, rel=0.02)
    assert 10 <= bar.length_mm <= 40


def test_the_drawn_bar_has_the_length_that_was_computed():
    page = sheet_of(frame=FRAMES["sahel"]).pages[0]
    (end,) = (text for text in page.axes[0].texts if re.fullmatch(r"[\d,]+ km", text.get_text()))
    (start,) = (
        text
        for text in page.axes[0].texts
        if text.get_text() == "0" and text.get_position()[1] == end.get_position()[1]
    )
    drawn_mm = end.get_position()[0] - start.get_position()[0]
    halves = [patch for patch in page.axes[0].patches if isinstance(patch, Rectangle) and patch.get_height() == 1.1]

    assert sum(half.get_width() for half in halves) == pytest.approx(drawn_mm)


@pytest.mark.parametrize("frame", [*FRAMES.values(), WIDE], ids=lambda frame: frame.title)
@pytest.mark.parametrize(("across", "up"), [(20, 60), (106, 115), (190, 170)])
def test_the_north_arrow_points_north_where_it_stands(frame, across, up):
    plate = Plate.of(frame, box=BOX)
    east, north = north_at(plate, across=across, up=up)
    here = plate.to_degrees(across, up)
    there = plate.to_degrees(across + east, up + north)

    azimuth, _, _ = GEOD.inv(*here, *there)
    assert azimuth == pytest.approx(0, abs=1.5)


def test_a_corner_beyond_the_edge_of_the_globe_takes_north_from_the_middle_of_the_map():
    plate = Plate.of(WORLD, box=BOX)

    assert north_at(plate, across=BOX.left + 1, up=BOX.bottom + 1) == pytest.approx((0, 1), abs=0.01)


def test_a_map_of_half_the_world_has_no_north_arrow_and_says_what_north_follows():
    theatre, world = (
        [text.get_text() for text in texts_of(sheet) if text.get_zorder() == FURNITURE_LAYER]
        for sheet in (sheet_of(frame=FRAMES["sahel"]), sheet_of(frame=WIDE))
    )

    assert "N" in theatre
    assert "N" not in world
    assert "north follows the meridians" in words_of(sheet_of(frame=WIDE))


@given(st.sampled_from([*FRAMES.values(), WIDE]), st.floats(0, 1), st.floats(0, 1))
def test_a_place_on_the_page_is_where_it_is_on_the_globe(frame, share_east, share_north):
    plate = Plate.of(frame, box=BOX)
    longitude = frame.west + share_east * (frame.east - frame.west)
    latitude = frame.south + share_north * (frame.north - frame.south)
    across, up = plate.to_mm(longitude, latitude)

    assert plate.to_degrees(across, up) == pytest.approx((longitude, latitude), abs=1e-6)
    assert BOX.grown(0.1).holds(Box(float(across), float(up), float(across), float(up)))


def test_a_map_over_the_antimeridian_shows_both_sides():
    plate = Plate.of(Frame("fiji", "Fiji", west=170, south=-25, east=180, north=-10), box=BOX)

    assert plate.shows(Point(178, -18))
    assert plate.shows(Point(-179, -18))


# The timeline


def spanning(*days):
    """Incidents known only to these spans of days."""
    rows = many(len(days), spread=1.0).incidents.copy()
    rows["date_start"] = pd.Series([pd.Timestamp(first) for first, _ in days], index=rows.index)
    rows["date_end"] = pd.Series([pd.Timestamp(last) for _, last in days], index=rows.index)
    return rows


def test_the_timeline_ends_with_the_days_that_are_asked_for_and_says_that_spans_go_on_beyond_them():
    rows = spanning(("2021-01-05", "2021-01-05"), ("2021-01-20", "2021-01-20"), ("2021-01-01", "2021-12-31"))
    january = {"since": date(2021, 1, 1), "until": date(2021, 1, 31)}
    whole, asked = Strip.of(rows), Strip.of(rows, **january)
    (line,), (cut,) = (lanes_of(strip, left=0, right=100)[0] for strip in (whole, asked))

    assert (whole.last, asked.last, asked.period) == (date(2021, 12, 31), date(2021, 1, 31), Period.DAY)
    assert (line.before, line.after) == (False, False)
    assert (cut.before, cut.after) == (False, True)
    assert cut.right == pytest.approx(100)


def test_a_sheet_of_some_days_has_a_timeline_of_no_others(desk):
    words = words_of(sheet_of(Filters(date_from=date(2021, 11, 1), date_to=date(2021, 11, 10)), dataset=desk))

    assert "per day, 1 Nov 2021 to 10 Nov 2021; lines: 4 known only to a longer span, an arrow where it goes" in words


def test_spans_that_are_alike_are_one_line_with_their_number_and_no_line_covers_another():
    rows = spanning(*[("2021-01-01", "2021-03-01")] * 8, ("2021-01-10", "2021-02-01"), ("2021-02-03", "2021-02-20"))
    rows["actor_family"] = "JNIM"
    strip = Strip.of(rows)
    lanes = lanes_of(strip, left=10, right=100)

    assert [[span.number_words for span in lane] for lane in lanes] == [["×8"], ["", ""]]
    assert all(later.reach > earlier.right for lane in lanes for later, earlier in pairwise(lane))
    assert "10 known only to a longer span, × how many where several are alike" in strip.words(lanes)


def test_lines_that_find_no_room_are_counted_so_that_what_is_seen_adds_up():
    strip = Strip.of(spanning(*[(f"2021-01-{day:02}", f"2021-03-{day:02}") for day in range(1, 13)]))
    lanes = lanes_of(strip, left=10, right=100)
    drawn = sum(span.number for lane in lanes for span in lane)

    assert 0 < drawn < 12
    assert f"12 known only to a longer span, {12 - drawn} of them not drawn" in strip.words(lanes)


# Nothing cut off, nothing covered


SHEETS = {
    "all": sheet_of,
    "long title": lambda: sheet_of(title="Évolution de la situation sécuritaire dans le Nord, " * 3),
    "sahel": lambda: sheet_of(frame=FRAMES["sahel"]),
    "nothing": lambda: sheet_of(Filters(text="nowhere at all")),
    "200 in one town": lambda: sheet_of(dataset=many(200, spread=0.0)),
    "600 scattered": lambda: sheet_of(dataset=many(600, spread=6.0)),
    "60 scattered": lambda: sheet_of(dataset=many(60, spread=6.0)),
    "three theatres": lambda: sheet_of(frames=frames_of("theatres"), imprint=FULL),
    "by year": lambda: sheet_of(Filters(date_from=date(2019, 1, 1)), by=Period.YEAR, frame=FRAMES["sahel"]),
    "upright": lambda: sheet_of(page="a4-portrait"),
    "letter": lambda: sheet_of(page="letter-landscape", strip=False),
    "letter upright, 60": lambda: sheet_of(page="letter-portrait", dataset=many(60, spread=6.0)),
    "arabic title": lambda: sheet_of(title="الوضع الأمني في منطقة الساحل وعلى الحدود بين بوركينا فاسو وتوغو وبنين"),
}


@pytest.fixture(scope="module", params=SHEETS, ids=str)
def drawn(request):
    return SHEETS[request.param]()


def test_no_text_leaves_the_page_and_none_covers_another(drawn):
    page = PAGES[drawn.order.page]
    paper = Box(5, 5, page.width_mm - 5, page.height_mm - 5)
    for page in range(len(drawn.pages)):
        boxes = boxes_of(drawn, page)
        said = [text.get_text() for text in texts_of(drawn, page)]
        assert [text for text, box in zip(said, boxes, strict=True) if not paper.holds(box)] == []
        # Ascenders of one line and descenders of the line above may touch: what counts is more than that.
        tight = [Box(box.left, box.bottom + 0.3, box.right, box.top - 0.3) for box in boxes]
        pairs = combinations(zip(said, tight, strict=True), 2)
        assert [(one[0], other[0]) for one, other in pairs if one[1].overlaps(other[1])] == []


def test_scale_and_locator_hide_no_incident_even_where_no_place_is_free():
    full = Frame("full", "Full of incidents", west=2.5, south=13.0, east=4.5, north=14.6)
    shapes = sheet_of(dataset=many(1200, spread=6.0), frame=full).pages[0].axes[0].patches
    marks = [shape for shape in shapes if shape.get_zorder() == MARK_LAYER]
    furniture = [shape for shape in shapes if shape.get_zorder() == FURNITURE_LAYER]

    assert any(one.get_extents().overlaps(other.get_extents()) for one in marks for other in furniture)
    assert max(shape.get_zorder() for shape in furniture) < min(shape.get_zorder() for shape in marks)


def test_a_map_too_crowded_to_be_numbered_says_how_many_a_mark_stands_for():
    sheet = sheet_of(dataset=many(600, spread=6.0))
    texts = [text for text in texts_of(sheet) if text.get_position()[0] < MAP_RIGHT]

    assert "The map is too crowded to be numbered: × says how many incidents a mark stands for" in words_of(sheet)
    assert any(text.get_text().startswith("×") for text in texts)
    assert not any("incidents)" in text.get_text() for text in texts)


def test_a_map_with_room_for_its_numbers_is_not_called_crowded():
    assert "too crowded" not in words_of(sheet_of(dataset=many(40, spread=6.0)))


def test_scale_and_locator_stand_where_they_cover_no_mark():
    shapes = sheet_of(dataset=many(120, spread=6.0)).pages[0].axes[0].patches
    marks = [shape for shape in shapes if shape.get_zorder() == MARK_LAYER]
    furniture = [shape for shape in shapes if shape.get_zorder() == FURNITURE_LAYER]

    assert not any(one.get_extents().overlaps(other.get_extents()) for one in marks for other in furniture)


def test_every_incident_is_listed_by_its_number_once(drawn):
    shown = len(drawn.drawn) + len(drawn.outside) + len(drawn.not_mapped)
    last = texts_of(drawn, len(drawn.pages) - 1)

    assert str(shown or "No incident answers these filters.") in " ".join(text.get_text() for text in last)


@given(st.text(max_size=200), st.floats(15, 80))
def test_a_wrapped_text_keeps_its_letters_and_its_width(text, width):
    face = Type(6.0)
    plain = st_printable(text)
    lines = wrap(plain, width=width, face=face)

    assert "".join("".join(lines).split()) == "".join(plain.split())
    assert all(width_mm(line, face) <= width or len(line) == 1 for line in lines)


def st_printable(text):
    """Letters that the font has: a missing glyph is a warning, and a warning is an error."""
    return "".join(sign for sign in text if sign.isascii() and sign.isprintable())


@given(st.text(st.sampled_from("AVTWLPYafijlorty.,-’ éÖç/()1742"), min_size=1, max_size=60))
def test_a_line_is_as_wide_as_matplotlib_measures_it_whole(text):
    face = Type(6.1)
    whole, _, _ = text_to_path.get_text_width_height_descent(text, face.font(text), False)

    assert width_mm(text, face) == pytest.approx(whole * 25.4 / 72, abs=1e-6)


@given(st.lists(st.tuples(st.floats(20, 180), st.floats(55, 175)), min_size=2, max_size=30))
def test_labels_find_room_without_covering_each_other(points):
    labels = Labels(BOX)
    placed = [labels.place(around(x, y, width=8, height=3, clear=2, reach=60)) for x, y in points]

    assert all(box is not None and BOX.holds(box) for box in placed)
    assert not any(one.overlaps(other) for one, other in combinations(placed, 2))


@pytest.mark.parametrize("lines", ["near", "everywhere"])
def test_a_label_is_set_where_no_line_crosses_it_and_else_where_it_was_before(lines):
    near = [shapely.LineString([(105, 100), (105, 140)])]
    grid = [shapely.LineString([(across, 0), (across, 300)]) for across in range(0, 300, 2)]
    obstacles = Obstacles(lines=near if lines == "near" else grid)
    box = Labels(BOX, obstacles=obstacles).place(around(100, 120, width=8, height=3, clear=2, reach=60))

    assert obstacles.crosses(box) == (lines == "everywhere")
    assert (box == next(around(100, 120, width=8, height=3, clear=2, reach=60))) == (lines == "everywhere")


def test_a_label_is_set_beside_an_area_unless_it_speaks_of_that_area():
    area = shapely.box(100, 100, 140, 140)
    places = list(around(101, 120, width=8, height=3, clear=2, reach=60))
    apart, within = (Labels(BOX, obstacles=Obstacles(areas=[area])).place(places, own=own) for own in (None, area))

    assert not shapely.box(apart.left, apart.bottom, apart.right, apart.top).intersects(area)
    assert within == places[0]


def test_a_name_that_must_be_clear_is_left_out_where_no_place_is():
    labels = Labels(BOX, obstacles=Obstacles(areas=[shapely.box(0, 0, 300, 300)]))

    assert labels.place(around(100, 120, width=8, height=3, clear=2, reach=60), must_be_clear=True) is None
    assert labels.taken == []


def test_no_border_strikes_out_a_name_but_where_a_halo_keeps_it_off(desk, gazetteer):
    sheet = sheet_of(dataset=desk, gazetteer=gazetteer, frame=FRAMES["afghanistan"])
    (borders,) = (shape for shape in sheet.pages[0].axes[0].patches if shape.get_zorder() == BORDER_LAYER)
    lines = shapely.MultiLineString(borders.get_path().to_polygons(closed_only=False))
    struck, clear = [], []
    for text, box in zip(texts_of(sheet), boxes_of(sheet), strict=True):
        letters = shapely.box(box.left, box.bottom + 0.6, box.right, box.top - 0.6)
        if text.get_zorder() in NAME_LAYERS:
            (struck if lines.intersects(letters) else clear).append(text.get_text())

    assert struck == []
    assert len(clear) > 20


def test_a_number_stands_beside_the_dot_of_a_large_town_rather_than_on_it(desk, gazetteer):
    herat = Filters(countries=("AF",))
    sheet = sheet_of(herat, dataset=desk, gazetteer=gazetteer, frame=FRAMES["afghanistan"])

    assert "Herat" in [text.get_text() for text in texts_of(sheet)]


def test_a_number_without_a_frame_hides_no_more_than_its_letters_need():
    sheet = sheet_of(dataset=many(8, spread=6.0))
    grounds = [shape for shape in sheet.pages[0].axes[0].patches if shape.get_zorder() == NUMBER_GROUND_LAYER]
    open_ones = [shape for shape in grounds if not isinstance(shape, Rectangle)]
    to_mm = sheet.pages[0].axes[0].transData.inverted()

    assert open_ones
    assert all(isinstance(shape, PathPatch) and shape.get_edgecolor()[3] == 0 for shape in open_ones)
    assert all(shape.get_extents().transformed(to_mm).height < 2.6 for shape in open_ones)
    assert [shape for shape in grounds if isinstance(shape, Rectangle) and not shape.get_edgecolor()[3]] == []


def test_the_numbers_on_a_map_can_be_selected_in_a_pdf(desk):
    words = pdf_words(render(sheet_of(dataset=desk, frame=FRAMES["afghanistan"]), format="pdf"))

    assert "1, 4, 6, 14" in words


def test_a_name_is_set_within_its_country():
    country = shapely.box(30, 60, 60, 70)
    found = list(inside(country, width=12, height=3))

    assert found
    assert all(country.contains(shapely.box(box.left, box.bottom, box.right, box.top)) for box in found)
    across, up = heart(country)
    distances = [hypot((box.left + box.right) / 2 - across, box.bottom + box.top - 2 * up) for box in found]
    assert all(near <= far + 1e-9 for near, far in pairwise(distances))


# The same every time


def digests():
    """The hash of each format, in this process."""
    sheet = sheet_of(frame=FRAMES["sahel"], produced_on=datetime(2021, 11, 20, 12, tzinfo=UTC))
    return [hashlib.sha256(render(sheet, format=name)).hexdigest() for name in ("pdf", "png", "svg")]


def test_another_process_in_another_time_zone_gives_the_same_bytes():
    project = Path(__file__).parents[1]
    program = "from tests.test_sheet import digests; print(*digests())"
    other = subprocess.run(
        (sys.executable, "-c", program),
        cwd=project,
        env={"TZ": "Asia/Kabul", "PYTHONHASHSEED": "7", "MPLCONFIGDIR": str(project / ".pytest_cache")},
        capture_output=True,
        text=True,
        check=True,
    )

    assert other.stdout.split() == digests()


def test_drawing_leaves_the_settings_of_matplotlib_as_they_were():
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    render(sheet_of(Filters(text="army")), format="svg")

    assert dict(mpl.rcParams) == before


def test_a_png_is_a_page_of_a4_at_300_dpi():
    content = render(sheet_of(Filters(text="army")), format="png")

    assert content[16:24] == (3508).to_bytes(4, "big") + (2480).to_bytes(4, "big")


@pytest.mark.parametrize("form", ["pdf", "png", "svg"])
@pytest.mark.parametrize("which", ["all", "nothing", "60 scattered", "three theatres", "upright"])
def test_about_how_large_a_file_will_be_is_told_within_a_quarter(which, form):
    sheet = SHEETS[which]()

    assert about_bytes(sheet, format=form, preview=preview(sheet)) == pytest.approx(
        len(render(sheet, format=form)), rel=0.25
    )


def test_a_format_that_a_sheet_has_not_is_refused():
    with pytest.raises(ExportError, match="PDF, PNG, SVG or PPTX, not 'gif'"):
        render(sheet_of(Filters(text="army")), format="gif")


def test_incidents_too_many_for_the_first_page_follow_on_the_next():
    sheet = sheet_of(dataset=many(60, spread=6.0))
    words = pdf_words(render(sheet, format="pdf"))

    assert len(sheet.pages) > 1
    assert f"pages 2–{len(sheet.pages)} of the PDF" in words
    assert all(f"many-{number} " in words for number in range(60))


@pytest.mark.parametrize(("unknown", "told"), [(3, 3), (90, 9)], ids=["few reasons", "more than there is room for"])
def test_the_first_page_says_why_incidents_are_on_no_map_however_many_there_are(unknown, told):
    found = lacking_places(many(200, spread=6.0), countries=80, unknown=unknown)
    sheet = sheet_of(dataset=found)
    first = " ".join(text.get_text() for text in texts_of(sheet))
    section = first[first.index("Not on the map") :]

    assert len(sheet.not_mapped) == 80 + unknown
    assert f"{80 + unknown} not mappable" in first
    assert section.index("Only the country is known: Togo.") < section.index("“Nowhere")
    assert section.count("“Nowhere") >= told
    assert ("For other reasons" in section) == (unknown > told + 1)


def test_numbers_of_the_unmapped_on_the_first_page_are_theirs_and_all_of_theirs():
    sheet = sheet_of(dataset=lacking_places(many(200, spread=6.0), countries=80, unknown=90))
    first = " ".join(text.get_text() for text in texts_of(sheet))
    named = re.findall(r"Nos?\. ([\d, –]+)\.", first[first.index("Not on the map") :])
    ends = [[int(end) for end in run.split("–")] for runs in named for run in runs.split(", ")]
    numbers = [number for run in ends for number in range(run[0], run[-1] + 1)]

    assert sorted(numbers) == list(range(len(sheet.drawn) + len(sheet.outside) + 1, 201))


def test_a_geodataframe_without_incidents_is_a_sheet_of_the_world():
    empty = dataset_of(gpd.GeoDataFrame(DATASET.incidents.iloc[:0]))

    assert "0 of 0 incidents shown" in words_of(sheet_of(dataset=empty))
