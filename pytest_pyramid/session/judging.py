"""Judgement of one run: the rule book of the settings, asked about the facts of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_pyramid.core.census import Census
from pytest_pyramid.core.facts import Outcome, Suite
from pytest_pyramid.core.problems import problems_text
from pytest_pyramid.core.report import ShapeVerdict
from pytest_pyramid.core.ruling import Judgement, RuleBook, Stage, judge
from pytest_pyramid.core.selecting import has_shipped_tiers, selection_of
from pytest_pyramid.core.setting_tree import Settings
from pytest_pyramid.core.shapes import judge_shape
from pytest_pyramid.rules import CONFIGURATION
from pytest_pyramid.session.extensions import Extensions
from pytest_pyramid.session.partial import narrowed_reason, partial_reason, whole_tiers
from pytest_pyramid.session.run import Run
from pytest_pyramid.stores.config_files import DEFAULTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_pyramid.core.behaviour import Behaviour
    from pytest_pyramid.core.benchmarks import Measured
    from pytest_pyramid.core.coverage_report import CoverageReport
    from pytest_pyramid.session.baselining import Baselining

OVER_TIERED_TEST = "PYR701"
FLAKY_TEST = "PYR702"


class Judging:
    """Turns the facts of a run into violations and a shape."""

    def __init__(self, config: pytest.Config, settings: Settings, extensions: Extensions) -> None:
        self.settings = settings
        self.extensions = extensions
        self.book = rule_book(settings, extensions)
        self.baselining: Baselining | None = None
        """Compares with the baseline, where there is one."""
        self._config = config
        self._counted: tuple[tuple[Outcome, ...], Census] | None = None

    def partial_reason(self, run: Run) -> str | None:
        """Why the run is only a part of the suite, None when it is the whole."""
        whole = self.partial_reason_of_whole(run)
        if not self.settings.is_parted:
            return whole
        return f"shard {self.settings.shard}" + (f", {whole}" if whole else "")

    def partial_reason_of_whole(self, run: Run) -> str | None:
        """The same of all shards together."""
        return partial_reason(self._config, self.settings, run.manifest.deselected)

    def narrowed_reason(self, run: Run) -> str | None:
        """Why not all tests of the selected tiers are in it, apart from shards."""
        return narrowed_reason(self._config, self.settings, run.manifest.deselected)

    def judge(self, run: Run, outcomes: tuple[Outcome, ...]) -> Judgement:
        """What the rules say of the run."""
        suite = self.suite(run, outcomes)
        found = Judgement.joined(judge(self.book, suite, stage) for stage in (Stage.COLLECTION, Stage.RUN))
        return found if self.baselining is None else self.baselining.judge(self.book, suite, found)

    def shape(self, run: Run, outcomes: tuple[Outcome, ...]) -> ShapeVerdict:
        """The shape of the suite, or why it is not judged."""
        limit = self.settings.max_unclassified
        return judge_shape(self.census(run, outcomes), partial_reason=self.partial_reason(run), max_unclassified=limit)

    def census(self, run: Run, outcomes: tuple[Outcome, ...]) -> Census:
        """How many tests, functions and seconds every row holds; counted once for the same outcomes."""
        if self._counted is None or self._counted[0] is not outcomes:
            self._counted = (outcomes, Census.counted(self.settings.pyramid, run.manifest.tests, outcomes))
        return self._counted[1]

    def forget(self) -> None:
        """Let go of what was judged last."""
        self._counted = None

    def coverage(self, run: Run, outcomes: tuple[Outcome, ...]) -> CoverageReport | None:
        """The coverage of the run by tier, None when nobody asked or nothing was measured."""
        return run.coverage.report(run.manifest.tests, outcomes) if run.coverage is not None else None

    def benchmarks(self, run: Run) -> tuple[Measured, ...]:
        """What pytest-benchmark measured, once the tests are done."""
        return run.benchmarks.measured(run.memory) if run.benchmarks is not None else ()

    def suite(self, run: Run, outcomes: tuple[Outcome, ...]) -> Suite:
        """The facts of the run as rules see them."""
        return Suite(
            pyramid=self.settings.pyramid,
            tests=run.manifest.tests,
            outcomes=outcomes,
            gates=run.gate_states(outcomes),
            collection_errors=tuple(run.collection_errors),
            conftest_marks=run.manifest.conftest_marks,
            partial_reason=self.partial_reason(run),
            census=self.census(run, outcomes),
            touching=tuple([outcome for outcome in outcomes if outcome.touches]),
            max_unclassified=self.settings.max_unclassified,
            flakes=run.memory.flakes() if run.memory is not None and self._asks(FLAKY_TEST) else (),
            behaviours=self._behaviours(run) if self._asks(OVER_TIERED_TEST) else {},
            past=run.forecast.tests,
            guard_layers=run.guard_layers,
            benchmarks=self.benchmarks(run),
            coverage=self.coverage(run, outcomes),
            whole_tiers=whole_tiers(self._config, self.settings),
            default_tiers=has_shipped_tiers(self.settings, defaults=DEFAULTS),
        )

    def _behaviours(self, run: Run) -> Mapping[str, Behaviour]:
        files = list(dict.fromkeys(test.nodeid.partition("::")[0] for test in run.manifest.tests))
        return run.memory.behaviours(files) if run.memory is not None else {}

    def _asks(self, code: str) -> bool:
        """True when the rule counts in this run."""
        return any(rule.code == code for rule, _ in self.book.entries)


def rule_book(settings: Settings, extensions: Extensions) -> RuleBook:
    """The rules that count. Raises pytest.UsageError with everything that is wrong in their settings."""
    elsewhere = [(one.code, one.name) for one in CONFIGURATION]
    sources = dict(settings.sources)
    book, problems = RuleBook.made(extensions.rules, selection_of(settings), elsewhere=elsewhere, sources=sources)
    if problems:
        raise pytest.UsageError(problems_text(problems))
    return book
