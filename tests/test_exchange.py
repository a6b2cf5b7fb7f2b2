"""Places leave in the Linked Places Format and come back as they were; of foreign documents nothing vanishes unsaid."""

import json
from copy import deepcopy
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from gazetteer import DamagedDataError, Gazetteer, Name, NameKind, Place, Precision, RadiusBasis
from gazetteer.boundaries import covering_radius_km
from gazetteer.exchange import LONGEST, NotLinkedPlacesError, Rejection, from_linked_places, to_linked_places
from gazetteer.layer import About, Layer, Record
from gazetteer.place import default_radius_km

DATA = Path(__file__).parent / "data" / "linked-places"
SCHEMA = Draft202012Validator(json.loads((DATA / "lpf-1.3.schema.json").read_text(encoding="utf-8")))
THAT_DAY = date(2026, 1, 1)
POINT = {"type": "Point", "coordinates": [3.0, 50.0]}
SQUARE = {"type": "Polygon", "coordinates": [[[3, 50], [3.1, 50], [3.1, 50.1], [3, 50.1], [3, 50]]]}
BOW_TIE = {"type": "Polygon", "coordinates": [[[3, 50], [4, 51], [4, 50], [3, 51], [3, 50]]]}
EDITED = About("edited", "edited", "Edited places", "as the file says", "")


def through_json(document):
    """The document as a file would bring it back."""
    return json.loads(json.dumps(document, ensure_ascii=False))


@pytest.fixture(scope="module")
def curated(gazetteer: Gazetteer) -> list[Place]:
    return list(next(layer for layer in gazetteer.layers if layer.about.name == "curated"))


@pytest.fixture
def document(gazetteer: Gazetteer):
    """The document of one place, to be changed."""
    return lambda place_id: through_json(
        to_linked_places([gazetteer.place(place_id)], gazetteer=gazetteer, on=THAT_DAY)
    )


# ---- Out and in again.


@pytest.mark.parametrize("outlines", [False, True])
def test_every_curated_place_comes_back_as_it_was(gazetteer, curated, outlines):
    assert len(curated) > 40
    written = through_json(to_linked_places(curated, gazetteer=gazetteer, on=THAT_DAY, outlines=outlines))
    accepted, rejected = from_linked_places(written)
    assert rejected == ()
    assert [record.place for record in accepted] == curated
    assert [record.names for record in accepted] == [gazetteer.names(place) for place in curated]
    outlined = {record.place.place_id for record in accepted if record.outline_wkb is not None}
    assert outlined == ({place.place_id for place in curated if place.footprint} if outlines else set())


def test_an_outline_comes_back_with_the_place(gazetteer):
    kpendjal = gazetteer.place("curated:tg-kpendjal")
    (record,), _ = from_linked_places(to_linked_places([kpendjal], gazetteer=gazetteer, outlines=True))
    kept = shapely.from_wkb(record.outline_wkb)
    assert kept.equals(gazetteer.footprint(kpendjal))
    assert Gazetteer([Layer.of(EDITED, [record])]).footprint(record.place).equals(kept)


# What an import takes out or refuses is tested below: marks of direction, controls, lone surrogates, blank names.
def texts(least, most=40):
    spoofing = "".join(map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(9), *range(0xB, 0x20), 0x7F]))
    alphabet = st.characters(exclude_categories=["Cs"], exclude_characters=spoofing)
    return st.text(alphabet, min_size=least, max_size=most)


days = st.none() | st.dates()
spans = st.tuples(days, days).map(lambda ends: ends if None in ends else tuple(sorted(ends)))
words = texts(1).filter(str.strip)
codes = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", max_size=5)
names = st.builds(
    lambda text, language, kind, span: Name(text, language, kind, *span),
    words,
    st.sampled_from(["und", "en", "fa", "ar-Latn", "zh-Hant-TW"]),
    st.sampled_from(NameKind),
    spans,
)
positions = st.one_of(
    st.just((None, None)),
    st.tuples(st.floats(-180, 180, allow_nan=False), st.floats(-90, 90, allow_nan=False)),
)
radii = st.none() | st.floats(1e-6, 20_000)


