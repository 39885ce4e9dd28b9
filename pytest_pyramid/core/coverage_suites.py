"""Small suites with coverage, for the examples of rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pytest_pyramid.core.coverage import coverage_of
from pytest_pyramid.core.examples import example_suite
from pytest_pyramid.core.facts import Suite
from pytest_pyramid.core.line_sets import bits_of
from pytest_pyramid.core.recording import Label, Recording, Trace
from pytest_pyramid.core.source_lines import Source
from pytest_pyramid.core.tiers import Pyramid

FILE = "shop/checkout/pay.py"
"""The one file of the examples."""


def covered_suite(upto: Mapping[str, int], *, targets: Mapping[str, float] | None = None, lines: int = 100) -> Suite:
    """A suite with one test in every tier named, which executes one file from its first line up to that one."""
    suite = example_suite(dict.fromkeys(upto, 1), seconds=dict.fromkeys(upto, 0.1))
    wanted = targets or {}
    tiers = tuple(tier._replace(min_coverage=wanted.get(tier.name)) for tier in suite.pyramid)
    traces = {Label(row): Trace({FILE: bits_of(range(1, last + 1))}, {}) for row, last in upto.items()}
    source = Source(statements=bits_of(range(1, lines + 1)), functions=((1, lines, "pay"),))
    pyramid = Pyramid(tiers=tiers)
    report = coverage_of(Recording(False, frozenset({FILE}), {}, traces), {FILE: source}, pyramid, pyramid.names)
    return replace(suite, pyramid=pyramid, coverage=report)
