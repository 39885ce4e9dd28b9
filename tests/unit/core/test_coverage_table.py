"""Coverage by tier in words."""

from __future__ import annotations

from pytest_pyramid.core import coverage_table
from pytest_pyramid.core.coverage_report import TierRedundancy, lost_with
from pytest_pyramid.core.examples import example_pyramid
from tests.unit.covered import shop_coverage

PYRAMID = example_pyramid()


def test_the_top_tier_stands_first_and_import_last() -> None:
    """As in the picture of the pyramid; a row that is no tier has no place among those below."""
    assert coverage_table.table(shop_coverage(), PYRAMID) == (
        ("ui", "41.7 %", "58.3 %", "2", "2"),
        ("service", "33.3 %", "41.7 %", "1", "0"),
        ("unit", "33.3 %", "33.3 %", "2", "1"),
        ("unclassified", "25.0 %", "", "", "1"),
        ("import", "16.7 %", "16.7 %", "2", ""),
    )


def test_sentences_say_what_shares_are_of_and_what_stands_too_high() -> None:
    """One line or several, with branches or without."""
    report = shop_coverage()
    assert coverage_table.total(report) == "of 12 lines outside of the tests, measured by pytest-cov"
    assert coverage_table.total(report._replace(branch=True)).startswith("of 12 lines and 0 branches outside")
    assert coverage_table.from_above(report, PYRAMID) == (
        "3 lines are covered only from above unit: shop/a.py 2, web/b.py 1"
    )
    one = report._replace(packages=report.packages[1:], files=report.files[1:])
    assert coverage_table.from_above(one, PYRAMID) == "1 line is covered only from above unit: web/b.py 1"
    assert coverage_table.from_above(report._replace(packages=()), PYRAMID) == ""


def test_redundancy_is_told_tier_by_tier() -> None:
    """How many add nothing, and how many suffice."""
    report = shop_coverage()._replace(redundancy=(TierRedundancy("ui", 4, 12, ("a", "b"), (), ("c",)),))
    assert coverage_table.redundant(report) == (
        "2 of 4 ui tests add no line to what stands below; 1 cover all 12 that it adds",
    )
    assert "no arc to" in coverage_table.redundant(report._replace(branch=True))[0]


def test_a_crashed_worker_whose_data_was_kept_lacks_its_last_moments() -> None:
    """The reader learns from when on lines may be missing."""
    assert "tests that ended up to 1 s before it" in lost_with("gw1", 1.0)


def test_a_crashed_worker_that_left_nothing_lacks_everything() -> None:
    """Nothing is promised of a worker whose data nobody can read."""
    assert lost_with("gw1", None) == "worker gw1 told of no coverage"
