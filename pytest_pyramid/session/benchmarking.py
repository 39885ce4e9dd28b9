"""Takes up what pytest-benchmark measures, and lets it measure where xdist is on but nothing runs beside the test."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Any

import pytest

from pytest_pyramid.core.benchmarks import Benchmark, Measured, benchmark_of
from pytest_pyramid.core.setting_tree import Settings

if TYPE_CHECKING:
    from pytest_pyramid.session.collecting import Collecting
    from pytest_pyramid.session.memory import Memory

FIXTURE = "benchmark"
REPORT_KEY = "pyramid_benchmark"
"""The attribute of a report that carries what its test measured, as plain data."""


class Benchmarks:
    """In the deciding process: what the tests measured."""

    def __init__(self) -> None:
        self._found: dict[str, Benchmark] = {}
        self._measured: tuple[Measured, ...] | None = None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take down what the report carries; a rerun's figures replace those before."""
        plain = report.__dict__.get(REPORT_KEY)
        found = benchmark_of(plain) if plain is not None else None
        if found is not None:
            self._found[report.nodeid] = found

    def measured(self, memory: Memory | None) -> tuple[Measured, ...]:
        """Every test's figures with those of its past; looked up once, when the tests are done."""
        if self._measured is None:
            past = memory.benchmarks(list(self._found)) if memory is not None and self._found else {}
            self._measured = tuple(Measured(nodeid, now, past.get(nodeid)) for nodeid, now in self._found.items())
        return self._measured


class Reading:
    """Where tests run: puts the figures on the reports."""

    def __init__(self, config: pytest.Config, collecting: Collecting, aside: Sequence[str]) -> None:
        self._config = config
        self._collecting = collecting
        self._aside = frozenset(aside)
        asked_off = config.getoption("benchmark_disable", False) and not config.getoption("benchmark_enable", False)
        self._enables = hasattr(config, "workerinput") and not asked_off

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Take no part in a run without benchmarks; keep pytest-benchmark from saying that it measured nothing."""
        measuring = [item for item in session.items if FIXTURE in getattr(item, "fixturenames", ())]
        if not measuring:
            self._config.pluginmanager.unregister(self)
            return
        plugin: Any = self._config.pluginmanager.get_plugin("pytest-benchmark")
        if self._enables and all(map(self._is_alone, measuring)) and hasattr(plugin, "xdist_benchmark_found"):
            plugin.xdist_benchmark_found = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> None:
        """Switch the fixture on again, which xdist's presence switched off, for a test that runs alone."""
        fixture = getattr(item, "funcargs", {}).get(FIXTURE)
        if fixture is not None and self._enables and getattr(fixture, "disabled", False) and self._is_alone(item):
            fixture.disabled = False

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: Any) -> Generator[None, Any, Any]:
        """Put what a test that passed has measured on the report of its call."""
        report = yield
        if call.when == "call" and report.passed:
            plain = figures(getattr(item, "funcargs", {}).get(FIXTURE))
            if plain is not None:
                setattr(report, REPORT_KEY, plain)
        return report

    def _is_alone(self, item: pytest.Item) -> bool:
        return self._collecting.tier_of(item) in self._aside


def read_in(config: pytest.Config, settings: Settings, collecting: Collecting | None) -> None:
    """Let the figures of tests be put on their reports, in a process that runs tests."""
    if collecting is not None:
        aside = [tier.name for tier in settings.pyramid if tier.side]
        config.pluginmanager.register(Reading(config, collecting, aside), "pyramid-reading-benchmarks")


def figures(fixture: Any) -> dict[str, Any] | None:
    """The fixture's figures as plain data, None when it measured nothing or is not pytest-benchmark's."""
    metadata = getattr(fixture, "stats", None)
    if not metadata:
        return None
    try:
        stats = metadata.stats
        numbers = {name: float(getattr(stats, name)) for name in ("median", "iqr", "stddev")}
        return {**numbers, "rounds": int(stats.rounds), "iterations": int(metadata.iterations)}
    except (AttributeError, TypeError, ValueError):  # a fixture of that name with other statistics
        return None
