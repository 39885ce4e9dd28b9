"""One object of plain data, read key by key."""

from __future__ import annotations

import pytest

from pytest_pyramid.core.facts import Location, Result
from pytest_pyramid.core.plain_entry import Entry, entry_of, plain_place, rounded


def entry(place: str = "run", **values: object) -> Entry:
    """An object of the report with these keys."""
    return Entry(values=values, place=place)


def test_true_is_neither_a_whole_number_nor_a_number() -> None:
    """Python counts it as 1, and a report that says so is wrong."""
    with pytest.raises(ValueError, match="run of the report should hold a whole number under n, not True"):
        entry(n=True).whole("n")
    with pytest.raises(ValueError, match="should hold a number under n, not False"):
        entry(n=False).number("n")


def test_a_number_is_a_float_and_one_is_no_flag() -> None:
    """Whole seconds are seconds too; a flag is true or false only."""
    assert isinstance(entry(n=3).number("n"), float)
    with pytest.raises(ValueError, match="true or false under n, not 1"):
        entry(n=1).flag("n")


def test_a_default_stands_for_an_absent_key_only() -> None:
    """Null is a value, and no text."""
    assert entry().text("layer", default="hook") == "hook"
    with pytest.raises(ValueError, match="a text under layer, not None"):
        entry(layer=None).text("layer", default="hook")


def test_an_unknown_word_is_told_with_the_known_ones() -> None:
    """Whoever wrote the report reads what it may hold."""
    with pytest.raises(ValueError, match=r"one of passed, failed, error, .* under outcome, not 'green'"):
        entry(outcome="green").member("outcome", Result)


def test_the_place_of_an_inner_object_is_told_from_the_top() -> None:
    """Dots lead into objects, brackets into lists, and the report itself has no name."""
    top = entry_of({"run": {"tiers": [{}, {}]}}, "")
    assert top.entry("run").entries("tiers")[1].place == "run.tiers[1]"
    with pytest.raises(ValueError, match=r"^The report has no key tests"):
        top.text("tests")


def test_what_is_no_object_is_refused_with_its_place() -> None:
    """A list where an object belongs is a wrong value, not a crash."""
    with pytest.raises(ValueError, match=r"^tests\[0\] of the report should be an object, not \[\]"):
        entry_of([], "tests[0]")
    with pytest.raises(ValueError, match=r"^The whole of the report"):
        entry_of(None, "")


def test_a_long_wrong_value_is_told_by_its_beginning() -> None:
    """Sixty characters are enough to find it."""
    with pytest.raises(ValueError, match=r"not 'x{59}[.]$"):
        entry(n="x" * 10_000).number("n")


def test_a_list_of_texts_holds_texts_only() -> None:
    """One stranger among them spoils it; an empty list is one."""
    assert entry(names=[]).texts("names") == ()
    with pytest.raises(ValueError, match="a list of texts under names"):
        entry(names=["a", 1]).texts("names")


def test_a_place_without_a_file_is_none() -> None:
    """Whatever the line says, and both keys are null for no place."""
    assert entry(file=None, line=4).location() is None
    assert entry(**plain_place(Location(file="a.py"))).location() == Location(file="a.py", line=None)
    assert plain_place(None) == {"file": None, "line": None}


def test_a_time_is_rounded_to_a_microsecond() -> None:
    """What is no finite number is null, since JSON has no word for it."""
    assert rounded(0.12345649) == 0.123456
    assert rounded(0.0000005001) == 0.000001
    assert [rounded(value) for value in (None, float("inf"), float("-inf"), float("nan"))] == [None] * 4
