"""Filters: the one answer to what is shown, in words, and as a link that can be sent."""

from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.filters import (
    EARLIEST,
    KEYS,
    LATEST,
    LONGEST_TEXT,
    UNATTRIBUTED,
    Facets,
    Filters,
    apply,
    chips,
    facets,
    family_labels,
    from_query,
    to_query,
)
from incidents.geocode import records
from incidents.schema import EVENT_TYPES, Attribution, GeoPrecision

OFFERED = Facets(
    families=("ISKP", "JNIM", UNATTRIBUTED),
    countries={"BF": "Burkina Faso", "TG": "Togo"},
    event_types=tuple(EVENT_TYPES),
    attributions=tuple(Attribution),
    first_day=date(2016, 10, 11),
    last_day=date(2021, 11, 14),
)


def shown(incidents, **asked) -> list[str]:
    return list(apply(incidents, Filters(**asked))["incident_id"])


def test_nothing_asked_shows_everything(incidents_of):
    assert not Filters()
    assert shown(incidents_of({}, {"date_start": None, "date_end": None}, {"country_code": None})) == [
        "i0",
        "i2",
        "i1",
    ]


IN_A_WINDOW = {
    "ends the day before": ("2021-10-01", "2021-10-31", False),
    "ends on the first day": ("2021-10-01", "2021-11-01", True),
    "lies inside": ("2021-11-02", "2021-11-03", True),
    "reaches over both ends": ("2021-01-01", "2021-12-31", True),
    "starts on the last day": ("2021-11-05", "2021-11-30", True),
    "starts the day after": ("2021-11-06", "2021-11-30", False),
}


@pytest.mark.parametrize(("start", "end", "counts"), IN_A_WINDOW.values(), ids=IN_A_WINDOW)
def test_an_interval_counts_if_it_touches_the_days_asked_for_both_ends_included(incidents_of, start, end, counts):
    incidents = incidents_of({"date_start": start, "date_end": end})
    assert bool(shown(incidents, date_from=date(2021, 11, 1), date_to=date(2021, 11, 5))) is counts


@pytest.mark.parametrize(("day", "counts"), [(1, False), (2, True), (3, False)])
def test_a_window_of_one_day_holds_what_happened_on_that_day(incidents_of, day, counts):
    asked = date(2021, 11, day)
    assert bool(shown(incidents_of({}), date_from=asked, date_to=asked)) is counts


@pytest.mark.parametrize("asked", [{"date_from": date(1, 1, 1)}, {"date_to": date(9999, 12, 31)}], ids=["from", "to"])
def test_an_incident_without_a_date_is_shown_only_while_no_days_are_asked_for(incidents_of, asked):
    incidents = incidents_of({"date_start": None, "date_end": None, "date_precision": "unknown"})
    assert shown(incidents) == ["i0"]
    assert shown(incidents, **asked) == []


def test_an_incident_of_no_group_is_never_under_a_group_and_has_a_name_of_its_own(incidents_of):
    incidents = incidents_of(
        {"actor_family": "JNIM", "attribution": "claimed"}, {"notes": "The article hints at JNIM."}
    )
    assert shown(incidents, families=("JNIM",)) == ["i0"]
    assert shown(incidents, families=(UNATTRIBUTED,)) == ["i1"]
    assert shown(incidents, families=("JNIM", UNATTRIBUTED)) == ["i0", "i1"]
    assert list(family_labels(incidents["actor_family"])) == ["JNIM", UNATTRIBUTED]


def test_grades_narrow_a_group_to_what_is_as_sure_as_asked(incidents_of):
    incidents = incidents_of(*({"actor_family": "JNIM", "attribution": grade} for grade in Attribution))
    assert shown(incidents, families=("JNIM",), attributions=(Attribution.CLAIMED, Attribution.OFFICIAL)) == [
        "i0",
        "i1",
    ]


@pytest.mark.parametrize("coarsest", GeoPrecision)
def test_a_precision_keeps_what_is_as_fine_or_finer(incidents_of, coarsest):
    incidents = incidents_of(*({"geo_precision": precision} for precision in GeoPrecision))
    assert shown(incidents, coarsest=coarsest) == [f"i{rank}" for rank in range(coarsest.rank + 1)]


def test_a_country_is_asked_for_by_its_code_and_an_incident_of_none_is_not_in_it(incidents_of):
    incidents = incidents_of({}, {"country_code": "TG"}, {"country_code": None})
    assert shown(incidents, countries=("TG",)) == ["i1"]


