"""Reports become outcomes: the shell's only growing state besides the schedule."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from typing import Any

import pytest

from pytest_pyramid.core.attempts import QUIET, Phase, settle
from pytest_pyramid.core.facts import Outcome, TestFacts
from pytest_pyramid.session import stopwatch, unrun


class _Record:
    """What was reported of one running test: its phases, and the seconds of the attempt that runs."""

    __slots__ = ("phases", "seconds")

    def __init__(self) -> None:
        self.phases: list[Phase] = []
        self.seconds = {"setup": 0.0, "call": 0.0, "teardown": 0.0}


class Ledger:
    """Collects the reports of running tests and holds the outcomes of those that ended, by index."""

    def __init__(self) -> None:
        self.outcomes: dict[int, Outcome] = {}
        self._records: dict[Hashable, _Record] = {}

    def note(self, key: Hashable, report: pytest.TestReport) -> None:
        """Take down one report of the test that is running under `key`."""
        record = self._records.get(key)
        if record is None:
            record = self._records[key] = _Record()
        record.phases.append(_phase_of(report))
        if report.when == "setup":
            record.seconds = dict.fromkeys(record.seconds, 0.0)  # a new attempt
        record.seconds[str(report.when)] = getattr(report, stopwatch.REPORT_KEY, report.duration)

    def settle(self, key: Hashable, index: int, facts: TestFacts, *, worker: str, now: float) -> Outcome | None:
        """The outcome of the test that ended under `key`, None when nothing final was reported.

        `now` is the controller's clock in seconds; the start is reckoned back from it, so that clocks of other
        machines do not matter. A test that had ended before, whose fixtures failed later, keeps its times.
        """
        record = self._records.pop(key, None)
        found = settle(record.phases) if record else None
        if record is None or found is None:
            return None
        result, message = found
        known = self.outcomes.get(index)
        if known is not None:
            if not known.result.pulls_the_cord:
                known = self.outcomes[index] = replace(known, result=result, message=message)
            return known
        seconds, ran = record.seconds, result.ran
        setup, call, teardown = seconds["setup"], seconds["call"], seconds["teardown"]
        outcome = Outcome(
            nodeid=facts.nodeid,
            tier=facts.tier,
            result=result,
            setup_seconds=setup,
            call_seconds=call,
            teardown_seconds=teardown,
            start=max(0.0, now - setup - call - teardown) if ran else None,
            worker=worker if ran else None,
            message=message,
        )
        self.outcomes[index] = outcome
        return outcome


def _phase_of(report: pytest.TestReport) -> Phase:
    xfail, when = hasattr(report, "wasxfail"), str(report.when)
    if report.outcome == "passed" and not xfail and when in QUIET:
        return QUIET[when]
    return Phase(
        when=when,
        outcome=report.outcome,
        xfail=xfail,
        subtest=hasattr(report, "context"),
        message=message_of(report),
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
