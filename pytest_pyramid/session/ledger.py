"""Reports become outcomes: the shell's only growing state besides the schedule."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pytest

from pytest_pyramid.core.attempts import Phase, settle
from pytest_pyramid.core.facts import Outcome, TestFacts
from pytest_pyramid.session import stopwatch, unrun


class Ledger:
    """Collects the reports of running tests and holds the outcomes of those that ended, by index."""

    def __init__(self) -> None:
        self.outcomes: dict[int, Outcome] = {}
        self._phases: dict[Hashable, list[Phase]] = {}
        self._seconds: dict[Hashable, list[float]] = {}

    def note(self, key: Hashable, report: pytest.TestReport) -> None:
        """Take down one report of the test that is running under `key`."""
        self._phases.setdefault(key, []).append(_phase_of(report))
        seconds = getattr(report, stopwatch.REPORT_KEY, None)
        if seconds is not None:
            self._seconds[key] = seconds

    def settle(self, key: Hashable, index: int, facts: TestFacts, *, worker: str, now: float) -> Outcome | None:
        """The outcome of the test that ended under `key`, None when nothing final was reported.

        `now` is the controller's clock in seconds; the start is reckoned back from it, so that clocks of other
        machines do not matter.
        """
        found = settle(self._phases.pop(key, ()))
        setup, call, teardown = self._seconds.pop(key, (0.0, 0.0, 0.0))
        if found is None:
            return None
        result, message = found
        outcome = Outcome(
            nodeid=facts.nodeid,
            tier=facts.tier,
            result=result,
            setup_seconds=setup,
            call_seconds=call,
            teardown_seconds=teardown,
            start=max(0.0, now - setup - call - teardown) if result.ran else None,
            worker=worker if result.ran else None,
            message=message,
        )
        self.outcomes[index] = outcome
        return outcome


def _phase_of(report: pytest.TestReport) -> Phase:
    quiet = report.outcome == "passed" and not hasattr(report, "wasxfail")
    return Phase(
        when=report.when or "",
        outcome=report.outcome,
        xfail=hasattr(report, "wasxfail"),
        subtest=hasattr(report, "context"),
        message=None if quiet else message_of(report),
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
