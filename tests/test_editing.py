"""What an editor does with the findings of a draft, step by step, and the text that comes of it."""

from hypothesis import given
from hypothesis import strategies as st

from gazetteer.check import Finding, Kind, Severity
from gazetteer.check.editing import Did, Editing, Step

TEXT = "From Bamiyan through Afghanisitan to Bamiyan."


def finding(
    text: str, replacement: str | None = None, *, severity: Severity = Severity.WARNING, at: int = 0
) -> Finding:
    start = TEXT.index(text, at)
    return Finding(start, start + len(text), text, Kind.VARIANT, severity, "", 0.9, replacement=replacement)


SLIP = finding("Afghanisitan", "Afghanistan", severity=Severity.ERROR)
FIRST = Finding(5, 12, "Bamiyan", Kind.VARIANT, Severity.WARNING, "", 0.9, replacement="Bamyan", also=((37, 44),))
EDITING = Editing(TEXT, (FIRST, SLIP))


def test_what_is_gravest_is_looked_at_first_and_what_is_done_no_more():
    assert EDITING.open == (SLIP, FIRST)
    assert EDITING.then(Step(Did.LEFT, SLIP)).open == (FIRST,)


def test_what_was_written_is_in_the_corrected_text_and_nothing_else():
    done = EDITING.then(Step(Did.WROTE, SLIP, replacement="Afghanistan"))
    assert done.corrected == TEXT.replace("Afghanisitan", "Afghanistan")
    assert EDITING.then(Step(Did.LEFT, SLIP)).corrected == TEXT


def test_a_word_is_written_everywhere_or_only_here():
    here = EDITING.then(Step(Did.WROTE, FIRST, replacement="Bamyan"))
    everywhere = EDITING.then(Step(Did.WROTE, FIRST, replacement="Bamyan", everywhere=True))
    assert here.corrected == "From Bamyan through Afghanisitan to Bamiyan."
    assert everywhere.corrected == "From Bamyan through Afghanisitan to Bamyan."


def test_a_word_that_is_never_to_be_flagged_is_not_looked_at_anywhere():
    twice = Editing(TEXT, (finding("Bamiyan"), finding("Bamiyan", at=20), SLIP))
    assert twice.then(Step(Did.NEVER, twice.findings[0], reason="usual here")).open == (SLIP,)


@given(
    st.lists(
        st.builds(
            Step,
            st.sampled_from([Did.WROTE, Did.LEFT, Did.NEVER]),
            st.sampled_from([FIRST, SLIP, finding("Bamiyan", at=20), finding("isitan to Bam")]),
            replacement=st.text(max_size=5),
            everywhere=st.booleans(),
            reason=st.text(max_size=5),
        ),
        max_size=8,
    )
)
def test_whatever_is_done_a_text_comes_of_it_and_undoing_all_of_it_gives_the_first_one_back(steps):
    editing = EDITING
    for step in steps:
        editing = editing.then(step)
    written = list(editing.written())
    assert len(editing.corrected) == len(TEXT) + sum(len(one.replacement) - len(one.text) for one in written)
    taken = {at for one in written for at in range(one.start, one.end)}
    assert all(taken.isdisjoint(range(one.start, one.end)) for one in editing.open)
    for _ in steps:
        editing = editing.undo()
    assert (editing, editing.corrected) == (EDITING, TEXT)
