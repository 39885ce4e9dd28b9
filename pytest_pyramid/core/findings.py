"""What of a run needs a person, the most important first."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from typing import NamedTuple

from pytest_pyramid.core.facts import Location, Result
from pytest_pyramid.core.report import RunReport
from pytest_pyramid.core.violations import Severity
from pytest_pyramid.core.wording import listed


class Kind(enum.Enum):
    """Where a finding comes from."""

    COLLECTION = "collection-error"
    TEST = "test"
    RULE = "rule"


class Finding(NamedTuple):
    """One failed test, one file that could not be collected, or one violation."""

    kind: Kind
    title: str
    """In a few words: "unit failed: tests/unit/test_a.py::test_x"."""
    message: str
    severity: Severity
    check: str
    """A name of the kind of finding that never changes: "test-failed", "PYR301"."""
    subject: str
    """What it is about, apart from the line: the node id, the tier, or nothing."""
    tier: str | None = None
    location: Location | None = None
    hint: str = ""


def findings(report: RunReport) -> list[Finding]:
    """Everything that needs a person.

    First what closed a gate, then other files and tests that failed, lower tiers first, then violations, errors before
    warnings. The gate's own violation is not repeated.
    """
    culprits = {nodeid for gate in report.gates for nodeid in gate.pulled_by}
    rank = {row.name: row.rank or 0 for row in report.tiers}
    failed = [*_uncollected(report), *_failed(report)]
    failed.sort(key=lambda one: (one.subject not in culprits, rank.get(one.tier or "", 0)))
    return [*failed, *_violations(report)]


def _uncollected(report: RunReport) -> Iterator[Finding]:
    for error in report.collection_errors:
        yield Finding(
            kind=Kind.COLLECTION,
            title=f"{error.tier} not collected: {error.nodeid}",
            message=error.message,
            severity=Severity.ERROR,
            check="collection-error",
            subject=error.nodeid,
            tier=error.tier,
            location=Location(file=error.nodeid.partition("::")[0]),
        )


def _failed(report: RunReport) -> Iterator[Finding]:
    for test, outcome in zip(report.tests, report.outcomes, strict=True):
        if outcome.result.pulls_the_cord:
            yield Finding(
                kind=Kind.TEST,
                title=f"{test.tier} {outcome.result.value}: {test.nodeid}",
                message=outcome.message or "no message",
                severity=Severity.ERROR,
                check="test-failed" if outcome.result is Result.FAILED else "test-error",
                subject=test.nodeid,
                tier=test.tier,
                location=test.location,
            )


def _violations(report: RunReport) -> Iterator[Finding]:
    for violation in listed(report):
        yield Finding(
            kind=Kind.RULE,
            title=f"{violation.code} {violation.name}",
            message=violation.message,
            severity=violation.severity,
            check=violation.code,
            subject=violation.nodeid or violation.tier or "",
            tier=violation.tier,
            location=violation.location,
            hint=violation.hint,
        )
