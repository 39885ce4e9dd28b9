"""Styled text: safe to print, measured in cells, cut and wrapped to a width."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_pyramid.core.styled_text import (
    Line,
    cells,
    cut_end,
    cut_middle,
    escaped,
    line,
    safe,
    within,
    wrapped,
)

anything = st.text(st.characters(), max_size=40)  # every code point, lone surrogates too


def test_a_line_knows_its_text_and_leaves_empty_parts_out() -> None:
    """Parts become segments, an empty one none."""
    made = line("a", ("", "red"), ("b", "red"))
    assert made.text == "ab"
    assert [segment.style for segment in made.segments] == ["", "red"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("a\nb\tc\r\nd", "a b c d"),
        ("half \ud800", "half \\ud800"),
        ("right \u202e left", "right \\u202e left"),
        ("bell\x07", "bell\\x07"),
        ("größe", "größe"),
    ],
)
def test_what_could_disturb_a_terminal_is_escaped(text: str, shown: str) -> None:
    """Escape sequences, half characters and direction marks are shown as what they are."""
    assert safe(text, unicode=True) == shown


@given(text=anything, unicode=st.booleans())
def test_safe_text_is_printable_and_stays_so(text: str, unicode: bool) -> None:
    """Whatever comes in, what goes out can be printed and encoded, and is not escaped twice."""
    shown = safe(text, unicode=unicode)
    assert shown.isprintable()
    assert unicode or shown.isascii()
    shown.encode("utf-8")
    assert safe(shown, unicode=unicode) == shown


def test_no_wide_character_is_counted_as_one_cell() -> None:
    """Every character that Unicode calls wide counts as two cells, and the tick of the picture as one."""
    points = (chr(point) for point in range(sys.maxunicode + 1) if not 0xD800 <= point <= 0xDFFF)
    wide = [one for one in points if unicodedata.east_asian_width(one) in "WF" and one.isprintable()]
    assert [hex(ord(one)) for one in wide if cells(one) != 2] == []
    assert cells("✓█▐▌…·") == 6
    assert cells("层a") == 3


@given(text=anything, room=st.integers(0, 30), mark=st.sampled_from(["…", "..."]))
def test_a_cut_text_fits(text: str, room: int, mark: str) -> None:
    """Cut at the end or in the middle, a text takes the room at most, and is whole when it fits."""
    for cut in (cut_end(text, room, mark), cut_middle(text, room, mark)):
        assert cells(cut) <= room
        assert cut == text or cells(text) > room


def test_the_end_of_a_node_id_is_kept_longer() -> None:
    """The test's name tells more than the folder."""
    assert cut_middle("tests/unit/orders/test_cart.py::test_total", 21, "…") == "tests/…py::test_total"


def test_wrapping_keeps_styles_and_indents() -> None:
    """A long line goes on below, indented, each word in its style."""
    made = wrapped(line(("one two", "red"), " three four"), 9, indent=2, mark="…")
    assert [one.text for one in made] == ["one two", "  three", "  four"]
    assert made[0].segments[0].style == "red"
    assert [one.text for one in wrapped(line("one two"), 4, indent=0, mark="…")] == ["one", "two"]


def test_a_line_that_fits_is_not_touched() -> None:
    """Blanks inside and before a line are kept."""
    made = wrapped(line("  hint:  two blanks"), 40, indent=2, mark="…")
    assert [one.text for one in made] == ["  hint:  two blanks"]


def test_a_blank_between_segments_is_kept() -> None:
    """A segment of blanks only is a part of the line like any other."""
    assert [one.text for one in wrapped(line("a", " ", ("b ", "red"), "c"), 9, indent=2, mark="…")] == ["a b c"]


@given(texts=st.lists(anything, max_size=4), width=st.integers(10, 40), unicode=st.booleans())
def test_wrapped_lines_fit(texts: list[str], width: int, unicode: bool) -> None:
    """No line of a wrapped text is wider than asked for."""
    mark = "…" if unicode else "..."
    for one in wrapped(escaped(line(*texts), unicode=unicode), width, indent=2, mark=mark):
        assert one.cells <= width


def test_within_cuts_across_segments() -> None:
    """The last guard cuts where the width ends and keeps the styles before it."""
    made = within(line(("abc", "red"), ("def", "dim")), 4)
    assert made == line(("abc", "red"), ("d", "dim"))
    assert within(Line(), 4) == Line()
