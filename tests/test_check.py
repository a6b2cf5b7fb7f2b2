"""The editor's check: what it finds in a draft, what it leaves alone, and the draft with its findings taken."""

import csv
import io
import json
import re
import time
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer import Gazetteer, Verdict
from gazetteer.check import Finding, Kind, Severity, StaleFindingError, apply, check
from gazetteer.check.command import main_check
from gazetteer.check.table import to_csv, to_json, to_line
from gazetteer.drafts import Draft
from gazetteer.house import House, HouseError
from gazetteer.recognise import recognise

SAMPLES = Path(__file__).parent / "data" / "drafts"
BEFORE, AFTER = date(2021, 11, 19), date(2025, 8, 1)


@dataclass(frozen=True)
class Named:
    """A place that a text names, given by hand."""

    start: int
    end: int
    text: str
    name: str
    kind: str


def mentions(text: str, *names: str) -> list[Named]:
    """Every mention of some names, across line ends; one with a star is a word for people."""
    found = []
    for name in names:
        plain = name.rstrip("*")
        pattern = r"(?<!\w)" + r"\s+".join(map(re.escape, plain.split())) + r"(?!\w)"
        hits = list(re.finditer(pattern, text))
        assert hits, name
        kind = "demonym" if name.endswith("*") else "place"
        found += [Named(hit.start(), hit.end(), hit[0], plain, kind) for hit in hits]
    return sorted(found, key=lambda one: one.start)


@pytest.fixture(scope="module")
def found(gazetteer: Gazetteer):
    """Check a text whose places are given by hand."""

    def checked(text: str, *names: str, house: str = "", on: date | None = None) -> tuple[Finding, ...]:
        style = House.of(house) if house else None
        return check(text, mentions=mentions(text, *names), gazetteer=gazetteer, house=style, on=on)

    return checked


@pytest.fixture(scope="module")
def read(gazetteer: Gazetteer):
    """Check a text whose places are recognised."""

    def checked(text: str, *, on: date | None = None) -> tuple[Finding, ...]:
        return check(text, mentions=recognise(text, gazetteer=gazetteer), gazetteer=gazetteer, on=on)

    return checked


def told(findings: tuple[Finding, ...]) -> list[tuple[str, str, str | None]]:
    return [(str(one.kind), one.text, one.replacement) for one in findings]


# --- Misspelt -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "names", "wrong", "right"),
    [
        ("Militias in Afghanisitan fought on.", ["Afghanisitan"], "Afghanisitan", "Afghanistan"),
        ("Militias in Afghanisitan fought on.", [], "Afghanisitan", "Afghanistan"),
        ("Troops left Burkina Fasso.", [], "Burkina Fasso", "Burkina Faso"),
        ("Troops left Burkina\nFasso.", [], "Burkina\nFasso", "Burkina\nFaso"),
        ("Troops left Burkina Fasso.", ["Burkina"], "Burkina Fasso", "Burkina Faso"),
        ("TROOPS IN AFGHANISITAN", ["AFGHANISITAN"], "AFGHANISITAN", "AFGHANISTAN"),
        ("Shots in Kandahr. Kandahar was calm.", ["Kandahar"], "Kandahr", "Kandahar"),
        ("Kandahar was calm. Kandahhar’s mayor left.", ["Kandahar"], "Kandahhar", "Kandahar"),
        ("From Iraq to Pakisatn and on.", ["Iraq"], "Pakisatn", "Pakistan"),
        ("In Iraq and Afganhistan.", ["Iraq"], "Afganhistan", "Afghanistan"),
        ("A bomb in Pehsawar killed two.", [], "Pehsawar", "Peshawar"),
        ("Clashes in northern Lybia went on.", [], "Lybia", "Libya"),
        ("The army of Nigera moved.", ["Nigera"], "Nigera", "Nigeria"),
        ("A Tunizsia-born man.", [], "Tunizsia", "Tunisia"),
        ("The army is in Sanloagga and Sanloaga.", ["Sanloaga", "Sanloagga"], "Sanloagga", "Sanloaga"),
    ],
)
def test_a_slip_is_found_whether_or_not_the_word_was_taken_for_a_place(found, text, names, wrong, right):
    slips = [one for one in found(text, *names) if one.kind is Kind.MISSPELT]
    assert told(slips) == [("misspelt", wrong, right)]
    assert (slips[0].verdict, slips[0].severity) == (Verdict.MISSPELT, Severity.ERROR)
    assert slips[0].candidates[0].name == " ".join(right.split()).replace("AFGHANISTAN", "Afghanistan")


