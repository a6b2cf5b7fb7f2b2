"""The chance rate in words, as it stands beside the links."""

from __future__ import annotations

from typing import Final

from incidents.spillover.chance import LEAST_FOR_P, ChanceRate
from incidents.spillover.links import Rule

# A p-value on fewer expected links than this rests on a handful of incidents.
_FEW_EXPECTED: Final = 5


def expected_words(chance: ChanceRate) -> str:
    """Say in one sentence how many links chance alone would give, beside how many there are."""
    if not chance.near_pairs:
        nearest = f"no two of them lie within {chance.preset.distance_km:g} km of each other across a border"
        return f"Under shuffled dates no link is expected: {_eligible_words(chance)}, and {nearest}."
    return f"Under shuffled dates {_number(chance.expected)} links expected, {chance.found} found."


def chance_words(chance: ChanceRate) -> str:
    """Say in a few sentences what chance alone would link, out of what, and how that was found."""
    return " ".join(filter(None, (expected_words(chance), method_words(chance))))


def method_words(chance: ChanceRate) -> str:
    """Say in a few sentences out of what, and how, the expected links were found; empty if nothing is near."""
    if not chance.near_pairs:
        return ""
    within = f"{chance.preset.distance_km:g} km and {_days(chance.preset.days)}"
    of = _eligible_words(chance)
    pairs = "1 pair of them is" if chance.near_pairs == 1 else f"{chance.near_pairs} pairs of them are"
    words = [
        f"{of[0].upper()}{of[1:]}; {pairs} near enough across a border, and chance alone puts "
        f"{_number(100 * (chance.share or 0))} % of such pairs within {_days(chance.preset.days)}.",
    ]
    whose = "among all of them" if chance.rule is Rule.OPEN else "within each group"
    if chance.orders:
        ways = "every order that differs" if chance.exact else f"{chance.orders} shuffles"
        words.append(f"Dates were dealt out {whose}, in {ways}: 95 % of them give {_from_to(chance)}.")
    if chance.eligible < LEAST_FOR_P:
        words.append(f"With fewer than {LEAST_FOR_P} incidents there is no p-value.")
    elif not chance.orders:
        words.append(f"{chance.near_pairs:,} pairs are too many to shuffle: there is no interval and no p-value.")
    elif chance.p_value is not None and chance.ratio is not None:
        words.append(f"Knox test within {within}: ratio {chance.ratio:.2f}, p = {_p_words(chance)}.")
        if chance.expected < _FEW_EXPECTED:
            words.append(f"Fewer than {_FEW_EXPECTED} links are expected, so that few incidents decide it.")
    return " ".join(words)


def _eligible_words(chance: ChanceRate) -> str:
    return f"{chance.eligible} of the {chance.shown} incidents shown are known well enough to be linked under this rule"


def _days(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"


def _number(value: float) -> str:
    """A figure with two digits where it is small: 0.043, 0.13, 2.1, 14."""
    if value == 0:
        return "0"
    digits = 3 if value < 0.1 else 2 if value < 1 else 1 if value < 10 else 0
    return f"under {0.001:g}" if value < 0.0005 else f"{value:.{digits}f}"


def _from_to(chance: ChanceRate) -> str:
    if chance.low == chance.high:
        return "1 link" if chance.low == 1 else f"{chance.low} links"
    return f"{chance.low} to {chance.high} links"


def _p_words(chance: ChanceRate) -> str:
    assert chance.p_value is not None  # noqa: S101  asked only where there is one
    return f"{chance.p_value:.3f}"
