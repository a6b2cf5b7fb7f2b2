"""The places of one text, resolved in the light of each other and of the words beside them."""

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer import Gazetteer, Match, Name, NameKind, Place, Precision, RadiusBasis, Verdict
from gazetteer.document import Mention, resolve_document
from gazetteer.layer import Layer
from gazetteer.writing import About, Record


def mentions(text: str, *names: str) -> list[Mention]:
    """Every mention of some names, in the order of the text."""
    found = []
    for name in names:
        at = text.find(name)
        assert at >= 0, name
        while at >= 0:
            found.append(Mention(name, at, at + len(name)))
            at = text.find(name, at + len(name))
    return sorted(found, key=lambda mention: mention.start)


@pytest.fixture(scope="module")
def read(gazetteer: Gazetteer):
    def resolved(text: str, *names: str, on: date | None = None) -> tuple[Match, ...]:
        return resolve_document(mentions(text, *names), gazetteer=gazetteer, text=text, on=on)

    return resolved


def places(matches: tuple[Match, ...]) -> list[tuple[str, str | None, str]]:
    return [(match.place.name, match.place.admin1, match.place.country_code) for match in matches]


@pytest.mark.parametrize(
    ("text", "names", "first"),
    [
        ("The fair in Athens, Georgia drew thousands.", ("Athens", "Georgia"), ("Athens", "Georgia", "US")),
        ("The fair in Athens, Georgia drew thousands.", ("Athens",), ("Athens", "Georgia", "US")),
        ("The fair in Athens, Greece drew thousands.", ("Athens", "Greece"), ("Athens", "Attica", "GR")),
        ("The fair in Athens, Greece drew thousands.", ("Athens",), ("Athens", "Attica", "GR")),
        ("A fire in Paris, Texas.", ("Paris", "Texas"), ("Paris", "Texas", "US")),
        ("A fire in Paris, Texas.", ("Paris",), ("Paris", "Texas", "US")),
        ("A fire in Paris, TX.", ("Paris",), ("Paris", "Texas", "US")),
        ("A fire in Paris (Texas).", ("Paris", "Texas"), ("Paris", "Texas", "US")),
        ("A fire in Paris in Texas.", ("Paris", "Texas"), ("Paris", "Texas", "US")),
        ("A fire in Paris.", ("Paris",), ("Paris", "Île-de-France", "FR")),
        ("A fire in Paris, France.", ("Paris", "France"), ("Paris", "Île-de-France", "FR")),
        ("A storm hit Sydney, Nova Scotia.", ("Sydney", "Nova Scotia"), ("Sydney", "Nova Scotia", "CA")),
        ("A feast in Kabul, Israel.", ("Kabul", "Israel"), ("Kābūl", "Northern District", "IL")),
        ("Clashes in Herat, Iran.", ("Herat", "Iran"), ("Herāt", "Yazd Province", "IR")),
    ],
)
def test_the_unit_that_is_named_beside_a_name_says_which_is_meant(read, text, names, first):
    assert places(read(text, *names))[0] == first


def test_a_unit_beside_a_name_is_read_as_what_holds_it(read):
    _, state = read("The fair in Athens, Georgia drew thousands.", "Athens", "Georgia")
    assert (state.place.feature_code, state.country_code, state.geo_precision) == ("ADM1", "US", Precision.ADMIN1)
    _, country = read("Fighting in Gori, Georgia.", "Gori", "Georgia")
    assert (country.place.feature_code, country.country_code, country.longitude) == ("PCLI", "GE", None)


@pytest.mark.parametrize(
    ("text", "names", "division"),
    [
        ("From Springfield to Decatur and on to Champaign.", ("Springfield", "Decatur", "Champaign"), "Illinois"),
        ("From Springfield to Joplin and on to Branson.", ("Springfield", "Joplin", "Branson"), "Missouri"),
        ("From Springfield to Holyoke and on to Chicopee.", ("Springfield", "Holyoke", "Chicopee"), "Massachusetts"),
        ("From Springfield to Eugene and on to Corvallis.", ("Springfield", "Eugene", "Corvallis"), "Oregon"),
    ],
)
def test_names_near_one_another_explain_each_other(read, text, names, division):
    matches = read(text, *names)
    assert {match.place.admin1 for match in matches} == {division}
    assert matches[0].verdict is Verdict.EXACT


