"""Places in running text: what is found, what is not, and where."""

import re
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer import Gazetteer, MissingDataError, Name, Place, Precision, Verdict
from gazetteer.document import Mention, resolve_document
from gazetteer.layer import About, Layer, Record
from gazetteer.names import fold
from gazetteer.recognise import Recognised, SpanError, recognise
from gazetteer.recognise.wording import language_of, wording

CASES = Path(__file__).parent / "data" / "recognise"
MARKS = re.compile(r"\[([^\]]+)\]|\{([^}]+)\}")


def marked(language: str) -> list[str]:
    lines = (CASES / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    return [line.replace("↵", "\n") for line in lines if line and not line.startswith("#")]


def unmarked(line: str) -> tuple[str, list[tuple[str, str]]]:
    """A text without its marks, and what they say must be found: the words as printed, and their kind."""
    found = [(place or people, "place" if place else "demonym") for place, people in MARKS.findall(line)]
    return MARKS.sub(lambda mark: mark[1] or mark[2], line), found


@pytest.fixture(scope="module")
def read(gazetteer: Gazetteer):
    def reading(text, **asked):
        return recognise(text, gazetteer=gazetteer, **asked)

    return reading


@pytest.mark.parametrize("line", marked("english"))
def test_in_english_what_is_marked_is_found_and_nothing_else(read, line):
    text, expected = unmarked(line)
    assert [(one.text, one.kind) for one in read(text, language="en")] == expected


@pytest.mark.parametrize("line", marked("french"))
def test_in_french_what_is_marked_is_found_and_nothing_else(read, line):
    text, expected = unmarked(line)
    assert [(one.text, one.kind) for one in read(text, language="fr")] == expected


@pytest.mark.parametrize("language", ["english", "french"])
def test_the_language_is_read_off_the_text(language):
    text = " ".join(unmarked(line)[0] for line in marked(language))
    assert language_of(text) == {"english": "en", "french": "fr"}[language]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("قتلى في بغداد والموصل", ["بغداد", "الموصل"]),
        ("Бои идут в городе Харьков.", ["Харьков"]),
        ("上海", ["上海"]),
    ],
)
def test_listed_names_in_other_scripts_are_found_by_word(read, text, names):
    assert [one.text for one in read(text)] == names


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("near Burkina\nFaso", "Burkina Faso"),
        ("near Burkina\r\n   Faso", "Burkina Faso"),
        ("near Burkina \n4\n\nFaso", "Burkina Faso"),
        ("near Ouaga-\ndougou", "Ouagadougou"),
        ("near Dasht-e-\nBarchi", "Dasht-e-Barchi"),
        ("near Port-au-\nPrince", "Port-au-Prince"),
    ],
)
def test_a_name_broken_across_lines_is_one_and_its_span_is_of_the_text(read, text, name):
    (found,) = read(text)
    assert (found.name, found.start, found.end) == (name, len("near "), len(text))


def test_a_blank_line_parts_two_names(read):
    assert [one.text for one in read("He lives in New\n\nYork is far.")] != ["New\n\nYork"]


def test_a_name_that_a_layer_lists_is_marked_by_the_gazetteer_and_another_by_its_wording(read):
    found = {one.name: one.marked_by for one in read("In the village of Tambigou, north of Kabul, near Afghanisitan.")}
    assert found == {"Tambigou": "wording", "Kabul": "gazetteer", "Afghanisitan": "wording"}


def test_what_is_recognised_is_a_mention_and_resolves_by_its_name_in_one_line(read, gazetteer):
    text = "Shots were heard in Ouaga-\ndougou."
    (found,) = read(text)
    assert isinstance(found, Mention)
    (match,) = resolve_document([found.mention], gazetteer=gazetteer, text=text)
    assert match.verdict is Verdict.EXACT
    assert match.country_code == "BF"


def test_a_village_of_a_pack_is_found_though_the_world_does_not_know_it(gazetteer):
    village = Place(
        place_id="made-up:1",
        name="Zzyzxabad",
        feature_class="P",
        feature_code="PPL",
        placetype="locality",
        country_code="AF",
        admin1="Kunduz",
        admin2=None,
        longitude=68.9,
        latitude=36.7,
        geo_precision=Precision.SETTLEMENT,
        uncertainty_km=5.0,
        uncertainty_basis=None,
        layer="made-up",
    )
    pack = Layer.of(
        About(name="made-up", prefix="made-up", title="", licence="", source=""),
        [Record(village, names=(Name("Zzyzxabad"), Name("Qishlaq-i Zzyzx")))],
    )
    wider = Gazetteer([*gazetteer.layers, pack])
    text = "Shots were heard at Zzyzxabad, which is also Qishlaq-i Zzyzx."
    assert [(one.text, one.marked_by) for one in recognise(text, gazetteer=wider)] == [
        ("Zzyzxabad", "gazetteer"),
        ("Qishlaq-i Zzyzx", "gazetteer"),
    ]


