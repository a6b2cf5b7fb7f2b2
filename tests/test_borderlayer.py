"""A desk's own borders: read from GeoJSON, cited wherever they are used, and refused with the reason."""

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
from shapely.geometry import LineString, Point, box, mapping

from gazetteer.borderlayer import read_border_layer
from gazetteer.boundaries import Boundaries
from gazetteer.place import BorderLayerError
from incidents import cli
from incidents.export import to_geojson
from incidents.filters import Filters
from incidents.geocode import disc
from incidents.spillover import measure_borders

CODES = ("BF", "BJ", "GH", "TG")
# The eleventh parallel, which no state drew here.
PARALLEL = LineString([(-3.0, 11.0), (3.0, 11.0)])


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": mapping(geometry), "properties": properties}


def layer(*features: dict[str, Any], **changes: Any) -> dict[str, Any]:
    members = {
        "type": "FeatureCollection",
        "citation": "Survey of the two states, 2024",
        "positional_error_km": 0.2,
        "features": list(features) or [feature(PARALLEL, country_a="TG", country_b="BF")],
    } | changes
    return {key: value for key, value in members.items() if value is not None}


def written(folder: Path, content: Any) -> Path:
    path = folder / "borders.geojson"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def at(longitude: float, latitude: float, code: str, **changes: Any) -> gpd.GeoDataFrame:
    row = {
        "country_code": code,
        "longitude": longitude,
        "latitude": latitude,
        "geo_precision": "exact",
        "uncertainty_km": 0.1,
    } | changes
    return gpd.GeoDataFrame(
        {key: [value] for key, value in row.items()}, geometry=[Point(longitude, latitude)], crs=4326
    )


def test_a_layer_s_lines_take_the_place_of_the_shipped_ones_between_the_countries_that_it_names(tmp_path):
    shipped = Boundaries.load()
    own = shipped.with_borders(written(tmp_path, layer()))
    assert own.border_distance(0.72365, 11.08169, country_code="BF").distance_km == pytest.approx(9.03, abs=0.02)
    assert own.border_distance(0.72365, 11.08169, country_code="BF", facing="TG").longitude == pytest.approx(
        0.72365, abs=1e-3
    )
    for code, facing in (("BF", "BJ"), ("TG", "GH"), ("AF", "PK")):
        asked = {"country_code": code, "facing": facing}
        assert own.border_distance(0.9, 11.2, **asked) == shipped.border_distance(0.9, 11.2, **asked)
    assert shipped.border_distance(0.72365, 11.08169, country_code="BF").distance_km == pytest.approx(10.2, abs=0.5)


def test_a_complete_layer_leaves_no_other_border(tmp_path):
    own = Boundaries.load().with_borders(written(tmp_path, layer(complete=True)))
    assert len(own.land_borders) == 1
    assert own.border_distance(0.9, 11.2, country_code="BF", facing="BJ") is None
    assert own.positional_error_km == 0.2


def test_the_side_goes_by_the_error_of_the_borders_that_the_country_has(tmp_path):
    km = 1 / 110.6
    features = (feature(PARALLEL, country_a="BF", country_b="TG"), feature(box(-3, 11, 3, 12), country_code="BF"))
    own = Boundaries.load().with_borders(written(tmp_path, layer(*features, complete=True)))
    assert measure_borders(at(0.0, 11 + km, "BF"), boundaries=own)["side"].tolist() == ["certain"]
    assert measure_borders(at(0.0, 11 + 0.2 * km, "BF"), boundaries=own)["side"].tolist() == ["uncertain"]
    mixed = Boundaries.load().with_borders(written(tmp_path, layer(*features)))
    assert (mixed.border_error_km("BF"), mixed.border_error_km("AF")) == (2.5, 2.5)
    assert measure_borders(at(0.0, 11 + km, "BF"), boundaries=mixed)["side"].tolist() == ["uncertain"]


def test_land_says_on_which_side_a_point_is(tmp_path):
    """Shipped outlines have this point in Togo; the desk's own have it in Burkina Faso."""
    lands = [feature(box(-3, 11, 3, 12), country_code="BF"), feature(box(-3, 10, 3, 11), country_code="TG")]
    lines = feature(PARALLEL, country_a="BF", country_b="TG")
    here = at(0.4, 11.02, "BF")
    shipped = Boundaries.load()
    assert shipped.country_at(0.4, 11.02) == "TG"
    with_lines = shipped.with_borders(written(tmp_path, layer(lines, complete=True)))
    assert measure_borders(here, boundaries=with_lines)["side"].tolist() == ["uncertain"]
    with_land = shipped.with_borders(written(tmp_path, layer(lines, *lands, complete=True)))
    assert measure_borders(here, boundaries=with_land)["side"].tolist() == ["certain"]


def test_borders_are_where_lands_meet_if_a_file_gives_land_only(tmp_path):
    lands = [
        feature(box(0, 10, 1, 12), country_code="BF"),
        feature(box(1, 10, 2, 11), country_code="TG"),
        feature(shapely.union(box(1, 11, 2, 12), box(5, 5, 6, 6)), country_code="BJ"),
    ]
    # The corner of three is on the long side of the first, as it is where neighbours share all corners.
    lands[0]["geometry"] = mapping(shapely.Polygon([(0, 10), (1, 10), (1, 11), (1, 12), (0, 12)]))
    borders = read_border_layer(written(tmp_path, layer(*lands)), known=CODES).borders
    found = {(row.country_a, row.country_b): row.geometry.wkt for row in borders.itertuples()}
    assert found == {
        ("BF", "BJ"): "LINESTRING (1 11, 1 12)",
        ("BF", "TG"): "LINESTRING (1 10, 1 11)",
        ("BJ", "TG"): "LINESTRING (1 11, 2 11)",
    }


