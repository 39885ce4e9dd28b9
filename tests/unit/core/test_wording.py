"""What is said of a run in words."""

from __future__ import annotations

import shlex
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_pyramid.core.wording import next_action, quoted, shape_sentence, verdict
from tests.unit.canonical import FAILED_TEST, closed_report, cone_report, open_report, partial_report


@given(st.text(max_size=30))
def test_words_are_quoted_as_the_standard_library_does(word: str) -> None:
    """A shell reads every word back."""
    assert shlex.split(quoted(word) or "''") == ([word] if word else [""])


def test_the_verdict_is_one_sentence() -> None:
    """How it ended, how many tests, what failed, what was withheld, what rules found."""
    assert verdict(open_report()) == "passed: 100 tests in 12.3 s"
    assert verdict(closed_report()) == (
        "not passed: 107 tests in 12.3 s, 3 failed, 1 file not collected, gate unit closed, 37 withheld, "
        "1 rule error, 1 rule warning"
    )
    assert "7 lost" in verdict(partial_report())


@pytest.mark.parametrize(
    ("make", "action"),
    [
        (open_report, ""),
        (closed_report, f"pytest {FAILED_TEST}"),
        (cone_report, "test the rules behind the pages in unit and keep the journeys in ui"),
    ],
)
def test_there_is_one_next_action(make: object, action: str) -> None:
    """Run what closed the gate, else mend what a rule found, else nothing."""
    assert callable(make)
    assert next_action(make()) == action


def test_a_failure_without_a_gate_is_run_again() -> None:
    """With the gate off the first failed test is the next action."""
    ungated = replace(closed_report(), gates=())
    assert next_action(ungated) == f"pytest {FAILED_TEST}"


def test_the_shape_in_words() -> None:
    """Other measures are told where they differ, and the reason where there is no verdict."""
    assert shape_sentence(open_report().shape) == "pyramid (by functions; by seconds: ice-cream cone)"
    assert shape_sentence(partial_report().shape).startswith("not judged: partial run")
