"""Names and days: names that a place had before or after the day of a draft, and names that passed to another place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from gazetteer.check.finding import Finding, Kind, Severity
from gazetteer.check.reading import Reading, Said
from gazetteer.check.writing import laid_out, rewritten
from gazetteer.layer import Hit
from gazetteer.names import fold
from gazetteer.place import Candidate, Verdict

_SURE: Final = 0.85
_PASSED_ON: Final = 0.5


def outdated(reading: Reading) -> Iterator[Finding]:
    """Find names that were not in force on the day of the text; without a day, today."""
    for said in reading.said:
        meant = reading.meant(said)
        now = [hit for hit in meant if _in_force(hit, reading.on)]
        past = [hit for hit in meant if not _in_force(hit, reading.on)]
        if past and not now:
            yield from _historic(said, past, reading)
        elif past:
            yield from _passed_on(said, past, now, reading)


def _in_force(hit: Hit, on: date | None) -> bool:
    return hit.name.in_force(on) and hit.place.existed(on)


def _historic(said: Said, past: Sequence[Hit], reading: Reading) -> Iterator[Finding]:
    hit = next((hit for hit in past if hit.place == said.match.place), past[0])
    form = reading.form(hit.place) if hit.place.existed(reading.on) else None
    core = reading.core(said.name, hit.place)
    now = [name for name in reading.known.names(hit.place) if name.in_force(reading.on)]
    new = None
    if form is not None and now and fold(form.text) != fold(core):
        new = rewritten(said.name, core, form.text)
    day = f"on {reading.on}" if reading.on else "today"
    instead = f"{day} it is {new}" if new else f"no layer has a name for it {day}: say what is meant"
    advice = f"{said.name} is a name of {reading.described(hit.place)}, {_span(hit)}; {instead}."
    for start, end in said.spans:
        printed = reading.text[start:end]
        yield Finding(
            start,
            end,
            printed,
            Kind.HISTORIC,
            Severity.WARNING,
            advice,
            _SURE,
            verdict=Verdict.HISTORIC,
            candidates=tuple(Candidate(one.place, one.name.text, 1.0) for one in past),
            replacement=laid_out(printed, new) if new else None,
        )


def _passed_on(said: Said, past: Sequence[Hit], now: Sequence[Hit], reading: Reading) -> Iterator[Finding]:
    """A name that one place lost when another one took it: a reader of today may think of either."""
    for before in past:
        ended = before.name.valid_to or before.place.valid_to
        heirs = [hit for hit in now if ended and hit.name.valid_from and 0 <= (hit.name.valid_from - ended).days <= 1]
        if ended is None or not heirs:
            continue
        form = reading.form(before.place)
        new = f", which is now {form.text}" if fold(form.text) != fold(before.name.text) else ""
        advice = (
            f"Until {ended} {said.name} was {reading.described(before.place)}{new}; since then it is "
            f"{reading.described(heirs[0].place)}: say which is meant."
        )
        (start, end), *rest = said.spans
        hits = (*heirs, before)
        yield Finding(
            start,
            end,
            reading.text[start:end],
            Kind.HISTORIC,
            Severity.NOTE,
            advice,
            _PASSED_ON,
            verdict=Verdict.AMBIGUOUS,
            candidates=tuple(Candidate(hit.place, hit.name.text, 1.0) for hit in hits),
            also=tuple(rest),
        )
        return


def _span(hit: Hit) -> str:
    first = hit.name.valid_from or hit.place.valid_from
    last = hit.name.valid_to or hit.place.valid_to
    if first and last:
        return f"from {first} to {last}"
    if first:
        return f"only since {first}"
    return f"only until {last}" if last else "of former times"