@st.composite
def places(draw):
    longitude, latitude = draw(positions)
    first, last = draw(spans)
    return Place(
        place_id="made:p" + draw(texts(0)),
        name=draw(words),
        feature_class=draw(st.sampled_from("AHLPRSTUV")),
        feature_code=draw(codes),
        placetype=draw(texts(0, 12)),
        country_code=draw(st.none() | st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=2)),
        admin1=draw(st.none() | texts(0)),
        admin2=draw(st.none() | texts(0)),
        longitude=longitude,
        latitude=latitude,
        geo_precision=draw(st.sampled_from(Precision)),
        uncertainty_km=draw(radii),
        uncertainty_basis=draw(st.none() | st.sampled_from(RadiusBasis)),
        footprint=draw(st.none() | texts(1)),
        geonames_id=draw(st.none() | st.integers(1, 10**9)),
        wof_id=draw(st.none() | st.integers(1, 10**9)),
        wikidata_id=draw(st.none() | st.integers(1, 10**9).map("Q{}".format)),
        population=draw(st.none() | st.integers(0, 10**10)),
        valid_from=first,
        valid_to=last,
        source=draw(texts(0, 80)),
        layer=draw(texts(0, 12)),
    )


@settings(max_examples=150)
@given(places(), st.lists(names, max_size=4), days)
def test_nothing_that_a_place_or_its_names_hold_is_lost(place, names, on):
    layer = Layer.of(About("made", "made", "Made up", "none", ""), [Record(place, tuple(names))])
    gazetteer = Gazetteer([layer])
    written = through_json(to_linked_places([place], gazetteer=gazetteer, on=on))
    accepted, rejected = from_linked_places(written)
    assert rejected == ()
    assert accepted == (Record(place, gazetteer.names(place)),)


@settings(max_examples=80)
@given(places(), st.lists(names, max_size=3), st.dates())
def test_what_is_written_keeps_the_rules_of_the_format(place, names, on):
    # Sources and layers are cited, and a citation says something; so does a type.
    place = replace(place, source=place.source or "a source")
    gazetteer = Gazetteer([Layer.of(About("made", "made", "Made up", "none", ""), [Record(place, tuple(names))])])
    SCHEMA.validate(through_json(to_linked_places([place], gazetteer=gazetteer, on=on)))


# ---- What is written.


@pytest.mark.parametrize("outlines", [False, True])
def test_the_curated_places_keep_the_rules_of_the_format(gazetteer, curated, outlines):
    SCHEMA.validate(through_json(to_linked_places(curated, gazetteer=gazetteer, on=THAT_DAY, outlines=outlines)))


def test_the_rules_are_rules(document):
    Draft202012Validator.check_schema(SCHEMA.schema)
    good = document("curated:bf-djibo")
    assert SCHEMA.is_valid(good)
    for path in (
        ("@context",),
        ("features", 0, "@id"),
        ("features", 0, "geometry"),
        ("features", 0, "names"),
        ("features", 0, "when"),
        ("features", 0, "properties", "title"),
        ("features", 0, "properties", "fclasses"),
        ("features", 0, "names", 0, "citations"),
        ("features", 0, "when", "timespans", 0, "start"),
        ("features", 0, "geometry", "coordinates"),
        ("features", 0, "relations", 0, "relationTo"),
    ):
        bad = deepcopy(good)
        holder = bad
        for step in path[:-1]:
            holder = holder[step]
        del holder[path[-1]]
        assert not SCHEMA.is_valid(bad), path


def test_the_same_places_give_the_same_document(gazetteer, curated):
    def bytes_of():
        return json.dumps(to_linked_places(curated, gazetteer=gazetteer, on=THAT_DAY, outlines=True)).encode()

    assert bytes_of() == bytes_of()


def test_a_point_says_how_sure_it_is_and_whence(document):
    assert document("curated:tg-kpendjal")["features"][0]["geometry"] == {
        "type": "Point",
        "coordinates": [0.613603, 10.850688],
        "uncertainty_km": 36.6,
        "uncertainty_basis": "polygon",
        "certainty": "certain",
        "citations": [{"label": "Who's On First 421191833 (Mesoshapes, CC0), centroid"}],
    }


@pytest.mark.parametrize(
    ("place_id", "certainty"),
    [
        ("curated:af-kabul-city", "certain"),
        ("curated:bf-djibo", "less-certain"),
        ("curated:bf-inata", "less-certain"),
        ("curated:iq-western", "uncertain"),
    ],
)
def test_only_what_somebody_measured_is_called_certain(document, place_id, certainty):
    assert document(place_id)["features"][0]["geometry"]["certainty"] == certainty


def test_a_point_that_is_only_near_is_not_called_certain_for_its_measured_radius(gazetteer):
    near = replace(gazetteer.place("curated:af-kabul-city"), geo_precision=Precision.NEAR_SETTLEMENT)
    assert to_linked_places([near], gazetteer=gazetteer)["features"][0]["geometry"]["certainty"] == "less-certain"


def test_a_place_without_coordinates_has_no_geometry_and_keeps_its_source(document):
    feature = document("curated:tg-sanloaga")["features"][0]
    assert feature["geometry"] is None
    assert feature["properties"]["geo_precision"] == "unknown"
    assert feature["properties"]["source"].startswith("no coordinates in GeoNames")


