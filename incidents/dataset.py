"""A dataset as the desk holds it: located incidents, sources, and the rows that were rejected."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from gazetteer import Gazetteer, Verdict
from incidents.errors import NotADatasetError, UnknownIncidentError
from incidents.filters import Facets, facets
from incidents.geocode import locate, records, reported_places
from incidents.readers import read, read_sources
from incidents.review import Decision, SetAside, lay_over, to_csv
from incidents.schema import COLUMNS, SOURCE_COLUMNS, Rejected


@dataclass(frozen=True, slots=True)
class Citation:
    """Where an incident is told: a source of the dataset, and the passage in it."""

    source_id: str
    locator: str | None
    publisher: str | None
    published_on: str | None
    title: str | None
    url: str | None
    reliability: str | None = None
    credibility: str | None = None

    def __str__(self) -> str:
        """Write the citation as a line of text."""
        parts = [self.publisher or self.source_id, self.title, self.published_on, self.locator]
        words = ", ".join(part for part in parts if part)
        grade = grade_words(self.reliability, self.credibility)
        return f"{words} ({grade})" if grade else words


def grade_words(reliability: str | None, credibility: str | None) -> str:
    """Write the grade of a source, reliability A to F and credibility 1 to 6; empty if nobody graded it.

    Examples
    --------
    >>> grade_words("B", "2"), grade_words(None, "2"), grade_words(None, None)
    ('B2', 'credibility 2', '')
    """
    if reliability and credibility:
        return f"{reliability}{credibility}"
    named = {"reliability": reliability, "credibility": credibility}
    return ", ".join(f"{name} {grade}" for name, grade in named.items() if grade)


@dataclass(frozen=True)  # without slots: the list of sources is indexed once
class Dataset:
    """Incidents and what belongs to them; made by `load` or `curated`.

    Attributes
    ----------
    name : str
        What the desk calls it: the file's name.
    incidents : geopandas.GeoDataFrame
        Accepted rows, located (see `geocode.locate`).
    sources : pandas.DataFrame
        `schema.SOURCE_COLUMNS`: of the list that came beside the file, else of the file itself; empty without either.
    rejected : tuple of Rejected
        Rows that are not shown, each with its reason.
    ignored_columns : tuple of str
        Columns of the file that no dataset of incidents has.
    sha256 : str
        Hash of the file's bytes, for sheets and sidecars.
    facets : Facets
        What its filters offer.
    places_from : str
        Citation of the gazetteer that placed the incidents: its layers and their editions.
    decisions : tuple of Decision
        Editors' decisions that are laid over the incidents (see `reviewed`).
    set_aside : tuple of SetAside
        The ones that do not hold any more, since the data has changed.
    places_sha256, sources_sha256 : str or None
        Hashes of that gazetteer, and of the list of sources beside the file; None where there is none.
    """

    name: str
    incidents: gpd.GeoDataFrame
    sources: pd.DataFrame
    rejected: tuple[Rejected, ...]
    ignored_columns: tuple[str, ...]
    sha256: str
    facets: Facets
    places_from: str = ""
    decisions: tuple[Decision, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    places_sha256: str | None = None
    sources_sha256: str | None = None

    @property
    def known_to(self) -> date | None:
        """The last day of which the dataset knows: of a report or of an incident."""
        last = self.incidents[["date_end", "reported_on"]].max().max()
        return None if pd.isna(last) else last.date()

    @property
    def decisions_sha256(self) -> str | None:
        """Hash of the decisions that are laid over it, None for none: two datasets with the same one show the same."""
        return hashlib.sha256(to_csv(self.decisions)).hexdigest() if self.decisions else None

    @property
    def rows_rejected(self) -> int:
        """How many rows of the file are not shown; one row may have several faults in `rejected`."""
        return len({(fault.column in SOURCE_COLUMNS, fault.row) for fault in self.rejected})

    @cached_property
    def _listed(self) -> dict[str, dict[str, Any]]:
        """The sources by `source_id`."""
        return {row["source_id"]: row for row in records(self.sources)}

    def citations(self, sources: str | None) -> Iterator[Citation]:
        """Read an incident's `sources` cell: ids separated by semicolons, each with a locator after `#`."""
        for entry in (sources or "").split(";"):
            source_id, _, locator = entry.strip().partition("#")
            if not source_id:
                continue
            found = self._listed.get(source_id, {})
            keys = ("publisher", "published_on", "title", "url", "reliability", "credibility")
            detail = {key: found.get(key) for key in keys}
            yield Citation(source_id=source_id, locator=locator or None, **detail)

    def incident(self, incident_id: str) -> pd.Series:
        """Give one incident.

        Raises
        ------
        UnknownIncidentError
            If the dataset has none of this id.
        """
        found = self.incidents.loc[self.incidents["incident_id"] == incident_id]
        if found.empty:
            msg = f"{self.name} has no incident {incident_id!r}."
            raise UnknownIncidentError(msg)
        incident: pd.Series = found.iloc[0]
        return incident


