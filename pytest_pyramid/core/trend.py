"""Earlier runs in a few figures each: what a report compares this run with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class TrendRow(NamedTuple):
    """One tier of an earlier run."""

    name: str
    tests: int
    seconds: float
    """Of all its tests together."""
    flaky: float | None = None
    """The share (0–1) of its tests that passed and failed on the same commit; None when nobody can tell."""


class TrendRun(NamedTuple):
    """One earlier run of the whole suite."""

    started: str
    """ISO 8601, UTC."""
    seconds: float
    exit_status: int
    shape: str
    first_failure_seconds: float | None = None
    commit: str | None = None
    branch: str | None = None
    main: bool = False
    """True for a run on the main branch."""
    tiers: tuple[TrendRow, ...] = ()
    """Base first; the row of unclassified tests is one of them."""

    @property
    def tests(self) -> int:
        """How many tests the run had."""
        return sum(row.tests for row in self.tiers)

    def row(self, name: str) -> TrendRow | None:
        """The row called `name`, or None."""
        return next((row for row in self.tiers if row.name == name), None)


def last_green(runs: Sequence[TrendRun]) -> TrendRun | None:
    """The latest run that ended well, or None."""
    return next((run for run in reversed(runs) if run.exit_status == 0), None)


def last_on_main(runs: Sequence[TrendRun]) -> TrendRun | None:
    """The latest run on the main branch, or None."""
    return next((run for run in reversed(runs) if run.main), None)
