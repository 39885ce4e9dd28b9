"""Named tuples and dataclasses, told by their fields."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import pytest

from pytest_pyramid.core.records import fields_of, is_record


class Point(NamedTuple):
    """A named tuple of which one field may be left out."""

    x: int
    y: int = 0


@dataclass(frozen=True, kw_only=True)
class Shape:
    """A dataclass with every kind of field."""

    name: str
    points: tuple[Point, ...] = ()
    words: dict[str, str] = field(default_factory=dict)
    size: int = field(init=False, default=0)


@pytest.mark.parametrize("value", [Point, Point(1), Shape, Shape(name="a")])
def test_named_tuples_and_dataclasses_are_records(value: object) -> None:
    """The class as well as its values, since types are asked about and what they made."""
    assert is_record(value)


@pytest.mark.parametrize("value", [(1, 2), tuple, "text", None, int, {"x": 1}])
def test_nothing_else_is_a_record(value: object) -> None:
    """A plain tuple in particular, which is a list of values."""
    assert not is_record(value)


def test_the_fields_say_which_may_be_left_out() -> None:
    """In both kinds alike; what nobody may give is no field."""
    assert fields_of(Point) == {"x": False, "y": True}
    assert fields_of(Shape) == {"name": False, "points": True, "words": True}
    assert list(fields_of(Point(1))) == ["x", "y"]


def test_what_is_no_record_has_no_fields() -> None:
    """A mistake in a type is told."""
    with pytest.raises(TypeError):
        fields_of(int)
