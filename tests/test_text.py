"""Text from data in Streamlit's Markdown shows what was written and does nothing."""

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.views.text import plain

MARKED = {
    "a picture from elsewhere": "![x](https://example.org/pixel.png)",
    "a link": "[official statement](https://example.org)",
    "a link in brackets": "<https://example.org>",
    "a heading": "# Kompienga",
    "a list": "- one",
    "a numbered list": "1. one",
    "a quotation": "> said",
    "bold": "**seven**",
    "code": "`rm`",
    "a formula": "from $5 to $10",
    "a colour": ":red[alarm]",
    "a badge": ":red-badge[alarm]",
    "a material icon": ":material/delete:",
    "a table": "a | b",
    "an entity": "&lt;b&gt;",
    "HTML": "<img src=x onerror=alert(1)>",
    "a backslash": r"a\*b",
}


@pytest.mark.parametrize("text", MARKED.values(), ids=MARKED)
def test_a_mark_of_markdown_is_a_character_like_any_other(text):
    escaped = plain(text)
    assert unescaped(escaped) == text
    assert set(bare(escaped)).isdisjoint(string.punctuation)


def test_a_line_break_cannot_start_a_block():
    assert plain("  one\n\n    two\t\r\n# three ") == r"one two \# three"


@given(st.text())
def test_whatever_the_text_no_mark_is_left_bare_and_nothing_is_lost(text):
    escaped = plain(text)
    assert set(bare(escaped)).isdisjoint(string.punctuation)
    assert unescaped(escaped) == " ".join(text.split())


def unescaped(markdown: str) -> str:
    """What CommonMark shows for escaped punctuation."""
    return re.sub(rf"\\([{re.escape(string.punctuation)}])", r"\1", markdown)


def bare(markdown: str) -> str:
    """What is left of Markdown without its escaped characters."""
    return re.sub(rf"\\[{re.escape(string.punctuation)}]", "", markdown)
