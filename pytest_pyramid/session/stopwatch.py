"""Seconds per phase, by a clock that tests cannot stop."""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import Any

import pytest

REPORT_KEY = "pyramid_seconds"
"""The attribute of a teardown report that carries [setup, call, teardown] in seconds across processes."""


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
    """Times the phases of the test that runs and puts them on its teardown report."""

    def __init__(self) -> None:
        self._clock = Clock()
        self._setup = self._call = self._teardown = 0.0

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self) -> Generator[None, Any, Any]:
        """Time the setup; a new attempt starts at zero."""
        self._call = self._teardown = 0.0
        start = self._clock()
        try:
            return (yield)
        finally:
            self._setup = self._clock() - start

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self) -> Generator[None, Any, Any]:
        """Time the call."""
        start = self._clock()
        try:
            return (yield)
        finally:
            self._call = self._clock() - start

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self) -> Generator[None, Any, Any]:
        """Time the teardown."""
        start = self._clock()
        try:
            return (yield)
        finally:
            self._teardown = self._clock() - start

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Put the seconds on the last report of the attempt, before xdist serialises it."""
        if report.when == "teardown" and not hasattr(report, REPORT_KEY):
            setattr(report, REPORT_KEY, [self._setup, self._call, self._teardown])