@pytest.mark.parametrize(
    "names",
    [
        "Niger Nigeria Mali Malawi Iran Iraq Oman Jordan Chad Togo Austria Australia Mauritius Mauritania",
        "Gambia Zambia Guinea Guyana Slovakia Slovenia Sweden Switzerland Dominica Latvia Libya Liberia Lesotho",
        "Kabul Kabol Herat Hirat Kunduz Mosul Tripoli Tikrit Basra Bara Gao Goa Kano Konna",
    ],
)
def test_a_name_that_exists_is_never_taken_for_a_slip(found, names):
    text = f"In {' and in '.join(names.split())} it rained."
    for listed in ([], names.split()):
        assert [one for one in found(text, *listed) if one.kind is Kind.MISSPELT] == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Chadd of Chad spoke; Mr. Sudani met the Kenyans.", ["Chad"]),
        ("Mustafa Kandaharr left Kandahar.", ["Kandahar"]),
        ("The al-Sudani family of Sudan.", ["Sudan"]),
        ("Iraqis and Malians, Sudani and Togolais.", []),
        ("Somalian pirates near Somalia; the Somalis.", ["Somalia"]),
        ("Hearing of it, Heart rates in Herat rose. A heart.", ["Herat"]),
        ("Barriers in Paris. Parish councils and parishes.", ["Paris"]),
        ("The report (Samaa tv, April 12; Aljazeerra, May 3).", []),
        ("See www.afghanisitan.org, @Afghanisitan or info@afghanisitan.org.", []),
        ("Nothing more is known of Zzyzxqa.", []),
    ],
)
def test_persons_peoples_ordinary_words_citations_and_addresses_are_no_slips(found, text, names):
    assert [one for one in found(text, *names) if one.kind is Kind.MISSPELT] == []


def test_without_the_name_in_the_text_a_slip_needs_words_that_say_that_it_is_a_place(found):
    assert told(found("Afghanisitan was quiet.")) == []
    assert told(found("It was quiet in Afghanisitan.")) == [("misspelt", "Afghanisitan", "Afghanistan")]
    assert told(found("Afghanistan was loud. Afghanisitan was quiet.", "Afghanistan")) == [
        ("misspelt", "Afghanisitan", "Afghanistan")
    ]


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("An attack in nothern Burkina Faso.", "nothern", "northern"),
        ("Nothern Burkina Faso was attacked.", "Nothern", "Northern"),
        ("In the provnice of Burkina Faso.", "provnice", "province"),
        ("The Burkina Faso bordr.", "bordr", "border"),
    ],
)
def test_a_slip_in_the_word_beside_a_place_is_found(found, text, wrong, right):
    assert told(found(text, "Burkina Faso")) == [("misspelt", wrong, right)]


def test_words_beside_places_that_are_in_order_are_left_alone(found):
    text = "Northern Burkina Faso, townships of Burkina Faso, Burkina Faso provinces, other Burkina Faso."
    assert told(found(text, "Burkina Faso")) == []


# --- House style ----------------------------------------------------------------------------------------------------


def test_a_name_that_the_house_does_not_write_is_a_variant(found):
    (one,) = found("In Bamiyan a statue was removed.", "Bamiyan")
    assert (one.kind, one.verdict, one.replacement) == (Kind.VARIANT, Verdict.VARIANT, "Bamyan")
    assert one.advice == "Bamiyan is a spelling of Bamyan, the province in Afghanistan; the house writes Bamyan."
    assert told(found("In Bamyan a statue was removed.", "Bamyan")) == []


