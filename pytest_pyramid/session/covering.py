"""Coverage by tier: at the edge of every tier this process's measurement is told under whose name to record."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from pytest_pyramid.core.recording import IMPORT, NOTHING, Label, Recording, label_of, merged
from pytest_pyramid.core.setting_tree import Settings
from pytest_pyramid.session.collecting import Collecting
from pytest_pyramid.session.coverage_start import LEFT, OWN, appends
from pytest_pyramid.session.coverage_tracer import FAULTS, OwnCoverage, Tracer, restart, running
from pytest_pyramid.session.fence import Fence
from pytest_pyramid.session.wire_coverage import COVERAGE, pack_recording

CONTEXTS_OF_TESTS = "test"
"""What pytest-cov's `--cov-context` can be: it names every phase of every test itself."""

KEPT_EVERY = 1.0
"""Seconds after which a worker writes down what it recorded, before its next test begins."""


class Covering:
    """The part of a role that records coverage; the same in a worker and in a single process.

    Without `collecting` no test runs here, so that all that is executed is import.
    """

    def __init__(self, config: pytest.Config, settings: Settings, collecting: Collecting | None = None) -> None:
        self.notes: list[str] = []
        self.incomplete: list[str] = []
        self._config = config
        self._pyramid = settings.pyramid
        self._by_test = settings.cov == "test"
        self._collecting = collecting
        self._named_by_others = config.getoption("cov_context", None) == CONTEXTS_OF_TESTS
        self._row_of: dict[str, str] = {}
        self._label: Label | None = None
        self._tracer: Tracer | None = None
        self._sought = False
        self._kept = monotonic() if hasattr(config, "workerinput") else None
        left = config.stash.get(LEFT, None)
        self._left = Path(left.name) if left is not None else None
        self.rescued = False
        self.own: OwnCoverage | None = config.stash.get(OWN, None)

    @property
    def source(self) -> str:
        """Who measures."""
        if self.own is not None:
            return "pytest-test-pyramid"
        return "pytest-cov" if self._config.pluginmanager.hasplugin("_cov") else "coverage run"

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Record what the test does under its tier, or under its own name."""
        if self._collecting is not None and not isinstance(item, Fence):
            self._begin(item, self._collecting.tier_of(item))
        return (yield)

    def _begin(self, item: pytest.Item, row: str) -> None:
        apart = self._by_test and self._pyramid.rank_of(row) > 0
        label = Label(row, item.nodeid if apart else "")
        if self._named_by_others:
            self._row_of[item.nodeid] = row
            restart()
            return
        again = label == self._label
        if again and (self._kept is None or monotonic() < self._kept + KEPT_EVERY):
            return
        self._label = label
        tracer = self.tracer
        if tracer is None or tracer.dynamic_context:
            return
        try:
            (tracer.keep if again else tracer.switch)(label)
            self._kept = monotonic() if self._kept is not None else None
        except FAULTS as error:
            self._fail(error)

    @property
    def tracer(self) -> Tracer | None:
        """What measures this process; looked for once, when the tests begin, because a test may start another one."""
        if not self._sought:
            self._sought = True
            found = running()
            if found is not None:
                self._tracer = Tracer(found, self._config.rootpath.resolve(), Path(self._config.invocation_params.dir))
            else:
                self.incomplete.append("nothing measured this process")
        return self._tracer

    def recording(self, *, others: bool) -> Recording:
        """What was executed until now, with what ended processes left behind when `others` is true."""
        tracer = self.tracer
        if tracer is None:
            return NOTHING
        if tracer.dynamic_context:
            self.incomplete.append(f"[run] dynamic_context = {tracer.dynamic_context} leaves no room for tiers")
            return NOTHING
        try:
            mine = tracer.recording(self._label_of)
            if not others and self.own is None:
                return mine
            theirs = tracer.of_others(self._left)
            self.rescued = bool(theirs.traces)
            return merged([mine, theirs])
        except FAULTS as error:
            self._fail(error)
            return NOTHING

    def _label_of(self, context: str) -> Label | None:
        """The label of a context; one that is nobody's is import, unless it is an older run's."""
        label = label_of(context)
        if label is not None:
            return label
        if self._named_by_others:
            nodeid, bar, _ = context.rpartition("|")
            row = self._row_of.get(nodeid)
            if bar and row is not None:
                return Label(row, nodeid if self._by_test and self._pyramid.rank_of(row) > 0 else "")
        return None if self.own is None and appends() else IMPORT

    def _fail(self, error: Exception) -> None:
        self._tracer = None
        said = " ".join(f"{type(error).__name__}: {error}".split())
        self.incomplete.append(f"coverage.py could not be told of tiers: {said}")

    def hand_over(self, output: dict[str, Any]) -> None:
        """Put what this worker recorded into its output for the controller, and stop a measurement of our own."""
        recording = self.recording(others=False)
        output[COVERAGE] = pack_recording(recording, self.incomplete)
        self.end()

    def end(self) -> None:
        """Stop a measurement of our own."""
        if self.own is not None:
            self.own.end()
            self.own = None