def test_identifiers_become_links_and_units_relations_with_their_time(document):
    feature = document("curated:bf-djibo")["features"][0]
    assert feature["links"] == [
        {"type": "closeMatch", "identifier": "gn:2361177"},
        {"type": "closeMatch", "identifier": "wd:Q16629473"},
        {"type": "closeMatch", "identifier": "https://spelunker.whosonfirst.org/id/421187117/"},
    ]
    assert {relation["relationType"] for relation in feature["relations"]} == {"gvp:broaderPartitive"}
    assert [relation["relationTo"].removeprefix("urn:incident-desk:place:") for relation in feature["relations"]] == [
        "curated:bf-soum-province",
        "curated:bf-sahel",
        "naturalearth:bf",
    ]
    assert feature["relations"][1]["label"] == "part of Sahel (region)"
    assert feature["relations"][1]["when"]["timespans"][0]["end"] == {"in": "2025-07-01"}


@pytest.mark.parametrize(
    ("place_id", "holders"),
    [
        ("curated:bf-soum-region", ["naturalearth:bf"]),
        ("curated:tg-kpendjal", ["curated:tg-savanes", "naturalearth:tg"]),
        ("naturalearth:bf", None),
    ],
)
def test_no_unit_is_a_part_of_itself_or_of_a_smaller_one(document, place_id, holders):
    relations = document(place_id)["features"][0].get("relations")
    found = relations and [one["relationTo"].removeprefix("urn:incident-desk:place:") for one in relations]
    assert found == holders


def test_a_division_is_in_its_country_and_in_no_division_of_its_own_level(gazetteer):
    odd = replace(gazetteer.place("curated:bf-soum-region"), admin1="Sahel")
    relations = to_linked_places([odd], gazetteer=gazetteer)["features"][0]["relations"]
    assert [one["relationTo"] for one in relations] == ["urn:incident-desk:place:naturalearth:bf"]


def test_kinds_are_said_in_the_words_of_geonames_and_of_who_s_on_first(document):
    assert document("curated:af-kabul-city")["features"][0]["types"] == [
        {
            "identifier": "http://www.geonames.org/ontology#P.PPLC",
            "label": "capital city",
            "sourceLabels": [{"label": "P.PPLC"}],
        },
        {
            "identifier": "https://whosonfirst.org/docs/placetypes/#locality",
            "label": "locality",
            "sourceLabels": [{"label": "locality"}],
        },
    ]


def test_a_name_says_its_language_kind_and_time_and_a_bound_that_is_not_known_is_none(document):
    named = {name["toponym"]: name for name in document("curated:bf-soum-province")["features"][0]["names"]}
    assert named["Jelgooji"]["lang"] == "ff"
    assert named["Jelgooji"]["kind"] == "variant"
    assert named["Jelgooji"]["when"]["timespans"] == [
        {"start": {"in": "2025-07-02"}, "end": {"earliest": "2025-07-02"}}
    ]
    assert named["Province du Soum"]["when"]["timespans"] == [
        {"start": {"latest": "2025-07-01"}, "end": {"in": "2025-07-01"}}
    ]


def test_an_undated_place_exists_on_the_day_of_the_document_and_no_more_is_said(gazetteer):
    djibo = gazetteer.place("curated:bf-djibo")
    dated = to_linked_places([djibo], gazetteer=gazetteer, on=THAT_DAY)["features"][0]
    assert dated["when"] == {"timespans": [{"start": {"latest": "2026-01-01"}, "end": {"earliest": "2026-01-01"}}]}
    since = replace(djibo, valid_from=date(2020, 2, 3))
    begun = to_linked_places([since], gazetteer=gazetteer, on=THAT_DAY)["features"][0]
    assert begun["when"]["timespans"] == [{"start": {"in": "2020-02-03"}, "end": {"earliest": "2026-01-01"}}]
    undated = to_linked_places([djibo], gazetteer=gazetteer)
    assert "when" not in undated["features"][0]
    assert not SCHEMA.is_valid(through_json(undated))


def test_the_format_s_seven_classes_stand_for_geonames_nine(gazetteer):
    forest = replace(gazetteer.place("curated:iq-western"), feature_class="V", feature_code="FRST")
    feature = to_linked_places([forest], gazetteer=gazetteer)["features"][0]
    assert feature["properties"]["fclasses"] == ["L"]
    assert feature["types"][0]["identifier"].endswith("#V.FRST")


def test_a_class_that_geonames_does_not_have_is_refused(gazetteer):
    odd = replace(gazetteer.place("curated:bf-djibo"), feature_class="Z")
    with pytest.raises(DamagedDataError, match="curated:bf-djibo has the feature class 'Z'"):
        to_linked_places([odd], gazetteer=gazetteer)


