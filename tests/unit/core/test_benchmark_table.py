"""The table of what pytest-benchmark measured."""

from __future__ import annotations

import pytest

from pytest_pyramid.core.benchmark_table import lines, rows
from pytest_pyramid.core.benchmarks import Benchmark, Measured, PastBenchmark
from pytest_pyramid.core.styled_text import cells


def measured(name: str, now: float, past: float | None = None) -> Measured:
    """A benchmark that took so many seconds, and usually takes so many."""
    known = None if past is None else PastBenchmark(past, 1e-6, 1e-6, 5)
    return Measured(f"tests/performance/test_a.py::{name}", Benchmark(now, 2e-6, 2e-6, 100), known)


MANY = [
    measured("new", 0.5),
    measured("same", 0.001, 0.001),
    measured("slower", 0.0015, 0.001),
    measured("quicker", 0.0004, 0.001),
    measured("newer", 0.9),
    measured("slowest", 5e-6, 1e-6),
]


def test_what_got_slower_stands_first() -> None:
    """By the share; then what has no past, the slowest first."""
    found = [row.nodeid.partition("::")[2] for row in rows(MANY)]
    assert found == ["slowest", "slower", "same", "quicker", "newer", "new"]


@pytest.mark.parametrize(
    ("one", "shown"),
    [
        (measured("x", 0.0015, 0.001), ("1.50 ms", "1.00 ms", "+50 %", "2.00 µs")),
        (measured("x", 0.001, 0.001002), ("1.00 ms", "1.00 ms", "same", "2.00 µs")),
        (measured("x", 0.0005, 0.001), ("500 µs", "1.00 ms", "-50 %", "2.00 µs")),
        (measured("x", 0.001), ("1.00 ms", "-", "new", "2.00 µs")),
        (measured("x", 0.001, 0.0), ("1.00 ms", "0 ns", "same", "2.00 µs")),
    ],
)
def test_a_row_tells_what_changed(one: Measured, shown: tuple[str, ...]) -> None:
    """Medians, the share by which they differ, and the spread of the rounds; a clock that stood still divides nothing."""
    assert rows([one])[0].cells == shown


@pytest.mark.parametrize("unicode", [True, False])
@pytest.mark.parametrize("width", [50, 80, 200])
def test_the_terminal_gets_five_lines_at_most(width: int, unicode: bool) -> None:
    """Each as wide as the terminal at most, and plain where that is all it takes."""
    found = list(lines(MANY, width=width, unicode=unicode, mark="..."))
    assert len(found) == 5
    assert found[-1] == "and 3 more benchmarks"
    assert all(cells(one) <= width for one in found)
    assert unicode or all(one.isascii() for one in found)


@pytest.mark.parametrize(("count", "expected"), [(1, 2), (4, 5)])
def test_few_are_shown_whole(count: int, expected: int) -> None:
    """Nothing is more."""
    found = list(lines(MANY[:count], width=120, unicode=True, mark="…"))
    assert len(found) == expected
    assert "more" not in found[-1]
