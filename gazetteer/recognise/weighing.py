"""What speaks for and against a name's being a place's: each piece of evidence by name, and its weight."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

#: Weights in logits, set by hand, with the share of places among names of such evidence in one half of LGL's articles
#: as a guide, and rounded. A name is taken for a place's from a sum of 0 on.
WEIGHTS: Final[Mapping[str, float]] = MappingProxyType(
    {
        # How the name is known.
        "listed": 1.7,
        "region": 2.7,
        "made": 0.5,
        "street": 0.2,
        "demonym": 1.5,
        "language": -2.5,
        "unlisted": -1.0,
        "unlisted-two": -1.3,
        # How prominent its best bearer is.
        "country": 1.3,
        "division": 1.2,
        "million": 1.4,
        "large": 0.4,
        "town": -0.4,
        "small": -0.7,
        "tiny": -1.3,
        "district-unit": 0.7,
        "spelling": -0.7,
        # The name itself.
        "several": 0.8,
        "several-ordinary": -0.6,
        "capitals": 1.0,
        "short": -1.0,
        "ordinary": -1.6,
        "first-ordinary": -2.5,
        "ordinary-well-known": -0.8,
        "first-of-a-phrase": -1.5,
        "well-known": 0.5,
        "given": -0.9,
        "usual-surname": -0.9,
        "surname": -0.3,
        "first": -0.2,
        "abbreviation": -0.5,
        "saint's": -2.5,
        "the": -0.2,
        "is-title": -1.6,
        "is-month": -2.2,
        "is-day": -2.2,
        "is-institution": -1.5,
        "is-organisation": -1.0,
        "is-publication": -0.8,
        "is-kind": -0.9,
        "is-side": -2.5,
        "is-locative": -1.5,
        "is-function": -1.5,
        "is-relation": -1.0,
        # What stands before it.
        "in": 1.1,
        "from": 0.7,
        "of": 0.5,
        "and": 0.4,
        "kind-of": 2.0,
        "side": 0.5,
        "side-large": 1.2,
        "party": 1.3,
        "behind-comma": 0.7,
        "joined-left": 0.5,
        "joined-left-small": -0.3,
        "title-before": -0.5,
        "large-place": -0.2,
        "large-ordinary": -0.3,
        "large-ordinary-heading": -0.5,
        "large-title": -0.8,
        "large-day": -0.3,
        "large-institution": -0.8,
        "large-organisation": 0.0,
        "large-given": -1.5,
        "large-unknown": -1.3,
        # What stands behind it.
        "comma-unit": 1.8,
        "comma-place": 0.6,
        "comma-large": -0.4,
        "dateline": 1.7,
        "kind-behind": 1.3,
        "people-behind": 0.9,
        "and-behind": 0.3,
        "street-behind": 0.5,
        "institution-behind": -0.4,
        "organisation-behind": -2.0,
        "publication": -5.0,
        "cited": -5.0,
        "team": -0.9,
        "team-behind": -6.0,
        "ordinary-behind": -0.9,
        "heading-behind": -1.1,
        "unknown-behind": -1.0,
        "given-behind": -1.2,
        "place-behind": -1.3,
        "side-behind": -0.6,
        "age": -0.8,
        "owner": -1.0,
        "speech": -1.6,
        # The rest of the text.
        "person": -3.0,
        "known-surname": -2.6,
        "known-given": -1.4,
        "sure-elsewhere": 1.6,
        "sure-after-all": 1.0,
        "list-of-kind": 1.5,
        "list-of-places": 0.7,
        "made-elsewhere": 1.2,
        "division-of-text": 0.4,
        "country-of-text": -0.5,
        "elsewhere": -0.7,
    }
)


def weigh(evidence: Iterable[str]) -> float:
    """Add up what evidence weighs.

    Examples
    --------
    >>> weigh(["listed", "town", "in"]) > 0 > weigh(["listed", "town", "person"])
    True
    """
    return sum(WEIGHTS.get(one, 0.0) for one in evidence)