@pytest.mark.parametrize(
    ("text", "name", "house", "right"),
    [
        ("In Köln.", "Köln", 'kind = "conventional"', "Cologne"),
        ("In Cologne.", "Cologne", 'kind = "standard"', "Köln"),
        ("In Cologne.", "Cologne", 'kind = "standard"\nlanguages = ["de"]', "Köln"),
        ("In Kabul.", "Kabul", 'languages = ["fr", "en"]', "Caboul"),
        ("In Germany.", "Germany", 'languages = ["fr", "en"]', "Allemagne"),
        ("In Bamyan.", "Bamyan", '[places]\n"Bamyan" = "Bamiyan"', "Bamiyan"),
        ("In Kiev.", "Kiev", '[places]\n"Kiev" = "Kyiv"', "Kyiv"),
        ("In Bamiyan Province.", "Bamiyan Province", "", "Bamyan Province"),
        ("BAMIYAN is cold.", "BAMIYAN", "", "BAMYAN"),
        ("In the Ivory\nCoast.", "Ivory Coast", "", "Côte\nd'Ivoire"),
    ],
)
def test_the_house_chooses_kind_and_language_and_may_override_both(found, text, name, house, right):
    (one,) = found(text, name, house=house)
    assert (one.kind, " ".join(one.text.split()), one.replacement) == (Kind.VARIANT, name, right)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("In the Green Zone.", "Green Zone"),
        ("In the International Zone.", "International Zone"),
        ("In Islamabad.", "Islamabad"),
        ("In Kompienga Province.", "Kompienga Province"),
        ("In the Republic of Congo.", "Republic of Congo"),
        ("In the DRC.", "DRC"),
        ("In the U.S. and the UK.", "U.S."),
        ("In Myanmar.", "Myanmar"),
        ("In Inata.", "Inata"),
        ("In Mosul.", "Mosul"),
    ],
)
def test_what_is_as_good_a_short_form_or_the_name_of_another_place_is_no_variant(found, text, name):
    assert [one for one in found(text, name) if one.kind is Kind.VARIANT] == []


def test_words_that_the_house_never_flags_are_not_flagged(found):
    house = '[never]\n"Bamiyan" = "as the ministry writes it"\n"Afghanisitan" = "a quotation"'
    assert told(found("In Bamiyan, Afghanisitan.", "Bamiyan", house=house)) == []


def test_a_name_of_a_country_in_another_language_of_the_news_is_a_note(found):
    (one,) = found("The army of Tchad moved.", "Tchad")
    assert (one.kind, one.severity, one.replacement) == (Kind.VARIANT, Severity.NOTE, "Chad")
    assert told(found("A bowl of Chili. Chili is hot.", "Chili")) == []


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("kind = 3", "kind must be"),
        ('kind = "german"', "kind must be"),
        ('language = ["en"]', "language is no key"),
        ('languages = "en"', "languages must be"),
        ("languages = []", "languages must be"),
        ('[places]\n"x" = 3', "places.'x' must be the name"),
        ('[never]\n"x" = ""', "never.'x' must be the reason"),
        ('never = "x"', "never must be a table"),
        ('[persons]\n"x" = "y"', "persons.'x' must be a list"),
        ('[groups]\n"x" = ["y"]\n"z" = ["Y"]', "groups.'z' replaces 'Y'"),
        ('[never]\n"..." = "dots"', "never.'...' has no letter"),
        ("kind =", "is no TOML"),
    ],
)
def test_a_house_style_that_is_wrong_names_the_key(text, key):
    with pytest.raises(HouseError, match=re.escape(key)):
        House.of(text, called="house.toml")


def test_the_house_style_that_ships_says_what_it_is_without_one():
    shipped = House.read()
    assert (shipped.kind, shipped.languages) == (House().kind, House().languages)
    assert all(shipped.never.values())


def test_a_house_style_that_is_not_there_is_one_sentence(tmp_path):
    with pytest.raises(HouseError, match="no house style is at"):
        House.read(tmp_path / "house.toml")


@pytest.mark.parametrize("text", ["In An-Najaf.", "In An Najaf.", "IN AN-NAJAF."])
def test_an_article_that_is_part_of_a_place_s_name_is_no_reason_to_leave_it_out(found, text):
    assert [one.kind for one in found(text, text[3:-1], house='[places]\n"Najaf" = "Nadjaf"')] == [Kind.VARIANT]


def test_an_article_alone_is_no_place_whatever_is_called_so(found):
    assert told(found("Al-Sadr spoke.", "Al")) == []


# --- Consistency ----------------------------------------------------------------------------------------------------


def test_one_place_in_two_spellings_of_which_none_is_the_house_s_is_inconsistent(found):
    text = "From Hasakah to Hasakeh. Hasakah fell."
    names = [one for one in ("Hasakah", "Hasakeh") if one in text]
    (one,) = [one for one in found(text, *names) if one.kind is Kind.INCONSISTENT]
    assert (one.text, one.replacement) == ("Hasakeh", "Hasakah")
    assert "stands here twice as Hasakah" in one.advice


def test_accents_that_come_and_go_are_a_note(found):
    notes = found("Côte d'Ivoire, Cote d'Ivoire, Côte d’Ivoire.", "Côte d'Ivoire", "Cote d'Ivoire", "Côte d’Ivoire")
    assert [(one.kind, one.severity, one.text, one.replacement) for one in notes] == [
        (Kind.INCONSISTENT, Severity.NOTE, "Cote d'Ivoire", "Côte d'Ivoire")
    ]


