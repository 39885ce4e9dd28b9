"""Earlier runs in a few figures each: what a report compares this run with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pytest_pyramid.core.past_runs import PastRun

MOST = 30
"""So many runs are a trend."""


class TrendRow(NamedTuple):
    """One tier of an earlier run."""

    name: str
    tests: int
    seconds: float
    """Of all its tests together."""
    flaky: float | None = None
    """The share (0–1) of its tests that passed and failed on the same commit; None when nobody can tell."""
    coverage: float | None = None
    """The share (0–1) of lines that it covered with all below it; None when it was not measured."""


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
    red_seconds: float | None = None
    """For how long its branch was red after it, until the next run there began; 0 when it ended well."""

    @property
    def tests(self) -> int:
        """How many tests the run had."""
        return sum(row.tests for row in self.tiers)

    def row(self, name: str) -> TrendRow | None:
        """The row called `name`, or None."""
        return next((row for row in self.tiers if row.name == name), None)


def trend_of_runs(
    runs: Sequence[PastRun], *, main: str | None, started: Mapping[str, str], now: int
) -> tuple[TrendRun, ...]:
    """The last 30 whole runs, and before them the last one on the main branch when it is older; the oldest first.

    `runs` are the newest first, `started` their beginnings as text, `main` the name of the main branch, `now` seconds
    since 1970-01-01 UTC. Runs that were stopped by a gate are whole; those of a part of the suite are not.
    """
    whole = [run for run in runs if _counts(run)]
    kept = whole[:MOST]
    base = last_main_run(whole, main)
    if base is not None and base not in kept:
        kept = [*kept[:-1], base]
    follower: dict[str | None, int] = {}
    red: dict[str, float] = {}
    for run in whole:
        red[run.key] = max(0.0, float(follower.get(run.branch, now) - run.started)) if run.exit_status else 0.0
        follower[run.branch] = run.started
    return tuple(_trend_run(run, main, started[run.key], red[run.key]) for run in reversed(kept))


def last_main_run(runs: Sequence[PastRun], main: str | None) -> PastRun | None:
    """The latest whole run on the main branch, None when there is none or nobody knows its name. Newest first."""
    return next((run for run in runs if main is not None and run.branch == main and _counts(run)), None)


def _counts(run: PastRun) -> bool:
    return run.partial is None and bool(run.tiers)


def _trend_run(run: PastRun, main: str | None, started: str, red: float) -> TrendRun:
    return TrendRun(
        started=started,
        seconds=run.seconds,
        exit_status=run.exit_status,
        shape=run.shape,
        first_failure_seconds=run.first_failure,
        commit=run.commit,
        branch=run.branch,
        main=main is not None and run.branch == main,
        tiers=tuple(TrendRow(*row) for row in run.tiers),
        red_seconds=red,
    )


def last_green(runs: Sequence[TrendRun]) -> TrendRun | None:
    """The latest run that ended well, or None."""
    return next((run for run in reversed(runs) if run.exit_status == 0), None)


def last_on_main(runs: Sequence[TrendRun]) -> TrendRun | None:
    """The latest run on the main branch, or None."""
    return next((run for run in reversed(runs) if run.main), None)
