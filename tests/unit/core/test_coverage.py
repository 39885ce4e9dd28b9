"""Coverage by tier: what is counted where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hypothesis import given
from hypothesis import strategies as st

from pytest_pyramid.core.coverage import coverage_of
from pytest_pyramid.core.coverage_report import Count, CoverageReport, PackageCoverage, PushDown
from pytest_pyramid.core.examples import example_pyramid
from pytest_pyramid.core.figures import share
from pytest_pyramid.core.line_sets import bits_of
from pytest_pyramid.core.recording import IMPORT, Label, Recording, Trace
from pytest_pyramid.core.source_lines import Source
from pytest_pyramid.core.tiers import UNCLASSIFIED

PYRAMID = example_pyramid()
Lines = Mapping[Label, Mapping[str, Iterable[int]]]


def recording(lines: Lines, files: Iterable[str] = ()) -> Recording:
    """Executed lines by label and file."""
    traces = {label: Trace({f: bits_of(n) for f, n in one.items()}, {}) for label, one in lines.items()}
    named = {file for one in lines.values() for file in one}
    return Recording(False, frozenset({*named, *files}), {}, traces)


def source(*statements: int, headers: Iterable[int] = ()) -> Source:
    """A file with these statements."""
    return Source(statements=bits_of(statements), headers=bits_of(headers))


def covered(lines: Lines, sources: Mapping[str, Source], quickest: tuple[str, ...] = ()) -> CoverageReport:
    """The coverage of these lines, for the rows of the pyramid."""
    return coverage_of(recording(lines, sources), sources, PYRAMID, PYRAMID.rows, quickest)


SHOP = {
    IMPORT: {"shop/a.py": [1, 2]},
    Label("unit"): {"shop/a.py": [3, 4]},
    Label("service"): {"shop/a.py": [4, 5]},
    Label("ui"): {"shop/a.py": [5, 6], "web/b.py": [1]},
    Label(UNCLASSIFIED): {"shop/a.py": [7]},
}
SOURCES = {"shop/a.py": source(*range(1, 11)), "web/b.py": source(1, 2)}


def test_every_row_says_what_it_covers_alone_together_and_for_the_first_time() -> None:
    """Import belongs to every row, what a lower tier covers is nothing new, exclusive is what nobody else covers."""
    report = covered(SHOP, SOURCES)
    found = {row.row: [one.lines for one in row[1:]] for row in report.rows}
    assert found == {
        "unit": [2, 4, 4, 2, 1],
        "service": [2, 4, 5, 1, 0],
        "ui": [3, 5, 7, 2, 2],
        UNCLASSIFIED: [1, 3, 8, 1, 1],
    }
    assert (report.total.lines, report.imported.lines, report.covered.lines) == (12, 2, 8)


def test_packages_tell_what_only_upper_tiers_cover() -> None:
    """Tests without a tier stand neither below nor above."""
    report = covered(SHOP, SOURCES)
    assert report.packages == (PackageCoverage("shop", 10, 4, 2), PackageCoverage("web", 2, 0, 1))
    assert report.above == 3
    assert covered({}, {"top.py": source(1)}).packages == (PackageCoverage(".", 1, 0, 0),)


def test_a_file_that_nothing_executes_counts_with_all_its_lines() -> None:
    """Otherwise coverage would rise when tests are deleted."""
    report = covered({Label("unit"): {"a.py": [1]}}, {"a.py": source(1), "b.py": source(1, 2, 3)})
    unit = report.row("unit")
    assert unit is not None
    assert share(unit.cumulative.lines, report.total.lines) == 0.25
    assert report.row("nobody") is None
    assert share(0, 0) == 0.0


def test_lines_that_are_no_statements_do_not_count() -> None:
    """Excluded lines are executed too, and a file without a known source is left out."""
    report = covered({Label("unit"): {"a.py": [1, 2, 3], "gone.py": [1]}}, {"a.py": source(1, 3)})
    assert report.covered == Count(2, 0)
    assert [one.file for one in report.files] == ["a.py"]


def test_any_line_of_a_statement_executes_it() -> None:
    """Tracers tell of the line that runs, which may be the third of a call."""
    several = Source(statements=bits_of([1, 5]), continued=((2, 1), (3, 1)))
    assert covered({Label("unit"): {"a.py": [3]}}, {"a.py": several}).covered.lines == 1


def test_branches_count_like_lines() -> None:
    """An arc from a further line of a statement is the statement's; arcs that are no branches are left out."""
    two = Source(bits_of([1, 4, 5]), ((2, 1), (3, 1)), frozenset({(1, 4), (1, 5), (5, -4)}))
    arcs = ((-1, 1), (3, 4), (1, 5), (5, -4))
    traces = {
        Label("unit"): Trace({"a.py": bits_of([1, 4])}, {"a.py": 0b0011}),
        Label("ui"): Trace({"a.py": bits_of([1, 5])}, {"a.py": 0b1101}),
    }
    report = coverage_of(
        Recording(True, frozenset({"a.py"}), {"a.py": arcs}, traces), {"a.py": two}, PYRAMID, PYRAMID.names
    )
    assert report.total == Count(3, 3)
    assert [(row.own.branches, row.new.branches) for row in report.rows] == [(1, 1), (0, 0), (2, 2)]