def test_what_is_asked_in_two_fields_must_hold_in_both(incidents_of):
    incidents = incidents_of(
        {"event_type": "Riots"}, {"event_type": "Riots", "country_code": "TG"}, {"country_code": "TG"}
    )
    assert shown(incidents, event_types=("Riots",), countries=("TG",)) == ["i1"]


TEXTS = {
    "a word of the summary": ("checkpoint", True),
    "in capitals": ("CHECKPOINT", True),
    "without its accents": ("cote d'ivoire", True),
    "in other punctuation": ("Cote-d’Ivoire", True),
    "two words, each in another column": ("kompienga checkpoint", True),
    "one word that is nowhere": ("kompienga mosque", False),
    "signs that mean something elsewhere": ("check.*", True),
    "blanks": ("  ", True),
}


@pytest.mark.parametrize(("text", "found"), TEXTS.values(), ids=TEXTS)
def test_free_text_finds_every_word_anywhere_in_an_incident(incidents_of, text, found):
    incidents = incidents_of({"summary": "A checkpoint was hit.", "notes": "Reported from Côte d’Ivoire."})
    assert bool(shown(incidents, text=text)) is found


def test_free_text_finds_nothing_in_no_incidents(incidents_of):
    assert shown(incidents_of(), text="checkpoint") == []


FEW = settings(max_examples=25)  # of many incidents each

DAYS = st.dates(date(2016, 1, 1), date(2021, 12, 31))
SPANS = st.tuples(DAYS, DAYS).map(sorted)
INCIDENT = st.builds(
    lambda span, **row: {**row, "date_start": span and span[0], "date_end": span and span[1]},
    span=st.none() | SPANS,
    actor_family=st.sampled_from([None, "JNIM", "ISKP"]),
    attribution=st.sampled_from(Attribution),
    country_code=st.sampled_from([None, "BF", "TG"]),
    event_type=st.sampled_from(list(EVENT_TYPES)),
    geo_precision=st.sampled_from(GeoPrecision),
)
INCIDENTS = st.lists(INCIDENT, max_size=15)


def some(values) -> st.SearchStrategy[tuple]:
    return st.lists(st.sampled_from(list(values)), unique=True, max_size=3).map(tuple)


@st.composite
def filters(draw, day=DAYS) -> Filters:
    first, last = draw(st.tuples(st.none() | day, st.none() | day))
    if first and last:
        first, last = sorted((first, last))
    return Filters(
        families=draw(some(OFFERED.families)),
        date_from=first,
        date_to=last,
        countries=draw(some(OFFERED.countries)),
        event_types=draw(some(OFFERED.event_types)),
        attributions=draw(some(OFFERED.attributions)),
        coarsest=draw(st.none() | st.sampled_from(GeoPrecision)),
        text=draw(st.sampled_from(["", "somebody", "somebody burkina", "nowhere"]) | st.text(max_size=LONGEST_TEXT)),
    )


@FEW
@given(INCIDENTS, filters())
def test_what_is_shown_is_part_of_the_incidents_unchanged_and_in_order_of_time(incidents_of, rows, asked):
    incidents = incidents_of(*rows)
    found = apply(incidents, asked)
    assert found.index.isin(incidents.index).all()
    assert found.index.is_unique
    assert found.sort_index().equals(incidents.loc[found.index.sort_values()])
    dated = found["date_start"].dropna()
    assert dated.is_monotonic_increasing
    assert found["date_start"].notna().tolist() == sorted(found["date_start"].notna(), reverse=True)


@FEW
@given(INCIDENTS, filters(), st.randoms(use_true_random=False))
def test_the_order_shown_does_not_depend_on_the_order_of_the_file(incidents_of, rows, asked, random):
    incidents = incidents_of(*rows)
    order = list(incidents.index)
    random.shuffle(order)
    assert list(apply(incidents.loc[order], asked).index) == list(apply(incidents, asked).index)


@FEW
@given(INCIDENTS, filters())
def test_to_ask_the_same_again_changes_nothing_and_to_ask_less_never_hides(incidents_of, rows, asked):
    incidents = incidents_of(*rows)
    found = apply(incidents, asked)
    assert apply(found, asked).equals(found)
    for field in fields(Filters):
        less = replace(asked, **{field.name: field.default})
        assert set(found.index) <= set(apply(incidents, less).index)


def test_facets_list_the_largest_group_first_and_the_unattributed_last(incidents_of):
    rows = [None, None, None, "JNIM", "ISKP", "ISKP", "AQIM"]
    assert facets(incidents_of(*({"actor_family": name} for name in rows))).families == (
        "ISKP",
        "AQIM",
        "JNIM",
        UNATTRIBUTED,
    )


