"""Reports become outcomes."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_pyramid.core.facts import Outcome, Result
from pytest_pyramid.session.ledger import Ledger
from pytest_pyramid.session.record import Record, message_of
from tests.service.conftest import Project


def report(
    when: Any, outcome: Any = "passed", longrepr: Any = None, duration: float = 0.0, **more: Any
) -> pytest.TestReport:
    """A report of one phase."""
    return pytest.TestReport("t.py::a", ("t.py", 1, "a"), {}, outcome, longrepr, when, duration=duration, **more)


def noted(*reports: pytest.TestReport) -> Record:
    """A record that took these reports down."""
    record = Record()
    for one in reports:
        record.note(one)
    return record


def settled(*reports: pytest.TestReport, now: float = 20.0) -> Outcome | None:
    """What became of a test with these reports."""
    return booked(Ledger(), noted(*reports), now=now)


def booked(ledger: Ledger, record: Record, now: float = 1.0) -> Outcome | None:
    """What the ledger makes of a test that ended with this record."""
    return ledger.settle(record, 0, nodeid="t.py::a", tier="unit", worker="gw0", now=now)


def test_a_test_that_ended_is_an_outcome() -> None:
    """Seconds by phase; the start is reckoned back from the end, by the controller's clock."""
    ledger = Ledger()
    record = noted(report("setup", duration=1.0), report("call", duration=2.0), report("teardown", duration=0.5))
    outcome = booked(ledger, record, now=10.0)
    assert outcome is not None
    assert ledger.ended == {0: outcome}
    assert (outcome.nodeid, outcome.tier, outcome.result) == ("t.py::a", "unit", Result.PASSED)
    assert (outcome.worker, outcome.message, outcome.start) == ("gw0", None, 6.5)
    assert (outcome.setup_seconds, outcome.call_seconds, outcome.teardown_seconds) == (1.0, 2.0, 0.5)


def test_our_own_seconds_count_where_there_are_any() -> None:
    """What the stopwatch says replaces the duration of a clock that was stopped."""
    record = noted(report("setup"))
    record.note(report("call", duration=0.0), 3.0)
    record.note(report("teardown"))
    ended = booked(Ledger(), record)
    assert ended is not None
    assert ended.call_seconds == 3.0


def test_only_the_last_attempt_is_timed() -> None:
    """Seconds of attempts that a rerun plugin dropped are not those of the test."""
    first = [report("setup", duration=1.0), report("call", "rerun", duration=5.0), report("teardown", duration=1.0)]
    second = [report("setup", "failed", "no", duration=2.0), report("teardown", duration=0.25)]
    ended = settled(*first, *second)
    assert ended is not None
    assert (ended.setup_seconds, ended.call_seconds, ended.teardown_seconds) == (2.0, 0.0, 0.25)


@pytest.mark.parametrize("reports", [[], [report("setup")]])
def test_what_did_not_end_is_no_outcome(reports: list[pytest.TestReport]) -> None:
    """A refused or interrupted test leaves nothing."""
    ledger = Ledger()
    assert booked(ledger, noted(*reports)) is None
    assert ledger.ended == {}


@pytest.mark.parametrize(
    ("first", "result", "message"), [("passed", Result.ERROR, "late"), ("failed", Result.FAILED, "first")]
)
def test_a_postponed_teardown_error_counts_unless_the_test_had_failed(first: str, result: Result, message: str) -> None:
    """The same test has the same result with workers and without; its times stay those of its run."""
    ledger = Ledger()
    record = noted(report("setup"), report("call", first, "first", duration=1.0), report("teardown"))
    booked(ledger, record, now=5.0)
    booked(ledger, noted(report("teardown", "failed", "late", duration=9.0)), now=30.0)
    outcome = ledger.ended[0]
    assert (outcome.result, outcome.message, outcome.start, outcome.seconds) == (result, message, 4.0, 1.0)