# ---- Editors' changes.


def test_an_edited_place_comes_back_as_a_layer_and_outranks_what_was(gazetteer, document):
    edited = document("curated:tg-sanloaga")
    feature = edited["features"][0]
    feature["geometry"] = {"type": "Point", "coordinates": [0.7, 10.9], "citations": [{"label": "Field visit, 2026"}]}
    feature["names"].append({"toponym": "Sanloanga", "lang": "fr"})
    accepted, rejected = from_linked_places(edited)
    assert rejected == ()
    layer = Layer.of(EDITED, accepted)
    match = Gazetteer([layer, *gazetteer.layers]).lookup("Sanloanga", country="TG")
    assert (match.verdict, match.longitude, match.latitude) == ("variant", 0.7, 10.9)
    assert (match.geo_precision, match.uncertainty_km) == ("settlement", default_radius_km("PPL"))
    assert (match.place.source, match.place.layer) == ("Field visit, 2026", "edited")


def test_a_radius_that_an_editor_states_beside_the_point_is_taken(document):
    edited = document("curated:tg-sanloaga")
    edited["features"][0]["geometry"] = {"type": "Point", "coordinates": [0.7, 10.9]}
    edited["features"][0]["properties"] |= {"uncertainty_km": 1.5, "uncertainty_basis": "extent"}
    ((record,), _) = from_linked_places(edited)
    assert (record.place.uncertainty_km, record.place.uncertainty_basis) == (1.5, "extent")
    assert record.place.geo_precision == "settlement"


def test_a_moved_point_keeps_the_radius_that_stands_with_it(document):
    edited = document("curated:bf-djibo")
    edited["features"][0]["geometry"] |= {"coordinates": [-1.63, 14.1], "uncertainty_km": 3}
    ((record,), _) = from_linked_places(edited)
    assert (record.place.longitude, record.place.latitude, record.place.uncertainty_km) == (-1.63, 14.1, 3)


OVERRIDES = [*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))]


@pytest.mark.parametrize("override", OVERRIDES, ids=ascii)
def test_marks_that_turn_the_direction_of_writing_are_taken_out_and_told(document, override):
    edited = document("curated:bf-djibo")
    feature = edited["features"][0]
    feature["properties"]["title"] = f"Dji{override}bo"
    feature["names"][1]["toponym"] = f"{override}Jibo"
    ((record,), rejected) = from_linked_places(edited)
    assert (record.place.name, record.names[1].text) == ("Djibo", "Jibo")
    assert [(one.path, one.whole) for one in rejected] == [
        ("$.features[0].properties.title", False),
        ("$.features[0].names[1].toponym", False),
    ]
    assert "direction of writing" in rejected[0].reason


def test_a_mark_that_hides_behind_percent_signs_is_found_too(document):
    edited = document("curated:bf-djibo")
    edited["features"][0]["@id"] += "%E2%80%AE"
    edited["features"][0]["types"][1]["identifier"] += "%E2%80%AE"
    ((record,), rejected) = from_linked_places(edited)
    assert (record.place.place_id, record.place.placetype) == ("curated:bf-djibo", "locality")
    assert [one.path for one in rejected] == ["$.features[0].@id", "$.features[0].types"]


def test_arabic_marks_that_only_shape_letters_stay(document):
    edited = document("curated:bf-djibo")
    edited["features"][0]["names"][1]["toponym"] = "می\u200cخواهم\u200f"
    ((record,), rejected) = from_linked_places(edited)
    assert (record.names[1].text, rejected) == ("می\u200cخواهم\u200f", ())


def changed(*path, to):
    def change(feature):
        holder = feature
        for step in path[:-1]:
            holder = holder[step]
        holder[path[-1]] = to

    return change