@pytest.mark.parametrize("text", ["", " ", "\n", "no capital letters here, not even in kabul", "1234 5678", "\ud800"])
def test_a_text_without_names_has_none(read, text):
    assert read(text) == ()


class TestPlug:
    """Another recogniser beside this one."""

    TEXT = "Rebels near Zzyzxburg met Zzyzxians in Kabul with Ms. Zzyzx."

    def spans(self, text):
        for word, label in (("Zzyzxburg", "GPE"), ("Zzyzxians", "NORP"), ("Kabul", "GPE"), ("Ms. Zzyzx", "PERSON")):
            yield text.index(word), text.index(word) + len(word), label

    def test_what_only_it_finds_is_added_and_marked_with_its_name(self, read):
        def quarter(text):
            return self.spans(text)

        found = [(one.text, one.kind, one.marked_by) for one in read(self.TEXT, recogniser=quarter)]
        assert found == [
            ("Zzyzxburg", "place", "wording"),
            ("Zzyzxians", "demonym", "quarter"),
            ("Kabul", "place", "gazetteer"),
        ]

    def test_spacy_s_entities_fit(self, read):
        class Pipeline:
            def __init__(self):
                self.meta = {"lang": "xx", "name": "made_up"}

            def __call__(self, text):
                spans = [SimpleNamespace(start_char=a, end_char=b, label_=label) for a, b, label in spans_of(text)]
                return SimpleNamespace(ents=spans)

        def spans_of(text):
            return [(text.index("zzyzx"), text.index("zzyzx") + 5, "LOC")]

        (found,) = read("a village, zzyzx", recogniser=Pipeline())
        assert (found.text, found.marked_by) == ("zzyzx", "xx_made_up")

    def test_a_real_spacy_pipeline_fits(self, read):
        spacy = pytest.importorskip("spacy")
        pipeline = spacy.blank("en")
        pipeline.add_pipe("entity_ruler").add_patterns([{"label": "GPE", "pattern": "zzyzx"}])
        (found,) = read("a village, zzyzx", recogniser=pipeline)
        assert (found.text, found.kind, found.marked_by) == ("zzyzx", "place", "en_pipeline")

    def test_a_span_outside_the_text_is_refused(self, read):
        with pytest.raises(SpanError, match="beyond gave the span 3:99, which is not in the text"):
            read("Kabul", recogniser=beyond)


def beyond(text):
    return [(3, 99, "GPE")]


def test_lists_that_are_not_there_are_named(tmp_path):
    with pytest.raises(MissingDataError, match=r"there is no wording\.csv"):
        wording("en", directory=tmp_path)


PIECES = st.sampled_from(
    [
        *(
            "Kabul",
            "Burkina",
            "Faso",
            "Burkina\nFaso",
            "Ouaga-\ndougou",
            "Jordan",
            "Smith",
            "Reading",
            "the",
            "in",
            "of",
        ),
        *("Port", "au", "Prince", "al-", "Kadhimi", "U.S.", "W.Va.", "St.", "Louis", "Lake", "River", "Street", "é̂"),
        *(
            ", ",
            ". ",
            " ",
            "\n",
            "\n\n",
            "-",
            "'s",
            "’",
            "(",
            ")",
            "d'",
            "Côte",
            "Ivoire",
            "بغداد",
            "上海",
            "@",
            "/",
            ".com",
        ),
        *(
            "Dawn, November 1",
            "Mr",
            "Afghans",
            "Iranbacked",
            "-\n",
            "County",
            "7",
            "١",
            "ß",
            "ﬁ",
            "\u200b",
            "\U0001f600",
        ),
    ]
)


@settings(max_examples=300)
@given(st.lists(st.one_of(PIECES, st.text(max_size=4)), max_size=40).map("".join))
def test_spans_are_in_the_text_in_order_and_hold_the_names(gazetteer, text):
    last = 0
    for one in recognise(text, gazetteer=gazetteer):
        assert isinstance(one, Recognised)
        assert last <= one.start < one.end <= len(text)
        assert one.text == text[one.start : one.end]
        assert "\n" not in one.name
        assert fold(one.name).replace(" ", "") == fold(re.sub(r"\n\s*\d+\s*\n", "\n", one.text)).replace(" ", "")
        assert one.kind in {"place", "demonym"}
        last = one.end


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "a.",
            "A.",
            "Kabul, ",
            "Kabul-",
            "Paris ",
            "Paris and ",
            "(",
            "-",
            "\n",
            "A",
            "A-e-",
            "St. ",
            "Lake ",
            "@a.a/",
        ),
        *(
            "Dr. ",
            "John J. ",
            "x.y-z_",
            "Kabul's ",
            "; Dawn, ",
            "d'",
            "كابل ",
            "é̂",
            "Of ",
            "villages of Ab, ",
            "New York ",
        ),
    ],
)
def test_ten_thousand_characters_of_anything_take_no_more_than_a_second(read, piece):
    start = time.process_time()
    read((piece * 10_000)[:10_000])
    assert time.process_time() - start < 1