def test_facets_offer_only_what_there_is_with_countries_by_name_and_scales_in_their_order(incidents_of):
    found = facets(
        incidents_of(
            {"country": "Togo", "country_code": "TG", "attribution": "none", "event_type": "Riots"},
            {"attribution": "claimed", "date_start": "2016-10-11", "date_end": "2022-01-31"},
            {"country": None, "country_code": "ML"},
            {"country": None, "country_code": None, "date_start": None, "date_end": None},
        )
    )
    assert found.countries == {"BF": "Burkina Faso", "ML": "ML", "TG": "Togo"}
    assert list(found.countries) == ["BF", "ML", "TG"]
    assert found.event_types == ("Battles", "Riots")
    assert found.attributions == ("claimed", "none")
    assert (found.first_day, found.last_day) == (date(2016, 10, 11), date(2022, 1, 31))


def test_facets_of_nothing_offer_nothing(incidents_of):
    assert facets(incidents_of()) == Facets((), {}, (), (), None, None)


def test_chips_say_each_thing_that_is_asked_in_words():
    asked = Filters(
        families=("JNIM", UNATTRIBUTED),
        date_from=date(2021, 11, 1),
        date_to=date(2021, 11, 19),
        countries=("TG",),
        event_types=("Battles",),
        attributions=(Attribution.SUSPECTED,),
        coarsest=GeoPrecision.ADMIN2,
        text=" checkpoint ",
    )
    assert [chip.label for chip in chips(asked, OFFERED)] == [
        "Group: JNIM",
        "Group: Unattributed",
        "Country: Togo",
        "Event: Battles",
        "Attribution: suspected",
        "From 1 Nov 2021",
        "To 19 Nov 2021",
        "Place at least: district",
        "Text: checkpoint",
    ]


@given(filters())
def test_chips_taken_away_one_by_one_leave_nothing_asked(asked):
    count = len(chips(asked, OFFERED))
    for left in range(count, 0, -1):
        found = chips(asked, OFFERED)
        assert len(found) == left
        asked = found[0].without
    assert chips(asked, OFFERED) == ()
    assert replace(asked, text="") == Filters()


@given(filters(day=st.dates(EARLIEST, LATEST)))
def test_a_link_gives_back_the_filters_that_it_was_made_of(asked):
    assert from_query(to_query(asked), OFFERED) == (asked, ())


STRANGE = {
    "a grade that there is not": ({"attribution": ["rumoured"]}, "attribution 'rumoured'"),
    "a date in another order": (
        {"from": ["19/11/2021"]},
        "from '19/11/2021'; expected a day like 2021-11-19",
    ),
    "a day that no calendar has": ({"to": ["2021-02-29"]}, "to '2021-02-29'"),
    "a day before all calendars": ({"from": ["1800-01-01"]}, "from 1900 to 2100"),
    "a precision that there is not": (
        {"precision": ["village"]},
        "precision 'village'; expected one of exact, ",
    ),
    "days that end before they begin": (
        {"from": ["2021-11-19"], "to": ["2021-11-01"]},
        "end before they begin",
    ),
    "a text as long as a page": ({"text": ["a" * (LONGEST_TEXT + 1)]}, "longer than 200 characters"),
}


@pytest.mark.parametrize(("query", "said"), STRANGE.values(), ids=STRANGE)
def test_what_no_dataset_can_answer_is_said_stays_asked_for_and_shows_nothing(incidents_of, query, said):
    asked, problems = from_query({**query, "group": [UNATTRIBUTED]}, OFFERED)
    (problem,) = problems
    assert said in problem
    assert asked == Filters(
        families=(UNATTRIBUTED,), impossible=tuple((key, *values) for key, values in query.items())
    ), "so that nothing is shown, and not everything"
    assert apply(incidents_of({}), asked).empty
    assert to_query(asked) == {"group": [UNATTRIBUTED], **query}, "so that the link stays what it was"


def test_a_grade_that_there_is_counts_beside_one_that_there_is_not(incidents_of):
    incidents = incidents_of({"actor_family": "JNIM", "attribution": "claimed"}, {})
    asked, problems = from_query({"attribution": ["claimed", "rumoured"]}, OFFERED)
    assert [row[-1:] for row in problems] == ["."]
    assert list(apply(incidents, asked)["incident_id"]) == ["i0"]


def test_a_text_without_a_letter_or_digit_finds_nothing(incidents_of):
    assert shown(incidents_of({}), text="?!") == []


