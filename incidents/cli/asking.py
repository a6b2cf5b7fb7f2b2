"""What a command is asked for: filters as options and in a desk's link, no part of them passed over in silence."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import parse_qs, urlsplit

from incidents.cli.terminal import UsageError, tell
from incidents.dataset import Dataset
from incidents.filters import KEYS, Filters, from_query
from incidents.schema import Attribution, GeoPrecision
from incidents.spillover import BORDERLAND, OVERLAYS, Preset, Rule, preset_of

#: What else stands in a link of the desk: where it looks and what it draws, and no filter.
BESIDE_FILTERS: Final = ("page", "part", "data", "show", "preset", "rule", "km", "days", "incident", "at")

# Each filter as an option: what stands behind it, and what it asks for.
_FILTERS: Final = {
    "group": ("NAME", "a group, or Unattributed; may be given again, as may every name below"),
    "from": ("DAY", "first day, like 2021-11-01; an imprecise date counts where it overlaps"),
    "to": ("DAY", "last day, included"),
    "country": ("CODE", "a country, by its ISO code or its name in the data"),
    "event": ("TYPE", "an event type, such as Battles"),
    "attribution": ("GRADE", f"how sure the group is: {', '.join(Attribution)}"),
    "precision": ("PRECISION", f"the coarsest place that counts: {', '.join(GeoPrecision)}"),
    "text": ("WORDS", "words that must all occur"),
}


def add_filters(parser: argparse.ArgumentParser, *, from_is_a_file: bool = False) -> None:
    """Let a command be told the filters of the desk; `--since` is the first day, as `--from` is where that is free."""
    group = parser.add_argument_group("filters, as on the desk")
    for key, (metavar, words) in _FILTERS.items():
        names = [f"--{key}"] if key != "from" else ["--since"] if from_is_a_file else ["--from", "--since"]
        group.add_argument(*names, action="append", default=[], metavar=metavar, help=words, dest=f"ask_{key}")
    group.add_argument("--link", metavar="URL", help="a desk's link: its filters hold beside those given here")


def asked_query(asked: argparse.Namespace, found: Dataset) -> dict[str, list[str]]:
    """Give the filters that `add_filters` was told, beside the parameters of the link, as those of one link."""
    query = query_of(asked.link, found) if asked.link else {}
    codes = {name.casefold(): code for code, name in found.facets.countries.items()}
    for key in KEYS:
        values = getattr(asked, f"ask_{key}")
        if key == "country":
            values = [codes.get(value.casefold(), value.upper() if len(value) == 2 else value) for value in values]
        if values:
            query[key] = [*query.get(key, []), *values]
    return query


def query_of(link: str, found: Dataset) -> dict[str, list[str]]:
    """Give the parameters of a desk's link; the part behind the question mark is enough.

    Raises
    ------
    UsageError
        If it is no link, or has a parameter that no desk writes: what a slip of the pen asks for is not everything.
    """
    try:
        address = urlsplit(link)
        query = parse_qs(address.query if "?" in link else address.path, keep_blank_values=True, max_num_fields=200)
    except ValueError as error:
        msg = f"--link takes the address of a desk, with its parameters, not {link[:60]!r}."
        raise UsageError(msg) from error
    strange = [key for key in query if key not in (*KEYS, *BESIDE_FILTERS)]
    if strange:
        msg = f"The link has a parameter {strange[0]!r}, which means nothing here, so nothing is written."
        raise UsageError(msg)
    made_on = query.get("data", [""])[-1] or found.sha256[:8]
    if made_on != found.sha256[:8]:
        tell(f"the link was made on another dataset ({made_on[:8]}); its filters are asked of {found.name}")
    return query


def filters_of(query: Mapping[str, Sequence[str]], found: Dataset) -> Filters:
    """Read the filters among the parameters of a link; what a link would only say is an error here.

    Raises
    ------
    UsageError
        If one of them cannot be read, or asks for what the dataset does not have.
    """
    filters, problems = from_query({key: query[key] for key in KEYS if key in query}, found.facets)
    if problems:
        raise UsageError(" ".join(problems).replace("The link", "The filter"))
    return filters


def overlays_of(query: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Read which overlays a link of the desk shows; one that says nothing of them shows those that are on at first.

    Raises
    ------
    UsageError
        If it shows what is no overlay.
    """
    shown = query.get("show", ("crossings",))
    strange = [key for key in shown if key not in (*OVERLAYS, "none")]
    if strange:
        msg = f"The link asks to show {strange[0]!r}, which is no overlay; there are {', '.join(OVERLAYS)}."
        raise UsageError(msg)
    return tuple(key for key in OVERLAYS if key in shown)


def preset_in(query: Mapping[str, Sequence[str]]) -> Preset:
    """Read how near is near from the parameters of a link.

    Raises
    ------
    UsageError
        If there is no such preset, or the reader's own goes too far.
    """
    own = {part: query.get(key, [""])[-1] for part, key in (("distance_km", "km"), ("days", "days"))}
    try:
        name = query.get("preset", [BORDERLAND.name])[-1]
        return preset_of(name, **{part: int(value) for part, value in own.items() if value})
    except ValueError as error:
        msg = f"The link cannot be drawn: {error}."
        raise UsageError(msg) from error


def rule_in(query: Mapping[str, Sequence[str]]) -> Rule:
    """Read by which rule of attribution incidents are linked from the parameters of a link.

    Raises
    ------
    UsageError
        If there is no such rule.
    """
    asked = query.get("rule", [Rule.PROBABLE])[-1]
    if asked not in list(Rule):
        msg = f"The link links by a rule {asked!r}; there are {', '.join(Rule)}."
        raise UsageError(msg)
    return Rule(asked)
