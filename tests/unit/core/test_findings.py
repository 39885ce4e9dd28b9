"""What of a run needs a person."""

from __future__ import annotations

from dataclasses import replace

from pytest_pyramid.core.findings import Kind, findings
from pytest_pyramid.core.report import RunReport
from pytest_pyramid.core.violations import Severity
from tests.unit.canonical import FAILED_TEST, VIOLATIONS, closed_report, open_report


def told(report: RunReport) -> list[tuple[Kind, str]]:
    """Kind and subject of every finding."""
    return [(one.kind, one.subject) for one in findings(report)]


def test_what_closed_the_gate_comes_first() -> None:
    """Culprits, then other failures, then violations."""
    made = closed_report()
    culprit = replace(made.gates[0], pulled_by=("tests/unit/test_0.py::test_1",))
    kinds = told(replace(made, gates=(culprit, *made.gates[1:])))
    assert kinds[0] == (Kind.TEST, "tests/unit/test_0.py::test_1")
    assert kinds[1] == (Kind.TEST, FAILED_TEST)
    assert kinds[3:] == [
        (Kind.COLLECTION, "tests/service/test_broken.py"),
        (Kind.RULE, FAILED_TEST),
        (Kind.RULE, "service"),
    ]


def test_a_sound_run_has_none() -> None:
    """Nothing failed, nothing is said."""
    assert findings(open_report()) == []


def test_violations_nobody_needs_to_see() -> None:
    """Those switched off, those of the baseline and the gate's own are no findings."""
    base = VIOLATIONS[0]
    hidden = (replace(base, severity=Severity.OFF), replace(base, baseline=True), replace(base, code="PYR501"))
    assert findings(replace(open_report(), violations=hidden)) == []


def test_each_says_where_and_what() -> None:
    """Title, message, check, place and hint are there for every reporter."""
    first, broken, rule = (findings(closed_report())[at] for at in (0, 3, 4))
    assert (first.title, first.message, first.check) == (f"unit failed: {FAILED_TEST}", "assert 1 == 2", "test-failed")
    assert first.location is not None
    assert (first.location.file, first.location.line) == ("tests/unit/test_0.py", 3)
    assert (broken.check, broken.tier) == ("collection-error", "service")
    assert (rule.check, rule.hint) == ("PYR301", VIOLATIONS[0].hint)
