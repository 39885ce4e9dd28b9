"""What of a run needs a person."""

from __future__ import annotations

from dataclasses import replace

from pytest_pyramid.core.facts import CollectionError, Result
from pytest_pyramid.core.findings import Kind, findings
from pytest_pyramid.core.report import RunReport
from pytest_pyramid.core.violations import Severity
from tests.unit.canonical import FAILED_TEST, VIOLATIONS, Level, closed_report, open_report, report_of


def told(report: RunReport) -> list[tuple[Kind, str]]:
    """Kind and subject of every finding."""
    return [(one.kind, one.subject) for one in findings(report)]


def test_what_closed_the_gate_comes_first() -> None:
    """Culprits, then other failures, then violations."""
    made = closed_report()
    culprit = made.gates[0]._replace(pulled_by=("tests/unit/test_0.py::test_1",))
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
    hidden = (base._replace(severity=Severity.OFF), base._replace(baseline=True), base._replace(code="PYR501"))
    assert findings(replace(open_report(), violations=hidden)) == []


def test_each_says_where_and_what() -> None:
    """Title, message, check, place and hint are there for every reporter."""
    first, broken, rule = (findings(closed_report())[at] for at in (0, 3, 4))
    assert (first.title, first.message, first.check) == (f"unit failed: {FAILED_TEST}", "assert 1 == 2", "test-failed")
    assert first.location is not None
    assert (first.location.file, first.location.line) == ("tests/unit/test_0.py", 3)
    assert (broken.check, broken.tier) == ("collection-error", "service")
    assert (rule.check, rule.hint) == ("PYR301", VIOLATIONS[0].hint)


def test_lower_tiers_come_first_and_files_with_their_tier() -> None:
    """Where no gate was closed; inside a tier files stand before tests, and tests in their order."""
    made = report_of({name: Level(results={Result.FAILED: 2}) for name in ("unit", "ui")})
    broken = CollectionError(nodeid="tests/ui/test_b.py", tier="ui", message="")
    found = findings(replace(made, tests=made.tests[::-1], outcomes=made.outcomes[::-1], collection_errors=(broken,)))
    assert [(one.tier, one.subject[-6:]) for one in found] == [
        ("unit", "test_1"), ("unit", "test_0"), ("ui", "t_b.py"), ("ui", "test_1"), ("ui", "test_0"),
    ]  # fmt: skip


def test_an_error_is_told_apart_from_a_failure() -> None:
    """By the name that never changes; what gave no message says so."""
    made = report_of({"unit": Level(results={Result.ERROR: 1, Result.XPASSED: 1, Result.LOST: 1})})
    (found,) = findings(replace(made, outcomes=tuple(one._replace(message="") for one in made.outcomes)))
    assert (found.check, found.title[:10], found.message) == ("test-error", "unit error", "no message")


def test_a_class_that_cannot_be_collected_lies_in_its_file() -> None:
    """The place is the file alone, the subject the whole node id."""
    broken = CollectionError(nodeid="tests/unit/test_b.py::TestB", tier="unit", message="m")
    (found,) = findings(replace(open_report(), collection_errors=(broken,)))
    assert found.location == ("tests/unit/test_b.py", None)
    assert found.subject == "tests/unit/test_b.py::TestB"


def test_a_violation_is_about_its_test_or_its_tier_or_the_suite() -> None:
    """The most exact of them that is known."""
    base = VIOLATIONS[0]
    rules = (base, base._replace(nodeid=None), base._replace(nodeid=None, tier=None))
    subjects = {subject for _, subject in told(replace(open_report(), violations=rules))}
    assert subjects == {FAILED_TEST, "unit", ""}
