"""Text from tests made fit for files."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_pyramid.core.markup import code, markdown, one_line, shortened, visible, xml

ANY = st.text(st.characters(), max_size=60)
"""Every character, lone surrogates among them."""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain\ttext\n", "plain\ttext\n"),
        ("größe ✓", "größe ✓"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07x", "x"),
        ("\x1b", r"\x1b"),
        ("\x00", r"\x00"),
        ("a\r\nb\rc", "a\nb" + r"\rc"),
        ("user\u202egnp.exe", r"user\u202egnp.exe"),
        ("\ud800", r"\ud800"),
        ("\ufffe", r"\ufffe"),
    ],
)
def test_what_cannot_be_seen_is_escaped(text: str, shown: str) -> None:
    """Colours go, line feeds stay, everything hidden becomes an escape that a reader sees."""
    assert visible(text) == shown


@given(ANY)
def test_visible_text_can_be_encoded_and_stays_as_it_is(text: str) -> None:
    """It is valid UTF-8, and making it visible again changes nothing."""
    shown = visible(text)
    shown.encode("utf-8")
    assert visible(shown) == shown


@given(ANY)
def test_text_comes_back_from_xml(text: str) -> None:
    """A parser reads the visible text, from between tags and from an attribute."""
    found = ET.fromstring(f'<a b="{xml(text)}">{xml(text)}</a>')  # noqa: S314  # our own text
    assert (found.text or "") == visible(text)
    assert (found.get("b") or "") == visible(text).replace("\n", " ").replace("\t", " ")


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("a_b*c", r"a\_b\*c"),
        ("<script>", "&lt;script&gt;"),
        ("@ada", "@\u200bada"),
        ("[x](http://y)", r"\[x\](http://y)"),
        ("a\n# b", r"a \# b"),
        ("a|b", r"a\|b"),
    ],
)
def test_markdown_takes_nothing_for_markup(text: str, escaped: str) -> None:
    """Markup, tags, mentions, links, headings and cells of tables are text."""
    assert markdown(text) == escaped


@pytest.mark.parametrize(
    ("text", "span"),
    [("a", "`a`"), ("a`b", "``a`b``"), ("`a", "`` `a ``"), ("a|b", r"`a\|b`"), ("a\nb", "`a b`"), ("", "")],
)
def test_a_code_span_holds_its_backticks(text: str, span: str) -> None:
    """Its fence is longer than any run of backticks inside."""
    assert code(text) == span


def test_long_texts_say_how_much_is_missing() -> None:
    """The beginning stays, the number of characters left out is told, and short texts are left alone."""
    assert shortened("abc", 3) == "abc"
    assert shortened("x" * 5000, 10) == "xxxxxxxxxx … (4,990 more characters)"
    assert one_line(" a\n\tb ") == "a b"
