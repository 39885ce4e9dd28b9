"""Tests that only passed, as nearly all do, told from the others: together they are booked in a third of the time."""

from __future__ import annotations

from collections.abc import Container, Iterable

from pytest_pyramid.session.ledger import Passed
from pytest_pyramid.session.record import has_only_passed
from pytest_pyramid.session.stopwatch import Lap, Start, Stopwatch

Ended = tuple[int, Start, list[Lap]]
"""A test that ended: its index, when it began, and its reports."""


def sorted_out(
    ended: Iterable[Ended], stopwatch: Stopwatch, origin: float, known: Container[int]
) -> tuple[list[Passed], list[Ended]]:
    """Those that only passed, with seconds since `origin`, and those of which there is more to say.

    `known` are the tests that had ended before: theirs were fixtures that were torn down late.
    """
    seconds_of = stopwatch.seconds_of
    passed: list[Passed] = []
    others: list[Ended] = []
    for one in ended:
        index, start, laps = one
        seconds = seconds_of(start, laps)
        if seconds is None or index in known or not has_only_passed(laps[0][0], laps[1][0], laps[2][0]):
            others.append(one)
        else:
            passed.append((index, start[0] - origin, seconds))
    return passed, others