def test_one_person_in_several_spellings_is_a_consistency_note_and_no_place(found):
    text = (
        "Prime Minister Mustafa al-Kadhimi left. Al-Kadhimi said so, and al-Kadhimi’s aides. "
        "Al-Khadimi went; alKadhimi, too."
    )
    findings = found(text)
    assert told(findings) == [
        ("consistency", "Al-Khadimi", "Al-Kadhimi"),
        ("consistency", "alKadhimi", "al-Kadhimi"),
    ]
    assert {one.verdict for one in findings} == {None}
    assert findings[0].severity is Severity.WARNING


@pytest.mark.parametrize(
    "text",
    [
        "Hamid Karzai met Ahmed Karzai. Hamid left, and Ahmed left.",
        "Mujibur Rahman met Fazlur Rehman. Rahman spoke.",
        "Muhammad al-Halboosi and the Prophet Muhammed; Muhammad Sadiq al-Sadr.",
        "Kurds and Kurdish parties; Hazaras, a Hazara; Islamists of Islamist groups; Shia, Shias.",
        "Bashar al-Assad and Bashir Khan.",
        "Tariq Hussain Malik and Saddam Hussein.",
        "Khadim Malik’s supporters and al-Khadimi.",
        "Jamal came. Kamal came. Jamal left. Kamal left.",
        "The Minister spoke. Ministers spoke. Sit-in and sit-ins; a Sit-in.",
    ],
)
def test_two_persons_and_the_forms_of_a_word_are_no_two_spellings(found, text):
    assert told(found(text)) == []


def test_of_two_spellings_as_frequent_as_each_other_the_editor_chooses(found):
    (one,) = found("Hassan Rouhani spoke. Hassan Rohani left.")
    assert (one.text, one.replacement) == ("Rohani", None)


def test_a_lost_hyphen_is_noted(found):
    text = (
        "The Iran-backed militias and the Iranbacked ones; anti-Shia and antiShia. Tehreek-i-Labbaik, Tehreek-iLabbaik."
    )
    assert told(found(text)) == [
        ("consistency", "Iranbacked", "Iran-backed"),
        ("consistency", "antiShia", "anti-Shia"),
        ("consistency", "Tehreek-iLabbaik", "Tehreek-i-Labbaik"),
    ]


def test_a_hyphen_that_is_lost_behind_an_article_is_noted_without_a_second_mention(found):
    assert told(found("Nouri alMaliki of the Tehrik-eTaliban sold it on eBay, by iPhone.")) == [
        ("consistency", "alMaliki", "al-Maliki"),
        ("consistency", "eTaliban", "e-Taliban"),
    ]


def test_an_abbreviation_that_is_spelt_out_in_two_ways_is_noted(found):
    text = "The Tehrik-i-Taliban Pakistan (TTP) said so. The Tehreek-e-Taliban\nPakistan (TTP) denied it."
    (one,) = found(text, "Pakistan")
    assert (one.kind, one.text, one.replacement) == (Kind.CONSISTENCY, "Tehreek-e-Taliban\nPakistan", None)
    assert "TTP is spelt out here as Tehreek-e-Taliban Pakistan, and before as Tehrik-i-Taliban Pakistan" in one.advice


def test_the_house_spells_persons_and_groups(found):
    house = '[persons]\n"al-Kadhimi" = ["al-Khadimi", "al Kazemi"]\n[groups]\n"al-Qaeda" = ["al-Qaida", "al Qaeda"]'
    text = "Al-Khadimi and al-Kazemi fight Al Qaeda, al-Qaeda and al-\nQaida."
    assert told(found(text, house=house)) == [
        ("consistency", "Al-Khadimi", "Al-Kadhimi"),
        ("consistency", "al-Kazemi", "al-Kadhimi"),
        ("consistency", "Al Qaeda", "Al-Qaeda"),
        ("consistency", "al-\nQaida", "al-Qaeda"),
    ]


# --- Days -----------------------------------------------------------------------------------------------------------


def test_a_name_is_historic_after_the_day_on_which_it_ended(found):
    assert told(found("In Soum Province.", "Soum Province", on=BEFORE)) == []
    (one,) = found("In Soum Province.", "Soum Province", on=AFTER)
    assert (one.kind, one.verdict, one.replacement) == (Kind.HISTORIC, Verdict.HISTORIC, "Djelgodji Province")
    assert "only until 2025-07-01; on 2025-08-01 it is Djelgodji Province" in one.advice


