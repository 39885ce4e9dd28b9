"""Sets of lines as numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_pyramid.core.line_sets import bits_of, lines_of, stretches

lines = st.sets(st.integers(min_value=0, max_value=300))


@given(found=lines)
def test_a_set_comes_back_in_order(found: set[int]) -> None:
    """What goes in comes out, sorted, and counts right."""
    assert list(lines_of(bits_of(found))) == sorted(found)
    assert bits_of(found).bit_count() == len(found)


@given(one=lines, other=lines)
def test_union_and_difference_are_those_of_sets(one: set[int], other: set[int]) -> None:
    """One bit operation does what sets do line by line."""
    assert bits_of(one) | bits_of(other) == bits_of(one | other)
    assert bits_of(one) & ~bits_of(other) == bits_of(one - other)


@pytest.mark.parametrize(
    ("bits", "among", "expected"),
    [
        ((), (1, 2), []),
        ((2, 3), (1, 2, 3, 4), [(2, 3)]),
        ((2, 5), (2, 5), [(2, 5)]),
        ((2, 5), (2, 4, 5), [(2, 2), (5, 5)]),
        ((1, 2, 9), (1, 2, 3, 9), [(1, 2), (9, 9)]),
    ],
)
def test_stretches_end_at_statements_that_are_not_in_the_set(
    bits: tuple[int, ...], among: tuple[int, ...], expected: list[tuple[int, int]]
) -> None:
    """Comments and blank lines between two statements do not part them, another statement does."""
    assert list(stretches(bits_of(bits), bits_of(among))) == expected
