"""A small coverage report that several tests look at."""

from __future__ import annotations

from pytest_pyramid.core.coverage import coverage_of
from pytest_pyramid.core.coverage_report import (
    Count,
    CoverageReport,
    FileCoverage,
    PackageCoverage,
    PushDown,
    RowCoverage,
    TierRedundancy,
)
from pytest_pyramid.core.examples import example_pyramid
from pytest_pyramid.core.line_sets import bits_of
from pytest_pyramid.core.recording import IMPORT, Label, Recording, Trace
from pytest_pyramid.core.source_lines import Source
from pytest_pyramid.core.tiers import UNCLASSIFIED


def shop_coverage() -> CoverageReport:
    """Two files of twelve lines: import 2, unit 2 more, service 1 more, ui 2 more, a test without a tier 1 more."""
    lines = {
        IMPORT: {"shop/a.py": [1, 2]},
        Label("unit"): {"shop/a.py": [3, 4]},
        Label("service"): {"shop/a.py": [4, 5]},
        Label("ui"): {"shop/a.py": [5, 6], "web/b.py": [1]},
        Label(UNCLASSIFIED): {"shop/a.py": [7]},
    }
    traces = {label: Trace({file: bits_of(n) for file, n in one.items()}, {}) for label, one in lines.items()}
    sources = {
        "shop/a.py": Source(bits_of(range(1, 11)), functions=((5, 9, "pay"),)),
        "web/b.py": Source(bits_of([1, 2])),
    }
    pyramid = example_pyramid()
    recording = Recording(False, frozenset(sources), {}, traces)
    return coverage_of(recording, sources, pyramid, pyramid.rows)._replace(source="pytest-cov")


_SHOP = shop_coverage()
FULL_COVERAGE = _SHOP._replace(
    detail="test",
    rows=_SHOP.rows[:3],
    files=(
        _SHOP.files[0]._replace(push_down=(PushDown(5, 6, 2, "service", "pay", "tests/service/test_0.py::test_0"),)),
        *_SHOP.files[1:],
    ),
    redundancy=(
        TierRedundancy(
            "service", 25, 1, ("tests/service/test_0.py::test_1",), (), ("tests/service/test_0.py::test_0",)
        ),
        TierRedundancy("ui", 12, 2, (), ("tests/ui/test_0.py::test_1",), ("tests/ui/test_0.py::test_0",)),
    ),
    incomplete=("worker gw3 told of no coverage",),
)
"""The same with everything that a report can say of coverage."""


def hostile_coverage(text: str, rows: tuple[str, ...]) -> CoverageReport:
    """Coverage in which `text` stands wherever a text from outside can stand."""
    one = Count(1, 1)
    return CoverageReport(
        detail="test",
        source=text,
        branch=True,
        total=one,
        imported=one,
        covered=one,
        rows=tuple(RowCoverage(row, one, one, one, one, one) for row in rows),
        packages=(PackageCoverage(text, 1, 0, 1),),
        files=(FileCoverage(text, 1, 0, 1, (PushDown(1, 1, 1, text, text, text),)),),
        redundancy=(TierRedundancy(text, 1, 1, (text,), (text,), (text,)),),
        incomplete=(text,),
    )