def test_every_output_cites_the_layer_and_what_is_left_of_the_shipped_one(tmp_path, desk):
    own = Boundaries.load().with_borders(written(tmp_path, layer()))
    assert own.layer_citation.startswith(
        "Land borders: Survey of the two states, 2024. Other land borders, outlines and"
    )
    assert "Natural Earth 4.1" in own.layer_citation
    assert "0.2 km: Survey of the two states, 2024; elsewhere 2.5 km" in own.positional_error_source
    exported = json.loads(to_geojson(desk, Filters(), boundaries=own))
    assert exported["provenance"]["borders"] == own.layer_citation


def test_a_desk_names_its_layer_and_error_in_two_variables(tmp_path, monkeypatch):
    for variable in ("INCIDENT_DESK_BORDERS", "INCIDENT_DESK_BORDER_ERROR_KM"):
        monkeypatch.delenv(variable, raising=False)
    assert Boundaries.configured() is Boundaries.load()
    monkeypatch.setenv("INCIDENT_DESK_BORDER_ERROR_KM", "5")
    assert Boundaries.configured().positional_error_km == 5
    assert Boundaries.configured().positional_error_source == "set by this desk"
    path = written(tmp_path, layer())
    monkeypatch.setenv("INCIDENT_DESK_BORDERS", str(path))
    once = Boundaries.configured()
    assert once is Boundaries.configured()
    assert once.positional_error_km == 5
    assert "Survey" in once.layer_citation
    written(tmp_path, layer(citation="Another survey"))
    assert "Another survey" in Boundaries.configured().layer_citation


@pytest.mark.parametrize("error_km", ["far", "-1", "nan", "inf", "5000"])
def test_an_error_that_is_no_distance_is_refused(monkeypatch, error_km):
    monkeypatch.setenv("INCIDENT_DESK_BORDER_ERROR_KM", error_km)
    with pytest.raises(BorderLayerError, match="must be a number of kilometres"):
        Boundaries.configured()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "is no JSON"),
        ("[]", "is no FeatureCollection"),
        ({"type": "Feature"}, "is no FeatureCollection"),
        (layer(features=[]), "has no features"),
        (layer(citation=None), 'lacks "citation"'),
        (layer(citation="  "), 'lacks "citation"'),
        (layer(positional_error_km=None), 'lacks "positional_error_km"'),
        (layer(positional_error_km=-1), 'lacks "positional_error_km"'),
        (layer(positional_error_km=True), 'lacks "positional_error_km"'),
        (layer(complete="yes"), "neither true nor false"),
        (layer(crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}), "convert it first"),
        (layer(feature(Point(0, 0), country_a="BF", country_b="TG")), "feature 1, is a Point"),
        (layer({"type": "Feature", "properties": {}, "geometry": None}), "feature 1, has no geometry"),
        (layer(feature(PARALLEL, country_a="BF")), 'feature 1, lacks the property "country_b"'),
        (
            layer(feature(PARALLEL, country_a="BF", country_b="Togo")),
            'says "country_b": "Togo", which is no country code',
        ),
        (layer(feature(PARALLEL, country_a="BF", country_b=7)), 'says "country_b": 7'),
        (layer(feature(PARALLEL, country_a="BF", country_b="bf")), "has BF on both sides"),
        (layer(feature(PARALLEL, country_a=None, country_b=None)), "has no code on either side"),
        (layer(feature(LineString([(0, 0), (0, 11e5)]), country_a="BF", country_b="TG")), "the corner 0, 1.1e+06"),
        (layer(feature(box(0, 0, 1, 1))), 'lacks the property "country_code"'),
        (
            layer(feature(box(0, 0, 1, 1), country_code="BF"), feature(box(3, 0, 4, 1), country_code="TG")),
            "has no lines",
        ),
        (
            layer(
                {
                    "type": "Feature",
                    "properties": {"country_a": "BF", "country_b": "TG"},
                    "geometry": {"type": "LineString", "coordinates": [[0, "north"]]},
                }
            ),
            "cannot be read",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_and_it_says_what_and_where(tmp_path, content, words):
    path = written(tmp_path, content)
    with pytest.raises(BorderLayerError, match=r"^The border layer borders\.geojson") as refused:
        read_border_layer(path, known=CODES)
    assert words in str(refused.value)


def test_a_file_that_is_not_there_is_one_clear_sentence_on_the_command_line(tmp_path, monkeypatch, capsys, project):
    monkeypatch.setenv("INCIDENT_DESK_BORDERS", str(tmp_path / "nowhere.geojson"))
    data = str(project / "incidents" / "data" / "incidents.csv")
    assert cli.main(["export", data, "--format", "geojson"]) == cli.UNREADABLE
    assert "nowhere.geojson cannot be read: No such file or directory." in capsys.readouterr().err


def test_an_area_beside_an_own_border_is_measured_against_it(tmp_path):
    own = Boundaries.load().with_borders(written(tmp_path, layer(complete=True)))
    place = {"longitude": 0.0, "latitude": 11.2}
    shown = at(0.0, 11.2, "BF", geo_precision="linear_or_fuzzy", uncertainty_km=10.0)
    shown.loc[0, "geometry"] = disc(**place, radius_km=10)
    (measured,) = measure_borders(shown, boundaries=own).itertuples()
    assert measured.border_distance_min_km == pytest.approx(12.1, abs=0.2)
    assert measured.border_distance_max_km == pytest.approx(32.1, abs=0.3)
    assert measured.facing_country_code == "TG"
