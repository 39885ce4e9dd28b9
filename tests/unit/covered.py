"""A small coverage report that several tests look at."""

from __future__ import annotations

from pytest_pyramid.core.coverage import coverage_of
from pytest_pyramid.core.coverage_report import CoverageReport
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
