"""Flakiness: a test that both passed and failed on the same code, and how sure its failure rate is."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from pytest_pyramid.core.history import FileMemory

Z = 1.959963984540054
"""The standard normal's 97.5 % point: an interval of 95 % confidence."""


class Flake(NamedTuple):
    """A test that both passed and failed while the code stood still."""

    nodeid: str
    codes: int
    """On how many states of the code it did both."""
    failures: int
    """In how many of those runs it failed."""
    runs: int
    """How many runs there were on these states of the code."""
    low: float
    """The lower end of the 95 % interval of its failure rate, a share (0-1)."""
    high: float


def flakes(memory: FileMemory) -> Iterator[Flake]:
    """The flaky tests of one file. Runs whose code nobody could tell prove nothing."""
    codes = [column.code for column in memory.columns]
    if len(set(codes)) == len(codes) or not has_failures(memory):
        return
    rows = zip(*(column.seconds for column in memory.columns), strict=True)
    for nodeid, row in zip(memory.nodeids, rows, strict=True):
        found = _flake(nodeid, codes, row)
        if found is not None:
            yield found


def has_failures(memory: FileMemory) -> bool:
    """True when any remembered result is a failure; most files have none and need no closer look."""
    return any(
        not min(column.seconds) >= 0 and any(second < 0 for second in column.seconds)  # ABSENT may hide the least
        for column in memory.columns
    )


def _flake(nodeid: str, codes: list[int], row: tuple[float, ...]) -> Flake | None:
    by_code: dict[int, list[bool]] = {}
    for code, second in zip(codes, row, strict=True):
        if code and not math.isnan(second):
            by_code.setdefault(code, []).append(second < 0)
    both = [failed for failed in by_code.values() if any(failed) and not all(failed)]
    if not both:
        return None
    failures, runs = sum(map(sum, both)), sum(map(len, both))
    low, high = wilson(failures, runs)
    return Flake(nodeid, len(both), failures, runs, low, high)


def wilson(hits: int, tries: int) -> tuple[float, float]:
    """The 95 % interval (0-1) of a rate of which `hits` in `tries` were seen; (0, 1) when nothing was tried.

    Wilson's score interval (JASA 22, 1927), which stays honest for few tries and for rates near 0 and 1.
    """
    if tries <= 0:
        return 0.0, 1.0
    share, square = hits / tries, Z * Z
    middle = share + square / (2 * tries)
    reach = Z * math.sqrt(share * (1 - share) / tries + square / (4 * tries * tries))
    scale = 1 + square / tries
    return max(0.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale)