def test_a_test_that_never_ran_has_no_start_and_no_worker() -> None:
    """A manual test is booked without a time."""
    ended = settled(report("setup", "skipped", ("t.py", 1, "manual: look"), pyramid_result="manual"))
    assert ended is not None
    assert (ended.result, ended.start, ended.worker, ended.message) == (Result.MANUAL, None, None, "manual: look")


def test_the_start_is_never_before_the_run() -> None:
    """Clocks that disagree a little do not give a negative start."""
    ended = settled(report("setup"), report("call", duration=2.0), report("teardown"), now=1.5)
    assert ended is not None
    assert ended.start == 0.0


@pytest.mark.parametrize(
    ("longrepr", "more", "expected"),
    [
        (None, {}, None),
        ("", {}, None),
        ("worker 'gw0' crashed while running 't.py::a'", {}, "worker 'gw0' crashed while running 't.py::a'"),
        (("t.py", 1, "Skipped: why"), {}, "Skipped: why"),
        ("Traceback\nt.py:1: in <module>\nE   ImportError: no x\nt.py:1", {}, "ImportError: no x"),
        ("first\n\n  last  \n\n", {}, "last"),
        ("long text", {"wasxfail": "known bug"}, "known bug"),
        (None, {"wasxfail": ""}, None),
    ],
)
def test_the_message_is_one_line(longrepr: Any, more: dict[str, Any], expected: str | None) -> None:
    """Whatever form a report's text has, one line says what happened."""
    assert message_of(report("call", "skipped", longrepr, **more)) == expected


def test_real_reports_have_messages(project: Project) -> None:
    """Failures, errors, skips, expected failures and doctests of a real run each say what went wrong in one line."""
    project.files(
        {
            "tests/unit/test_a.py": (
                "import pytest\n"
                "def test_fail(): assert 1 == 2, 'two\\nlines'\n"
                "@pytest.fixture\ndef broken(): raise OSError('no disk')\n"
                "def test_error(broken): pass\n"
                "def test_skip(): pytest.skip('not today')\n"
                "@pytest.mark.xfail(reason='known')\ndef test_xfail(): assert 0\n"
                "@pytest.mark.xfail(reason='mended')\ndef test_xpass(): pass\n"
                "@pytest.mark.xfail(strict=True, reason='mended')\ndef test_strict(): pass\n"
                "@pytest.mark.manual('look at it')\ndef test_manual(): assert 0\n"
                "def doc():\n    '''\n    >>> 1 + 1\n    3\n    '''\n"
            )
        }
    )
    tests = project.report("--doctest-modules")["tests"]
    found = {test["nodeid"].rpartition(":")[2]: (test["outcome"], test["message"]) for test in tests}
    outcome, message = found.pop("test_a.doc")
    assert (outcome, message.endswith("DocTestFailure")) == ("failed", True)
    assert found == {
        "test_fail": ("failed", "AssertionError: two"),
        "test_error": ("error", "OSError: no disk"),
        "test_skip": ("skipped", "Skipped: not today"),
        "test_xfail": ("xfailed", "known"),
        "test_xpass": ("xpassed", "mended"),
        "test_strict": ("failed", "[XPASS(strict)] mended"),
        "test_manual": ("manual", "manual: look at it"),
    }


@pytest.mark.parametrize("where", ["call", "setup"])
def test_an_interrupted_test_is_lost(project: Project, where: str) -> None:
    """Ctrl-C in a test leaves it without a result: it did not pass, and nothing was withheld."""
    body = {
        "call": "def test_b(): raise KeyboardInterrupt\n",
        "setup": "import pytest\n@pytest.fixture\ndef f(): raise KeyboardInterrupt\ndef test_b(f): pass\n",
    }[where]
    project.files({"tests/unit/test_a.py": f"def test_a(): pass\n{body}def test_c(): pass\n"})
    project.files({"tests/ui/test_d.py": "def test_d(): pass\n"})
    report = project.report()
    assert [test["outcome"] for test in report["tests"]] == ["passed", "lost", "lost", "lost"]
    assert report["run"]["exit_status"] == 2
    assert {gate["state"] for gate in report["gates"]} == {"not reached"}
