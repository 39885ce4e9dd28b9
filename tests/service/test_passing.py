"""Tests that only passed are told from the others, and booked together."""

from __future__ import annotations

import time
from typing import Any

import pytest

from pytest_pyramid.core.facts import Outcome, Result
from pytest_pyramid.session.ledger import Ledger
from pytest_pyramid.session.passing import Ended, sorted_out
from pytest_pyramid.session.record import TOUCHES_KEY
from pytest_pyramid.session.stopwatch import Stopwatch
from tests.service.conftest import Project

CLOCK = time.perf_counter


def ended(index: int, **more: Any) -> Ended:
    """A test that began at 10 s and took 1 + 2 + 3 s; `more` is said of its call."""
    reports = [
        pytest.TestReport("t", ("t", 0, "t"), {}, outcome, None, when, duration=seconds)  # type: ignore[arg-type]  # pytest names the three
        for when, seconds, outcome in (
            ("setup", 1.0, "passed"),
            ("call", 2.0, more.pop("outcome", "passed")),
            ("teardown", 3.0, "passed"),
        )
    ]
    reports[1].__dict__.update(more)
    return index, (10.0, CLOCK), [(reports[0], 11.0, CLOCK), (reports[1], 13.0, CLOCK), (reports[2], 16.0, CLOCK)]


def test_what_only_passed_is_booked_with_its_seconds() -> None:
    """The start counts from the origin of the run's clock."""
    passed, others = sorted_out([ended(0), ended(1)], Stopwatch(), 4.0, ())
    ledger = Ledger()
    ledger.settle_passed(passed, nodeid_of=["t.py::a", "t.py::b"].__getitem__, tiers=["unit", "ui"], worker="main")
    assert others == []
    assert list(ledger.ended) == [0, 1]
    assert ledger.ended[1] == Outcome("t.py::b", "ui", Result.PASSED, 1.0, 2.0, 3.0, 6.0, "main")


@pytest.mark.parametrize(
    "more",
    [
        {"outcome": "failed"},
        {"outcome": "skipped"},
        {"wasxfail": "reason: some day"},
        {TOUCHES_KEY: [{}]},
        {"when": "setup"},
        {"duration": 2.5},
    ],
    ids=str,
)
def test_what_did_more_than_pass_is_looked_at(more: dict[str, Any]) -> None:
    """Failed, skipped, unexpectedly passed, touched something, repeated, or timed by a clock that was stopped."""
    odd = ended(1, **more)
    passed, others = sorted_out([ended(0), odd], Stopwatch(), 0.0, ())
    assert [index for index, _, _ in passed] == [0]
    assert others == [odd]


def test_a_test_that_ended_before_is_looked_at() -> None:
    """What comes after its end is of the fixtures that were torn down late."""
    again = ended(7)
    assert sorted_out([again], Stopwatch(), 0.0, {7}) == ([], [again])


def test_tests_that_wait_to_be_booked_keep_their_own_times(project: Project) -> None:
    """Many quick tests and one that skips among them: each outcome once, starts in the order of the tests."""
    body = (
        "import pytest\n@pytest.mark.parametrize('n', range(30))\ndef test_a(n):\n    assert n != 20 or pytest.skip()\n"
    )
    report = project.files({"tests/unit/test_a.py": body}).report()
    tests = report["tests"]
    starts = [test["start"] for test in tests]
    assert [test["outcome"] for test in tests] == ["passed"] * 20 + ["skipped"] + ["passed"] * 9
    assert starts == sorted(starts)
    assert all(b >= a + one["setup_seconds"] for one, a, b in zip(tests, starts, starts[1:], strict=False))