def test_a_name_is_historic_before_the_day_on_which_it_began(found):
    assert told(found("In Djelgodji.", "Djelgodji", on=AFTER)) == []
    (one,) = found("In Djelgodji.", "Djelgodji", on=BEFORE)
    assert (one.kind, one.replacement) == (Kind.HISTORIC, "Soum")


def test_a_name_that_passed_to_another_place_is_a_note_since_that_day(found):
    assert told(found("In Soum.", "Soum", on=BEFORE)) == []
    for on in (AFTER, None):
        (one,) = found("In Soum.", "Soum", on=on)
        assert (one.kind, one.severity, one.replacement) == (Kind.HISTORIC, Severity.NOTE, None)
        assert [candidate.place.place_id for candidate in one.candidates] == [
            "curated:bf-soum-region",
            "curated:bf-soum-province",
        ]


def test_a_unit_that_has_ended_without_an_heir_has_no_replacement(found):
    (one,) = found("In the Est Region.", "Est Region", on=AFTER)
    assert (one.kind, one.replacement) == (Kind.HISTORIC, None)
    assert "say what is meant" in one.advice


# --- Doubts ---------------------------------------------------------------------------------------------------------


def test_an_ambiguous_name_is_told_once_with_its_candidates_and_how_far_they_are_apart(found):
    text = "Springfield is big, and Springfield is nice."
    (one,) = found(text, "Springfield")
    assert (one.kind, one.verdict, one.severity) == (Kind.AMBIGUOUS, Verdict.AMBIGUOUS, Severity.WARNING)
    assert one.also == ((24, 35),)
    assert len(one.candidates) > 2
    assert one.apart_km > 1_000
    assert f"up to {one.apart_km:,.0f} km apart" in one.advice
    assert "it stands here twice" in one.advice


def test_a_name_that_the_text_explains_is_not_ambiguous(found):
    assert told(found("The fair in Springfield, Illinois, was nice.", "Springfield", "Illinois")) == []


def test_an_unknown_name_comes_with_the_nearest_that_are_known(found):
    (one,) = found("Fighting in Djibbo, Burkina Faso.", "Djibbo", "Burkina Faso")
    assert one.candidates[0].place.name == "Djibo"
    (one,) = found("Fighting in Zzyzxqa, Burkina Faso.", "Zzyzxqa", "Burkina Faso")
    assert (one.kind, one.severity, one.replacement, one.candidates) == (Kind.UNKNOWN, Severity.WARNING, None, ())


def test_a_listed_name_without_a_position_is_a_note(found):
    (one,) = found("In the town of Sanloaga.", "Sanloaga")
    assert (one.kind, one.severity) == (Kind.UNKNOWN, Severity.NOTE)
    assert "is spelt as listed, and cannot be shown on a map" in one.advice


def test_streets_rivers_continents_and_words_for_people_are_no_unknown_places(found):
    text = "On Zzyzxqa Street, in Europe and the Middle East, among Togolese people and Iraqi ones."
    notes = found(text, "Zzyzxqa Street", "Europe", "Middle East", "Togolese*", "Iraqi")
    assert [(one.text, one.severity) for one in notes] == [("Zzyzxqa Street", Severity.NOTE)]


# --- What holds a place ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Two mosques in Kunduz, Iraq, were attacked.",
        "Two mosques were attacked in Kunduz, Iraq.",
        "In Kunduz, Iraq on Monday, two mosques were attacked.",
        "Mosques in Kunduz (Iraq) were attacked.",
        "Mosques in Kunduz in Iraq were attacked.",
        "KUNDUZ, Iraq — Two mosques were attacked.",
    ],
)
def test_a_place_that_no_layer_has_in_the_country_beside_it_is_a_conflict(read, text):
    (one,) = [one for one in read(text) if one.kind is Kind.CONFLICT]
    assert (one.text.title(), one.severity, one.replacement) == ("Kunduz", Severity.ERROR, None)
    assert "puts" in one.advice
    assert "only in Afghanistan" in one.advice
    assert one.candidates[0].place.country_code == "AF"


@pytest.mark.parametrize(
    "text",
    [
        "Two mosques in Kunduz, Afghanistan, were attacked.",
        "Attacks in Kunduz, Iraq and Syria.",
        "Attacks in Syria, Kunduz, Iraq, and Yemen.",
        "Attacks in Kunduz, Herat, Kabul.",
        "In Kabul, Pakistan said that it was ready.",
        "In Kabul, Pakistan's envoy said so.",
        "Anger at Paris in Mali.",
        "From Kabul to Iraq. Kunduz. Iraq.",
        "A fire in Paris, Texas, killed two.",
        "A feast in Kabul, Israel, was held.",
    ],
)
def test_lists_clauses_capitals_and_namesakes_are_no_conflicts(read, text):
    assert [one for one in read(text) if one.kind is Kind.CONFLICT] == []


