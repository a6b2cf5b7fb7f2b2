import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pytest
import uvicorn
from jsonschema import Draft202012Validator
from starlette.applications import Starlette
from starlette.routing import Mount

from gazetteer import Gazetteer, MissingIndexError, Place, Precision, RadiusBasis
from gazetteer.layer import About, Layer, Record
from gazetteer.reconcile import application, routes
from gazetteer.reconcile.candidates import PROPERTIES

SCHEMA = json.loads((Path(__file__).parent / "data" / "reconciliation" / "answers.schema.json").read_text())
FORM = "application/x-www-form-urlencoded"

HOSTILE = Place(
    place_id="made:<b>&\"'",
    name="<script>alert(1)</script>",
    feature_class="P",
    feature_code="PPL",
    placetype="locality",
    country_code=None,
    admin1="<img src=x onerror=alert(2)>",
    admin2="{{7*7}} `${8*8}`",
    longitude=0.0,
    latitude=-1.5,
    geo_precision=Precision.SETTLEMENT,
    uncertainty_km=2.0,
    uncertainty_basis=RadiusBasis.DEFAULT,
    source="</style></dd><a href='javascript:alert(3)'>source</a>",
    layer="made",
)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    text: str

    def json(self, kind: str) -> Any:
        """The answer, which is valid as one of this kind."""
        assert self.headers["content-type"] == "application/json"
        found = json.loads(self.text)
        Draft202012Validator({"$ref": f"#/$defs/{kind}", "$defs": SCHEMA["$defs"]}).validate(found)
        return found


