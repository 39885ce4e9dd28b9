"""Tests that took longer than they may, told as soon as they end, where that is an error and pulls the cord."""

from __future__ import annotations

from collections.abc import Callable

from pytest_pyramid.core.facts import Outcome
from pytest_pyramid.core.pace import is_too_slow, limit_of
from pytest_pyramid.core.ruling import RuleBook
from pytest_pyramid.core.violations import Severity
from pytest_pyramid.session.run import Run

SLOW_TEST = "PYR401"


def take_up(run: Run, book: RuleBook, is_known: Callable[[str, str, str], bool] | None) -> None:
    """Let slow tests pull the cord of the run, when their rule is an error.

    `is_known` tells, by code, tier and function, what the baseline shields.
    """
    if any(rule.code == SLOW_TEST and severity is Severity.ERROR for rule, severity in book.entries):
        run.is_too_slow = Slowness(run, is_known)


class Slowness:
    """Compares each test that ended with its limit and its past."""

    def __init__(self, run: Run, is_known: Callable[[str, str, str], bool] | None) -> None:
        self._run = run
        self._is_known = is_known

    def __call__(self, index: int, outcome: Outcome) -> bool:
        """True when the test with that index took longer than it may, and nobody knew."""
        run, test = self._run, self._run.manifest.tests[index]
        limit = limit_of(test, run.settings.pyramid)
        if limit is None or outcome.seconds <= limit:
            return False
        known = self._is_known is not None and self._is_known(SLOW_TEST, test.tier, test.function)
        return not known and is_too_slow(outcome, limit, run.forecast.tests.get(outcome.nodeid))