def from_bytes(
    content: bytes,
    *,
    name: str,
    gazetteer: Gazetteer,
    sources: bytes | None = None,
    sources_name: str = "sources.csv",
) -> Dataset:
    """Read and locate a dataset, with its sources: of `sources`, else those that the file lists itself.

    Raises
    ------
    NotADatasetError
        If `content` is no dataset of incidents, or `sources` no list of sources.
    """
    reading = read(content, name=name)
    incidents = locate(reading.accepted, gazetteer=gazetteer)
    listed = reading.sources if sources is None else read_sources(sources, name=sources_name)
    located = Dataset(
        name=name,
        incidents=incidents,
        sources=pd.DataFrame(columns=list(SOURCE_COLUMNS), dtype="str") if listed is None else listed,
        rejected=reading.rejected,
        ignored_columns=reading.ignored_columns,
        sha256=hashlib.sha256(content).hexdigest(),
        facets=facets(incidents),
        places_from=gazetteer.citation,
        places_sha256=places_hash(gazetteer),
        sources_sha256=None if sources is None else hashlib.sha256(sources).hexdigest(),
    )
    return reviewed(located, (), gazetteer=gazetteer)


def located_again(dataset: Dataset, *, gazetteer: Gazetteer) -> Dataset:
    """Give a dataset, as `load` gave it, with its places looked up by a gazetteer that has changed since."""
    incidents = locate(dataset.incidents[list(COLUMNS)], gazetteer=gazetteer)
    again = replace(
        dataset,
        incidents=incidents,
        facets=facets(incidents),
        places_from=gazetteer.citation,
        places_sha256=places_hash(gazetteer),
    )
    return reviewed(again, (), gazetteer=gazetteer)


def reviewed(dataset: Dataset, decisions: Iterable[Decision], *, gazetteer: Gazetteer) -> Dataset:
    """Lay editors' decisions over a dataset, and leave the given one as it is.

    Where nobody has decided which of several places is meant, an incident carries at least the distance between them
    as its radius; see `review.lay_over`.

    Parameters
    ----------
    dataset
        As `load` gives it, without decisions.
    decisions
        Of this dataset, such as `review.Log.latest` gives for its name.
    gazetteer
        The one that located the incidents.
    """
    is_open = dataset.incidents["place_verdict"] == Verdict.AMBIGUOUS
    places = reported_places(dataset.incidents.loc[is_open], gazetteer=gazetteer)
    over = lay_over(dataset.incidents, decisions, gazetteer=gazetteer, places=places)
    return replace(
        dataset,
        incidents=over.incidents,
        facets=facets(over.incidents),
        decisions=over.applied,
        set_aside=over.set_aside,
    )


def places_hash(gazetteer: Gazetteer) -> str:
    """Hash all that a place can come from: the layers in their order, and the outlines."""
    digests = (gazetteer.boundaries.sha256, *(layer.sha256 for layer in gazetteer.layers))
    return hashlib.sha256(" ".join(digests).encode()).hexdigest()


def load(path: Path, *, gazetteer: Gazetteer) -> Dataset:
    """Read and locate the dataset in a file, with the `sources.csv` beside it if there is one; see `from_bytes`.

    Raises
    ------
    NotADatasetError
        If the file cannot be read or is no dataset of incidents.
    """
    beside = path.parent / "sources.csv"
    try:
        content = path.read_bytes()
        sources = beside.read_bytes() if beside.is_file() else None
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror}."
        raise NotADatasetError(msg) from error
    return from_bytes(content, name=path.name, gazetteer=gazetteer, sources=sources)


def curated(*, gazetteer: Gazetteer) -> Dataset:
    """Load the dataset that comes with the desk, one issue of a security bulletin; see `load`."""
    return load(Path(str(files("incidents") / "data" / "incidents.csv")), gazetteer=gazetteer)
