"""The coverage of all shards together: the sets of their files are joined and counted as one run's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pytest_pyramid.core.coverage import report_of
from pytest_pyramid.core.coverage_report import CoverageReport
from pytest_pyramid.core.facts import Outcome, TestFacts
from pytest_pyramid.core.file_cover import FileCover
from pytest_pyramid.core.tiers import UNCLASSIFIED, Pyramid


class ShardCoverage(NamedTuple):
    """What one shard measured, None when it measured nothing."""

    name: str
    """What people call the shard."""
    report: CoverageReport | None


class MergedCoverage(NamedTuple):
    """The union, or None, and what is to be said about it."""

    report: CoverageReport | None
    notes: tuple[str, ...] = ()


def merged_coverage(
    shards: Sequence[ShardCoverage], pyramid: Pyramid, tests: Sequence[TestFacts], outcomes: Sequence[Outcome]
) -> MergedCoverage:
    """The coverage of the union of the shards; `tests` and `outcomes` are those of all of them."""
    known = [(name, report, report.covers) for name, report in shards if report and report.covers is not None]
    if not any(shard.report for shard in shards):
        return MergedCoverage(None)
    if len(known) < len(shards):
        lacking = [name for name, report in shards if report is None or report.covers is None]
        return MergedCoverage(None, (f"coverage is unknown: {', '.join(lacking)} measured none that could be merged",))
    first = known[0][1]
    covers: dict[str, FileCover] = {}
    for name, report, mine in known:
        wrong = _other(mine, covers) if report.branch == first.branch else "branches in one shard only"
        if wrong:
            return MergedCoverage(None, (f"coverage is unknown: {name} measured {wrong}",))
        covers.update({file: covers[file].joined(one) if file in covers else one for file, one in mine.items()})
    own = {test.location.file for test in tests}
    product = {file: covers[file] for file in sorted(covers.keys() - own)}
    merged = report_of(product, pyramid, _rows(pyramid, outcomes), branch=first.branch)._replace(
        detail=first.detail,
        source=first.source,
        incomplete=tuple(f"{name}: {reason}" for name, report, _ in known for reason in report.incomplete),
        covers=None,
    )
    return MergedCoverage(merged, (_UNTOLD,) if first.detail == "test" else ())


_UNTOLD = (
    "coverage of single tests is not merged: redundant tests and the quickest test of a stretch are told for a whole "
    "run only"
)


def _other(mine: Mapping[str, FileCover], covers: Mapping[str, FileCover]) -> str:
    """What of this shard is of another source than in those before it; empty when all is the same."""
    other = next((file for file in mine if file in covers and not mine[file].is_of_same_source(covers[file])), None)
    return f"another source of {other}" if other else ""


def _rows(pyramid: Pyramid, outcomes: Sequence[Outcome]) -> list[str]:
    """The rows that are told of: those beside the shape only when tests of them ran."""
    aside = {tier.name for tier in pyramid if tier.side} | {UNCLASSIFIED}
    used = {one.tier for one in outcomes if one.result.ran}
    return [row for row in pyramid.rows if row not in aside or row in used]
