"""Reports become outcomes: the shell's only growing state besides the schedule."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from pytest_pyramid.core.attempts import QUIET, Phase, settle
from pytest_pyramid.core.facts import Outcome, Touch
from pytest_pyramid.core.plain_entry import entry_of
from pytest_pyramid.core.plain_outcome import touch_of
from pytest_pyramid.session import unrun

TOUCHES_KEY = "pyramid_touches"
"""The attribute of a report that carries what its phase touched, as plain data."""


def with_late_touches(outcomes: tuple[Outcome, ...], late: Iterable[tuple[str, Touch]]) -> tuple[Outcome, ...]:
    """The outcomes with the touches, by node id, that came when their tests had ended; the same one counts once."""
    wanted: dict[str, dict[Touch, None]] = {}
    for nodeid, touch in late:
        wanted.setdefault(nodeid, {})[touch] = None
    return tuple(
        outcome._replace(touches=(*outcome.touches, *wanted[outcome.nodeid])) if outcome.nodeid in wanted else outcome
        for outcome in outcomes
    )


class Record:
    """What was reported of one running test: its phases, and the seconds of the attempt that runs."""

    __slots__ = ("call", "phases", "setup", "teardown", "touches")

    def __init__(self) -> None:
        self.phases: list[Phase] = []
        self.setup = self.call = self.teardown = 0.0
        self.touches: tuple[Touch, ...] = ()

    def clear(self) -> None:
        """Forget everything: another test begins."""
        self.phases.clear()
        self.setup = self.call = self.teardown = 0.0
        self.touches = ()

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
        self.ended: dict[int, Outcome] = {}

    def settle(self, record: Record, index: int, *, nodeid: str, tier: str, worker: str, now: float) -> Outcome | None:
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
            setup, call, teardown = record.setup, record.call, record.teardown
            start: float | None = None
            at: str | None = None
            if result.ran:
                start, at = max(0.0, now - setup - call - teardown), worker
            outcome = Outcome(nodeid, tier, result, setup, call, teardown, start, at, message, record.touches)
        else:
            outcome = known if known.result.pulls_the_cord else known._replace(result=result, message=message)
        self.ended[index] = outcome
        return outcome


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