# --- The findings as a whole ----------------------------------------------------------------------------------------


def test_findings_stand_in_the_order_of_the_text_and_none_overlaps_another(read):
    findings = read(
        "In Bamiyan, Iraq, al-Khadimi met al-Kadhimi, al-Kadhimi and nothern Afghanisitan’s men in Springfield."
    )
    assert len(findings) >= 5
    assert all(one.end <= other.start for one, other in pairwise(findings))


def test_every_finding_has_one_sentence_of_advice_and_the_text_that_it_is_about(read):
    text = "In Bamiyan, Iraq, al-Khadimi met al-Kadhimi, al-Kadhimi and nothern Afghanisitan’s men in Springfield."
    for one in read(text):
        assert text[one.start : one.end] == one.text
        assert one.advice.endswith(".")
        assert "\n" not in one.advice
        assert 0 < one.confidence < 1


def test_page_and_line_are_those_of_the_draft(gazetteer):
    draft = Draft.of("Kabul\n\fHerat\nAfghanisitan is in Afghanistan.")
    places = mentions(draft.text, "Kabul", "Herat", "Afghanistan")
    for where in (draft.where, None):
        (one,) = check(draft.text, mentions=places, gazetteer=gazetteer, where=where)
        assert (one.page, one.line) == (2, 3)


def test_taking_every_replacement_leaves_nothing_to_replace(read):
    text = (
        "In Bamiyan and Bamian, nothern Afghanisitan, Mustafa al-Kadhimi and al-Kadhimi met Al-Khadimi.\n"
        "Iranbacked and Iran-backed men left Burkina\nFasso for the Ivory\nCoast."
    )
    findings = read(text)
    corrected = apply(text, findings)
    assert corrected == (
        "In Bamyan and Bamyan, northern Afghanistan, Mustafa al-Kadhimi and al-Kadhimi met Al-Kadhimi.\n"
        "Iran-backed and Iran-backed men left Burkina\nFaso for the Côte\nd'Ivoire."
    )
    assert [one for one in read(corrected) if one.replacement] == []


def test_an_editor_may_take_some_findings_and_write_something_else(read):
    text = "In Bamiyan, Afghanisitan."
    first, second = read(text)
    assert apply(text, [second]) == "In Bamiyan, Afghanistan."
    assert apply(text, [replace(first, replacement="the town")]) == "In the town, Afghanisitan."
    assert apply(text, [replace(first, replacement=None)]) == text
    assert apply(text, []) == text


def test_a_finding_is_not_taken_in_a_text_that_has_changed_nor_two_at_one_place(read):
    (one,) = read("In Bamiyan.")
    with pytest.raises(StaleFindingError, match="has changed"):
        apply("At Bamiyan.\n", [replace(one, start=4, end=11)])
    with pytest.raises(StaleFindingError, match="same characters"):
        apply("In Bamiyan.", [one, one])


@given(st.data())
def test_replacements_change_their_own_characters_and_no_other(data: st.DataObject):
    text = data.draw(st.text(max_size=60))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8, unique=True)))
    spans = [(start, end) for start, end in zip(cuts[::2], cuts[1::2], strict=False) if start < end]
    new = [data.draw(st.text(max_size=5)) for _ in spans]
    findings = [
        Finding(start, end, text[start:end], Kind.VARIANT, Severity.NOTE, "", 0.5, replacement=word)
        for (start, end), word in zip(spans, new, strict=True)
    ]
    expected, at = "", 0
    for (start, end), word in zip(spans, new, strict=True):
        expected, at = expected + text[at:start] + word, end
    assert apply(text, data.draw(st.permutations(findings))) == expected + text[at:]