WHOLE = [
    (changed("type", to="Place"), "", "this is no feature"),
    (changed("properties", to=None), ".properties", "there are no properties"),
    (changed("properties", "title", to=""), ".properties.title", "there is no title"),
    (changed("properties", "title", to=["Djibo"]), ".properties.title", "['Djibo'] is no text"),
    (changed("properties", "title", to="a" * (LONGEST + 1)), ".properties.title", "501 characters"),
    (changed("properties", "title", to="\ud800"), ".properties.title", "not Unicode"),
    (changed("@id", to=None), ".@id", "there is no identifier"),
    (changed("@id", to="urn:incident-desk:place:"), ".@id", "there is no identifier"),
    (changed("properties", "fclasses", to=[]), ".properties.fclasses", "there is no feature class"),
    (changed("properties", "fclasses", to=["Q"]), ".properties.fclasses", "no list of GeoNames classes"),
    (changed("properties", "fclasses", to=["A"]), ".properties.fclasses", "a type is of class P"),
    (changed("properties", "ccodes", to=["BFA"]), ".properties.ccodes", "two-letter codes"),
    (changed("properties", "population", to=-1), ".properties.population", "no count of people"),
    (changed("properties", "population", to=True), ".properties.population", "no count of people"),
    (changed("properties", "geo_precision", to="town"), ".properties.geo_precision", "none of exact, settlement"),
    (changed("geometry", "uncertainty_km", to=0), ".geometry.uncertainty_km", "no radius in km"),
    (changed("geometry", "uncertainty_km", to=float("nan")), ".geometry.uncertainty_km", "no radius in km"),
    (changed("geometry", "uncertainty_km", to="5"), ".geometry.uncertainty_km", "no radius in km"),
    (changed("geometry", "uncertainty_basis", to="guess"), ".geometry.uncertainty_basis", "none of polygon"),
    (changed("geometry", "coordinates", to=[-1.6]), ".geometry", "this is no geometry"),
    (changed("geometry", "coordinates", to=[-1.6, None]), ".geometry", "this is no geometry"),
    (changed("geometry", "coordinates", to=[-1.6, 95]), ".geometry", "not in degrees"),
    (changed("geometry", "coordinates", to=[500_000, 1_500_000]), ".geometry", "not in degrees"),
    (changed("geometry", "coordinates", to=[float("nan"), 14]), ".geometry", "not in degrees"),
    (
        changed("geometry", to={"type": "LineString", "coordinates": [[3, 50], [float("nan"), 50], [4, 50]]}),
        ".geometry",
        "not in degrees",
    ),
    (changed("geometry", "type", to="Pin"), ".geometry", "this is no geometry"),
    (changed("geometry", to="here"), ".geometry", "'here' is no geometry"),
    (
        changed("geometry", to={"type": "GeometryCollection", "geometries": [POINT, "here"]}),
        ".geometry.geometries",
        "no list",
    ),
    (changed("when", to="1974"), ".when", "'1974' is no time"),
    (changed("when", "timespans", 0, to={"end": {"in": "soon"}}), ".when.timespans[0].end.in", "an end cannot"),
    (changed("when", "timespans", 0, to={"end": {"in": "2025-13"}}), ".when.timespans[0].end.in", "an end cannot"),
    (
        changed("when", "timespans", 0, to={"start": {"in": "2000"}, "end": {"in": "1999"}}),
        ".when.timespans[0]",
        "it ends on 1999-12-31, before it starts on 2000-01-01",
    ),
    (changed("names", to={"toponym": "Djibo"}), ".names", "no list of objects"),
    (changed("links", to=["gn:1"]), ".links", "no list of objects"),
]


@pytest.mark.parametrize(("change", "path", "reason"), WHOLE, ids=range(len(WHOLE)))
def test_what_cannot_be_a_place_is_rejected_with_the_reason_and_the_path(document, change, path, reason):
    edited = document("curated:bf-djibo")
    good = deepcopy(edited["features"][0])
    change(edited["features"][0])
    edited["features"].append(good)
    accepted, (rejection,) = from_linked_places(edited)
    assert [record.place.place_id for record in accepted] == ["curated:bf-djibo"]
    assert (rejection.path, rejection.whole) == (f"$.features[0]{path}", True)
    assert reason in rejection.reason


PARTS = [
    (changed("names", 1, to={"ethnonym": "Djiboleses"}), ".names[1].toponym", "there is no toponym"),
    (changed("names", 1, "kind", to="nickname"), ".names[1].kind", "none of standard"),
    (changed("names", 1, "lang", to="not a tag"), ".names[1].lang", "no language tag"),
    (
        changed("names", 1, "when", to={"timespans": [{"end": {"in": "?"}}]}),
        ".names[1].when.timespans[0].end.in",
        "no date",
    ),
    (changed("names", to=[]), ".names", "no name but the title"),
    (changed("when", "timespans", 0, to={"start": {"in": "-0300"}}), ".when.timespans[0].start.in", "not known"),
    (changed("when", "timespans", 0, to={"start": {"in": "1700~"}}), ".when.timespans[0].start.in", "approximate"),
    (changed("when", "periods", to=[{"name": "Now"}]), ".when.periods", "not kept"),
    (changed("properties", "ccodes", to=["BF", "ML"]), ".properties.ccodes", "of 2 countries none is taken"),
    (changed("links", 1, "identifier", to="gn:1"), ".links", "of 2 values of geonames_id none is taken"),
    (changed("links", 1, "identifier", to="tgn:7011944"), ".links", "1 of them are not kept"),
    (changed("depictions", to=[{"@id": "x:y"}]), ".depictions", "1 of them are not kept"),
]


