"""Text from data in Streamlit's Markdown shows what was written and does nothing."""

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.views.text import marked, plain

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
    assert shown(escaped) == text
    assert set(bare(escaped)).isdisjoint(string.punctuation)


ADDRESSES = {
    "an address": "https://example.org/a_b?x=1",
    "in capitals": "HTTP://EXAMPLE.org",
    "in a sentence": "Market (https://example.org/), east",
    "without its protocol": "www.example.org",
    "of a person": "write to a.b@example.org",
    "with backticks": "x`https://example.org``y",
    "beside a dollar": "$5 https://example.org $6",
}


@pytest.mark.parametrize("text", ADDRESSES.values(), ids=ADDRESSES)
def test_an_address_is_shown_as_code_since_markdown_makes_links_of_bare_ones(text):
    escaped = plain(text)
    assert not LINKED.search(shown(without_code(escaped)))
    assert shown(escaped) == text


def test_a_name_with_an_at_sign_is_no_address():
    assert plain("Twitter @Menastream") == r"Twitter \@Menastream"


def test_a_line_break_cannot_start_a_block():
    assert plain("  one\n\n    two\t\r\n# three ") == r"one two \# three"


ANY_TEXT = st.lists(
    st.text(max_size=8) | st.sampled_from(["https://", "www.", "example.org", "a@b.org", "`", "``", " "])
).map("".join)


@given(ANY_TEXT)
def test_whatever_the_text_no_mark_and_no_address_is_left_bare_and_nothing_is_lost(text):
    escaped = plain(text)
    assert set(bare(escaped)).isdisjoint(string.punctuation)
    assert not LINKED.search(shown(without_code(escaped)))
    assert shown(escaped) == " ".join(text.split())


# As mdast-util-gfm-autolink-literal has it, which Streamlit's page uses.
LINKED = re.compile(r"(https?://|www(?=\.))[-.\w]+|[-.\w+]+@[-\w]+(\.[-\w]+)+", re.IGNORECASE | re.ASCII)

CODE = re.compile(r"(?<![\\`])(`+)(?!`)(.*?)(?<!`)\1(?!`)")


def shown(markdown: str) -> str:
    """What CommonMark shows for code and for escaped punctuation."""
    parts, end = [], 0
    for code in CODE.finditer(markdown):
        parts += [unescaped(markdown[end : code.start()]), re.sub(r"^ (.*[^ ].*) $", r"\1", code[2])]
        end = code.end()
    return "".join([*parts, unescaped(markdown[end:])])


def without_code(markdown: str) -> str:
    """What is left of Markdown without its code."""
    return CODE.sub(" ", markdown)


def unescaped(markdown: str) -> str:
    return re.sub(rf"\\([{re.escape(string.punctuation)}])", r"\1", markdown)


def bare(markdown: str) -> str:
    """What is left of Markdown without its code and its escaped characters."""
    return re.sub(rf"\\[{re.escape(string.punctuation)}]", "", without_code(markdown))


@pytest.mark.parametrize(
    ("text", "marks", "shown"),
    [
        ("a b", [], "a b"),
        ("In Bamiyan.", [(3, 10, "red")], r"In :red-background[**Bamiyan**]\."),
        ("Green\nZone", [(0, 10, "red")], ":red-background[**Green**]  \n:red-background[**Zone**]"),
        ("one\ntwo\n\nthree", [], "one  \ntwo  \n  \nthree"),
        ("a]b", [(0, 3, "blue")], r":blue-background[**a\]b**]"),
    ],
)
def test_a_marked_text_keeps_its_lines_and_shows_its_marks(text, marks, shown):
    assert marked(text, marks) == shown
