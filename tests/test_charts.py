"""The timeline as a chart: bars where a period holds an incident, spans where none does, and the brush."""

from datetime import UTC, date, datetime, timedelta

import altair as alt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.filters import UNATTRIBUTED
from incidents.symbols import OTHERS_LABEL, symbols
from incidents.timeline import Period
from incidents.views.charts import BRUSH, brushed, timeline_chart

NOVEMBER = date(2021, 11, 1), date(2021, 11, 30)
FAMILIES = ("JNIM", "ISKP", UNATTRIBUTED)


def drawn(shown, left_out=None, *, period=Period.DAY, span=NOVEMBER, families=FAMILIES) -> dict:
    """The chart as the browser gets it."""
    left_out = shown.iloc[:0] if left_out is None else left_out
    chart = timeline_chart(
        shown,
        left_out,
        period=period,
        span=span,
        symbols=symbols(families),
        caption="1 of 9 incidents; From 2 Nov 2021",
    )
    return chart.to_dict()


def marks(chart: dict, column: str) -> list[dict]:
    """Rows of data that have a column: `floor` of a bar of counts, `lane` of a span."""
    return [row for rows in chart.get("datasets", {}).values() for row in rows if column in row]


def on(start: str, end: str | None = None, family: str | None = "JNIM") -> dict:
    return {"date_start": start, "date_end": end or start, "actor_family": family}


def test_the_groups_of_a_day_stand_on_top_of_each_other_in_the_order_of_the_legend(incidents_of):
    rows = [
        on("2021-11-02", family=None),
        on("2021-11-02", family="ISKP"),
        on("2021-11-02"),
        on("2021-11-02"),
    ]
    bars = marks(drawn(incidents_of(*rows)), "floor")
    assert [(bar["actor_family"], bar["floor"], bar["top"]) for bar in bars] == [
        ("JNIM", 0, 2),
        ("ISKP", 2, 3),
        (UNATTRIBUTED, 3, 4),
    ]


def test_a_bar_lasts_to_the_end_of_its_last_day(incidents_of):
    (bar,) = marks(drawn(incidents_of(on("2021-11-10")), period=Period.WEEK), "floor")
    assert (bar["period_start"][:10], bar["period_end"][:10], bar["end"][:10]) == (
        "2021-11-08",
        "2021-11-14",
        "2021-11-15",
    )


def test_what_no_period_holds_is_a_span_of_its_own_and_no_bar(incidents_of):
    chart = drawn(incidents_of(on("2021-11-02", "2021-11-10")))
    (span,) = marks(chart, "lane")
    assert (span["date_start"][:10], span["end"][:10]) == ("2021-11-02", "2021-11-11")
    assert marks(chart, "floor") == []


def test_spans_that_overlap_lie_in_different_lanes_and_a_free_lane_is_used_again(incidents_of):
    chart = drawn(
        incidents_of(on("2021-11-01", "2021-11-05"), on("2021-11-05", "2021-11-08"), on("2021-11-06", "2021-11-09"))
    )
    assert [(span["incident_id"], span["lane"]) for span in marks(chart, "lane")] == [
        ("i0", 0),
        ("i1", 1),
        ("i2", 0),
    ]


def test_what_the_date_filter_leaves_out_stays_in_sight_faded_and_nothing_else_does(incidents_of):
    shown = incidents_of(on("2021-11-10"), on("2021-11-03", "2021-11-10"))
    left_out = incidents_of(on("2021-11-02"), on("2021-11-20"), on("2021-11-03", "2021-11-04"))
    chart = drawn(shown, left_out)
    assert [(bar["period_start"][:10], bar["left_out"]) for bar in marks(chart, "floor")] == [
        ("2021-11-02", True),
        ("2021-11-10", False),
        ("2021-11-20", True),
    ]
    assert [(span["end"][:10], span["left_out"]) for span in marks(chart, "lane")] == [
        ("2021-11-05", True),
        ("2021-11-11", False),
    ]


def test_a_week_of_which_one_day_is_asked_for_shows_that_day_alone_at_full_strength(incidents_of):
    shown = incidents_of(on("2021-11-05", family="ISKP"))
    left_out = incidents_of(on("2021-11-02"), on("2021-11-02", family=None), on("2021-11-07", family="ISKP"))
    bars = marks(drawn(shown, left_out, period=Period.WEEK), "floor")
    assert [(bar["actor_family"], bar["left_out"], bar["floor"], bar["top"]) for bar in bars if bar["top"] == 1] == [
        ("ISKP", False, 0, 1)
    ]
    assert {bar["actor_family"] for bar in bars if bar["left_out"]} == {"JNIM", "ISKP", UNATTRIBUTED}
    assert sum(bar["incidents"] for bar in bars) == 4