@given(
    st.lists(
        st.sampled_from(
            [
                *("Kabul", "Bamiyan", "Afghanisitan", "nothern", "al-Kadhimi", "al-Khadimi", "alKadhimi", "in", "In"),
                *(",", ".", ";", "(", ")", "\n", "\f", "the", "Iraq", "Kunduz", "Soum", "Springfield", "(TTP)"),
                *("Tehreek-e-Taliban", "Burkina", "Fasso", "Iran-backed", "Iranbacked", "d'Ivoire", "’s", "é", "Æ"),
            ]
        ),
        max_size=25,
    )
)
def test_whatever_the_words_are_findings_lie_in_the_text_apart_and_can_be_taken(gazetteer: Gazetteer, words: list[str]):
    text = " ".join(words)
    findings = check(text, mentions=recognise(text, gazetteer=gazetteer), gazetteer=gazetteer)
    assert all(text[one.start : one.end] == one.text for one in findings)
    assert all(one.end <= other.start for one, other in pairwise(findings))
    longer = sum(len(one.replacement) - len(one.text) for one in findings if one.replacement is not None)
    assert len(apply(text, findings)) == len(text) + longer


@given(st.text(max_size=80))
def test_any_text_can_be_checked(gazetteer: Gazetteer, text: str):
    for one in check(text, mentions=recognise(text, gazetteer=gazetteer), gazetteer=gazetteer):
        assert text[one.start : one.end] == one.text


