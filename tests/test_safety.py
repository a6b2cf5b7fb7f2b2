"""Text from data does nothing on the map, and reads as it was written; and there is one way onto the map."""

import ast
import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Template

from incidents.safety import safe_text


def test_what_once_ran_as_code_is_text(hostile_text):
    safe = safe_text(hostile_text)
    assert html.unescape(safe) == hostile_text
    assert Template(safe).render() == safe.removesuffix("\n")  # Jinja drops one line end at the end, and nothing else


@given(st.text() | st.lists(st.sampled_from([*"<>`$\\{}\"'&;#%", "{{", "&#", "&amp;", "lt"])).map("".join))
def test_safe_text_is_inert_and_means_the_same(text):
    safe = safe_text(text)
    assert not set(safe) & set("<>`$\\{}\"'")
    assert re.sub(r"&(?:amp|lt|gt|quot|#x27|#\d+);", "", safe).count("&") == 0
    assert html.unescape(safe) == text


@given(st.text(alphabet=st.characters(exclude_characters="<>`$\\{}\"'&")))
def test_text_that_is_safe_already_stays_as_it_is(text):
    assert safe_text(text) == text


# folium and branca render what these are given, as a template on the server and as HTML in the browser.
TEXT_CLASSES = {
    "DivIcon",
    "Element",
    "GeoJsonPopup",
    "GeoJsonTooltip",
    "Html",
    "IFrame",
    "Marker",
    "Popup",
    "Tooltip",
}
# What makes Streamlit show HTML.
RAW_HTML = {"html", "iframe", "declare_component"}


def sources(project: Path) -> Iterator[tuple[Path, ast.Module]]:
    for package in ("incidents", "gazetteer"):
        for path in sorted((project / package).rglob("*.py")):
            yield path.relative_to(project), ast.parse(path.read_text(encoding="utf-8"))
    yield Path("dashboard.py"), ast.parse((project / "dashboard.py").read_text(encoding="utf-8"))


def dotted(node: ast.expr) -> str:
    """Write `a.b.c` as it stands in the source; empty if it is more than names."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (before := dotted(node.value)):
        return f"{before}.{node.attr}"
    return ""


def breaches(tree: ast.Module) -> Iterator[str]:
    """Name what in a module would bring text to the page unescaped."""
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=str(module), names=names) if module.split(".")[0] in {
                "folium",
                "branca",
            }:
                yield from (name.name for name in names if name.name in TEXT_CLASSES | {"*"})
            case ast.ImportFrom(module=str(module), names=names) if module.split(".")[0] == "streamlit":
                yield from (name.name for name in names if name.name in RAW_HTML | {"components"})
            case ast.Import(names=names):
                yield from (name.name for name in names if name.name.startswith("streamlit.components"))
            case ast.Attribute(attr=attr) if attr in TEXT_CLASSES and dotted(node).split(".")[0] in {
                "folium",
                "branca",
            }:
                yield dotted(node)
            case ast.Attribute(attr=attr) if attr in RAW_HTML and dotted(node).split(".")[0] in {
                "st",
                "components",
            }:
                yield dotted(node)
            case ast.keyword(arg="unsafe_allow_html" | "unsafe_allow_javascript"):
                yield node.arg


BREACHES = {
    "from folium import Popup": "Popup",
    "from folium.features import DivIcon as Icon": "DivIcon",
    "import folium\nfolium.Marker((0, 0))": "folium.Marker",
    "import folium\nfolium.features.GeoJsonTooltip(['name'])": "folium.features.GeoJsonTooltip",
    "from branca.element import Element": "Element",
    "import streamlit as st\nst.markdown('x', unsafe_allow_html=True)": "unsafe_allow_html",
    "import streamlit as st\nst.html('x')": "st.html",
    "import streamlit as st\nst.components.v1.html('x')": "st.components.v1.html",
    "import streamlit.components.v1 as components": "streamlit.components.v1",
    "from streamlit import components": "components",
}


@pytest.mark.parametrize(("code", "found"), BREACHES.items(), ids=BREACHES.values())
def test_the_search_below_would_find_a_way_around_the_escape_function(code, found):
    assert found in list(breaches(ast.parse(code)))


def test_no_module_brings_text_to_the_page_by_another_way(project: Path):
    found = [f"{path}: {what}" for path, tree in sources(project) for what in breaches(tree)]
    assert found == []


def test_templates_of_the_map_are_written_in_the_webmap_and_hold_no_text_from_data(project: Path):
    makers = {
        str(path): [node for node in ast.walk(tree) if isinstance(node, ast.Call) and dotted(node.func) == "_Script"]
        for path, tree in sources(project)
    }
    calls = makers.pop("incidents/webmap.py")
    assert calls
    assert all(isinstance(call.args[0], ast.Constant) for call in calls)
    assert not any(makers.values())