@pytest.mark.parametrize(("change", "path", "reason"), PARTS, ids=range(len(PARTS)))
def test_a_part_that_cannot_be_taken_is_told_and_the_place_is_kept(document, change, path, reason):
    edited = document("curated:bf-djibo")
    change(edited["features"][0])
    (accepted, (rejection,)) = from_linked_places(edited)
    assert len(accepted) == 1
    assert (rejection.path, rejection.whole, rejection.title) == (f"$.features[0]{path}", False, "Djibo")
    assert reason in rejection.reason


def test_a_second_feature_of_one_identifier_is_rejected(document):
    twice = document("curated:bf-djibo")
    twice["features"] *= 2
    accepted, (rejection,) = from_linked_places(twice)
    assert len(accepted) == 1
    assert rejection == Rejection(
        "$.features[1].@id", "an earlier feature has the identifier 'curated:bf-djibo' too", "Djibo"
    )


@pytest.mark.parametrize("nothing", [None, [], "text", 3, {}, {"features": "none"}, {"type": "Point"}])
def test_what_is_no_collection_of_features_is_an_error(nothing):
    with pytest.raises(NotLinkedPlacesError, match="no list of features"):
        from_linked_places(nothing)


def test_a_single_feature_is_read_too(document):
    ((record,), _) = from_linked_places(document("curated:bf-djibo")["features"][0])
    assert record.place.place_id == "curated:bf-djibo"


# ---- Foreign documents.


@pytest.fixture(scope="module")
def foreign():
    accepted, rejected = from_linked_places(json.loads((DATA / "foreign.json").read_text(encoding="utf-8")))
    return {record.place.name: record for record in accepted}, rejected


def test_a_foreign_document_is_read_as_far_as_it_goes(foreign):
    accepted, rejected = foreign
    assert list(accepted) == ["Neustadt an der Probe", "Old Mill", "The Hills", "The Old Road"]
    assert [(one.title, one.path) for one in rejected if one.whole] == [
        ("Lost Town", "$.features[4].when.timespans[0].end.in"),
        ("Nowhere", "$.features[5].properties.fclasses"),
        ("Both", "$.features[6].properties.fclasses"),
    ]


def test_a_foreign_town_keeps_its_identifiers_names_and_times(foreign):
    town = foreign[0]["Neustadt an der Probe"]
    assert town.place.place_id == "https://gazetteer.example.org/places/1"
    assert (town.place.geonames_id, town.place.wikidata_id, town.place.wof_id) == (2864118, "Q321381", None)
    assert (town.place.feature_class, town.place.feature_code, town.place.country_code) == ("P", "PPL", "DE")
    assert (town.place.valid_from, town.place.valid_to) == (date(1234, 1, 1), None)
    assert town.place.source == "Survey"
    assert town.names == (
        Name("Neustadt an der Probe", "de", NameKind.STANDARD, date(1234, 1, 1)),
        Name("Nova Civitas", "la", NameKind.VARIANT, date(1234, 1, 1), date(1500, 12, 31)),
        Name("Nova Civitas", "la", NameKind.VARIANT, date(1620, 3, 1), date(1648, 10, 31)),
    )


def test_a_point_and_an_outline_are_one_place_whose_radius_holds_both(foreign):
    accepted, _ = foreign
    place = accepted["Neustadt an der Probe"].place
    outline = shapely.from_wkb(accepted["Neustadt an der Probe"].outline_wkb)
    assert outline.bounds == (9.49, 51.49, 9.53, 51.52)
    assert place.uncertainty_basis == "polygon"
    assert place.uncertainty_km == pytest.approx(
        covering_radius_km(outline, longitude=place.longitude, latitude=place.latitude), abs=0.1
    )
    assert (place.longitude, place.latitude) == (9.5, 51.5)


def test_points_apart_are_one_place_around_them_and_that_is_told():
    points = [POINT, {"type": "Point", "coordinates": [3.2, 50.0]}]
    geometry = {"type": "GeometryCollection", "geometries": points}
    ((record,), (rejection,)) = from_linked_places(simple(geometry=geometry))
    assert (record.place.longitude, record.place.latitude) == (3.1, 50.0)
    assert record.place.uncertainty_km == pytest.approx(7.2 + default_radius_km("PPL"), abs=0.1)
    assert rejection.reason == "2 geometries were taken as one place, whose radius holds them all"


