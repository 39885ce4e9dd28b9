"""What facts say about themselves."""

from __future__ import annotations

import pytest

from pytest_pyramid.core.facts import Location, Outcome, Placement, Result, TestFacts
from pytest_pyramid.core.tiers import UNCLASSIFIED

TEST = TestFacts(nodeid="a.py::t", function="a.py::t", location=Location(file="a.py", line=1))


def test_a_test_without_evidence_is_unclassified() -> None:
    """Nothing makes it a unit test."""
    assert TEST.tier == UNCLASSIFIED


def test_the_reason_is_that_of_the_deciding_placement() -> None:
    """The first placement decided; the others are evidence beside it."""
    marker = Placement(tier="ui", source="marker", reason="marker e2e")
    path = Placement(tier="unit", source="path", reason="path tests/unit")
    assert TEST._replace(placements=(marker, path)).classified_by == "marker e2e"


def test_without_a_placement_the_reason_says_so() -> None:
    """People read it in the table of all tests."""
    assert TEST.classified_by == "no marker, path or other evidence"


def test_facts_cannot_be_changed() -> None:
    """What one part reads, no other part can have altered."""
    with pytest.raises(AttributeError):
        TEST.tier = "unit"  # type: ignore[misc]  # that is the point


@pytest.mark.parametrize("result", list(Result))
def test_only_failures_and_errors_pull_the_cord(result: Result) -> None:
    """Neither a skip nor an expected failure nor a test that never ran does."""
    assert result.pulls_the_cord is (result.value in {"failed", "error"})


@pytest.mark.parametrize("result", list(Result))
def test_what_was_never_started_did_not_run(result: Result) -> None:
    """Manual, withheld and lost tests have no start and no worker."""
    assert result.ran is (result.value not in {"manual", "withheld", "lost"})


def test_the_seconds_of_a_test_are_those_of_all_its_phases() -> None:
    """A slow fixture is paid by the test that asked for it."""
    outcome = Outcome(
        nodeid="a", tier="unit", result=Result.PASSED, setup_seconds=1.0, call_seconds=2.0, teardown_seconds=0.5
    )
    assert outcome.seconds == 3.5
