"""The coverage of all shards together: the sets of their files are joined and counted as one run's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pytest_pyramid.core.coverage import push_down_tests, quickest_first, ran_by_tier, report_of, rows_told
from pytest_pyramid.core.coverage_report import CoverageReport
from pytest_pyramid.core.facts import Outcome, TestFacts
from pytest_pyramid.core.file_cover import FileCover
from pytest_pyramid.core.recording import merged
from pytest_pyramid.core.redundancy import redundancy
from pytest_pyramid.core.tiers import Pyramid


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
    singles = merged(report.singles for _, report, _ in known if report.singles is not None).without(own)
    tests_apart = push_down_tests(singles, quickest_first(outcomes))
    whole = report_of(product, pyramid, rows_told(pyramid, outcomes), branch=first.branch, tests=tests_apart)
    whole = whole._replace(
        detail=first.detail,
        source=first.source,
        incomplete=tuple(f"{name}: {reason}" for name, report, _ in known for reason in report.incomplete),
        redundancy=redundancy(singles, pyramid, ran_by_tier(pyramid, outcomes)),
        covers=None,
    )
    return MergedCoverage(whole)


def _other(mine: Mapping[str, FileCover], covers: Mapping[str, FileCover]) -> str:
    """What of this shard is of another source than in those before it; empty when all is the same."""
    other = next((file for file in mine if file in covers and not mine[file].is_of_same_source(covers[file])), None)
    return f"another source of {other}" if other else ""
