"""KML 2.2: the shown incidents for Google Earth and its like, precision drawn, every text inert."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from xml.etree import ElementTree as ET

import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from gazetteer.boundaries import Boundaries
from incidents.dataset import Dataset
from incidents.export.account import account
from incidents.export.values import PROPERTIES, plain, with_reasons
from incidents.filters import UNATTRIBUTED, Filters, apply
from incidents.geocode import disc, records
from incidents.safety import safe_text
from incidents.schema import GeoPrecision
from incidents.statement import Overlay, statement
from incidents.symbols import Symbol, symbols
from incidents.wording import date_words, figures_words, group_words, joint_figures, precision_words

_DECIMALS: Final = 6

# What no XML 1.0 document can hold, not even escaped.
_NOT_IN_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_ALIKE: Final = str.maketrans("<>&$", "‹›＆＄")


def to_kml(
    dataset: Dataset,
    filters: Filters,
    *,
    boundaries: Boundaries,
    overlays: Sequence[Overlay] = (),
) -> bytes:
    """Write the shown incidents as KML, one placemark each, in their order.

    A point comes with the ring of its radius, a district or province as its outline; an incident that is not drawn
    is a placemark without geometry. What a balloon shows is HTML for a reader of KML, so every text from data is
    escaped for HTML before it is escaped for XML; no placemark has an icon or a link that another host would answer.
    """
    shown = apply(dataset.incidents, filters)
    told = statement(dataset, filters, boundaries=boundaries, overlays=overlays)
    root = ET.Element("kml", xmlns="http://www.opengis.net/kml/2.2")
    document = _text(root, "Document", None)
    _text(document, "name", f"Security incidents: {told['name']}".translate(_ALIKE))
    _text(document, "open", "1")
    _text(document, "description", _html(account(told)))
    looks = symbols(dataset.facets.families)
    drawn = {row["actor_family"] or UNATTRIBUTED for row in records(shown)}
    styles = {family: f"group-{rank}" for rank, family in enumerate(looks) if family in drawn}
    for family, style in styles.items():
        _style(document, style, looks[family])
    joint = joint_figures(dataset.incidents)
    for incident in records(with_reasons(shown)):
        mark = ET.SubElement(document, "Placemark")
        _text(mark, "name", _name(incident))
        _text(mark, "description", _html(_card(dataset, incident, figures_words(incident, joint=joint))))
        if incident["date_start"] is not None and incident["date_end"] is not None:
            span = ET.SubElement(mark, "TimeSpan")
            _text(span, "begin", plain(incident["date_start"]))
            _text(span, "end", plain(incident["date_end"]))
        _text(mark, "styleUrl", f"#{styles[incident['actor_family'] or UNATTRIBUTED]}")
        data = ET.SubElement(mark, "ExtendedData")
        for column in PROPERTIES:
            if incident[column] is not None:
                value = ET.SubElement(data, "Data", name=column)
                _text(value, "value", str(plain(incident[column])))
        _geometry(mark, incident)
    ET.indent(root, " ")
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _text(parent: ET.Element, tag: str, text: str | None) -> ET.Element:
    element = ET.SubElement(parent, tag)
    if text is not None:
        element.text = _NOT_IN_XML.sub("\ufffd", text)
    return element


def _name(incident: Mapping[str, Any]) -> str:
    """A placemark's name: some readers take it for HTML or for a reference; what opens either is written alike."""
    return f"{date_words(incident)}: {incident['place_as_reported']}".translate(_ALIKE)


def _html(lines: Iterable[tuple[str, str]]) -> str:
    """Lines of a balloon, in which nothing of the data is markup."""
    return "<br/>\n".join(f"<b>{safe_text(label)}:</b> {safe_text(words)}" for label, words in lines)


def _card(dataset: Dataset, incident: Mapping[str, Any], figures: str) -> list[tuple[str, str]]:
    sources = "; ".join(str(citation) for citation in dataset.citations(incident["sources"]))
    return [
        ("Incident", incident["incident_id"]),
        ("Summary", incident["summary"]),
        ("Date", date_words(incident)),
        ("Group", group_words(incident)),
        ("Place", f"{incident['place_as_reported']} ({precision_words(incident)})"),
        ("How it came there", incident["place_reason"]),
        ("Figures", figures),
        ("Sources", sources or "not stated"),
    ]


def _style(document: ET.Element, name: str, symbol: Symbol) -> None:
    """The colour of a group. The icon is the reader's own: an address for another one would be asked for."""
    style = ET.SubElement(document, "Style", id=name)
    red, green, blue = (symbol.colour[at : at + 2] for at in (1, 3, 5))
    for tag, opacity in (("IconStyle", "ff"), ("LineStyle", "ff"), ("PolyStyle", "40")):
        part = ET.SubElement(style, tag)
        _text(part, "color", f"{opacity}{blue}{green}{red}")  # KML has it the other way round
        if tag == "LineStyle":
            _text(part, "width", "2")
    balloon = ET.SubElement(style, "BalloonStyle")
    # Without this a balloon shows the name and the raw values as well, and takes them for HTML.
    _text(balloon, "text", "$[description]")


def _geometry(mark: ET.Element, incident: Mapping[str, Any]) -> None:
    """A point with its ring, or the parts of an area."""
    geometry: BaseGeometry | None = incident["geometry"]
    if geometry is None:
        return
    if geometry.geom_type == "Point":
        ringed = incident["geo_precision"] != GeoPrecision.EXACT
        holder = ET.SubElement(mark, "MultiGeometry") if ringed else mark
        _text(ET.SubElement(holder, "Point"), "coordinates", _coordinates([(geometry.x, geometry.y)]))
        if ringed:
            for part in shapely.get_parts(disc(geometry.x, geometry.y, radius_km=float(incident["uncertainty_km"]))):
                line = ET.SubElement(holder, "LineString")
                _text(line, "tessellate", "1")
                _text(line, "coordinates", _coordinates(part.exterior.coords))
        return
    parts: list[Polygon] = [geometry] if geometry.geom_type == "Polygon" else list(geometry.geoms)
    holder = mark if len(parts) == 1 else ET.SubElement(mark, "MultiGeometry")
    for part in parts:
        polygon = ET.SubElement(holder, "Polygon")
        _text(polygon, "tessellate", "1")
        for tag, ring in (("outerBoundaryIs", part.exterior), *(("innerBoundaryIs", hole) for hole in part.interiors)):
            line = ET.SubElement(ET.SubElement(polygon, tag), "LinearRing")
            _text(line, "coordinates", _coordinates(ring.coords))


def _coordinates(points: Iterable[Iterable[float]]) -> str:
    """Longitude and latitude of each point."""
    return " ".join(",".join(f"{round(degrees, _DECIMALS):.10g}" for degrees in point) for point in points)
