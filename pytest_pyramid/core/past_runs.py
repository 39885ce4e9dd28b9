"""A run as it is remembered, and which runs are to be forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

SECONDS_OF_A_DAY = 86400


class PastTier(NamedTuple):
    """One row of the pyramid of a run."""

    name: str
    tests: int
    seconds: float
    flaky: float | None = None
    """The share (0-1) of its tests that were known to be flaky; None where nobody can tell."""
    coverage: float | None = None
    """The share (0-1) of lines that it covered with all below it; None where it was not measured."""


class PastRun(NamedTuple):
    """What is kept of one run besides its results; None where it could not be told."""

    key: str
    """Tells it from every other run, on this machine or another."""
    started: int
    """Seconds since 1970-01-01 UTC."""
    seconds: float
    exit_status: int
    workers: int
    tests: int
    """How many results are kept of it."""
    taught: bool = True
    """False for a run in which most tests failed: it is listed, and estimates know nothing of it."""
    complete: bool = False
    """True when every test of the suite ran, so that a test without a result no longer exists."""
    shape: str = ""
    gate_mode: str = ""
    gates: tuple[tuple[str, str], ...] = ()
    """(tier, state) of every gate."""
    failed: int = 0
    """How many tests failed or had an error."""
    first_failure: float | None = None
    """Seconds from the start to the first failure."""
    partial: str | None = None
    """Why it was only a part of the suite."""
    commit: str | None = None
    branch: str | None = None
    code: int = 0
    """A fingerprint of commit and local changes, 0 where nobody could tell."""
    host: str | None = None
    python: str | None = None
    seal: str | None = None
    """The seal of its line in the ledger."""
    tiers: tuple[PastTier, ...] = ()
    """Base first; none for runs that were kept by an older version."""
    violations: tuple[str, ...] | None = None
    """Keys of its violations, see `core.deltas`; None where nobody can tell."""


class PastResult(NamedTuple):
    """One test's result in one run; times in seconds."""

    nodeid: str
    tier: str
    result: str
    setup: float
    call: float
    teardown: float
    start: float
    """Since the run started."""
    worker: str


class Limits(NamedTuple):
    """How much is remembered."""

    runs: int = 50
    """Results per known test, on average: a run of one test counts for little, one of the whole suite for much."""
    days: int = 90


def with_rows(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts of a run that came through JSON, with tuples again. Raises ValueError for rows that are none."""
    made = dict(facts)
    made["gates"] = tuple((str(tier), str(state)) for tier, state in facts.get("gates", ()))
    made["tiers"] = tuple(
        PastTier(str(name), int(tests), float(seconds), *(None if part is None else float(part) for part in shares))
        for name, tests, seconds, *shares in facts.get("tiers", ())
    )
    keys = facts.get("violations")
    made["violations"] = None if keys is None else tuple(map(str, keys))
    return made


def too_many(runs: Sequence[tuple[int, int, int]], known: int, now: int, limits: Limits) -> tuple[int, ...]:
    """The ids of the runs to forget. `runs` are (id, started, results), `known` is the number of known tests."""
    oldest = now - limits.days * SECONDS_OF_A_DAY
    room = limits.runs * known
    gone = []
    for number, (run, started, results) in enumerate(sorted(runs, key=lambda run: (-run[1], -run[0]))):
        room -= results
        if started < oldest or (room < 0 and number > 0):
            gone.append(run)
    return tuple(gone)


def last_green(runs: Iterable[PastRun], branch: str) -> PastRun | None:
    """The latest run of the branch that ended well and whose commit is known, or None. `runs` are the newest first."""
    return next((run for run in runs if run.exit_status == 0 and run.commit and (run.branch or "") == branch), None)


def in_time(runs: Iterable[PastRun]) -> list[PastRun]:
    """The runs by their start, the oldest first."""
    return sorted(runs, key=lambda run: (run.started, run.key))
