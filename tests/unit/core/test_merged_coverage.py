"""Coverage of shards becomes that of the whole."""

from __future__ import annotations

import pytest

from pytest_pyramid.core.coverage import coverage_of
from pytest_pyramid.core.coverage_report import CoverageReport
from pytest_pyramid.core.examples import example_pyramid, example_suite
from pytest_pyramid.core.line_sets import bits_of
from pytest_pyramid.core.merged_coverage import MergedCoverage, ShardCoverage, merged_coverage
from pytest_pyramid.core.plain_covers import covers_of, plain_covers
from pytest_pyramid.core.plain_entry import entry_of
from pytest_pyramid.core.recording import IMPORT, Label, Recording, Trace, merged
from pytest_pyramid.core.source_lines import Source

PYRAMID = example_pyramid()
SUITE = example_suite({"unit": 1, "service": 1, "ui": 1})
FILES = ("shop/a.py", "shop/b.py")
BRANCHES = ((2, 3), (2, 5))
SOURCES = {
    file: Source(bits_of(range(1, 9)), branches=frozenset(BRANCHES), headers=2, functions=((1, 8, "pay"),))
    for file in FILES
}


def recorded(*executed: tuple[Label, str, range], arcs: int = 0) -> Recording:
    """What one process executed; every trace takes the same branches."""
    traces: dict[Label, Trace] = {}
    for label, file, lines in executed:
        traces[label] = Trace({file: bits_of(lines)}, {file: arcs})
    return Recording(True, frozenset(FILES), dict.fromkeys(FILES, BRANCHES), traces)


def reported(recording: Recording) -> CoverageReport:
    """The report of one run."""
    return coverage_of(recording, SOURCES, PYRAMID, PYRAMID.names)._replace(source="pytest-cov")


ONE = recorded((IMPORT, FILES[0], range(1, 2)), (Label("unit", ""), FILES[0], range(1, 4)), arcs=1)
TWO = recorded(
    (IMPORT, FILES[0], range(1, 2)), (Label("unit", ""), FILES[1], range(2, 3)), (Label("ui", ""), FILES[0], range(3, 7)),
    arcs=2,
)  # fmt: skip


def union(*reports: CoverageReport | None) -> MergedCoverage:
    """The merged coverage of shards called a, b and so on."""
    shards = [ShardCoverage(name, report) for name, report in zip("abc", reports, strict=False)]
    return merged_coverage(shards, PYRAMID, SUITE.tests, SUITE.outcomes)


def test_the_union_is_what_one_run_of_both_would_say() -> None:
    """Rows, packages, files and stretches are those of the joined recordings, and nothing is noted."""
    whole = reported(merged([ONE, TWO]))._replace(covers=None)
    assert union(reported(ONE), reported(TWO)) == MergedCoverage(whole)


def test_sets_come_back_from_plain_data() -> None:
    """What was written is counted as before, without what only reading a source needs."""
    report = reported(merged([ONE, TWO]))
    assert report.covers is not None
    back = covers_of(entry_of(plain_covers(report.covers), "sets"))
    assert union(report._replace(covers=back)) == union(report)


@pytest.mark.parametrize("spoiled", [{"version": 2}, {"files": [{"file": "a", "statements": "?"}]}])
def test_other_plain_data_is_refused(spoiled: dict[str, object]) -> None:
    """Another version and what is no number are told with their place."""
    with pytest.raises(ValueError, match="sets"):
        covers_of(entry_of({"version": 1, "files": [], **spoiled}, "sets"))


def test_a_shard_without_coverage_leaves_the_union_without() -> None:
    """The note names the shard; where nobody measured, nothing is said."""
    assert union(reported(ONE), None).report is None
    assert "b measured none" in union(reported(ONE), None).notes[0]
    assert union(None, None) == MergedCoverage(None)


@pytest.mark.parametrize("sources", [{file: Source(3) for file in FILES}])
def test_shards_of_different_sources_are_not_joined(sources: dict[str, Source]) -> None:
    """Their line numbers mean different lines."""
    other = coverage_of(TWO, sources, PYRAMID, PYRAMID.names)
    assert union(reported(ONE), other) == MergedCoverage(
        None, ("coverage is unknown: b measured another source of shop/a.py",)
    )


def test_what_is_missing_in_a_shard_is_missing_in_the_union() -> None:
    """Nothing is judged by an incomplete union."""
    found = union(reported(ONE)._replace(incomplete=("a worker crashed",)), reported(TWO)).report
    assert found is not None
    assert found.incomplete == ("a: a worker crashed",)


def test_what_is_told_of_single_tests_is_said_to_be_left_out() -> None:
    """With tests recorded one by one the union has tiers only, and a note."""
    found = union(reported(ONE)._replace(detail="test"), reported(TWO)._replace(detail="test"))
    assert found.report is not None
    assert "single tests is not merged" in found.notes[0]
