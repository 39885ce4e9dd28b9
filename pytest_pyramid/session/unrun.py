"""Reports for tests that are not run, so that terminals, JUnit files and other plugins hear of them."""

from __future__ import annotations

import pytest

from pytest_pyramid.core.facts import Result, TestFacts
from pytest_pyramid.session.fence import tear_down

REPORT_KEY = "pyramid_result"
"""The attribute of a report that carries our own result."""

_LETTERS = {Result.WITHHELD.value: "w", Result.MANUAL.value: "m"}


def unrun_report(facts: TestFacts, result: Result, reason: str) -> pytest.TestReport:
    """A skipped report that says why the test was not run."""
    place = facts.location
    report = pytest.TestReport(
        nodeid=facts.nodeid,
        location=(place.file, None if place.line is None else place.line - 1, facts.nodeid.partition("::")[2]),
        keywords={},
        outcome="skipped",
        longrepr=(place.file, place.line or 0, f"{result.value}: {reason}"),
        when="setup",
    )
    setattr(report, REPORT_KEY, result.value)
    return report


class _Status:
    """Makes withheld and manual tests categories of their own."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: pytest.CollectReport | pytest.TestReport) -> tuple[str, str, str] | None:
        """The category, letter and word of a report of ours, None for every other."""
        result = getattr(report, REPORT_KEY, None)
        return (result, _LETTERS[result], result.upper()) if result in _LETTERS else None


def announce(config: pytest.Config) -> None:
    """Make the categories known. Only runs that need them do, because pytest asks three times per test."""
    if not config.pluginmanager.has_plugin("pyramid-status"):
        config.pluginmanager.register(_Status(), "pyramid-status")


def report_manual(item: pytest.Item, facts: TestFacts, nextitem: pytest.Item | None) -> bool:
    """True, when a test that a person does was reported in the place of running it."""
    hook = item.ihook
    hook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    report = unrun_report(facts, Result.MANUAL, facts.manual or "a person does this test")
    hook.pytest_runtest_logreport(report=report)
    tear_down(item, nextitem)
    hook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True
