"""What a command is asked for: the filters of a desk's link, read with no part of it passed over in silence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import parse_qs, urlsplit

from incidents.cli.terminal import UsageError, tell
from incidents.dataset import Dataset
from incidents.filters import KEYS, Filters, from_query

#: What else stands in a link of the desk: where it looks and what it draws, and no filter.
BESIDE_FILTERS: Final = ("page", "part", "data", "show", "preset", "rule", "km", "days", "incident", "at")


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