def test_what_only_upper_tiers_execute_is_listed_by_function_with_the_quickest_test() -> None:
    """Headers are left out, the lowest tier takes the line, and stretches end where a function ends."""
    text = Source(
        statements=bits_of(range(1, 10)), headers=bits_of([2, 6]), functions=((2, 5, "pay"), (6, 9, "Till.open"))
    )
    lines = {
        IMPORT: {"a.py": [1]},
        Label("service", "s.py::test_slow"): {"a.py": [2, 3, 4]},
        Label("service", "s.py::test_quick"): {"a.py": [3]},
        Label("ui", "u.py::test_page"): {"a.py": [4, 5, 7, 8]},
    }
    report = covered(lines, {"a.py": text}, ("s.py::test_quick", "u.py::test_page", "s.py::test_slow"))
    assert report.detail == "test"
    assert report.files[0].push_down == (
        PushDown(3, 4, 2, "service", "pay", "s.py::test_quick"),
        PushDown(5, 5, 1, "ui", "pay", "u.py::test_page"),
        PushDown(7, 8, 2, "ui", "Till.open", "u.py::test_page"),
    )
    by_tier = {label.coarse: one for label, one in lines.items() if label.nodeid != "s.py::test_quick"}
    parts = covered(by_tier, {"a.py": text}).files[0].push_down
    assert [(one.first, one.nodeid) for one in parts] == [(3, ""), (5, ""), (7, "")]


numbers = st.sets(st.integers(1, 40), max_size=30)


@given(imported=numbers, unit=numbers, service=numbers, ui=numbers)
def test_the_counts_are_those_of_plain_sets(
    imported: set[int], unit: set[int], service: set[int], ui: set[int]
) -> None:
    """For any lines whatever, every figure is what set arithmetic says."""
    lines = {IMPORT: imported, Label("unit"): unit, Label("service"): service, Label("ui"): ui}
    report = covered({label: {"a.py": one} for label, one in lines.items()}, {"a.py": source(*range(1, 41))})
    found = report.row("service")
    assert found is not None
    expected = (
        service,
        imported | service,
        imported | unit | service,
        service - imported - unit,
        service - imported - unit - ui,
    )
    assert tuple(one.lines for one in found[1:]) == tuple(len(one) for one in expected)
    assert report.above == len((service | ui) - imported - unit)
    assert report.covered.lines == len(imported | unit | service | ui)
    top = report.row("ui")
    assert top is not None
    assert top.cumulative == report.covered