def test_what_nothing_answers_is_a_chip_and_taking_it_away_asks_for_the_rest(incidents_of):
    asked, _ = from_query({"attribution": ["rumoured"], "country": ["BF"]}, OFFERED)
    found = {chip.label: chip.without for chip in chips(asked, OFFERED)}
    assert found["Attribution: rumoured (nothing answers it)"] == Filters(countries=("BF",))


def test_of_two_days_that_cannot_both_be_each_alone_can():
    asked, _ = from_query({"from": ["2021-11-19"], "to": ["2021-11-01"]}, OFFERED)
    found = {chip.label: chip.without for chip in chips(asked, OFFERED)}
    assert found == {
        "From: 2021-11-19 (nothing answers it)": Filters(date_to=date(2021, 11, 1)),
        "To: 2021-11-01 (nothing answers it)": Filters(date_from=date(2021, 11, 19)),
    }


def test_a_key_without_a_value_asks_nothing():
    assert from_query({key: [""] for key in KEYS}, OFFERED) == (Filters(), ())


ELSEWHERE = {
    "a group of another dataset": ("group", "AQIM"),
    "a country that is not in this one": ("country", "FR"),
    "an event type of another list": ("event", "Bombing"),
}


@pytest.mark.parametrize(("key", "value"), ELSEWHERE.values(), ids=ELSEWHERE)
def test_what_this_dataset_does_not_have_is_said_and_stays_asked_for(key, value):
    asked, problems = from_query({key: [value]}, OFFERED)
    assert to_query(asked) == {key: [value]}, "so that nothing is shown, and not everything"
    assert problems == (f"The link asks for {key} {value!r}, which this dataset does not have.",)


def asked_for(*values) -> st.SearchStrategy[list[str]]:
    """What a link may say under one key: what there is, what there is not, and anything."""
    return st.lists(st.sampled_from([str(value) for value in values]) | st.text(max_size=12), max_size=3)


A_DAY = st.lists((DAYS | st.dates()).map(str) | st.sampled_from(["19/11/2021", "soon"]), max_size=3)
ANY_QUERY = st.fixed_dictionaries(
    {},
    optional={
        "group": asked_for("JNIM", "AQIM", UNATTRIBUTED),
        "country": asked_for("BF", "TG", "FR"),
        "event": asked_for(*EVENT_TYPES, "Bombing"),
        "attribution": asked_for(*Attribution, "rumoured"),
        "precision": asked_for(*GeoPrecision, "village"),
        "from": A_DAY,
        "to": A_DAY,
        "text": st.lists(st.sampled_from(["somebody", "burkina attacked", "nowhere", "jnim", "?!"]), max_size=2),
        "x": asked_for("y"),
    },
)


@given(ANY_QUERY)
def test_no_link_whatever_it_says_raises_and_what_it_asks_for_can_be_sent_on(query):
    asked, _ = from_query(query, OFFERED)
    assert from_query(to_query(asked), OFFERED)[0] == asked


def answers(incident: dict[str, Any], key: str, values: list[str]) -> bool:
    """Whether an incident is what a key of a link asks for, read off the link itself."""
    said = {
        "group": incident["actor_family"] or UNATTRIBUTED,
        "country": incident["country_code"],
        "event": incident["event_type"],
        "attribution": incident["attribution"],
    }
    if key in said:
        return said[key] in values
    if key == "precision":
        ranks = {str(precision): precision.rank for precision in GeoPrecision}
        return all(ranks[incident["geo_precision"]] <= ranks.get(value, -1) for value in values)
    if key == "text":
        text = f"{incident['summary']} {incident['country']} {incident['actor_family']}".casefold()
        return all(word in text for value in values for word in value.split())
    if incident["date_start"] is None or not all(map(is_day, values)):
        return False
    first, last = (str(incident[column].date()) for column in ("date_start", "date_end"))
    return all(last >= value if key == "from" else first <= value for value in values)


def is_day(text: str) -> bool:
    try:
        return str(date.fromisoformat(text)) == text
    except ValueError:
        return False


@settings(max_examples=100)
@given(INCIDENTS, ANY_QUERY)
def test_no_link_shows_an_incident_that_it_does_not_ask_for_and_what_cannot_be_had_is_said(incidents_of, rows, query):
    asked, problems = from_query(query, OFFERED)
    wanted = {key: [value for value in values if value] for key, values in query.items() if key in KEYS}
    wanted = {key: values for key, values in wanted.items() if values}
    for incident in records(apply(incidents_of(*rows), asked)):
        assert [key for key, values in wanted.items() if not answers(incident, key, values)] == []
    for key, value in asked.impossible:
        assert value in wanted[key]
        assert any(key in problem for problem in problems) or any("end before they begin" in said for said in problems)
