"""Seconds per phase, by a clock that tests cannot stop."""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import Any

import pytest

REPORT_KEY = "pyramid_seconds"
"""The attribute of a report that carries the seconds of its phase, where pytest's own clock was stopped or moved."""

_TOLERANCE_SECONDS = 0.001
_TOLERANCE_SHARE = 0.05


class Clock:
    """Seconds since it was made. It holds the function itself: freezegun replaces the names in modules."""

    __slots__ = ("_origin", "_read")

    def __init__(self) -> None:
        self._read = time.perf_counter
        self._origin = self._read()

    def __call__(self) -> float:
        """The seconds since the clock was made."""
        return self._read() - self._origin


class Stopwatch:
    """Times the phases of the test that runs, and corrects reports that disagree.

    pytest times phases too, but freezegun and its like stop that clock; pytest's own suite even fakes it.
    """

    def __init__(self) -> None:
        self._clock = Clock()
        self._seconds = 0.0

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self) -> Generator[None, Any, Any]:
        """Time the setup."""
        start = self._clock()
        try:
            return (yield)
        finally:
            self._seconds = self._clock() - start

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self) -> Generator[None, Any, Any]:
        """Time the call."""
        start = self._clock()
        try:
            return (yield)
        finally:
            self._seconds = self._clock() - start

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self) -> Generator[None, Any, Any]:
        """Time the teardown."""
        start = self._clock()
        try:
            return (yield)
        finally:
            self._seconds = self._clock() - start

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Put our seconds on a report that tells others, before xdist serialises it."""
        tolerance = _TOLERANCE_SECONDS + _TOLERANCE_SHARE * self._seconds
        if abs(report.duration - self._seconds) > tolerance:
            setattr(report, REPORT_KEY, self._seconds)