def test_a_less_certain_point_is_near_and_what_has_no_radius_is_no_position(foreign):
    accepted, rejected = foreign
    mill, hills = accepted["Old Mill"].place, accepted["The Hills"].place
    assert (mill.geo_precision, mill.uncertainty_km, mill.uncertainty_basis) == ("near_settlement", 25, "near")
    assert mill.country_code is None
    assert (hills.longitude, hills.uncertainty_km, hills.geo_precision) == (None, None, "unknown")
    assert ("$.features[2].geometry", False) in [(one.path, one.whole) for one in rejected]


def test_a_road_is_the_middle_of_its_line_with_half_its_length(foreign):
    road = foreign[0]["The Old Road"].place
    assert (road.longitude, road.latitude) == (3.5, 50.0)
    assert (road.geo_precision, road.uncertainty_basis) == ("linear_or_fuzzy", "extent")
    assert road.uncertainty_km == pytest.approx(35.8, abs=0.1)


def test_what_a_foreign_document_holds_beyond_a_place_is_told(foreign):
    told = {(one.path, one.whole) for one in foreign[1]}
    for element in ("types", "links", "relations", "descriptions", "depictions", "when.periods", "names[2].toponym"):
        assert (f"$.features[0].{element}", False) in told, element


def test_a_foreign_place_written_again_keeps_its_address(foreign):
    records = foreign[0].values()
    gazetteer = Gazetteer([Layer.of(EDITED, records)])
    written = through_json(to_linked_places(list(gazetteer), gazetteer=gazetteer, on=THAT_DAY, outlines=True))
    SCHEMA.validate(written)
    assert written["features"][0]["@id"] == "https://gazetteer.example.org/places/1"
    accepted, rejected = from_linked_places(written)
    assert rejected == ()
    assert [record.place for record in accepted] == list(gazetteer)


def simple(letter="P", **more):
    feature = {
        "@id": "x:1",
        "type": "Feature",
        "properties": {"title": "X", "fclasses": [letter]},
        "names": [{"toponym": "X"}],
        "geometry": None,
    }
    return {**feature, **more}


@pytest.mark.parametrize(
    ("letter", "geometry", "precision", "basis"),
    [
        ("P", POINT, "settlement", "default"),
        ("S", POINT, "settlement", "default"),
        ("P", {**POINT, "certainty": "less-certain"}, "near_settlement", "near"),
        ("P", {**POINT, "certainty": "uncertain"}, "unknown", None),
        ("A", POINT, "unknown", None),
        ("P", SQUARE, "settlement", "polygon"),
        ("A", SQUARE, "linear_or_fuzzy", "polygon"),
        ("A", {**SQUARE, "certainty": "uncertain"}, "linear_or_fuzzy", "polygon"),
        ("P", BOW_TIE, "unknown", None),
        ("P", {"type": "MultiPoint", "coordinates": [[3, 50], [3.01, 50]]}, "settlement", "extent"),
        ("P", {"type": "MultiPoint", "coordinates": []}, "unknown", None),
        ("P", {"geowkt": "POINT (3 50)"}, "settlement", "default"),
        ("P", {"geo_wkt": "POLYGON ((3 50, 3.1 50, 3.1 50.1, 3 50))", **POINT}, "settlement", "polygon"),
        ("P", {"type": "GeometryCollection", "geometries": ["null"]}, "unknown", None),
        ("P", {"type": "GeometryCollection", "geometries": [POINT, SQUARE]}, "settlement", "polygon"),
        ("P", {"type": "Point", "coordinates": [3, 50, 120]}, "settlement", "default"),
    ],
)
def test_a_foreign_position_has_the_radius_that_can_be_defended(letter, geometry, precision, basis):
    ((record,), rejected) = from_linked_places(simple(letter, geometry=geometry))
    place = record.place
    assert (place.geo_precision, place.uncertainty_basis) == (precision, basis)
    assert (place.longitude is None) == (place.uncertainty_km is None) == (basis is None)
    if basis is None and "null" not in geometry.get("geometries", ()):
        assert any(one.path.startswith("$.geometry") for one in rejected)


def test_a_point_inside_its_outline_stays_where_it_is():
    inside = {"type": "Point", "coordinates": [3.05, 50.05]}
    geometry = {"type": "GeometryCollection", "geometries": [inside, SQUARE]}
    ((record,), rejected) = from_linked_places(simple(geometry=geometry))
    assert (record.place.longitude, record.place.latitude) == (3.05, 50.05)
    assert rejected == ()


def test_a_point_outside_its_outline_is_not_what_the_radius_is_drawn_around():
    outside = {"type": "Point", "coordinates": [3.2, 50.05]}
    geometry = {"type": "GeometryCollection", "geometries": [outside, SQUARE]}
    ((record,), (rejection,)) = from_linked_places(simple(geometry=geometry))
    place, outline = record.place, shapely.from_wkb(record.outline_wkb)
    assert outline.covers(shapely.Point(place.longitude, place.latitude))
    whole = outline.union(shapely.Point(3.2, 50.05))
    farthest_km = covering_radius_km(whole, longitude=place.longitude, latitude=place.latitude)
    assert place.uncertainty_km == pytest.approx(farthest_km, abs=0.1)
    assert "radius holds them all" in rejection.reason


