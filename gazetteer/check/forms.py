"""Spellings of places: names that are not the ones that the house writes, and one place in several spellings."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from gazetteer.check.finding import Finding, Kind, Severity
from gazetteer.check.reading import Reading, Said
from gazetteer.check.writing import counted, laid_out, rewritten
from gazetteer.house import Form
from gazetteer.likeness import same_name
from gazetteer.names import fold
from gazetteer.place import Candidate, NameKind, Place, Verdict

#: "U.S.", "DRC": short for a name, and no other name.
_CAPITALS: Final = re.compile(r"(?:[A-Z]\. ?|[A-Z]){2,5}s?")
_MARKS: Final = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "‐": "-", "‑": "-", "–": "-"})
#: How sure the check is: the house or a curated layer says so; or only the gazetteer's own name of the place does.
_SURE: Final = 0.9
_UNSURE: Final = 0.5
_SEVERAL: Final = 0.7
_SMALL_MARKS: Final = 0.4


@dataclass(frozen=True, slots=True)
class _Written:
    """A name where it stands, and the part of it that is spelt."""

    start: int
    end: int
    name: str
    core: str


def variants(reading: Reading) -> Iterator[Finding]:
    """Find names of places that are not in house style."""
    for said in reading.said:
        found = _house_form(said, reading)
        if found is None:
            continue
        form, place = found
        new = rewritten(said.name, reading.core(said.name, place), form.text)
        advice = f"{said.name} is a spelling of {reading.described(place)}; the house writes {new}."
        for start, end in said.spans:
            printed = reading.text[start:end]
            yield Finding(
                start,
                end,
                printed,
                Kind.VARIANT,
                Severity.WARNING if form.sure else Severity.NOTE,
                advice,
                _SURE if form.sure else _UNSURE,
                verdict=Verdict.VARIANT,
                candidates=(Candidate(place, form.text, 1.0),),
                replacement=laid_out(printed, new),
            )


def inconsistencies(reading: Reading) -> Iterator[Finding]:
    """Find places that a draft writes in several ways, where the house does not say which is right."""
    spellings: defaultdict[str, defaultdict[str, list[_Written]]] = defaultdict(lambda: defaultdict(list))
    places: dict[str, Place] = {}
    for said in reading.said:
        place = said.match.place if said.match.answered else None
        if place is None or _is_short(said, reading):
            continue
        form = reading.form(place)
        if form.sure and not _is_good(said.name, form, reading):
            continue
        places[place.place_id] = place
        core = reading.core(said.name, place)
        for start, end in said.spans:
            spellings[place.place_id][_marked(core)].append(_Written(start, end, said.name, core))
    for place_id, written in spellings.items():
        if len(written) > 1:
            yield from _of_one_place(places[place_id], written, reading)


def _of_one_place(place: Place, spellings: Mapping[str, list[_Written]], reading: Reading) -> Iterator[Finding]:
    kept: list[str] = []  # no short form of another one, and no other name
    for spelling in sorted(spellings, key=lambda one: -len(spellings[one])):
        alike = all(fold(spelling) == fold(other) or same_name(spelling, other) for other in kept)
        if alike and all(fold(spelling) == fold(other) or not _within(spelling, other) for other in kept):
            kept.append(spelling)
    usual = max(kept, key=lambda one: (len(spellings[one]), fold(one) == fold(place.name)))
    cores = [one.core for one in spellings[usual]]
    core = next(
        (one for one in cores if not one.isupper()), place.name if fold(usual) == fold(place.name) else cores[0]
    )
    for spelling in kept:
        if spelling == usual:
            continue
        same = fold(spelling) == fold(usual)
        for one in spellings[spelling]:
            printed = reading.text[one.start : one.end]
            yield Finding(
                one.start,
                one.end,
                printed,
                Kind.INCONSISTENT,
                Severity.NOTE if same else Severity.WARNING,
                f"{one.name} stands here {counted(len(cores), 'time')} as {core}; "
                f"both are {reading.described(place)}: one spelling throughout.",
                _SMALL_MARKS if same else _SEVERAL,
                verdict=Verdict.VARIANT,
                candidates=(Candidate(place, core, 1.0),),
                replacement=laid_out(printed, rewritten(one.name, one.core, core)),
            )


def _house_form(said: Said, reading: Reading) -> tuple[Form, Place] | None:
    """The form that the house writes instead of a name, and the place; None if the name is as good."""
    likely = reading.likely(said)
    core, _ = reading.bearers(said.name)
    if not likely or not reading.is_name(said.name) or _is_short(said, reading):
        return None
    forms = [reading.form(place, written=core) for place in likely]
    if len({form.text for form in forms}) > 1 or any(_is_good(said.name, form, reading) for form in forms):
        return None
    form, place = forms[0], likely[0]
    # A name that is right for another place that it may well mean is not corrected.
    others = (hit.place for hit in reading.meant(said) if hit.name.kind in (NameKind.STANDARD, NameKind.CONVENTIONAL))
    if any(_is_good(said.name, reading.form(one, written=core), reading) for one in others if not _is_kin(one, place)):
        return None
    if place.feature_code == "PCLI" and not reading.spoken(core, place) & reading.languages:
        # A country in another language: "Chili" is Chile in French.
        return None if reading.wording.ordinary(fold(core)) else (replace(form, sure=False), place)
    # What is only described, such as "South of Iraq", has no spelling.
    described = place.feature_class == "L" and fold(form.text) == fold(place.name)
    flagged = form.sure or reading.house.kind is NameKind.STANDARD
    return (form, place) if flagged and not described else None


def _is_kin(one: Place, other: Place) -> bool:
    """Tell whether two places have their name in common, as a city and its province have."""
    return one.country_code == other.country_code and fold(one.name) == fold(other.name)


def _is_short(said: Said, reading: Reading) -> bool:
    """Tell whether a name is an abbreviation: "DRC", "W.Va.", "Ill" before a full stop."""
    return any(
        _CAPITALS.fullmatch(spelling) or fold(spelling) in reading.wording.abbreviations
        for spelling in reading.spellings(said.name)
    )


def _is_good(name: str, form: Form, reading: Reading) -> bool:
    return any(
        fold(spelling) in form.accepted or any(_within(spelling, accepted) for accepted in form.accepted)
        for spelling in reading.spellings(name)
    )


def _within(one: str, other: str) -> bool:
    """Tell whether one name has only words of the other: a short form, or one with words around it."""
    words, others = set(fold(one).split()), set(fold(other).split())
    return words <= others or others <= words


def _marked(name: str) -> str:
    """A name with the marks and hyphens that an editor sees, and no difference that only a machine does."""
    return " ".join(name.translate(_MARKS).casefold().split())
