"""Coverage that was recorded may only rise."""

from __future__ import annotations

from dataclasses import replace

from pytest_pyramid.core.baseline import Baseline
from pytest_pyramid.core.coverage_ratchet import recordable
from pytest_pyramid.core.coverage_suites import covered_suite
from pytest_pyramid.core.facts import Result, Suite
from pytest_pyramid.core.ratchet import Ratchet, Sight, renewed
from pytest_pyramid.rules.pyr705_coverage_below_baseline import CoverageBelowBaseline

SUITE = covered_suite({"unit": 1, "service": 2, "ui": 3}, lines=3)
RECORDED = {"unit": 0.3333, "service": 0.6666, "ui": 1.0}


def beside(suite: Suite, **recorded: float) -> Suite:
    """The suite beside a baseline with these shares."""
    return replace(suite, ratchet=Ratchet("b.toml", coverage=tuple(recorded.items())))


def test_what_is_recorded_is_rounded_down() -> None:
    """So that the same run keeps its own record."""
    assert recordable(SUITE) == RECORDED
    assert list(CoverageBelowBaseline(tolerance=0.0).check(beside(SUITE, **RECORDED))) == []


def test_only_what_may_be_judged_is_recorded() -> None:
    """A withheld tier keeps its old record, a run of a part of the suite all of it."""
    outcomes = tuple(one._replace(result=Result.WITHHELD) if one.tier == "ui" else one for one in SUITE.outcomes)
    assert list(recordable(replace(SUITE, outcomes=outcomes))) == ["unit", "service"]
    before = Baseline(coverage=(("unit", 0.1), ("ui", 0.9)))
    whole = renewed(before, Sight(replace(SUITE, outcomes=outcomes), (), ()), "2026-11-22")
    assert dict(whole.coverage) == {"unit": 0.3333, "service": 0.6666, "ui": 0.9}
    part = renewed(before, Sight(replace(SUITE, partial_reason="-k cart"), (), ()), "2026-11-22")
    assert part.coverage == before.coverage


def test_the_lowest_tier_that_sank_is_told() -> None:
    """Beyond the tolerance; a tier without a record may cover what it likes."""
    (found,) = CoverageBelowBaseline().check(beside(SUITE, unit=0.34, service=0.7))
    assert found.message == "unit covers 33.3 % of the lines, the baseline has 34.0 %"
    (upper,) = CoverageBelowBaseline().check(beside(SUITE, unit=0.335, service=0.7))
    assert upper.message.startswith("service with all below covers 66.7 % of the lines")
    assert list(CoverageBelowBaseline(tolerance=0.1).check(beside(SUITE, unit=0.34, service=0.7))) == []