def test_an_outline_is_kept_without_heights():
    high = {"type": "Polygon", "coordinates": [[[3, 50, 9], [3.1, 50, 9], [3.1, 50.1, 9], [3, 50, 9]]]}
    ((record,), _) = from_linked_places(simple(geometry=high))
    assert not shapely.from_wkb(record.outline_wkb).has_z
    assert record.place.footprint == "x:1"


def test_a_foreign_identifier_is_taken_letter_by_letter():
    ((record,), _) = from_linked_places(simple(**{"@id": "https://example.org/a%20b"}))
    assert record.place.place_id == "https://example.org/a%20b"


@pytest.mark.parametrize(
    ("span", "first", "last"),
    [
        ({"start": {"in": "1600"}, "end": {"in": "1600"}}, date(1600, 1, 1), date(1600, 12, 31)),
        ({"start": {"in": "1600-02"}, "end": {"in": "1600-02"}}, date(1600, 2, 1), date(1600, 2, 29)),
        ({"start": "1600", "end": 1699}, date(1600, 1, 1), date(1699, 12, 31)),
        ({"start": {"in": "1600"}}, date(1600, 1, 1), None),
        ({"start": {"earliest": "1600", "latest": "1610"}}, date(1600, 1, 1), None),
        ({"start": {"latest": "1610"}, "end": {"earliest": "1620"}}, None, None),
        ({"end": {"earliest": "1620", "latest": "1630-05-06"}}, None, date(1630, 5, 6)),
        ({}, None, None),
    ],
)
def test_bounds_of_time_are_the_widest_that_are_said(span, first, last):
    ((record,), _) = from_linked_places(simple(when={"timespans": [span]}))
    assert (record.place.valid_from, record.place.valid_to) == (first, last)


def test_several_spans_of_a_place_are_one_from_the_first_to_the_last_and_that_is_told():
    spans = [{"start": {"in": "1600"}, "end": {"in": "1650"}}, {"start": {"in": "1700"}, "end": {"in": "1750"}}]
    ((record,), (rejection,)) = from_linked_places(simple(when={"timespans": spans}))
    assert (record.place.valid_from, record.place.valid_to) == (date(1600, 1, 1), date(1750, 12, 31))
    assert rejection.path == "$.when"


@pytest.mark.parametrize(
    ("link", "field", "value"),
    [
        ("gn:2361177", "geonames_id", 2361177),
        ("http://www.geonames.org/2361177/", "geonames_id", 2361177),
        ("https://sws.geonames.org/2361177/about.rdf", "geonames_id", 2361177),
        ("wd:Q42", "wikidata_id", "Q42"),
        ("http://www.wikidata.org/entity/Q42", "wikidata_id", "Q42"),
        ("wof:421187117", "wof_id", 421187117),
        ("https://spelunker.whosonfirst.org/id/421187117/", "wof_id", 421187117),
        ("https://data.whosonfirst.org/421/187/117/421187117.geojson", "wof_id", 421187117),
    ],
)
def test_links_to_the_known_authorities_become_identifiers(link, field, value):
    ((record,), rejected) = from_linked_places(simple(links=[{"type": "exactMatch", "identifier": link}]))
    assert getattr(record.place, field) == value
    assert rejected == ()


def test_a_page_about_a_place_is_not_its_identifier():
    ((record,), _) = from_linked_places(simple(links=[{"type": "seeAlso", "identifier": "wd:Q42"}]))
    assert record.place.wikidata_id is None


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["in", "type", "coordinates", "toponym", "timespans", "start", "x"]), inner)
    ),
    max_leaves=12,
)
ELEMENTS = ["@id", "type", "properties", "names", "types", "geometry", "links", "relations", "when", "descriptions"]


@settings(max_examples=300)
@given(st.dictionaries(st.sampled_from(ELEMENTS), values, max_size=3), st.dictionaries(st.text(max_size=9), values))
def test_no_document_breaks_the_reader_and_every_feature_is_taken_or_told(changes, properties):
    feature = simple(geometry=dict(POINT))
    feature["properties"] |= properties
    accepted, rejected = from_linked_places({"type": "FeatureCollection", "features": [{**feature, **changes}]})
    assert len(accepted) + sum(one.whole for one in rejected) == 1
    for record in accepted:
        Layer.of(EDITED, [record])
