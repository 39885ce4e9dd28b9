"""The rows of the pyramid as it ran."""

from __future__ import annotations

from pytest_pyramid.core.census import Census
from pytest_pyramid.core.facts import GateState, Location, Outcome, Result, TestFacts
from pytest_pyramid.core.report import TierRow
from pytest_pyramid.core.tier_rows import tier_rows
from pytest_pyramid.core.tiers import UNCLASSIFIED, Pyramid, Share, Tier

PYRAMID = Pyramid(
    tiers=(Tier(name="unit", rank=0, share=Share(min=0.5)), Tier(name="ui", rank=1, share=Share(max=0.3)))
)


def case(
    tier: str, function: str, result: Result, start: float | None = None, seconds: float = 1.0
) -> tuple[TestFacts, Outcome]:
    """One test and what became of it."""
    test = TestFacts(nodeid=f"{function}[x]", function=function, location=Location(file="t.py"), tier=tier)
    ran = seconds if start is not None else 0.0
    return test, Outcome(nodeid=test.nodeid, tier=tier, result=result, call_seconds=ran, start=start)


def rows_of(cases: list[tuple[TestFacts, Outcome]], gates: list[GateState] | None = None) -> tuple[TierRow, ...]:
    """The rows of these tests."""
    outcomes = [outcome for _, outcome in cases]
    census = Census.counted(PYRAMID, [test for test, _ in cases], outcomes)
    return tier_rows(PYRAMID, census, outcomes, gates or [])


def test_every_tier_has_a_row_with_its_counts() -> None:
    """Tests, functions, share, seconds, outcomes in the order of results, target, gate, first start and last end."""
    cases = [
        case("unit", "a", Result.PASSED, 0.5),
        case("unit", "a", Result.FAILED, 3.0, seconds=2.0),
        case("unit", "b", Result.PASSED, 1.0),
        case("ui", "c", Result.WITHHELD),
    ]
    gates = [GateState(tier="unit", state="closed"), GateState(tier="ui", state="not reached")]
    unit, ui = rows_of(cases, gates)
    assert (unit.name, unit.rank, unit.tests, unit.functions, unit.share) == ("unit", 0, 3, 2, 2 / 3)
    assert unit.outcomes == (("passed", 2), ("failed", 1))
    assert (unit.seconds, unit.started, unit.finished, unit.gate) == (4.0, 0.5, 5.0, "closed")
    assert (unit.target_min, unit.target_max) == (0.5, None)
    assert (ui.outcomes, ui.seconds, ui.started, ui.finished) == ((("withheld", 1),), 0.0, None, None)
    assert (ui.gate, ui.target_max) == ("not reached", 0.3)


def test_an_empty_tier_has_a_row() -> None:
    """A tier without tests is shown, with nothing in it."""
    rows = rows_of([])
    assert [(row.name, row.tests, row.share, row.outcomes, row.gate) for row in rows] == [
        ("unit", 0, 0.0, (), None),
        ("ui", 0, 0.0, (), None),
    ]


def test_unclassified_tests_have_a_row_only_when_there_are_any() -> None:
    """The row comes last, has no rank and no target, and its functions count in the shares of the others."""
    rows = rows_of([case(UNCLASSIFIED, "u", Result.PASSED, 0.0), case("unit", "a", Result.PASSED, 0.0)])
    assert [(row.name, row.rank, row.share) for row in rows] == [
        ("unit", 0, 0.5),
        ("ui", 1, 0.0),
        (UNCLASSIFIED, None, 0.5),
    ]
    assert (rows[-1].target_min, rows[-1].gate) == (None, None)


def test_a_tier_without_a_gate_has_none() -> None:
    """The top tier guards nothing, and a gate belongs to the tier that it names."""
    unit, ui = rows_of([case("unit", "a", Result.PASSED, 0.0)], [GateState(tier="unit", state="open")])
    assert (unit.gate, ui.gate) == ("open", None)


def test_a_tier_ends_with_the_test_that_ends_last() -> None:
    """That need not be the one that started last."""
    unit, _ = rows_of([case("unit", "a", Result.PASSED, 1.0, 9.0), case("unit", "b", Result.PASSED, 2.0, 1.0)])
    assert (unit.started, unit.finished) == (1.0, 10.0)


def test_a_test_that_started_with_the_run_has_started() -> None:
    """Zero is a moment like others."""
    unit, _ = rows_of([case("unit", "a", Result.PASSED, 0.0)])
    assert (unit.started, unit.finished) == (0.0, 1.0)
