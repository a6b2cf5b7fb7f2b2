"""Names that leave open which place is meant, and names that no layer of the gazetteer has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from gazetteer.check.finding import Finding, Kind, Severity
from gazetteer.check.reading import LIKELY, Reading, Said
from gazetteer.check.writing import counted, listed
from gazetteer.curated import VOUCHED
from gazetteer.likeness import same_name
from gazetteer.names import fold
from gazetteer.place import NEAR_KM, Candidate, Place, Verdict
from gazetteer.space import distance_km

#: A candidate with less than this share of the best one's belief is not told.
_FAIR: Final = 0.25
_TOLD: Final = 4
_MOST: Final = 10
#: Places of one name within one division may be told from the text by a reader.
_NESTED: Final = 0.4
_UNKNOWN: Final = 0.5
_FEATURE: Final = 0.2
_UNPLACED: Final = 0.2
_SUGGESTED: Final = 3
#: For so many unknown names of a text the nearest are looked for.
_ASKED: Final = 300


def ambiguities(reading: Reading) -> Iterator[Finding]:
    """Find names that may mean several places, told once for each name."""
    for said in reading.said:
        if said.match.verdict is not Verdict.AMBIGUOUS:
            continue
        # What is not called so on the day of the text is no rival; the check of names and days tells of it.
        named = [one for one in said.match.candidates if reading.in_force(said, one.place)]
        best = max((one.score for one in named), default=0.0)
        rivals = tuple(one for one in named if one.score >= max(_FAIR * best, LIKELY / 2))
        # The house's own places outrank the others of their name.
        rivals = tuple(one for one in rivals if one.place.layer in VOUCHED) or rivals
        if len(rivals) < 2:
            continue
        places = [one.place for one in rivals]
        nested = len({(place.country_code, place.admin1) for place in places}) == 1
        told = [reading.described(place) for place in places[:_TOLD]]
        if len(places) > _TOLD:
            told.append(f"one of {len(said.match.candidates) - _TOLD} more")
        apart_km = max(distance_km(one, other) for one in places for other in places)
        if nested and apart_km < NEAR_KM:
            continue
        (start, end), *rest = said.spans
        yield Finding(
            start,
            end,
            reading.text[start:end],
            Kind.AMBIGUOUS,
            Severity.NOTE if nested else Severity.WARNING,
            f"{said.name} may be {listed(told, 'or')}, up to {apart_km:,.0f} km apart: say which{_again(rest)}.",
            _NESTED if nested else round(1 - best, 2),
            verdict=Verdict.AMBIGUOUS,
            candidates=rivals[:_MOST],
            also=tuple(rest),
        )


def unknowns(reading: Reading, *, misspelt: Mapping[str, Sequence[Candidate]]) -> Iterator[Finding]:
    """Find names that no layer has, told once for each name, with the nearest that one has.

    Parameters
    ----------
    misspelt
        The names that have been found to be slips; these are not unknown.
    """
    asked = 0
    for said in reading.said:
        if said.name in misspelt or said.match.verdict is not Verdict.UNKNOWN:
            continue
        _, hits = reading.bearers(said.name)
        if hits:
            yield _unplaced(said, hits[0].place, reading)
            continue
        feature = _is_feature(said.name, reading)
        asked += not feature
        near = _nearest(said.name, reading)[:_MOST] if not feature and asked <= _ASKED else ()
        names = list(dict.fromkeys(reading.described(one.place) for one in near))[:_SUGGESTED]
        what = f"; nearest to it are {listed(names, 'and')}" if names else ""
        (start, end), *rest = said.spans
        yield Finding(
            start,
            end,
            reading.text[start:end],
            Kind.UNKNOWN,
            Severity.NOTE if feature else Severity.WARNING,
            f"{said.name} is in no layer of the gazetteer{what}: check it against the source{_again(rest)}.",
            _FEATURE if feature else _UNKNOWN,
            verdict=Verdict.UNKNOWN,
            candidates=near,
            also=tuple(rest),
        )


def _is_feature(name: str, reading: Reading) -> bool:
    """Tell whether a name is that of a street, a river or the like, which the layers do not have anyway."""
    words, wording = fold(name).split(), reading.wording
    last = any(wording.has(words[-1], role) for role in ("street", "feature-last"))
    first = any(wording.has(words[0], role) for role in ("feature-first", "numbered"))
    return len(words) > 1 and (last or first or words[-1].isdigit())


def _nearest(name: str, reading: Reading) -> tuple[Candidate, ...]:
    """Places whose names are a slip away or sound alike, in the country that the text is about and in the world."""
    found: dict[str, Candidate] = {}
    countries = [code for code, _ in reading.countries.most_common(1) if not reading.known.is_vast(code)]
    for country in (*countries, None):
        match = reading.gazetteer.lookup(name, country=country, on=reading.on)
        if match.verdict is Verdict.MISSPELT:
            for one in match.candidates:
                if same_name(one.name, name):
                    found.setdefault(one.place.place_id, one)
    return tuple(sorted(found.values(), key=lambda one: (one.place.country_code not in countries, -one.score)))


def _unplaced(said: Said, place: Place, reading: Reading) -> Finding:
    (start, end), *rest = said.spans
    return Finding(
        start,
        end,
        reading.text[start:end],
        Kind.UNKNOWN,
        Severity.NOTE,
        f"{said.name} is listed as {reading.described(place)}, but no layer has its position: "
        f"it is spelt as listed, and cannot be shown on a map{_again(rest)}.",
        _UNPLACED,
        verdict=Verdict.UNKNOWN,
        candidates=(Candidate(place, place.name, 1.0),),
        also=tuple(rest),
    )


def _again(rest: Sequence[object]) -> str:
    return f" (it stands here {counted(len(rest) + 1, 'time')})" if rest else ""