def test_what_lies_outside_the_axis_is_not_drawn(incidents_of):
    chart = drawn(incidents_of(on("2016-10-12"), on("2017-01-01", "2017-12-31"), on("2021-11-02")))
    assert [bar["period_start"][:10] for bar in marks(chart, "floor")] == ["2021-11-02"]
    assert marks(chart, "lane") == []


def painted(chart: dict) -> dict[str, tuple[str, str]]:
    """Edge and middle of each group's bars, as the legend has them."""
    (bars, *_) = chart.get("vconcat", [chart])
    stroke, fill = (bars["encoding"][channel]["scale"] for channel in ("stroke", "fill"))
    return dict(zip(stroke["domain"], zip(stroke["range"], fill["range"], strict=True), strict=True))


def test_every_group_has_the_colour_that_it_has_on_the_map_and_the_legend_names_no_other(incidents_of):
    chart = drawn(incidents_of(on("2021-11-02"), on("2021-11-03", "2021-11-10", family=None)))
    looks = symbols(FAMILIES)
    assert {name: edge for name, (edge, _) in painted(chart).items()} == {
        name: looks[name].colour for name in ("JNIM", UNATTRIBUTED)
    }
    assert chart["vconcat"][0]["encoding"]["fill"]["legend"] is not None


def test_no_two_groups_in_sight_look_the_same_and_those_that_would_are_named_together(incidents_of):
    families = tuple(f"group {number}" for number in range(20))
    incidents = incidents_of(*(on("2021-11-02", family=family) for family in (*families, None)))
    chart = drawn(incidents, families=(*families, UNATTRIBUTED))
    looks = painted(chart)
    assert list(looks) == [*families[:12], OTHERS_LABEL, UNATTRIBUTED]
    assert len(set(looks.values())) == len(looks)
    assert {bar["actor_family"] for bar in marks(chart, "floor")} == {*families, UNATTRIBUTED}, "the tip names each"


@given(st.dates(date(1990, 1, 1), date(2030, 1, 1)), st.integers(0, 12000))
def test_no_day_month_or_year_is_named_twice_on_the_axis(incidents_of, first, days):
    last = first + timedelta(days=days)
    axis = drawn(incidents_of(), span=(first, last))["encoding"]["x"]["axis"]
    named = [datetime.fromisoformat(value).strftime(axis["format"] + "%Y") for value in axis["values"]]
    assert 1 <= len(named) == len(set(named)) <= 8
    assert all(first <= datetime.fromisoformat(value).date() <= last for value in axis["values"])


@pytest.mark.parametrize("rows", [[on("2021-11-02")], [on("2021-11-02", "2021-11-10")]], ids=["bars", "spans"])
def test_a_picture_of_the_chart_says_what_it_shows(incidents_of, rows):
    assert drawn(incidents_of(*rows))["title"]["text"] == ["1 of 9 incidents; From 2 Nov 2021"]


@pytest.mark.parametrize(
    "rows",
    [[], [on("2021-11-02")], [on("2021-11-02", "2021-11-10")]],
    ids=["nothing", "bars alone", "spans alone"],
)
def test_whatever_is_shown_the_chart_can_be_brushed(incidents_of, rows):
    chart = drawn(incidents_of(*rows))
    assert BRUSH in [parameter["name"] for parameter in chart["params"]]


def test_a_group_of_any_name_is_a_value_and_no_expression(incidents_of, hostile_text):
    incidents = incidents_of(on("2021-11-02", family=hostile_text), on("2021-11-03", "2021-11-10", family=hostile_text))
    chart = drawn(incidents, families=(hostile_text, UNATTRIBUTED))
    assert {mark["actor_family"] for mark in [*marks(chart, "floor"), *marks(chart, "lane")]} == {hostile_text}
    alt.Chart.from_dict(chart, validate=True)


def instant(text: str) -> float:
    """Milliseconds since 1970, as a chart reports the edge of a brush."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000


def selected(*edges: str) -> dict:
    return {"selection": {BRUSH: {"period_start": [instant(edge) for edge in edges]}}}


BRUSHES = {
    "from within a day to within another": ("2021-11-02T13:00", "2021-11-05T02:00"),
    "drawn from right to left": ("2021-11-05T23:59:59", "2021-11-02T00:00:00"),
}


@pytest.mark.parametrize("edges", BRUSHES.values(), ids=BRUSHES)
def test_a_brush_takes_every_day_that_it_touches(edges):
    assert brushed(selected(*edges)) == (date(2021, 11, 2), date(2021, 11, 5))


def test_a_brush_within_one_day_is_that_day():
    assert brushed(selected("2021-11-02T08:00", "2021-11-02T09:00")) == (date(2021, 11, 2), date(2021, 11, 2))


@pytest.mark.parametrize("event", [{}, {"selection": {}}, {"selection": {BRUSH: {}}}, {"selection": {BRUSH: None}}])
def test_no_brush_asks_for_no_days(event):
    assert brushed(event) is None
