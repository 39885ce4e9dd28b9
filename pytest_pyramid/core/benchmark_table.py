"""What pytest-benchmark measured as a table for people: what got slower first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pytest_pyramid.core.benchmarks import Measured
from pytest_pyramid.core.drawing import percent
from pytest_pyramid.core.figures import short_time
from pytest_pyramid.core.styled_text import cells, cut_middle, safe

HEAD = ("now", "usual", "change", "spread")
"""Of the median of a benchmark's rounds; the spread is the distance between their quartiles."""
MOST_LINES = 5
SAME = 0.005


class Row(NamedTuple):
    """One benchmark."""

    nodeid: str
    cells: tuple[str, ...]
    """In the order of HEAD."""


def rows(measured: Sequence[Measured]) -> list[Row]:
    """A row for each benchmark: by how much slower than usual it was, then those without a past, the slowest first."""
    return [Row(one.nodeid, _cells(one)) for one in sorted(measured, key=_order)]


def lines(measured: Sequence[Measured], *, width: int, unicode: bool, mark: str) -> Iterator[str]:
    """At most five lines of so many cells: the headings, the first benchmarks, and how many more there are."""
    found = rows(measured)
    shown = found if len(found) < MOST_LINES else found[: MOST_LINES - 2]
    table = [HEAD, *([_plain(cell, unicode=unicode) for cell in row.cells] for row in shown)]
    widths = [max(cells(row[column]) for row in table) for column in range(len(HEAD))]
    room = max(10, width - sum(widths) - 2 * len(HEAD))
    names = ["benchmark", *(cut_middle(safe(row.nodeid, unicode=unicode), room, mark) for row in shown)]
    for row, name in zip(table, names, strict=True):
        yield "  ".join([*(cell.rjust(size) for cell, size in zip(row, widths, strict=True)), name])
    if len(found) > len(shown):
        yield f"and {len(found) - len(shown):,} more benchmarks"


def _order(one: Measured) -> tuple[bool, float, str]:
    if one.past is None:
        return True, -one.now.median, one.nodeid
    return False, -_ratio(one), one.nodeid


def _ratio(one: Measured) -> float:
    """How many times what it usually takes; 1 where that is nothing."""
    return one.now.median / one.past.median if one.past is not None and one.past.median > 0 else 1.0


def _cells(one: Measured) -> tuple[str, ...]:
    now, spread = short_time(one.now.median), short_time(one.now.iqr)
    if one.past is None:
        return now, "-", "new", spread
    part = _ratio(one) - 1
    change = "same" if abs(part) < SAME else f"{'+' if part > 0 else '-'}{percent(abs(part))}"
    return now, short_time(one.past.median), change, spread


def _plain(cell: str, *, unicode: bool) -> str:
    return cell if unicode else cell.replace("µ", "u")
