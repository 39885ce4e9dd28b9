"""What the reports of one test add up to, whatever plugins repeated, subdivided or crashed on the way.

The cases were measured with pytest 9.2 and the plugins named: xfail reports `skipped` with `wasxfail`; strict xpass
reports `failed`; pytest-rerunfailures gives the failing phase the outcome `rerun` and starts a whole new attempt
after its teardown; subtests report failures of their own before or while the parent passes; a crashed worker leaves
one report with the phase "???".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pytest_pyramid.core.facts import Result

CRASH = "???"


class Phase(NamedTuple):
    """One report: its phase (setup, call, teardown or "???"), outcome, and what pytest said of it."""

    when: str
    outcome: str
    """passed, failed, skipped or rerun."""
    xfail: bool = False
    """True when the test was expected to fail."""
    subtest: bool = False
    message: str | None = None
    own: str | None = None
    """A result that this plugin put on the report itself: manual or withheld."""


def settle(phases: Sequence[Phase]) -> tuple[Result, str | None] | None:
    """The final result and its message, None when nothing final was reported: refused, interrupted, or to be run again."""
    last = _last_attempt(phases)
    if not last:
        return None
    return _failure(last) or _own(last) or _success(last)


def _own(last: Sequence[Phase]) -> tuple[Result, str | None] | None:
    return next(((Result(phase.own), phase.message) for phase in last if phase.own), None)


def _failure(last: Sequence[Phase]) -> tuple[Result, str | None] | None:
    failed = [phase for phase in last if phase.outcome == "failed"]
    if not failed:
        return None
    in_call = [phase for phase in failed if phase.when in ("call", CRASH)]
    return (Result.FAILED, in_call[0].message) if in_call else (Result.ERROR, failed[0].message)


def _success(last: Sequence[Phase]) -> tuple[Result, str | None] | None:
    for phase in last:
        if phase.subtest:
            continue  # what was expected of a part, or skipped, does not decide about the whole
        if phase.outcome == "skipped":
            return (Result.XFAILED if phase.xfail else Result.SKIPPED), phase.message
        if phase.xfail and phase.when == "call":
            return Result.XPASSED, phase.message
    if all(phase.when == "setup" for phase in last):
        return None  # the run was interrupted before the test had ended
    return Result.PASSED, None


def _last_attempt(phases: Sequence[Phase]) -> list[Phase]:
    attempt: list[Phase] = []
    for phase in phases:
        if phase.when == "setup" and any(p.outcome == "rerun" for p in attempt):
            attempt = []  # older pytest-rerunfailures (16.1) report no teardown of what they repeat
        attempt.append(phase)
        if phase.when in ("teardown", CRASH) and any(p.outcome == "rerun" for p in attempt):
            attempt = []
    return attempt
