"""Reports of shards and stages find their place in one run, or it is said what keeps them from it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_pyramid.core.facts import GateState
from pytest_pyramid.core.pieces import in_sequence, pieces_of, selected_tiers, stages_of
from pytest_pyramid.core.report import RunReport
from tests.unit.core.test_merging import shard, whole


def stage(*tiers: str, number: int = 1, of: int = 1, seconds: float = 2.0) -> RunReport:
    """The report of a stage with these tiers, or of a shard of it; one run when it is the only shard."""
    report = shard(number, of, [f"test_{number}"])
    run = report.run._replace(only=tiers, seconds=seconds, partial_reason=f"only {', '.join(tiers)}")
    return replace(report, run=run if of > 1 else run._replace(shard=None))


COMMIT, ACCEPTANCE = stage("unit"), stage("service", "ui", seconds=3.0)


def test_a_stage_in_one_run_is_its_only_shard() -> None:
    """And says itself what it leaves out."""
    (piece,), wrong = pieces_of([("a", COMMIT)])
    assert wrong == []
    assert (str(piece.shard), piece.shard.partial_reason) == ("1/1", "only unit")


def test_stages_stand_from_the_base_up_in_whatever_order_they_come() -> None:
    """Their pieces are numbered through."""
    pieces, wrong = pieces_of([("a", ACCEPTANCE), ("c2", stage("unit", number=2, of=2)), ("c1", stage("unit", of=2))])
    assert wrong == []
    assert [(piece.name, piece.number) for piece in pieces] == [("c1", 1), ("c2", 2), ("a", 3)]
    assert [len(shards) for shards in stages_of(pieces)] == [2, 1]


@pytest.mark.parametrize(
    ("reports", "tiers"),
    [((COMMIT,), ("unit",)), ((COMMIT, stage("ui")), ("unit", "ui")), ((ACCEPTANCE, COMMIT), ())],
)
def test_the_tiers_of_all_stages_are_selected(reports: tuple[RunReport, ...], tiers: tuple[str, ...]) -> None:
    """Nothing is said of a selection that is the whole."""
    pieces, _ = pieces_of([(str(number), report) for number, report in enumerate(reports)])
    assert selected_tiers(pieces) == tiers


def test_each_stage_begins_when_the_one_below_has_ended() -> None:
    """Its shards begin together."""
    pieces, _ = pieces_of([("c1", stage("unit", of=2)), ("c2", stage("unit", number=2, of=2)), ("a", ACCEPTANCE)])
    starts = [piece.report.outcomes[0].start for piece in in_sequence(pieces)]
    assert starts == [0.0, 0.0, 2.0]
    assert [piece.report.run.seconds for piece in in_sequence(pieces)] == [2.0, 2.0, 5.0]


def test_a_stage_has_no_say_on_gates_of_other_stages() -> None:
    """One that went red says that the tiers above were not reached, and another job reached them."""
    states = {"unit": "closed", "service": "not reached", "ui": "not reached"}
    red = replace(COMMIT, gates=tuple(GateState(tier, state) for tier, state in states.items()))
    gates = {gate.tier: gate.state for gate in whole(red, ACCEPTANCE).gates}
    assert gates == {"unit": "closed", "service": "open", "ui": "open"}
    assert {gate.tier: gate.state for gate in whole(red).gates} == states


@pytest.mark.parametrize(
    ("reports", "said"),
    [
        ((COMMIT, stage("unit", "service")), "0 and 1 both ran unit: stages have no tier in common"),
        ((COMMIT, COMMIT), "shard 1/1 of the stage unit is there 2 times: 0, 1"),
        ((stage("unit", of=2), ACCEPTANCE), "shard 2/2 of the stage unit is missing"),
        ((COMMIT, shard(1, 1, ["test_1"])), "both ran unit"),
        ((COMMIT, replace(ACCEPTANCE, run=ACCEPTANCE.run._replace(commit="abc"))), "tested abc"),
        ((replace(COMMIT, run=COMMIT.run._replace(only=())),), "is not the report of a shard or a stage"),
        ((replace(COMMIT, part=None),), "is not the report of a shard or a stage"),
    ],
)
def test_what_is_no_whole_run_is_told(reports: tuple[RunReport, ...], said: str) -> None:
    """With the names of the reports."""
    _, wrong = pieces_of([(str(number), report) for number, report in enumerate(reports)])
    assert any(said in reason for reason in wrong), wrong
