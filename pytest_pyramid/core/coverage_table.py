"""Coverage by tier as a table of words and figures, the same in the terminal and in Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from pytest_pyramid.core.coverage_report import CAVEAT, CoverageReport, FileCoverage, RowCoverage
from pytest_pyramid.core.figures import share
from pytest_pyramid.core.tiers import Pyramid

__all__ = ["CAVEAT", "HEAD", "from_above", "most_from_above", "redundant", "table", "total"]

HEAD = ("coverage", "alone", "with below", "adds", "only here")
MOST_FILES = 3


def table(report: CoverageReport, pyramid: Pyramid) -> tuple[tuple[str, ...], ...]:
    """One row of five texts for each tier, the top first, then one for rows that are no tier, and import last."""
    ranked = [row for tier in reversed(pyramid.tiers) if (row := report.row(tier.name))]
    others = [row for row in report.rows if pyramid.named(row.row) is None]
    whole = report.total.lines
    found = [_tier_cells(row, whole) for row in ranked]
    found += [(row.row, _percent(row.alone.lines, whole), "", "", f"{row.exclusive.lines:,}") for row in others]
    imported = _percent(report.imported.lines, whole)
    return (*found, ("import", imported, imported, f"{report.imported.lines:,}", ""))


def _tier_cells(row: RowCoverage, whole: int) -> tuple[str, ...]:
    return (
        row.row,
        _percent(row.alone.lines, whole),
        _percent(row.cumulative.lines, whole),
        f"{row.new.lines:,}",
        f"{row.exclusive.lines:,}",
    )


def total(report: CoverageReport) -> str:
    """What the shares are of: "of 1,204 lines outside the tests, 310 branches"."""
    branches = f" and {report.total.branches:,} branches" if report.branch else ""
    return f"of {report.total.lines:,} lines{branches} outside of the tests, measured by {report.source}"


def from_above(report: CoverageReport, pyramid: Pyramid) -> str:
    """How much the base leaves to the tiers above, and where most of it is; nothing when it leaves nothing."""
    if not report.above:
        return ""
    names = ", ".join(f"{one.file} {one.above:,}" for one in most_from_above(report)[:MOST_FILES])
    lines = "1 line is" if report.above == 1 else f"{report.above:,} lines are"
    return f"{lines} covered only from above {pyramid.base.name}: {names}"


def most_from_above(report: CoverageReport) -> Sequence[FileCoverage]:
    """The files with lines that only upper tiers cover, the most such lines first."""
    return sorted((one for one in report.files if one.above), key=lambda one: (-one.above, one.file))


def redundant(report: CoverageReport) -> tuple[str, ...]:
    """One sentence for each tier whose tests were told apart."""
    return tuple(
        f"{len(one.redundant):,} of {one.tests:,} {one.tier} {'test adds' if one.tests == 1 else 'tests add'} no "
        f"{'arc' if report.branch else 'line'} to what stands below; {len(one.kept):,} cover all {one.new:,} that it adds"
        for one in report.redundancy
    )


def _percent(part: int, whole: int) -> str:
    return f"{share(part, whole) * 100:.1f} %"
