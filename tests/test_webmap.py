"""What travels to the map: every shown place once, as precise as it is known, and no text that could run."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point
from streamlit_folium import _get_feature_group_string

from gazetteer.boundaries import Boundaries
from incidents.filters import UNATTRIBUTED, Filters, apply
from incidents.schema import DTYPES
from incidents.spillover import (
    Arrival,
    Cell,
    Cluster,
    Corridor,
    Crossing,
    Link,
    Rule,
    Strength,
    Unit,
    border_bands,
    geodesic,
)
from incidents.symbols import NO_GROUP, OTHERS_LABEL, SEVERAL, symbols
from incidents.webmap import Overlays, View, base_map, incident_layer, payload

KOMPIENGA, SANLOAGA, INATA = "TM-2021-11-19-03", "TM-2021-11-19-01", "TM-2021-11-19-04"
FAMILIES = ("JNIM", "ISKP", UNATTRIBUTED)


def sent(incidents, *, families=FAMILIES, **options) -> dict:
    """What the browser gets."""
    usual = {"overlays": Overlays(), "selected": None, "outline": None, "view": None}
    return payload(incidents, symbols=symbols(families), **{**usual, **options})


def at(longitude: float, latitude: float, **changes) -> dict:
    """Cells of an incident drawn as a point."""
    point = {"longitude": longitude, "latitude": latitude, "geometry": Point(longitude, latitude)}
    return {
        **point,
        "geo_precision": "settlement",
        "uncertainty_km": 5.0,
        "place_name": "Kompienga",
        **changes,
    }


def over(width: float, **changes) -> dict:
    """Cells of an incident drawn as a square of some degrees."""
    return at(1, 1, geometry=shapely.box(1, 1, 1 + width, 1 + width), geo_precision="admin1", **changes)


@pytest.fixture(scope="module")
def whole(desk) -> dict:
    """The curated dataset as the browser gets it."""
    return sent(desk.incidents, families=desk.facets.families)


def ids(marks: list[dict]) -> list[str]:
    return [incident_id for mark in marks for incident_id in mark["ids"]]


def labels(content: dict) -> list[str]:
    return [entry["label"] for entry in content["legend"]]


def test_every_incident_that_can_be_drawn_is_drawn_once_and_no_other(desk, whole):
    drawn = ids(whole["spots"]) + ids(whole["areas"])
    mapped = desk.incidents.loc[desk.incidents.geometry.notna(), "incident_id"]
    assert sorted(drawn) == sorted(mapped)
    assert len(drawn) < len(desk.incidents)


def test_two_incidents_at_one_spot_are_one_mark_that_leads_to_both(whole):
    (spot,) = [spot for spot in whole["spots"] if KOMPIENGA in spot["ids"]]
    assert spot["ids"] == ["TM-2021-11-19-02", KOMPIENGA]
    assert spot["label"] == "2 incidents at Kompienga. Click to read them."


def test_a_spot_says_latitude_and_longitude_each_by_its_name(whole):
    (spot,) = [spot for spot in whole["spots"] if KOMPIENGA in spot["ids"]]
    assert (spot["lat"], spot["lon"]) == (11.08169, 0.72365)


def test_a_district_is_its_outline_and_never_a_pin(whole):
    (area,) = [area for area in whole["areas"] if area["ids"] == [SANLOAGA]]
    assert SANLOAGA not in ids(whole["spots"])
    assert len(area["rings"]) == 1
    assert not area["hatched"]


PRECISIONS = {
    "an exact place": ("exact", 0, False),
    "a settlement": ("settlement", 5, False),
    "near a settlement": ("near_settlement", 5, True),
}


@pytest.mark.parametrize(("precision", "ring_km", "hollow"), PRECISIONS.values(), ids=PRECISIONS)
def test_a_point_is_filled_ringed_or_hollow_by_its_precision(incidents_of, precision, ring_km, hollow):
    (spot,) = sent(incidents_of(at(0.7, 11, geo_precision=precision)))["spots"]
    assert (spot["uncertainty_km"], spot["hollow"]) == (ring_km, hollow)


def test_a_road_is_hatched(incidents_of):
    (area,) = sent(incidents_of({**over(1), "geo_precision": "linear_or_fuzzy"}))["areas"]
    assert area["hatched"]


def test_the_largest_area_lies_below_so_that_the_small_one_can_be_clicked(incidents_of):
    areas = sent(incidents_of(over(1), over(3), over(2)))["areas"]
    assert ids(areas) == ["i1", "i2", "i0"]


def test_areas_of_two_groups_of_one_colour_are_told_apart_and_the_legend_shows_how(incidents_of):
    families = [f"group {number}" for number in range(13)]
    rows = [over(1 + number, actor_family=family) for number, family in enumerate(families)]
    content = sent(incidents_of(*rows), families=(*families, UNATTRIBUTED))
    looks = {(area["colour"], area["outlined"]) for area in content["areas"]}
    assert len(looks) == 13
    assert [(entry["area"]["colour"], entry["area"]["outlined"]) for entry in content["legend"][:13]] == [
        (area["colour"], area["outlined"]) for area in reversed(content["areas"])
    ]


def test_groups_that_look_alike_have_one_entry_in_the_legend(incidents_of):
    families = [f"group {number}" for number in range(45)]
    rows = [at(number, 1, actor_family=family) for number, family in enumerate(families)]
    content = sent(incidents_of(*rows), families=(*families, UNATTRIBUTED))
    assert next(label for label in labels(content) if not label.startswith("group")) == OTHERS_LABEL
    assert sum(label.startswith("group") for label in labels(content)) == 42


def test_several_groups_at_one_spot_look_like_none_of_them(incidents_of):
    rows = (
        at(1, 1, actor_family="JNIM"),
        at(1, 1, actor_family="ISKP"),
        at(2, 2, actor_family="JNIM"),
        at(3, 3),
    )
    both, jnim, nobody = sent(incidents_of(*rows))["spots"]
    assert both["shape"] == SEVERAL.shape
    assert (jnim["colour"], jnim["shape"]) == ("#d55e00", "circle")
    assert (nobody["colour"], nobody["shape"]) == (NO_GROUP.colour, NO_GROUP.shape)


def test_the_place_of_the_selected_incident_stands_out_and_no_other(desk, whole):
    chosen = sent(desk.incidents, families=desk.facets.families, selected=SANLOAGA)
    assert ids([mark for mark in chosen["spots"] + chosen["areas"] if mark["selected"]]) == [SANLOAGA]
    assert not any(mark["selected"] for mark in whole["spots"] + whole["areas"])


def test_an_incident_of_an_only_known_country_may_have_that_country_outlined(incidents_of):
    assert sent(incidents_of({}))["outlines"] == []
    (outline,) = sent(incidents_of({}), outline=shapely.box(0, 0, 1, 1))["outlines"]
    assert len(outline["rings"]) == 1


def test_the_legend_names_only_what_is_on_the_map(desk, whole):
    jnim = sent(apply(desk.incidents, Filters(families=("JNIM",))), families=desk.facets.families)
    assert labels(jnim)[0] == "JNIM"
    assert not {"ISKP", "Far right", UNATTRIBUTED} & set(labels(jnim))
    assert "Far right" not in labels(whole)  # known to a country only
    assert {"JNIM", "ISKP", UNATTRIBUTED, "Several groups at one place"} <= set(labels(whole))
    assert sent(desk.incidents.iloc[:0])["legend"] == []


def link(first: str, second: str, **changes) -> Link:
    return replace(Link(first, second, 10, 40, 0, 8, Strength.POSSIBLE, True, Rule.OPEN, "Near each other."), **changes)


def test_a_link_is_drawn_while_both_its_ends_are_shown(desk):
    overlays = Overlays(links=[link(KOMPIENGA, SANLOAGA)])
    (line,) = sent(desk.incidents, families=desk.facets.families, overlays=overlays)["lines"]
    assert (line["ids"], line["arrow"], line["label"]) == ([KOMPIENGA, SANLOAGA], True, "Near each other.")
    assert [[round(degrees, 1) for degrees in point] for point in line["points"]] == [
        [0.7, 11.1],
        [0.6, 10.9],
    ]
    one_end = desk.incidents.loc[desk.incidents["incident_id"] == KOMPIENGA]
    hidden = sent(one_end, families=desk.facets.families, overlays=overlays)
    assert hidden["lines"] == []
    assert not any("link" in label for label in labels(hidden))


def test_a_firm_link_is_heavier_than_a_possible_one(desk):
    overlays = Overlays(links=[link(KOMPIENGA, SANLOAGA), link(KOMPIENGA, INATA, strength=Strength.FIRM)])
    possible, firm = sent(desk.incidents, families=desk.facets.families, overlays=overlays)["lines"]
    assert firm["weight"] > possible["weight"]


def test_a_documented_crossing_is_drawn_unlike_an_inferred_link(desk):
    crossing = Crossing(SANLOAGA, "BF", "TG", "A source says so.", LineString([(0.7, 11.0), (0.6, 10.9)]))
    overlays = Overlays(links=[link(KOMPIENGA, SANLOAGA)], crossings=[crossing])
    content = sent(desk.incidents, families=desk.facets.families, overlays=overlays)
    inferred, documented = content["lines"]
    assert inferred["colour"] != documented["colour"]
    assert ("dash" in inferred, "dash" in documented) == (True, False)
    assert documented["points"] == [[0.7, 11.0], [0.6, 10.9]]
    assert "Documented crossing" in labels(content)


DAY = date(2021, 11, 2)


def corridor(family: str, **changes) -> Corridor:
    usual = Corridor(
        units=(Unit("BF", "Kompienga"), Unit("TG", "Kpendjal")),
        family=family,
        links=1,
        firm=0,
        forth=1,
        back=0,
        first_day=DAY,
        last_day=DAY,
        incident_ids=(KOMPIENGA, SANLOAGA),
        line=geodesic((0.7, 11.1), (1.7, 10.1)),
        third_countries=("Benin",),
    )
    return replace(usual, **changes)


def test_a_corridor_is_as_wide_as_its_links_are_many_and_says_how_many_and_which_third_country_it_crosses(desk):
    one, many = corridor("JNIM"), corridor("JNIM", links=40, last_day=date(2021, 11, 10))
    content = sent(desk.incidents.iloc[:0], overlays=Overlays(corridors=[one, many]))
    thin, thick = content["lines"]
    assert thin["weight"] < thick["weight"]
    assert [name["words"] for name in content["names"]] == [
        "1 link, 2 Nov 2021",
        "40 links, 2 Nov 2021 to 10 Nov 2021",
    ]
    assert "The straight line crosses Benin." in thin["label"]
    assert "not an observed route" in thin["label"]
    assert len(thin["points"]) > 10, "a geodesic, not a straight line on the map"
    assert labels(content) == ["Corridor: inferred links of two districts, no route"]


DISPUTED = "5 4"  # as the base map draws disputed boundaries


def test_no_inferred_line_has_the_pattern_of_a_boundary(desk):
    overlays = Overlays(links=[link(KOMPIENGA, SANLOAGA)], corridors=[corridor("JNIM", links=n) for n in range(1, 99)])
    script = (files("incidents") / "assets" / "desk.js").read_text(encoding="utf-8")
    assert f'dashArray: "{DISPUTED}"' in script
    for line in sent(desk.incidents, families=desk.facets.families, overlays=overlays)["lines"]:
        dot, gap = map(float, line["dash"].split())
        assert dot <= 1 < line["weight"] < gap, "round dots, with a gap wider than they are"


def test_a_link_over_the_antimeridian_takes_the_short_way(incidents_of):
    shown = incidents_of(at(179.9, 1, incident_id="west"), at(-179.9, 1, incident_id="east"))
    (line,) = sent(shown, overlays=Overlays(links=[link("west", "east")]))["lines"]
    assert line["points"] == [[179.9, 1], [pytest.approx(180.1), 1]]


def test_clusters_and_cells_say_what_they_hold_and_the_legend_names_only_their_classes(desk):
    cluster = Cluster(("a", "b"), 1, {"JNIM": 2}, ("BF", "TG"), DAY, DAY, shapely.box(0, 0, 1, 1))
    cells = [Cell("CH", 9, 0.0036, 0.5, shapely.box(2, 0, 3, 1)), Cell("DL", 2, 0.0008, 1.5, shapely.box(3, 0, 4, 1))]
    content = sent(desk.incidents.iloc[:0], overlays=Overlays(clusters=[cluster], cells=cells))
    clustered, dispersed, around = content["bands"]
    assert clustered["opacity"] > dispersed["opacity"]
    assert clustered["weight"] > dispersed["weight"] == 0
    assert around["label"] == "2 incidents in BF and TG, 2 Nov 2021 to 2 Nov 2021: JNIM 2."
    assert labels(content) == [
        "50 km cell: clustered, high intensity",
        "50 km cell: dispersed, low intensity",
        "Cluster in space and time",
    ]


def test_the_first_incident_of_a_group_in_a_country_is_marked(desk):
    overlays = Overlays(arrivals=[Arrival(KOMPIENGA, "JNIM", "BF", True, "None before.")])
    content = sent(desk.incidents, families=desk.facets.families, overlays=overlays)
    assert [spot["ids"][-1] for spot in content["spots"] if spot["first"]] == [KOMPIENGA]
    assert "First of its group there" in labels(content)


def test_border_bands_fade_with_their_distance_and_are_in_the_legend(desk):
    bands = border_bands(["TG"], boundaries=Boundaries.load())
    content = sent(desk.incidents.iloc[:0], overlays=Overlays(bands=bands))
    opacities = [band["opacity"] for band in content["bands"]]
    assert opacities == sorted(opacities, reverse=True)
    assert labels(content) == [f"{band} from a land border" for band in bands["band"]]


LOOKS = {
    "at bounds": (
        View("frame 1", bounds=(-12.5, 4, 16, 23.5)),
        {"token": "frame 1", "bounds": (-12.5, 4, 16, 23.5)},
    ),
    "at a point": (
        View("look 2", centre=(0.7, 11), zoom=8),
        {"token": "look 2", "centre": (0.7, 11), "zoom": 8},
    ),
    "where it was": (None, None),
}


@pytest.mark.parametrize(("view", "told"), LOOKS.values(), ids=LOOKS)
def test_the_map_looks_where_it_is_told_and_else_stays(incidents_of, view, told):
    assert sent(incidents_of(at(1, 1)), view=view)["view"] == told


def test_the_same_incidents_are_the_same_bytes_each_time(desk):
    def once() -> str:
        return json.dumps(sent(desk.incidents, families=desk.facets.families))

    assert once() == once()


def test_every_shape_that_a_group_may_have_can_be_drawn_by_the_browsers_half(project: Path):
    script = (project / "incidents" / "assets" / "desk.js").read_text(encoding="utf-8")
    shapes = {symbol.shape for symbol in symbols([f"group {number}" for number in range(42)]).values()}
    drawn = script.partition("const SHAPES = {")[2].partition("};")[0]
    assert [shape for shape in shapes | {SEVERAL.shape} if f"\n    {shape}: " not in drawn] == []


def a_map():
    return base_map(basemap_address="abc.json", assets_version="1", credit="Natural Earth")


def test_the_map_asks_no_other_host_for_anything():
    chart = a_map()
    rendered = chart.get_root().render()
    assert [
        address for _, address in [*chart.default_js, *chart.default_css] if not address.startswith("../../assets/")
    ] == []
    assert "http" not in rendered.replace("http-equiv", "")
    assert "tile" not in rendered.lower()


TEXT_COLUMNS = [column for column, dtype in DTYPES.items() if dtype == "str"]
SCALES = {"geo_precision", "attribution", "date_precision"}


def texts_in(content: object) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        for key, value in content.items():
            yield from (key, *texts_in(value))
    elif isinstance(content, list | tuple):
        for value in content:
            yield from texts_in(value)


def filled_with(text: str, incidents_of) -> tuple[object, dict]:
    """Incidents and overlays that say `text` wherever text can stand, as arguments of `payload`."""
    words = {column: text for column in TEXT_COLUMNS if column not in SCALES} | {"attribution": "claimed"}
    rows = [
        at(1, 1, **words),
        at(2, 2, **words | {"incident_id": f"{text} 1"}),
        at(2, 2, **words | {"incident_id": f"{text} 2", "actor_family": f"{text}!"}),
        over(1, **words | {"incident_id": f"{text} 3"}),
        {**words, "incident_id": f"{text} 4"},
    ]
    options = {
        "symbols": symbols([text, f"{text}!", UNATTRIBUTED]),
        "overlays": Overlays(
            links=[link(text, f"{text} 1", reason=text)],
            crossings=[Crossing(text, text, text, text, LineString([(0, 0), (1, 1)]))],
            arrivals=[Arrival(f"{text} 3", text, text, True, text)],
            corridors=[corridor(text, units=(Unit(text, text), Unit(text, text)), incident_ids=(text,))],
            clusters=[Cluster((text,), 1, {text: 1}, (text,), DAY, DAY, shapely.box(0, 0, 1, 1))],
            cells=[Cell("CH", 9, 0.0036, 0.5, shapely.box(2, 0, 3, 1))],
        ),
        "selected": text,
        "view": View(text, centre=(0, 0), zoom=3),
    }
    return incidents_of(*rows), options


def script_of(incidents, options: dict) -> str:
    """The script that streamlit-folium sends to the browser."""
    return _get_feature_group_string(incident_layer(incidents, **options), a_map())


def assert_inert(text: str, incidents_of) -> None:
    incidents, options = filled_with(text, incidents_of)
    content = payload(incidents, outline=None, **options)
    assert [words for words in texts_in(content) if set(words) & set("<>`${}\\\"'")] == []
    script = script_of(incidents, options)
    travelled = script.partition("incidentDesk.layer(")[2].rpartition(").addTo(")[0]
    assert json.loads(travelled) == json.loads(json.dumps(content))


def test_what_once_ran_as_code_travels_to_the_map_as_text(hostile_text, incidents_of):
    assert_inert(hostile_text, incidents_of)
    incidents, options = filled_with(hostile_text, incidents_of)
    assert hostile_text.strip() not in script_of(incidents, options)


@settings(max_examples=25)
@given(
    st.text(min_size=1, max_size=30)
    | st.lists(st.sampled_from(["{{", "}}", "{%", "#}", "`", "${", "\\", "</script>", "&", "x"])).map("".join)
)
def test_no_text_whatever_it_is_changes_the_script_that_carries_it(incidents_of, text):
    assert_inert(text, incidents_of)


def test_the_credit_of_the_boundaries_is_text_too(hostile_text):
    chart = base_map(basemap_address="abc.json", assets_version="1", credit=hostile_text)
    assert hostile_text.strip() not in chart.get_root().render()