def test_what_nothing_tells_apart_is_ambiguous_and_drawn_nowhere(read):
    (match,) = read("Springfield was quiet.", "Springfield")
    assert (match.verdict, match.place, match.longitude, match.country_code) == (Verdict.AMBIGUOUS, None, None, None)
    scores = [candidate.score for candidate in match.candidates]
    assert scores == sorted(scores, reverse=True)
    assert sum(scores) == pytest.approx(1, abs=0.02)
    assert len({candidate.place.place_id for candidate in match.candidates}) == len(scores)


@pytest.mark.parametrize(
    ("text", "name", "country", "division"),
    [
        ("Burkinabe troops left Djibo.", "Burkinabe", "BF", None),
        ("Afghans were among them.", "Afghans", "AF", None),
        ("The Georgian army moved to Gori.", "Georgian", "GE", None),
        ("Texans voted.", "Texans", "US", "Texas"),
    ],
)
def test_a_demonym_stands_for_its_country_or_division_and_is_no_name_of_it(read, text, name, country, division):
    (match,) = read(text, name)
    assert (match.verdict, match.country_code, match.place.admin1) == (Verdict.VARIANT, country, division)
    assert match.reason == f"{name} is said of people and things of {match.place.name}."


@pytest.mark.parametrize(
    ("text", "names", "country"),
    [
        ("Georgian police in Batumi.", ("Georgian", "Batumi"), "GE"),
        ("Kenyan police went to Athens.", ("Kenyan", "Athens"), None),
        ("Greek police went to Athens.", ("Greek", "Athens"), "GR"),
        ("Nigerien soldiers in Tillabéri and Niger.", ("Nigerien", "Tillabéri", "Niger"), "NE"),
    ],
)
def test_a_demonym_is_evidence_of_the_country_of_other_names(read, text, names, country):
    assert read(text, *names)[-1].country_code == country


def test_a_name_means_one_place_throughout(read):
    text = "Paris, Texas, is small. Nobody in Paris spoke French, and Paris slept."
    matches = read(text, "Paris", "Texas")
    assert [match.query for match in matches] == ["Paris", "Texas", "Paris", "Paris"]
    assert matches[0] == matches[2] == matches[3]
    assert matches[0].place.admin1 == "Texas"


def test_the_order_of_the_mentions_is_kept(read, gazetteer):
    text = "Gori, Batumi and Zugdidi are in Georgia; Zzyxville is not."
    asked = mentions(text, "Zzyxville", "Zugdidi", "Georgia", "Batumi", "Gori")
    for order in (asked, asked[::-1], asked[2:] + asked[:2]):
        matches = resolve_document(order, gazetteer=gazetteer, text=text)
        assert [match.query for match in matches] == [mention.text for mention in order]
        assert {match.query: match.place for match in matches} == {
            match.query: match.place for match in read(text, "Gori", "Batumi", "Zugdidi", "Georgia", "Zzyxville")
        }


def test_the_same_text_is_read_the_same_way_every_time(gazetteer):
    text = "From Springfield to Decatur, Athens, Paris and Georgia."
    asked = mentions(text, "Springfield", "Decatur", "Athens", "Paris", "Georgia")
    first = resolve_document(asked, gazetteer=gazetteer, text=text)
    again = Gazetteer(gazetteer.layers, replaced=gazetteer._replaced)
    assert resolve_document(asked, gazetteer=again, text=text) == first
    assert resolve_document(asked, gazetteer=gazetteer, text=text) == first


def test_a_name_of_no_layer_is_unknown_and_only_the_middle_of_the_text_is_suggested(read):
    matches = read("Zzyxville burned near Djibo and Arbinda.", "Zzyxville", "Djibo", "Arbinda")
    unknown = matches[0]
    assert (unknown.verdict, unknown.place, unknown.longitude) == (Verdict.UNKNOWN, None, None)
    assert [candidate.place.country_code for candidate in unknown.candidates] == ["BF"]
    assert unknown.candidates[0].score < 0.2
    assert unknown.reason.startswith("Zzyxville is in no gazetteer layer; most other places of the text are around ")
    (alone,) = read("Zzyxville burned.", "Zzyxville")
    assert (alone.verdict, alone.candidates) == (Verdict.UNKNOWN, ())


def test_a_country_is_no_middle_of_a_text(read):
    unknown, _ = read("Zzyxville in Togo burned.", "Zzyxville", "Togo")
    assert unknown.candidates == ()


def test_a_text_without_mentions_has_no_places(gazetteer):
    assert resolve_document([], gazetteer=gazetteer) == ()
    assert resolve_document([], gazetteer=gazetteer, text="Paris, Texas") == ()
    assert [match.verdict for match in resolve_document([Mention("", 0, 0)], gazetteer=gazetteer)] == [Verdict.UNKNOWN]


