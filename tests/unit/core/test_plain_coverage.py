"""Coverage as plain data and back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_pyramid.core.coverage_report import CAVEAT, CoverageReport, TierRedundancy
from pytest_pyramid.core.plain_report import from_plain, to_plain
from pytest_pyramid.core.report import RunReport
from tests.unit.canonical import open_report
from tests.unit.covered import shop_coverage

REDUNDANT = TierRedundancy("ui", 10, 3, ("u::a",), ("u::b",), ("u::c", "u::d"))
RICH = shop_coverage()._replace(redundancy=(REDUNDANT,), incomplete=("worker gw1 told of no coverage",))


def with_coverage(coverage: CoverageReport | None) -> RunReport:
    """A run of three tiers with this coverage; it has no unclassified row."""
    kept = coverage and coverage._replace(rows=coverage.rows[:3])
    return replace(open_report(), coverage=kept)


@pytest.mark.parametrize("coverage", [RICH, RICH._replace(branch=True, detail="test"), None])
def test_coverage_comes_back_equal(coverage: CoverageReport | None) -> None:
    """Counts, packages, files with what to push down, redundancy and what is missing."""
    report = with_coverage(coverage)
    assert from_plain(to_plain(report)).coverage == report.coverage


def test_a_tier_carries_its_own_counts_and_shares() -> None:
    """Under `tiers[].coverage`, as the contract has it; null where nothing was measured."""
    plain = to_plain(with_coverage(RICH))
    assert plain["tiers"][0]["coverage"] == {
        "own": {"lines": 2},
        "alone": {"lines": 4},
        "cumulative": {"lines": 4},
        "new": {"lines": 2},
        "exclusive": {"lines": 1},
        "share_alone": 0.333333,
        "share_cumulative": 0.333333,
    }
    assert plain["coverage"]["total"] == {"lines": 12}
    assert plain["coverage"]["redundancy"][0]["caveat"] == CAVEAT
    bare = to_plain(with_coverage(None))
    assert [row["coverage"] for row in bare["tiers"]] == [None, None, None]
    assert "coverage" not in bare


def test_branches_stand_beside_lines_only_where_they_were_measured() -> None:
    """No figure is 0 because nobody looked."""
    plain = to_plain(with_coverage(RICH._replace(branch=True)))
    assert plain["tiers"][0]["coverage"]["own"] == {"lines": 2, "branches": 0}


def test_what_is_missing_is_named_with_its_place() -> None:
    """A damaged file gives one sentence, no traceback."""
    plain = to_plain(with_coverage(RICH))
    del plain["coverage"]["files"][0]["above"]
    with pytest.raises(ValueError, match=r"coverage\.files\[0\]"):
        from_plain(plain)
