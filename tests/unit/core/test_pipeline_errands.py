"""What people are told of a pipeline whose shards were merged."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_pyramid.core.andon_settings import AndonSettings
from pytest_pyramid.core.errand import Errand
from pytest_pyramid.core.facts import CollectionError, GateState
from pytest_pyramid.core.pipeline_errands import errands_of, ran_whole
from pytest_pyramid.core.report import RunReport
from tests.unit.canonical import FAILED_TEST, closed_report

BASE = Errand(andon=AndonSettings(), notifiers=(), state="s", branch="main")


def with_gates(*gates: GateState) -> RunReport:
    """The canonical report of a closed gate with these gates instead."""
    return replace(closed_report(), gates=gates)


def test_a_closed_report_is_told_with_who_pulled_it() -> None:
    """The test, what it said, and how many were withheld in all shards."""
    report = with_gates(GateState(tier="unit", state="closed", pulled_by=(FAILED_TEST, "x"), withheld=7))
    message = next(one.message or "" for one in report.outcomes if one.nodeid == FAILED_TEST)
    assert list(errands_of(report, BASE)) == [BASE._replace(cord=("unit", FAILED_TEST, message), withheld=7)]


def test_a_file_that_could_not_be_collected_says_why() -> None:
    """It is no test, and has no outcome."""
    error = CollectionError(nodeid="tests/a.py", tier="unit", message="no module")
    report = replace(with_gates(GateState(tier="unit", state="closed", pulled_by=("tests/a.py",))))
    (errand,) = errands_of(replace(report, collection_errors=(error,)), BASE)
    assert errand.cord == ("unit", "tests/a.py", "no module")


def test_open_gates_are_one_errand() -> None:
    """Beside one for each that closed; what was not reached says nothing."""
    states = {"unit": "open", "service": "closed", "ui": "not reached", "contract": "open"}
    report = with_gates(*(GateState(tier=tier, state=state) for tier, state in states.items()))
    report = replace(report, run=report.run._replace(partial_reason=None, only=()))
    told = list(errands_of(report, BASE))
    assert [(one.cord[:1], one.open_tiers) for one in told] == [(("service",), ()), ((), ("unit", "contract"))]


@pytest.mark.parametrize(
    ("only", "partial", "narrowed", "whole"),
    [
        ((), None, None, True),
        ((), "-k money", "-k money", False),
        (("unit",), "only unit", None, True),
        (("unit",), "-k money", "-k money", False),
    ],
)
def test_only_whole_tiers_put_an_incident_away(
    only: tuple[str, ...], partial: str | None, narrowed: str | None, whole: bool
) -> None:
    """A stage is whole tiers, a keyword is not."""
    report = with_gates(GateState(tier="unit", state="open"))
    report = replace(report, run=report.run._replace(only=only, partial_reason=partial, narrowed=narrowed))
    assert ran_whole(report) is whole
    assert bool(list(errands_of(report, BASE))) is whole