def test_without_the_text_the_mentions_speak_for_themselves(gazetteer):
    asked = mentions("Athens, Georgia", "Athens", "Georgia")
    paris = resolve_document([Mention("Paris", 0, 5)], gazetteer=gazetteer)
    assert places(paris) == [("Paris", "Île-de-France", "FR")]
    assert [match.query for match in resolve_document(asked, gazetteer=gazetteer)] == ["Athens", "Georgia"]


@pytest.mark.parametrize(
    ("text", "names", "place"),
    [
        ("Butler County in Pennsylvania", ("Butler County", "Pennsylvania"), ("Butler County", "Pennsylvania", "US")),
        ("Butler County, Ohio", ("Butler County",), ("Butler County", "Ohio", "US")),
        ("a patrol in northern Mali", ("northern Mali",), ("Mali", None, "ML")),
        ("in Djibo's market", ("Djibo's",), ("Djibo", "Sahel", "BF")),
    ],
)
def test_a_part_a_kind_and_a_possessive_are_read_off_a_name(read, text, names, place):
    assert places(read(text, *names))[0] == place


def test_a_day_says_which_names_were_in_force(read):
    (before,) = read("Attack in Sahel", "Sahel", on=date(2021, 11, 14))
    (today,) = read("Attack in Sahel", "Sahel")
    assert (before.verdict, today.verdict) == (Verdict.EXACT, Verdict.HISTORIC)
    assert before.place == today.place


def test_two_answers_share_what_there_is_to_believe(read):
    for match in read("From Athens to Paris and Springfield in Georgia", "Athens", "Paris", "Springfield", "Georgia"):
        shares = [candidate.score for candidate in match.candidates]
        assert all(0 <= share <= 1 for share in shares)
        assert (match.place is None) is (match.verdict is Verdict.AMBIGUOUS)
        if match.place is not None:
            assert match.place.place_id not in {candidate.place.place_id for candidate in match.candidates}
            assert sum(shares) <= 0.41


WORDS = st.sampled_from(
    ["Athens", "Georgia", "Paris", ",", "(", " in ", "Texans", "\u202e", "\0", "🙂", "کابل", "'s", "", " "]
)


@given(st.lists(WORDS | st.text(max_size=8), max_size=12), st.data())
def test_any_text_and_any_mentions_are_answered_one_for_one(gazetteer, words, data):
    text = "".join(words)
    spans = st.tuples(st.integers(-2, len(text) + 2), st.integers(0, 9))
    asked = [
        Mention(text[max(start, 0) : start + length], start, start + length)
        for start, length in data.draw(st.lists(spans, max_size=5))
    ]
    matches = resolve_document(asked, gazetteer=gazetteer, text=text)
    assert [match.query for match in matches] == [mention.text for mention in asked]
    for match in matches:
        assert match.reason.endswith(".")
        assert (match.longitude is None) is (match.latitude is None) is (match.uncertainty_km is None)


def test_a_long_text_is_read_in_bounded_time(gazetteer):
    towns = ["San José", "Santa Cruz", "San Antonio", "Springfield", "Paris", "Washington", "Clinton", "Victoria"]
    asked = [Mention(towns[at % 8] + " " * (at % 3), at * 20, at * 20 + 10) for at in range(3000)]
    began = time.perf_counter()
    assert len(resolve_document(asked, gazetteer=gazetteer)) == 3000
    assert time.perf_counter() - began < 5


def test_a_name_that_is_no_longer_in_force_is_believed_less(gazetteer):
    def town(number: int, longitude: float) -> Place:
        return Place(
            *(f"made:{number}", f"Town {number}", "P", "PPL", "locality", "TG", None, None, longitude, 8.0),
            *(Precision.SETTLEMENT, 5.0, RadiusBasis.DEFAULT),
            population=50_000,
        )

    former = Name("Zzyxville", "en", NameKind.STANDARD, None, date(2020, 12, 31))
    records = [Record(town(1, 1.0), (former,)), Record(town(2, 1.5), (Name("Zzyxville", "en"),))]
    pack = Layer.of(About("pack", "made", "", "", ""), records)
    gazetteer = Gazetteer([gazetteer.layers[0], pack, gazetteer.layers[-1]], replaced=gazetteer._replaced)
    asked = [Mention("Zzyxville", 0, 9)]
    (today,) = resolve_document(asked, gazetteer=gazetteer)
    (before,) = resolve_document(asked, gazetteer=gazetteer, on=date(2020, 1, 1))
    assert (today.verdict, today.place.name) == (Verdict.EXACT, "Town 2")
    assert before.verdict is Verdict.AMBIGUOUS
