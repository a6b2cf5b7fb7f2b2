"""The place of one record, from all that its columns say of it: location, district, division, country."""

from __future__ import annotations

from datetime import date

from gazetteer.index import Gazetteer
from gazetteer.place import Match
from gazetteer.resolve import resolve


def resolve_record(
    location: str,
    *,
    gazetteer: Gazetteer,
    country: str | None = None,
    admin1: str | None = None,
    admin2: str | None = None,
    on: date | None = None,
) -> Match:
    """Give the match for a record's location, with its other columns as context.

    The location is the finest of them, so that a name of a town and of its district is the town. Of several namesakes
    the one in the units that the record names is meant. A location that no layer has is the smallest of these units,
    with its radius; suggestions come with it, those inside the unit first.

    Parameters
    ----------
    location
        The record's own words; empty if it has none, and then its smallest unit is the answer.
    gazetteer
        Where names are looked up.
    country, admin1, admin2
        As the record names them; the country by ISO 3166-1 alpha-2 code or by name.
    on
        The day of the record, for names and units that have changed.

    Returns
    -------
    Match
        Its `conflict` says what the columns state and the gazetteer contradicts; nothing is chosen silently then.

    Raises
    ------
    UnknownCountryError
        If `country` is neither a code nor a listed name.

    Examples
    --------
    >>> gazetteer = Gazetteer.open()
    >>> match = resolve_record("Kunduz", gazetteer=gazetteer, admin1="Kunduz", country="Afghanistan")
    >>> match.place.place_id, str(match.verdict)
    ('curated:af-kunduz-city', 'exact')
    """
    code = gazetteer.country_code(country) if country else None
    return resolve(location, gazetteer=gazetteer, country=code, admin1=admin1, admin2=admin2, feature_class="P", on=on)
