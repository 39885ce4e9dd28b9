"""Seconds per phase, by a clock that tests cannot stop."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence

import pytest

REPORT_KEY = "pyramid_seconds"
"""The attribute of a report that carries the seconds of its phase, where pytest's own clock was stopped or moved."""


Lap = tuple[pytest.TestReport, float, Callable[[], float]]
"""A report, the instant it came, and the function that stood for the clock then."""

Start = tuple[float, Callable[[], float]]
"""The instant that a test began at, and the function that stood for the clock then."""


class Clock:
    """Seconds since it was made. It holds the function itself: freezegun replaces the names in modules."""

    __slots__ = ("_origin", "_read")

    def __init__(self) -> None:
        self._read = time.perf_counter
        self._origin = self._read()

    def __call__(self) -> float:
        """The seconds since the clock was made."""
        return self._read() - self._origin

    @property
    def origin(self) -> float:
        """The instant it was made at, as laps tell theirs."""
        return self._origin


class Stopwatch:
    """Tells where pytest's seconds of a phase are wrong, because a test froze, moved or faked the clock.

    pytest's own measure is the exact one and is taken wherever it can be: it leaves out what other plugins do between
    the phases. Ours, from report to report, stands in where the clock is a fake now, was one at the last report, or
    where pytest's seconds cannot be.
    """

    def __init__(self) -> None:
        self._real = time.perf_counter
        self._last = self._real()
        self._faked = False

    def begin(self) -> None:
        """A test begins."""
        self._last = self._real()
        self._faked = time.perf_counter is not self._real

    def lap(self, report: pytest.TestReport) -> Lap:
        """What there is to know of this moment about the phase that was just reported."""
        return report, self._real(), time.perf_counter

    def take_up(self, start: Start) -> None:
        """Go on from a start that was noted before."""
        self._last, clock = start
        self._faked = clock is not self._real

    def seconds_of(self, start: Start, laps: Sequence[Lap]) -> tuple[float, float, float] | None:
        """The seconds of setup, call and teardown, as pytest has them, when these three were reported; else None.

        None also where `corrections` would have something to say.
        """
        if len(laps) != 3:
            return None
        (begun, at_first), ((setup, one, at_one), (call, two, at_two), (teardown, three, at_three)) = start, laps
        if not self._real is at_first is at_one is at_two is at_three:
            return None
        if setup.when != "setup" or call.when != "call" or teardown.when != "teardown":
            return None
        first, second, third = setup.duration, call.duration, teardown.duration
        if not (0 <= first <= one - begun and 0 <= second <= two - one and 0 <= third <= three - two):
            return None
        return first, second, third

    def corrections(self, laps: Iterable[Lap]) -> list[tuple[pytest.TestReport, float | None]]:
        """Every report with the seconds of its phase, None when the report's own are right."""
        real, last, faked = self._real, self._last, self._faked
        corrected: list[tuple[pytest.TestReport, float | None]] = []
        for report, now, clock in laps:
            before, faked = faked, clock is not real
            elapsed, last = now - last, now
            wrong = before or faked or not 0 <= report.duration <= elapsed
            corrected.append((report, elapsed if wrong else None))
        self._last, self._faked = last, faked
        return corrected


class CarriedStopwatch(Stopwatch):
    """Puts corrections on reports, so that they reach another process."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Put the right seconds on a report that tells others, before xdist serialises it."""
        ((_, seconds),) = self.corrections([self.lap(report)])
        if seconds is not None:
            setattr(report, REPORT_KEY, seconds)