@dataclass(frozen=True)
class Service:
    """A running service: what a client sends and gets."""

    port: int
    path: str = "/"

    def ask(self, method: str = "GET", path: str = "", *, body: bytes | None = None, **headers: str) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path or self.path, body=body, headers=named)
            response = connection.getresponse()
            told = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, told, response.read().decode())
        finally:
            connection.close()

    def get(self, path: str = "", **parameters: str) -> Answer:
        return self.ask(path=f"{path or self.path}?{urlencode(parameters)}")

    def post(self, **fields: str) -> Answer:
        return self.ask("POST", body=urlencode(fields).encode(), Content_Type=FORM)

    def reconcile(self, **queries: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
        answer = self.post(queries=json.dumps(queries))
        assert answer.status == 200, answer.text
        return {key: one["result"] for key, one in answer.json("result_batch").items()}

    def one(self, query: str, **rest: Any) -> list[dict[str, Any]]:
        return self.reconcile(q0={"query": query, **rest})["q0"]


def stated(**values: Any) -> list[dict[str, Any]]:
    return [{"pid": pid, "v": value} for pid, value in values.items()]


def matched(candidates: list[dict[str, Any]]) -> list[str]:
    return [one["id"] for one in candidates if one["match"]]


def features(candidate: dict[str, Any]) -> dict[str, Any]:
    return {one["id"]: one["value"] for one in candidate["features"]}


@contextmanager
def running(app: Starlette, path: str = "/") -> Iterator[Service]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
        thread = Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield Service(listening.getsockname()[1], path)
        finally:
            server.should_exit = True
            thread.join(timeout=20)


@pytest.fixture(scope="module")
def service(gazetteer: Gazetteer) -> Iterator[Service]:
    with running(application(gazetteer)) as one:
        yield one


@pytest.fixture(scope="module")
def mounted(gazetteer: Gazetteer) -> Iterator[Service]:
    """The service twice, below two addresses of an application that may have others."""
    mount = Mount("/deep/er/service", application(gazetteer))
    with running(Starlette(routes=[*routes(gazetteer, prefix="/reconcile"), mount])) as one:
        yield one


@pytest.fixture(scope="module")
def hostile() -> Iterator[Service]:
    about = About("made", "made", "Made up", "none", "nowhere")
    with running(application(Gazetteer([Layer.of(about, [Record(HOSTILE)])]))) as one:
        yield one


def test_the_manifest_says_what_the_service_offers(service: Service) -> None:
    manifest = service.get().json("manifest")

    assert manifest["batchSize"] == 100
    assert {one["id"] for one in manifest["defaultTypes"]} == {"P", "A"}


@pytest.mark.parametrize("path", ["/reconcile", "/reconcile/", "/deep/er/service/"])
def test_every_address_in_the_manifest_answers_wherever_the_service_is_mounted(mounted: Service, path: str) -> None:
    service = replace(mounted, path=path)
    manifest = service.ask().json("manifest")
    place_id = quote("curated:af-kunduz", safe="")
    services = [*manifest["suggest"].values(), manifest["extend"]["propose_properties"]]
    addresses = [
        *(f"{one['service_url']}{one['service_path']}?prefix=Kab" for one in services),
        *(manifest[page]["url"].replace("{{id}}", place_id) for page in ("view", "preview")),
    ]

    for address in addresses:
        parts = urlsplit(address)
        assert parts.netloc == f"127.0.0.1:{service.port}"
        assert parts.path.startswith(path)
        assert service.ask(path=f"{parts.path}?{parts.query}").status == 200, address
    assert matched(service.one("Kunduz", type="P")) == ["curated:af-kunduz-city"]


def test_the_manifest_follows_the_host_that_was_asked_unless_an_address_is_given(gazetteer: Gazetteer) -> None:
    with running(application(gazetteer)) as service:
        seen = service.ask(Host="desk.example:8443").json("manifest")
    with running(application(gazetteer, base_url="https://desk.example/names/")) as service:
        given = service.ask().json("manifest")

    assert seen["suggest"]["entity"]["service_url"] == "http://desk.example:8443"
    assert given["preview"]["url"] == "https://desk.example/names/preview?id={{id}}"


@pytest.mark.parametrize("host", ["[", "a b", '"><script>', "desk.example/path", "x" * 300])
def test_a_host_that_cannot_be_is_not_written_into_the_manifest(service: Service, host: str) -> None:
    answer = service.ask(Host=host)

    assert answer.status == 400
    assert host not in answer.text


def test_names_of_several_countries_are_matched_with_what_stands_beside_them(service: Service) -> None:
    answers = service.reconcile(
        a={"query": "Kompienga", "type": "ADM2", "properties": stated(country="Burkina Faso", on="2021-11-02")},
        b={"query": "Mandouri", "properties": stated(country="TG", admin2="Kpendjal")},
        c={"query": "Kunduz province", "properties": stated(country={"id": "AF", "name": "Afghanistan"})},
        d={"query": "Najaf", "type": ["P"], "properties": stated(country=["Iraq"])},
        e={"query": "Köln", "properties": stated(country="Germany")},
    )

    assert {key: matched(one) for key, one in answers.items()} == {
        "a": ["curated:bf-kompienga"],
        "b": ["curated:tg-mandouri"],
        "c": ["curated:af-kunduz"],
        "d": ["curated:iq-najaf-city"],
        "e": ["curated:de-cologne"],
    }
    assert all(one[0]["match"] and one[0]["score"] == 100 for one in answers.values())


def test_a_batch_by_get_and_by_post_is_answered_alike_and_every_time_alike(service: Service) -> None:
    queries = json.dumps({f"q{at}": {"query": name} for at, name in enumerate(["Kunduz", "Paris", "Mandourri"])})

    answers = {service.get(queries=queries).text for _ in range(3)} | {service.post(queries=queries).text}

    assert len(answers) == 1


def test_a_name_of_several_places_has_several_candidates_and_no_match(service: Service) -> None:
    candidates = service.one("Kunduz")

    assert [one["type"][-1]["id"] for one in candidates] == ["P", "ADM2", "ADM1"]
    assert matched(candidates) == []
    assert all(features(one)["verdict_ambiguous"] is True for one in candidates)


@pytest.mark.parametrize(
    ("types", "strict", "found"),
    [
        ("P", "any", {"P"}),
        ("ADM1", "should", {"ADM1"}),
        (["ADM1", "ADM2"], "any", {"ADM1", "ADM2"}),
        (["A", "ADM2"], "all", {"ADM2"}),
        ("H", "any", set()),
        ("Q515", "any", set()),
    ],
)
def test_types_are_a_filter(service: Service, types: Any, strict: str, found: set[str]) -> None:
    candidates = service.one("Kunduz", type=types, type_strict=strict, properties=stated(country="AF"))

    assert {one["type"][-1]["id"] for one in candidates} == found


def test_a_candidate_of_another_type_is_kept_if_the_type_only_should_fit_and_is_no_match(service: Service) -> None:
    candidates = service.one("Mandouri", type="H", type_strict="should", properties=stated(country="TG"))

    assert [(one["id"], one["match"]) for one in candidates] == [("curated:tg-mandouri", False)]
    assert features(candidates[0])["type_agrees"] is False


def test_niger_is_niger_and_never_nigeria(service: Service) -> None:
    niger = service.one("Niger", properties=stated(country="NE"))
    nigeria = service.one("Nigeria", properties=stated(country="NE"))

    assert [(one["name"], one["match"]) for one in niger] == [("Niger", True)]
    assert nigeria == []


def test_a_misspelt_name_is_suggested_and_not_matched(service: Service) -> None:
    (best, *_) = candidates = service.one("Mandourri", properties=stated(country="TG"))

    assert best["id"] == "curated:tg-mandouri"
    assert matched(candidates) == []
    assert features(best)["verdict_misspelt"] is True
    assert best["score"] < 100
    assert 0 < features(best)["name_fit"] < 1


@pytest.mark.parametrize("mention", ["near Mandouri", "outskirts of Mandouri", "western Mandouri"])
def test_a_place_named_to_say_where_another_is_has_no_match(service: Service, mention: str) -> None:
    candidates = service.one(mention, properties=stated(country="TG"))

    assert "curated:tg-mandouri" in [one["id"] for one in candidates]
    assert matched(candidates) == []
    assert all(one["score"] < 60 for one in candidates)


def test_the_unit_that_must_hold_an_unknown_place_is_no_candidate_for_it(service: Service) -> None:
    assert service.one("Sanloaga", properties=stated(country="TG", admin2="Kpendjal")) == []


def test_a_place_in_another_unit_than_the_source_says_is_a_candidate_and_no_match(service: Service) -> None:
    (candidate, *_) = candidates = service.one("Mandouri", properties=stated(country="TG", admin1="Plateaux"))

    assert candidate["id"] == "curated:tg-mandouri"
    assert features(candidate)["admin1_agrees"] is False
    assert matched(candidates) == []


@pytest.mark.parametrize(
    "values",
    [
        {"country": "Atlantis"},
        {"country": ["Togo", "Benin"]},
        {"country": "TG", "on": "last week"},
        {"country": "TG", "mayor": "somebody"},
        {"country": "TG", "admin1": "x" * 500},
        {"country": 7},
        {"country": True},
    ],
)
def test_nothing_is_matched_if_what_stands_beside_the_name_cannot_be_used(
    service: Service, values: dict[str, Any]
) -> None:
    candidates = service.one("Mandouri", properties=stated(**values))

    assert "curated:tg-mandouri" in [one["id"] for one in candidates]
    assert matched(candidates) == []


def test_an_empty_cell_beside_the_name_says_nothing(service: Service) -> None:
    assert matched(service.one("Mandouri", properties=stated(country="TG", admin1="", on=" "))) == [
        "curated:tg-mandouri"
    ]


def test_the_day_decides_which_names_are_in_force(service: Service) -> None:
    told = stated(country="Burkina Faso", on="2021-11-02T00:00:00Z")

    candidates = service.one("Djibo", properties=told)

    assert matched(candidates) == ["curated:bf-djibo"]
    assert features(candidates[0])["exists"] is True


def test_a_place_that_was_reconciled_before_stands_for_its_country_or_unit(service: Service) -> None:
    told = stated(country={"id": "curated:tg-mandouri", "name": "whatever"}, admin2={"id": "curated:tg-kpendjal"})

    assert matched(service.one("Mandouri", properties=told)) == ["curated:tg-mandouri"]


def test_an_identifier_is_its_place(service: Service) -> None:
    alone = service.one("curated:af-kunduz")
    elsewhere = service.one("curated:af-kunduz", properties=stated(country="TG"))

    assert [(one["id"], one["score"], one["match"]) for one in alone] == [("curated:af-kunduz", 100, True)]
    assert matched(elsewhere) == []


def test_a_query_without_a_name_has_no_candidates(service: Service) -> None:
    answers = service.reconcile(a={"properties": stated(country="Togo")}, b={"query": ""}, c={"query": " -- "})

    assert answers == {"a": [], "b": [], "c": []}


def test_no_more_candidates_are_given_than_asked_for_and_the_best_first(service: Service) -> None:
    two = service.one("Springfield", limit=2)
    all_of_them = service.one("Springfield", limit=50)

    assert two == all_of_them[:2]
    scores = [one["score"] for one in all_of_them]
    assert len(scores) > 2
    assert scores == sorted(scores, reverse=True)


def test_a_verdict_is_a_true_feature_since_features_are_numbers_or_truth_values(service: Service) -> None:
    (niger,) = service.one("Niger", properties=stated(country="NE"))

    told = features(niger)

    assert told["verdict_exact"] is True
    assert told["country_agrees"] is True
    assert told["name_fit"] == 1
    assert told["population"] > 10_000_000
    assert "uncertainty_km" not in told


VALID = [
    {},
    {"q": {"query": "Kunduz"}},
    {"q": {"query": "Kunduz", "limit": 3.0, "type": "P", "type_strict": "all"}},
    {"q": {"query": "Kunduz", "type": []}},
    {"": {"query": "قندوز", "properties": []}},
    {"q": {"properties": [{"pid": "country", "v": ["AF", {"id": "NE", "name": "Niger"}, 1, 2.5, False]}]}},
]


@pytest.mark.parametrize("batch", VALID)
def test_a_valid_batch_is_answered_key_by_key(service: Service, batch: dict[str, Any]) -> None:
    Draft202012Validator({"$ref": "#/$defs/query_batch", "$defs": SCHEMA["$defs"]}).validate(batch)

    assert list(service.reconcile(**batch)) == list(batch)


BROKEN = {
    "no JSON": ('{"q0": ', "not JSON"),
    "a list": ("[]", "not an object, but a list"),
    "a query that is a text": ('{"q0": "Kunduz"}', "Query 'q0' is not an object, but a text"),
    "nothing asked": ('{"q0": {"limit": 1}}', 'neither a "query" nor "properties"'),
    "an empty list asked": ('{"q0": {"properties": []}}', 'neither a "query" nor "properties"'),
    "a query that is a number": ('{"q0": {"query": 7}}', "The \"query\" of query 'q0' is not a text, but a number"),
    "a null query": ('{"q0": {"query": null}}', "but null"),
    "an unknown field": ('{"q0": {"query": "x", "conditions": []}}', "a field 'conditions'"),
    "a limit of 0": ('{"q0": {"query": "x", "limit": 0}}', "whole number from 1"),
    "a limit that is true": ('{"q0": {"query": "x", "limit": true}}', "whole number from 1"),
    "an endless limit": ('{"q0": {"query": "x", "limit": 1e999}}', "whole number from 1"),
    "no number": ('{"q0": {"query": "x", "limit": NaN}}', "a number that JSON does not have"),
    "a number of many digits": (f'{{"q0": {{"query": "x", "limit": {"9" * 5000}}}}}', "too many digits"),
    "an unknown strictness": ('{"q0": {"query": "x", "type_strict": ["any"]}}', "not one of any, all, should"),
    "a type that is a number": ('{"q0": {"query": "x", "type": [1]}}', "is not a text, but a number"),
    "too many types": (json.dumps({"q": {"query": "x", "type": ["P"] * 51}}), "51 types in query 'q'"),
    "properties that are an object": ('{"q0": {"query": "x", "properties": {"country": "AF"}}}', "not a list"),
    "a property without a value": ('{"q0": {"query": "x", "properties": [{"pid": "country"}]}}', '"pid" and "v"'),
    "a null value": ('{"q0": {"query": "x", "properties": [{"pid": "country", "v": null}]}}', "but null"),
    "a place without identifier": ('{"q0": {"query": "x", "properties": [{"pid": "country", "v": {}}]}}', "but null"),
    "an over-long query": (json.dumps({"q0": {"query": "x" * 10_001}}), "10,001 characters"),
    "a null character": (json.dumps({"q0": {"query": "Kun\0duz"}}), "null character"),
    "a null character in a country": (json.dumps({"q": {"query": "x", "properties": stated(country="\0")}}), "null"),
    "half a character": ('{"q0": {"query": "\\ud800"}}', "half of a character"),
    "half a character as a key": ('{"\\ud800": {"query": "x"}}', "half of a character"),
    "deep nesting": ("[" * 100_000, "nested too deeply"),
}


@pytest.mark.parametrize("queries", [one for one, _ in BROKEN.values()], ids=list(BROKEN))
def test_a_broken_batch_is_refused_in_one_sentence_that_says_why(service: Service, queries: str) -> None:
    why = next(reason for one, reason in BROKEN.values() if one == queries)

    answer = service.post(queries=queries)

    assert answer.status == 400
    assert why in answer.json("error")["error"]
    assert answer.headers["access-control-allow-origin"] == "*"


def test_a_batch_of_more_queries_than_the_manifest_says_is_too_large(service: Service) -> None:
    answer = service.post(queries=json.dumps({f"q{at}": {"query": "x"} for at in range(101)}))

    assert (answer.status, answer.json("error")["error"]) == (
        413,
        "The batch has 101 queries; at most 100 are answered at once.",
    )


@pytest.mark.parametrize(
    ("body", "kind", "status", "why"),
    [
        (b"queries=%ff", FORM, 400, "UTF-8"),
        (b"\xff=1", FORM, 400, "UTF-8"),
        (b"&".join([b"a=1"] * 30), FORM, 400, "too many fields"),
        (b"other=1", FORM, 400, 'neither a field "queries"'),
        (b"", FORM, 400, 'neither a field "queries"'),
        (b"queries=" + b"x" * 4_000_001, FORM, 413, "4,000,000 bytes"),
        (b'{"q0": {"query": "Kunduz"}}', "application/json", 415, "application/json"),
        (b"queries={}", "", 415, "no stated type"),
    ],
)
def test_a_body_that_is_no_form_is_refused(service: Service, body: bytes, kind: str, status: int, why: str) -> None:
    answer = service.ask("POST", body=body, Content_Type=kind)

    assert answer.status == status
    assert why in answer.json("error")["error"]


@pytest.mark.parametrize(
    "path",
    ["/", "/suggest/entity?prefix=Kab", "/suggest/type", "/suggest/property", "/properties", "/preview?id=none:1"],
)
def test_every_page_of_every_origin_may_ask(service: Service, path: str) -> None:
    asked = service.ask(path=path, Origin="https://refine.example")
    before = service.ask("OPTIONS", path, Origin="https://refine.example", Access_Control_Request_Method="GET")

    assert asked.headers["access-control-allow-origin"] == "*"
    assert before.status == 204
    assert before.headers["access-control-allow-origin"] == "*"
    assert {"GET", "POST"} <= set(before.headers["access-control-allow-methods"].split(", "))
    assert "Content-Type" in before.headers["access-control-allow-headers"]
    assert "access-control-allow-credentials" not in asked.headers | before.headers


@pytest.mark.parametrize(("prefix", "name"), [("Kompi", "Kompienga"), ("ouaga", "Ouagadougou"), ("Lond", "London")])
def test_a_beginning_suggests_the_places_whose_names_begin_so(service: Service, prefix: str, name: str) -> None:
    suggestions = service.get("/suggest/entity", prefix=prefix).json("suggest_entity")["result"]

    assert name in [one["name"] for one in suggestions]
    assert len(suggestions) <= 10
    assert all(one["name"].casefold().startswith(prefix.casefold()) for one in suggestions)


def test_a_whole_name_suggests_its_places_in_any_spelling_and_an_identifier_its_place(service: Service) -> None:
    def first(prefix: str) -> str:
        suggestions: list[dict[str, str]] = service.get("/suggest/entity", prefix=prefix).json("suggest_entity")[
            "result"
        ]
        return suggestions[0]["id"]

    assert first("Köln") == "curated:de-cologne"
    assert first("curated:tg-mandouri") == "curated:tg-mandouri"


def test_suggestions_go_on_where_the_last_ended(service: Service) -> None:
    pages = [
        service.get("/suggest/entity", prefix="San", cursor=cursor).json("suggest_entity")["result"]
        for cursor in ("0", "10", "20")
    ]

    places = [one["id"] for page in pages for one in page]
    assert len(places) == len(set(places)) == 30


@pytest.mark.parametrize("prefix", ["", " ", "--", "zzzzzz", "%", "_", "\u202e", "\U0010ffff"])
def test_a_beginning_of_no_name_suggests_nothing(service: Service, prefix: str) -> None:
    assert service.get("/suggest/entity", prefix=prefix).json("suggest_entity") == {"result": []}


@pytest.mark.parametrize(
    "parameters",
    [{"prefix": "x" * 201}, {"prefix": "\0"}, {"prefix": "x", "cursor": "-1"}, {"prefix": "x", "cursor": "²"}],
)
def test_a_suggestion_that_cannot_be_looked_for_is_refused(service: Service, parameters: dict[str, str]) -> None:
    for kind in ("entity", "type", "property"):
        answer = service.get(f"/suggest/{kind}", **parameters)
        assert answer.status == 400
        answer.json("error")


def test_types_and_properties_are_suggested_by_identifier_and_by_word(service: Service) -> None:
    every = service.get("/suggest/type").json("suggest_type")["result"]
    second = service.get("/suggest/type", prefix="second").json("suggest_type")["result"]
    country = service.get("/suggest/property", prefix="coun").json("suggest_property")["result"]

    assert {"A", "P", "L", "S", "R", "H", "T", "U", "V", "PCLI", "ADM1", "ADM2"} == {one["id"] for one in every}
    assert [(one["id"], one["broader"][0]["id"]) for one in second] == [("ADM2", "A")]
    assert [one["id"] for one in country] == ["country"]
    assert len(service.get("/suggest/property").json("suggest_property")["result"]) == len(PROPERTIES)


def test_a_preview_shows_what_is_known_of_a_place(service: Service) -> None:
    page = service.get("/preview", id="curated:tg-mandouri")

    assert page.status == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    for fact in ("Mandouri", "Kpendjal", "Togo", "within 5 km", "curated:tg-mandouri"):
        assert fact in page.text


def test_the_preview_of_a_country_has_no_point(service: Service) -> None:
    page = service.get("/preview", id="naturalearth:ne").text

    assert "Niger" in page
    assert "°" not in page


def test_text_in_a_preview_is_shown_and_never_run(hostile: Service) -> None:
    page = hostile.get("/preview", id=HOSTILE.place_id)

    assert page.status == 200
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    for tag in ("<script", "<img", "<a ", "<b>"):
        assert tag not in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_hostile_text_is_json_like_any_other(hostile: Service) -> None:
    (candidate,) = hostile.one(HOSTILE.name)

    assert (candidate["id"], candidate["name"]) == (HOSTILE.place_id, HOSTILE.name)


@pytest.mark.parametrize(
    "place_id",
    ["", "curated:nowhere", "geonames:999999999999999999999", f"geonames:{'9' * 5000}", "<script>alert(1)</script>"],
)
def test_an_identifier_of_no_place_has_no_preview(service: Service, place_id: str) -> None:
    page = service.get("/preview", id=place_id)

    assert page.status == 404
    assert "No such place" in page.text
    assert "<script" not in page.text


def test_values_of_places_can_be_fetched_with_their_radius(service: Service) -> None:
    wanted = [{"id": one} for one in ("country", "longitude", "uncertainty_km", "uncertainty_basis", "population", "x")]
    asked = {"ids": ["curated:tg-mandouri", "naturalearth:ne", "none:1"], "properties": wanted}

    answer = service.post(extend=json.dumps(asked)).json("extension")

    assert answer == service.get(extend=json.dumps(asked)).json("extension")
    togo, niger, nowhere = answer["rows"].values()
    assert [one["id"] for one in answer["meta"]] == [one["id"] for one in wanted]
    assert togo["country"] == [{"str": "Togo"}]
    assert togo["longitude"][0]["float"] == pytest.approx(0.8, abs=0.1)
    assert togo["uncertainty_km"] == [{"float": 5.0}]
    assert togo["uncertainty_basis"] == [{"str": "default"}]
    assert niger["longitude"] == niger["uncertainty_km"] == []
    assert niger["population"][0]["int"] > 10_000_000
    assert all(value == [] for value in nowhere.values())


def test_every_proposed_property_can_be_fetched(service: Service) -> None:
    proposed = service.get("/properties", type="P").json("proposal")["properties"]
    asked = {"ids": ["curated:tg-mandouri"], "properties": [{"id": one["id"]} for one in proposed]}

    answer = service.post(extend=json.dumps(asked)).json("extension")

    assert answer["meta"] == proposed
    assert len(service.get("/properties", type="P", limit="3").json("proposal")["properties"]) == 3


@pytest.mark.parametrize(
    ("extend", "status"),
    [
        ("{", 400),
        ("[]", 400),
        ('{"ids": ["a"]}', 400),
        ('{"ids": [1], "properties": []}', 400),
        ('{"ids": [], "properties": ["population"]}', 400),
        ('{"ids": [], "properties": [{}]}', 400),
        (json.dumps({"ids": ["a"] * 1_001, "properties": []}), 413),
        (json.dumps({"ids": [], "properties": [{"id": "a"}] * 51}), 413),
    ],
)
def test_a_broken_data_extension_is_refused(service: Service, extend: str, status: int) -> None:
    answer = service.post(extend=extend)

    assert answer.status == status
    answer.json("error")


def test_a_gazetteer_that_has_not_been_built_is_an_error_that_says_so() -> None:
    def missing() -> Gazetteer:
        message = "the index of the world has not been built"
        raise MissingIndexError(message)

    with running(application(missing)) as service:
        manifest, answer = service.get(), service.post(queries='{"q0": {"query": "Kunduz"}}')

    manifest.json("manifest")
    assert answer.status == 503
    assert "has not been built" in answer.json("error")["error"]


def test_clients_at_the_same_time_get_what_each_would_get_alone(service: Service) -> None:
    names = ["Kunduz", "Mandouri", "Paris", "Kompiengaa", "Ouagadougou", "Niger", "Springfield", "Herat"]
    alone = [service.one(name) for name in names]

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(service.one, names * 4))

    assert together == alone * 4


def test_a_batch_that_takes_too_long_is_given_up(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gazetteer.reconcile.candidates.MOST_SECONDS", -1.0)

    answer = service.post(queries='{"q0": {"query": "Kunduz"}}')

    assert answer.status == 503
    assert "send fewer queries" in answer.json("error")["error"]


def test_the_service_can_be_served_on_its_own() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    code = f"from gazetteer import Gazetteer; from gazetteer.reconcile import serve; serve(Gazetteer.open, port={port})"
    process = subprocess.Popen([sys.executable, "-c", code])
    try:
        service = Service(port)
        manifest = eventually(service.ask, process).json("manifest")
        assert manifest["view"]["url"] == f"http://127.0.0.1:{port}/preview?id={{{{id}}}}"
        assert matched(service.one("Niger", properties=stated(country="NE"))) == ["naturalearth:ne"]
    finally:
        process.terminate()
        process.wait(timeout=20)


def eventually(ask: Callable[[], Answer], process: "subprocess.Popen[bytes]") -> Answer:
    until = time.monotonic() + 60
    while True:
        try:
            return ask()
        except ConnectionError:
            assert process.poll() is None, "the service ended"
            assert time.monotonic() < until, "the service did not start"
            time.sleep(0.1)
