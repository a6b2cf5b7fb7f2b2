"""Places and what holds them: "Kunduz, Iraq", where no layer has a Kunduz in Iraq."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from gazetteer.check.finding import Finding, Kind, Severity
from gazetteer.check.reading import Reading, Said
from gazetteer.check.writing import listed
from gazetteer.curated import VOUCHED
from gazetteer.place import NameKind, Place, Verdict

#: What stands between a place and the unit that holds it: "X, Y", "X (Y)", "X in Y".
_COMMA: Final = re.compile(r"\s*,\s+")
_PARENTHESIS: Final = re.compile(r"\s*\(\s*")
_IN: Final = re.compile(r",?\s+(?:in|en|au|aux)\s+")
#: What goes on after the unit if it was one: not "In Kabul, Pakistan said".
_CLOSED: Final = re.compile(
    r"\s*(?:[,.;:)!?\"”»—–-]|$|(?:on|at|when|where|by|after|before|until|since|last|this|le|en)\b)"
)
_OWNER: Final = re.compile(r"['’]")
#: What stands between the places of a list, which hold nothing.
_LIST: Final = re.compile(r"\s*(?:,\s*)?(?:(?:and|or|et|ou|&|as well as)\s+)?(?:(?:in|the|en|au)\s+)*")
_LISTED_BEFORE: Final = re.compile(r",\s+|,?\s+(?:and|or|et|ou)\s+")
_COUNTRY: Final = 0.85
_LOOSE: Final = 0.7
_DIVISION: Final = 0.6
_UNLISTED: Final = 0.4
_TOLD: Final = 4
#: A place of this size is listed where it is; for that it is in no other division of its country it must be larger.
_PROMINENT: Final = 100_000
_LARGE: Final = 500_000


def conflicts(reading: Reading) -> Iterator[Finding]:
    """Find places that no layer has in the country or division that the text puts them in."""
    places = sorted((start, end, said) for said in reading.said for start, end in said.spans)
    for number, (start, end, said) in enumerate(places[:-1]):
        next_start, next_end, holder = places[number + 1]
        between = reading.text[end:next_start]
        pattern = next((one for one in (_COMMA, _PARENTHESIS, _IN) if one.fullmatch(between)), None)
        if pattern is None or said.name == holder.name:
            continue
        unit = holder.match.place if holder.match.answered else None
        if unit is None or unit.feature_code not in ("PCLI", "ADM1"):
            continue
        behind = reading.text[next_end : next_end + 60]
        if _OWNER.match(behind) or (pattern is _COMMA and not _CLOSED.match(behind)):
            continue
        before = reading.text[places[number - 1][1] : start] if number else ""
        after = reading.text[next_end : places[number + 2][0]] if number + 2 < len(places) else ""
        if pattern is _COMMA and ((before and _LISTED_BEFORE.fullmatch(before)) or (after and _LIST.fullmatch(after))):
            continue
        if unit.feature_code == "PCLI":
            yield from _in_country((start, end), said, unit, reading, loose=pattern is _IN)
        else:
            yield from _in_division((start, end), said, unit, reading)


def _in_country(span: tuple[int, int], said: Said, unit: Place, reading: Reading, *, loose: bool) -> Iterator[Finding]:
    core, hits = reading.bearers(said.name)
    # "Anger at Paris in Mali": a capital stands for its government.
    kinds = {hit.place.feature_code for hit in reading.meant(said)}
    if not hits or "PCLI" in kinds or (loose and "PPLC" in kinds):
        return
    if any(hit.place.country_code == unit.country_code for hit in hits):
        return
    match = reading.gazetteer.lookup(core, on=reading.on)
    lands = list(dict.fromkeys(reading.country(one.place.country_code) for one in match.ranked))
    told = listed([*lands[:_TOLD], f"{len(lands) - _TOLD} more countries"] if len(lands) > _TOLD + 1 else lands, "and")
    start, end = span
    if _is_sure(said, unit, reading):
        kind, severity, confidence = Kind.CONFLICT, Severity.ERROR, _LOOSE if loose else _COUNTRY
        advice = (
            f"The text puts {said.name} in {unit.name}, and the gazetteer has it only in {told}: check which is meant."
        )
    else:
        kind, severity, confidence = Kind.UNKNOWN, Severity.WARNING, _UNLISTED
        advice = (
            f"No layer of the gazetteer has a {said.name} in {unit.name}, only in {told}: check it against the source."
        )
    yield Finding(
        start,
        end,
        reading.text[start:end],
        kind,
        severity,
        advice,
        confidence,
        verdict=Verdict.UNKNOWN,
        candidates=match.ranked,
    )


def _in_division(span: tuple[int, int], said: Said, unit: Place, reading: Reading) -> Iterator[Finding]:
    """A large place that lies in another division: of small ones no layer has all."""
    core, _ = reading.bearers(said.name)
    known = [hit.place for hit in reading.meant(said)]
    if not any(place.layer in VOUCHED or (place.population or 0) >= _LARGE for place in known):
        return
    match = reading.gazetteer.lookup(core, country=unit.country_code, admin1=unit.name, on=reading.on)
    if match.answered or match.conflict is None or any(place.feature_code == "PCLI" for place in known):
        return
    elsewhere = reading.gazetteer.lookup(core, on=reading.on)
    start, end = span
    yield Finding(
        start,
        end,
        reading.text[start:end],
        Kind.CONFLICT,
        Severity.WARNING,
        f"The text puts {said.name} in {unit.name}, and the gazetteer has "
        f"{reading.described(elsewhere.ranked[0].place)}: check which is meant.",
        _DIVISION,
        verdict=Verdict.UNKNOWN,
        candidates=elsewhere.ranked,
    )


def _is_sure(said: Said, unit: Place, reading: Reading) -> bool:
    """Tell whether a country that lacks a name has no such place: its pack is installed, or the place is well known."""
    if any(unit.country_code in layer.about.countries for layer in reading.gazetteer.layers):
        return True
    places = [hit.place for hit in reading.meant(said) if hit.name.kind in (NameKind.STANDARD, NameKind.CONVENTIONAL)]
    return any(place.layer in VOUCHED or (place.population or 0) >= _PROMINENT for place in places)
