"""Coverage of shards becomes that of the whole."""

from __future__ import annotations

import pytest

from pytest_pyramid.core.coverage import coverage_of, ran_by_tier
from pytest_pyramid.core.coverage_report import CoverageReport
from pytest_pyramid.core.examples import example_pyramid, example_suite
from pytest_pyramid.core.facts import Location, Outcome, Result
from pytest_pyramid.core.line_sets import bits_of
from pytest_pyramid.core.merged_coverage import MergedCoverage, ShardCoverage, merged_coverage
from pytest_pyramid.core.plain_covers import covers_of, plain_covers, singles_of
from pytest_pyramid.core.plain_entry import entry_of
from pytest_pyramid.core.recording import IMPORT, Label, Recording, Trace, merged
from pytest_pyramid.core.redundancy import redundancy
from pytest_pyramid.core.single_tests import beyond_base
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


SERVICE = ("tests/s.py::test_same", "tests/s.py::test_other_shard", "tests/s.py::test_more")
UI = ("tests/u.py::test_page", "tests/u.py::test_none")
APART = (
    recorded(
        (IMPORT, FILES[0], range(1, 2)),
        (Label("service", SERVICE[0]), FILES[0], range(1, 2)),
        (Label("service", SERVICE[1]), FILES[0], range(3, 5)),
    ),
    recorded(
        (IMPORT, FILES[0], range(1, 2)),
        (Label("unit"), FILES[0], range(2, 5)),
        (Label("service", SERVICE[2]), FILES[0], range(4, 7)),
        (Label("ui", UI[0]), FILES[0], range(5, 7)),
        arcs=0b10,
    ),
)
"""Two shards of one run; what a service test of the first adds there, the unit tests of the second execute."""


def of_tests(recording: Recording, *, branch: bool) -> CoverageReport:
    """The report of a shard of a run in which tests were recorded one by one."""
    one = coverage_of(recording._replace(branch=branch), SOURCES, PYRAMID, PYRAMID.names)
    return one._replace(singles=one.singles or beyond_base(recording, SOURCES, PYRAMID), detail="test")


@pytest.mark.parametrize("branch", [False, True])
@pytest.mark.parametrize("travelled", [False, True])
def test_a_test_is_redundant_when_lower_tiers_of_any_shard_do_what_it_does(*, branch: bool, travelled: bool) -> None:
    """As one run of all would say, also for reports that were written and read again."""
    ends = [Outcome(nodeid, tier, Result.PASSED, call_seconds=1.0, start=0.0)
            for tier, names in (("service", SERVICE), ("ui", UI)) for nodeid in names]  # fmt: skip
    reports = [of_tests(one, branch=branch) for one in APART]
    if travelled:
        plains = [entry_of(plain_covers(one.covers or {}, one.singles), "sets") for one in reports]
        reports = [
            one._replace(covers=covers_of(plain), singles=singles_of(plain))
            for one, plain in zip(reports, plains, strict=True)
        ]
    shards = [ShardCoverage(name, report) for name, report in zip("ab", reports, strict=True)]
    found = merged_coverage(shards, PYRAMID, SUITE.tests, ends).report
    whole = of_tests(merged(APART)._replace(branch=branch), branch=branch)
    assert whole.singles is not None
    assert found is not None
    assert found.redundancy == redundancy(whole.singles, PYRAMID, ran_by_tier(PYRAMID, ends))
    assert [one.nodeid for one in found.files[0].push_down] == [SERVICE[2]]
    if not branch:
        service, ui = found.redundancy
        assert (service.redundant, ui.redundant, ui.without_code) == (SERVICE[:2], UI[:1], UI[1:])


def test_a_file_that_holds_tests_of_another_shard_is_no_code() -> None:
    """Nor is a test that executes nothing else redundant: it executes no measured code."""
    tests = (SUITE.tests[0]._replace(location=Location(FILES[0])), *SUITE.tests[1:])
    ends = [Outcome(SERVICE[0], "service", Result.PASSED, call_seconds=1.0, start=0.0)]
    shards = [ShardCoverage(name, of_tests(one, branch=False)) for name, one in zip("ab", APART, strict=True)]
    found = merged_coverage(shards, PYRAMID, tests, ends).report
    assert found is not None
    assert [one.without_code for one in found.redundancy] == [SERVICE[:1], ()]


@pytest.mark.parametrize("spoiled", [[], {"files": []}, {"files": [], "arcs": {}, "traces": [["unit"]]}])
def test_other_data_of_single_tests_is_refused(spoiled: object) -> None:
    """It is told with its place."""
    with pytest.raises(ValueError, match=r"sets\.tests of the report"):
        singles_of(entry_of({"version": 1, "files": [], "tests": spoiled}, "sets"))