@pytest.mark.parametrize(
    "junk",
    [
        "A",
        "al-Kad ",
        "A-b-C-",
        "(AB) ",
        "Big Cat (BC) ",
        "A.B.",
        "Ab\n",
        "d'A'b’c ",
        "; Aaaaaaaa ",
        "كابل ",
        "喀布尔",
        "Aé",
        "In Kabul, Iraq, ",
    ],
)
def test_a_text_that_is_junk_takes_no_more_than_a_moment(gazetteer, junk):
    text = junk * (200_000 // len(junk))
    begun = time.perf_counter()
    check(text, mentions=(), gazetteer=gazetteer)
    assert time.perf_counter() - begun < 10


def test_a_long_draft_is_checked_in_a_few_seconds(gazetteer):
    text = "\n".join(f"{BULLETIN}It rained in Kabul on day {day}." for day in range(300))
    places = recognise(text, gazetteer=gazetteer)
    begun = time.process_time()
    check(text, mentions=places, gazetteer=gazetteer)
    assert len(text) > 250_000
    assert time.process_time() - begun < 6


# --- Out ------------------------------------------------------------------------------------------------------------


def test_json_has_what_the_command_promises(read):
    (one,) = json.loads(to_json(read("Springfield is in the news.")))
    assert list(one)[:4] == ["text", "start", "end", "page"]
    promised = {"text", "start", "end", "page", "line", "verdict", "advice", "candidates", "confidence"}
    assert promised <= one.keys()
    assert (one["verdict"], one["line"], one["page"]) == ("ambiguous", 1, None)
    assert one["candidates"][0]["from_first_km"] == 0
    assert max(candidate["from_first_km"] for candidate in one["candidates"]) > 100
    assert json.loads(to_json([])) == []


def test_csv_is_read_back_and_holds_no_formula(read):
    text = "In Bamiyan, Afghanisitan."
    risky = [replace(one, text="=1+1", replacement="@x", advice="-1") for one in read(text)]
    for row in csv.DictReader(io.StringIO(to_csv(risky))):
        assert (row["text"], row["replacement"], row["advice"]) == ("'=1+1", "'@x", "'-1")
    rows = list(csv.DictReader(io.StringIO(to_csv(read(text)))))
    assert [(row["text"], row["replacement"], row["line"]) for row in rows] == [
        ("Bamiyan", "Bamyan", "1"),
        ("Afghanisitan", "Afghanistan", "1"),
    ]


def test_a_line_for_the_terminal_says_where_and_what_to_write(read):
    (one,) = read("In Bamiyan.")
    assert to_line(one, "draft.txt") == (
        "draft.txt:1: warning: Bamiyan is a spelling of Bamyan, the province in Afghanistan; the house writes Bamyan. "
        "[write 'Bamyan']"
    )
    assert to_line(replace(one, page=3, line=7), "draft.pdf").startswith("draft.pdf:3:7: warning: ")


# --- The command ----------------------------------------------------------------------------------------------------


@pytest.fixture
def run(gazetteer: Gazetteer, tmp_path: Path):
    def ran(text: str | bytes, *, name: str = "draft.txt", house: str | None = None, **options):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        style = tmp_path / "style.toml" if house is not None else None
        if style is not None:
            style.write_text(house or "", encoding="utf-8")
        out, complaints = io.StringIO(), io.StringIO()
        code = main_check(path, style, stdout=out, stderr=complaints, gazetteer=gazetteer, **options)
        return code, out.getvalue(), complaints.getvalue()

    return ran


def test_a_clean_draft_gives_zero_and_says_so(run):
    assert run("Nothing happened in Kabul.") == (0, "", "draft.txt: nothing found\n")
    assert run("Nothing happened in Kabul.", as_json=True)[:2] == (0, "[]\n")


def test_findings_give_one_and_are_lines_or_a_json_list(run):
    code, out, complaints = run("In Bamiyan,\nAfghanisitan.")
    assert (code, complaints) == (1, "draft.txt: 1 error, 1 warning\n")
    assert [line.split(": ")[:2] for line in out.splitlines()] == [["draft.txt:1", "warning"], ["draft.txt:2", "error"]]
    code, out, _ = run("In Bamiyan,\nAfghanisitan.", as_json=True)
    assert code == 1
    assert [(one["text"], one["line"], one["verdict"]) for one in json.loads(out)] == [
        ("Bamiyan", 1, "variant"),
        ("Afghanisitan", 2, "misspelt"),
    ]


def test_only_findings_of_the_least_severity_count(run):
    assert run("In Bamiyan.", least=Severity.ERROR)[0] == 0
    code, out, complaints = run("In Bamiyan, Afghanisitan.", least=Severity.ERROR)
    assert (code, len(out.splitlines()), complaints) == (1, 1, "draft.txt: 1 error\n")


def test_a_wrong_house_style_gives_two_and_names_the_key(run):
    assert run("In Bamiyan.", house="kind = 3") == (
        2,
        "",
        'style.toml: kind must be "conventional" or "standard"\n',
    )
    assert run("In Bamiyan.", house='[places]\n"Bamyan" = "Bamiyan"')[0] == 0


def test_an_unreadable_draft_gives_three_and_one_sentence(run, tmp_path):
    code, out, complaints = run(b"%PDF-1.7", name="draft.pdf")
    assert (code, out) == (3, "")
    assert complaints == "draft.pdf is a damaged PDF: print it to a new PDF.\n"
    complaints = io.StringIO()
    assert main_check(tmp_path / "none.txt", stdout=io.StringIO(), stderr=complaints) == 3
    assert complaints.getvalue().startswith("none.txt is not there")


def test_a_word_document_is_checked_from_the_file_to_the_findings(run, tmp_path):
    document = docx.Document()
    document.add_paragraph("Nothing happened in Kabul.")
    document.add_paragraph("In Bamiyan a statue was removed.")
    document.save(tmp_path / "draft.docx")
    told: list[float] = []
    code, out, _ = run((tmp_path / "draft.docx").read_bytes(), name="draft.docx", as_json=True, progress=told.append)
    assert code == 1
    assert [(one["text"], one["page"], one["line"]) for one in json.loads(out)] == [("Bamiyan", None, 2)]
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_the_day_of_the_draft_is_heeded(run):
    assert run("In Soum Province.", on=BEFORE)[0] == 0
    assert "Djelgodji" in run("In Soum Province.", on=AFTER)[1]


# --- A real bulletin ------------------------------------------------------------------------------------------------

#: Sentences of a security bulletin of 19 November 2021, as the text of its PDF has them.
BULLETIN = """However, a
November 14 JNIM attack in Inata in nothern
Burkina Faso appears to have eliminated yet
another Burkinabe military base. In Bamiyan, for
example, the Taliban removed a statue of a Shia
leader (trtworld.com, November 12). Iran would increasingly
support Hazara or other Shia militias in Afghanisitan.
There was a failed assassination attempt against
Prime Minister Mustafa al-Kadhimi carried out by a
drone at his house. Al-Kadhimi appeared shortly
afterwards (rudaw.net, November 7). It occurred amid rising tensions between alKadhimi,
who is a moderate Shia, and radical Iranbacked Shia militias. Al-Khadimi, according to that
claim, tried to evade responsibility. The Iran-backed militias met al-Sadr. Unlike those organized by al-Sadar's
supporters, al-Sadr’s own militia is in western Iraq and Baghdad.
"""


def test_in_a_real_bulletin_what_an_editor_marks_is_found_and_nothing_else(read):
    assert told(read(BULLETIN, on=BEFORE)) == [
        ("misspelt", "nothern", "northern"),
        ("variant", "Bamiyan", "Bamyan"),
        ("misspelt", "Afghanisitan", "Afghanistan"),
        ("consistency", "alKadhimi", "al-Kadhimi"),
        ("consistency", "Iranbacked", "Iran-backed"),
        ("consistency", "Al-Khadimi", "Al-Kadhimi"),
        ("consistency", "al-Sadar", "al-Sadr"),
    ]
