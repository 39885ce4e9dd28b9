"""What was reported of one running test, and how that reads when the test has ended."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_pyramid.core.attempts import Phase, settle
from pytest_pyramid.core.facts import Result, Touch
from pytest_pyramid.core.plain_entry import entry_of
from pytest_pyramid.core.plain_outcome import touch_of
from pytest_pyramid.session import unrun

TOUCHES_KEY = "pyramid_touches"
"""The attribute of a report that carries what its phase touched, as plain data."""

_PASSED = Result.PASSED  # naming a member takes 120 ns on Python 3.11

Noted = tuple[pytest.TestReport, "float | None"]


Reading = tuple[Result, "str | None", float, float, float, tuple[Touch, ...]]
"""How a test ended and what it said, the seconds of the attempt that counts by phase, and what it touched."""


class Record:
    """The reports of one test in the order they came; nothing is made of them before the test has ended."""

    __slots__ = ("_noted",)

    def __init__(self, noted: list[Noted] | None = None) -> None:
        self._noted: list[Noted] = [] if noted is None else noted

    def note(self, report: pytest.TestReport, seconds: float | None = None) -> None:
        """Take down one report; `seconds` where the report's own are wrong."""
        self._noted.append((report, seconds))

    def read(self) -> Reading | None:
        """How the test ended, None when nothing final was reported."""
        return _quiet(self._noted) or _read(self._noted)


def _quiet(noted: list[Noted]) -> Reading | None:
    """The short way for a test that passed, as nearly all do: half the time of the long one."""
    if len(noted) != 3:
        return None
    (setup, first), (call, second), (teardown, third) = noted
    if setup.when != "setup" or call.when != "call" or teardown.when != "teardown":
        return None
    if not has_only_passed(setup, call, teardown):
        return None
    return (
        _PASSED,
        None,
        setup.duration if first is None else first,
        call.duration if second is None else second,
        teardown.duration if third is None else third,
        (),
    )


def has_only_passed(setup: pytest.TestReport, call: pytest.TestReport, teardown: pytest.TestReport) -> bool:
    """True for the reports of a test that passed, was expected to, and touched nothing."""
    if not setup.outcome == call.outcome == teardown.outcome == "passed":
        return False
    first, second, third = setup.__dict__, call.__dict__, teardown.__dict__
    return not ("wasxfail" in second or TOUCHES_KEY in first or TOUCHES_KEY in second or TOUCHES_KEY in third)


def _read(noted: list[Noted]) -> Reading | None:
    found = settle([_phase_of(report) for report, _ in noted])
    if found is None:
        return None
    seconds = {"setup": 0.0, "call": 0.0, "teardown": 0.0}
    touches: list[Touch] = []
    for report, corrected in noted:
        if report.when == "setup":  # a new attempt
            seconds = dict.fromkeys(seconds, 0.0)
            touches = []
        if report.when in seconds:
            seconds[report.when] = report.duration if corrected is None else corrected
        touches += [touch_of(entry_of(touch, "touch")) for touch in report.__dict__.get(TOUCHES_KEY, ())]
    return (*found, seconds["setup"], seconds["call"], seconds["teardown"], tuple(touches))


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
