"""Reports become outcomes: the shell's only growing state besides the schedule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NamedTuple

import pytest

from pytest_pyramid.core.attempts import QUIET, Phase, settle
from pytest_pyramid.core.facts import Outcome, Result, TestFacts, Touch
from pytest_pyramid.core.plain_entry import entry_of
from pytest_pyramid.core.plain_outcome import touch_of
from pytest_pyramid.session import unrun

TOUCHES_KEY = "pyramid_touches"
"""The attribute of a report that carries what its phase touched, as plain data."""


class Ended(NamedTuple):
    """What became of one test, in little: its outcome is made when the run is over."""

    result: Result
    setup: float
    call: float
    teardown: float
    start: float | None
    worker: str | None
    message: str | None
    touches: tuple[Touch, ...] = ()


def outcome_of(test: TestFacts, ended: Ended) -> Outcome:
    """The outcome of the test."""
    return Outcome(
        nodeid=test.nodeid,
        tier=test.tier,
        result=ended.result,
        setup_seconds=ended.setup,
        call_seconds=ended.call,
        teardown_seconds=ended.teardown,
        start=ended.start,
        worker=ended.worker,
        message=ended.message,
        touches=ended.touches,
    )


def with_late_touches(outcomes: tuple[Outcome, ...], late: Iterable[tuple[str, Touch]]) -> tuple[Outcome, ...]:
    """The outcomes with the touches, by node id, that came when their tests had ended; the same one counts once."""
    wanted: dict[str, dict[Touch, None]] = {}
    for nodeid, touch in late:
        wanted.setdefault(nodeid, {})[touch] = None
    return tuple(
        replace(outcome, touches=(*outcome.touches, *wanted[outcome.nodeid])) if outcome.nodeid in wanted else outcome
        for outcome in outcomes
    )


class Record:
    """What was reported of one running test: its phases, and the seconds of the attempt that runs."""

    __slots__ = ("call", "phases", "setup", "teardown", "touches")

    def __init__(self) -> None:
        self.phases: list[Phase] = []
        self.setup = self.call = self.teardown = 0.0
        self.touches: tuple[Touch, ...] = ()

    def note(self, report: pytest.TestReport, seconds: float | None = None) -> None:
        """Take down one report; `seconds` where the report's own are wrong."""
        when = report.when
        if report.outcome == "passed" and when in QUIET and "wasxfail" not in report.__dict__:
            self.phases.append(QUIET[when])
        else:
            self.phases.append(_phase_of(report))
        took = report.duration if seconds is None else seconds
        if when == "call":
            self.call = took
        elif when == "teardown":
            self.teardown = took
        elif when == "setup":
            self.setup, self.call, self.teardown, self.touches = took, 0.0, 0.0, ()  # a new attempt
        touched = report.__dict__.get(TOUCHES_KEY)
        if touched:
            self.touches += tuple(touch_of(entry_of(touch, "touch")) for touch in touched)


class Ledger:
    """Holds what became of the tests that ended, by index."""

    def __init__(self) -> None:
        self.ended: dict[int, Ended] = {}

    def settle(self, record: Record, index: int, *, worker: str, now: float) -> Ended | None:
        """What became of the test that ended with this record, None when nothing final was reported.

        `now` is the controller's clock in seconds; the start is reckoned back from it, so that clocks of other
        machines do not matter. A test that had ended before, whose fixtures failed later, keeps its times.
        """
        found = settle(record.phases)
        if found is None:
            return None
        result, message = found
        known = self.ended.get(index)
        if known is None:
            start = now - record.setup - record.call - record.teardown
            ran = result.ran
            ended = Ended(
                result,
                record.setup,
                record.call,
                record.teardown,
                (start if start > 0 else 0.0) if ran else None,
                worker if ran else None,
                message,
                record.touches,
            )
        else:
            ended = known if known.result.pulls_the_cord else known._replace(result=result, message=message)
        self.ended[index] = ended
        return ended


def _phase_of(report: pytest.TestReport) -> Phase:
    return Phase(
        when=str(report.when),
        outcome=report.outcome,
        xfail=hasattr(report, "wasxfail"),
        subtest=hasattr(report, "context"),
        message=None if report.outcome == "passed" and not hasattr(report, "wasxfail") else message_of(report),
        own=getattr(report, unrun.REPORT_KEY, None),
    )


def message_of(report: pytest.TestReport | pytest.CollectReport) -> str | None:
    """The first line that says what went wrong or why a test was skipped, None when there is none."""
    longrepr: Any = report.longrepr
    reason = getattr(report, "wasxfail", None)
    if reason is not None and report.outcome != "failed":
        return str(reason) or None
    if isinstance(longrepr, tuple):
        return str(longrepr[2])
    crash = getattr(longrepr, "reprcrash", None)
    text = str(crash.message if crash is not None else longrepr or "")
    lines = [line for line in text.splitlines() if line.strip()]
    if crash is None and lines:
        errors = [line for line in lines if line.startswith("E ")]
        return (errors or lines)[-1].removeprefix("E ").strip()
    return lines[0].strip() if lines else None
