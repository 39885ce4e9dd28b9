"""What the two rules of coverage say at their limits, and when they keep silent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_pyramid.core.coverage_judging import judged_coverage
from pytest_pyramid.core.coverage_suites import covered_suite
from pytest_pyramid.core.facts import CollectionError, Result, Suite
from pytest_pyramid.rules.pyr601_tier_coverage import TierCoverage
from pytest_pyramid.rules.pyr602_covered_only_from_above import CoveredOnlyFromAbove

LOW = covered_suite({"unit": 60, "service": 75, "ui": 90}, targets={"unit": 0.7, "service": 0.8})


def tiers(suite: Suite) -> list[str | None]:
    """The tiers that miss their target."""
    return [one.tier for one in TierCoverage().check(suite)]


def test_each_tier_is_judged_with_all_below_and_nothing_above() -> None:
    """The ui tier reaches 90 lines, and helps nobody below."""
    unit, service = TierCoverage().check(LOW)
    assert unit.message == "unit covers 60.0 % of the lines (60 of 100), it should cover at least 70 %"
    assert service.message.startswith("service with all below covers 75.0 % of the lines (75 of 100)")
    assert unit.hint == "10 more lines would do; most that the base leaves out: shop/checkout/pay.py (40)"
    assert dict(unit.data) == {"share": 0.6, "min": 0.7, "lines": 60}


def test_a_share_just_below_its_target_is_not_shown_as_reached() -> None:
    """1999 of 2000 lines are not 100.0 %."""
    (found,) = TierCoverage().check(covered_suite({"unit": 1999}, targets={"unit": 1.0}, lines=2000))
    assert "covers 99.9 %" in found.message
    assert found.hint.startswith("1 more line would do")


@pytest.mark.parametrize(("whole", "judged"), [((), []), (("unit",), ["unit"]), (("service",), [])])
def test_a_part_of_the_suite_judges_only_tiers_that_are_whole_from_the_base(
    whole: tuple[str, ...], judged: list[str]
) -> None:
    """`--pyramid-upto=unit` judges unit; service without unit judges nothing."""
    assert tiers(replace(LOW, partial_reason="only some", whole_tiers=whole)) == judged


@pytest.mark.parametrize(("tier", "judged"), [("unit", []), ("service", ["unit"]), ("ui", ["unit", "service"])])
def test_a_tier_with_tests_that_did_not_run_is_not_judged(tier: str, judged: list[str]) -> None:
    """Nor is one above it: what was withheld might have covered the rest."""
    outcomes = tuple(one._replace(result=Result.WITHHELD) if one.tier == tier else one for one in LOW.outcomes)
    assert tiers(replace(LOW, outcomes=outcomes)) == judged


def test_a_file_that_was_not_collected_keeps_everybody_silent() -> None:
    """Its tests are not known at all."""
    broken = replace(LOW, collection_errors=(CollectionError(nodeid="t.py", tier="ui", message="no"),))
    assert tiers(broken) == []
    assert judged_coverage(broken, LOW.pyramid.base) is None


def test_the_rule_of_packages_names_where_to_begin() -> None:
    """The file with most such lines, and its function."""
    (found,) = CoveredOnlyFromAbove().check(LOW)
    assert found.message == "30.0 % of shop/checkout (30 of 100 lines) is covered only from above unit"
    assert found.hint == "test in the base what shop/checkout/pay.py does, first in pay()"
    assert list(CoveredOnlyFromAbove(max_share=0.3).check(LOW)) == []
    assert list(CoveredOnlyFromAbove(min_lines=101).check(LOW)) == []
