"""The hooks that third parties get. Every argument and result is a frozen value of `pytest_pyramid.core`.

All are optional. Implement them in a conftest.py or in a plugin; the plugin's own parts answer through them too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pytest_pyramid.core.acts import Guard
    from pytest_pyramid.core.evidence import Evidence, Suggestion
    from pytest_pyramid.core.facts import Placement, TestFacts
    from pytest_pyramid.core.forecast import Forecast
    from pytest_pyramid.core.gating import Tally, Verdict
    from pytest_pyramid.core.plan import Order
    from pytest_pyramid.core.report import RunReport
    from pytest_pyramid.core.ruling import Rule
    from pytest_pyramid.core.tiers import Tier
    from pytest_pyramid.notifiers import Notifier
    from pytest_pyramid.reporters import Reporter


@pytest.hookspec
def pytest_pyramid_classify(test: TestFacts) -> str | Placement | None:
    """The tier that a test belongs to, by name or as a Placement with a reason; None for "not mine".

    Called once per collected test in every process that runs tests. All answers are kept: the first one decides,
    the others are evidence that rules compare it with. Implementations of projects come before the built-in ones
    (marker, then path). A name that is no tier is taken for None.
    """


@pytest.hookspec
def pytest_pyramid_suggest(evidence: Evidence) -> Suggestion | None:
    """The tier that weaker evidence speaks for, with its confidence; None for "it says nothing".

    Called for tests that no answer of `pytest_pyramid_classify` has placed: in every process that runs tests with what
    the test's code uses, and in the controlling process with what past runs saw of it. In the first case the strongest
    suggestion places the test when its confidence is at least `STRONG`; all others only show in explanations and reports.
    `--pyramid-explain=NODEID` asks about any test.
    """


@pytest.hookspec(firstresult=True)
def pytest_pyramid_order(tier: Tier, tests: Sequence[TestFacts], history: Forecast) -> Order | None:
    """The order in which the tests of a tier start, as positions in `tests`; None for "the configured policy's".

    `tests` are in collection order, `history` is what earlier runs and git tell of them. Called once for each tier in
    the controlling process, before the first test. A position that is left out goes after `then`; tests that share
    set-up keep together wherever the first of them stands. In a single process only `first` is looked at: the files of
    these tests come first, whole.
    """


@pytest.hookspec(firstresult=True)
def pytest_pyramid_gate(tally: Tally) -> Verdict | None:
    """The verdict on a tier's gate instead of the configured policy's; None for "the policy's".

    Called in the controlling process at every confirmed failure and at the end of every tier. A closed gate stays
    closed.
    """


@pytest.hookspec
def pytest_pyramid_rules() -> Iterable[type[Rule]]:  # type: ignore[empty-body]  # a specification
    """More rules. Called once in the controlling process. A code that exists already is refused."""


@pytest.hookspec
def pytest_pyramid_guards() -> Iterable[Guard]:  # type: ignore[empty-body]  # a specification
    """More guards. Called once in every process that runs tests, and only while the guard is on."""


@pytest.hookspec
def pytest_pyramid_reporters() -> Iterable[Reporter]:  # type: ignore[empty-body]  # a specification
    """More report formats. Called once in the controlling process. A name that exists already is refused."""


@pytest.hookspec
def pytest_pyramid_notifiers() -> Iterable[Notifier]:  # type: ignore[empty-body]  # a specification
    """More notifiers, as names and modules. Called once in the controlling process. A name that exists is refused.

    The module is imported in a process beside the run, which has the same import path.
    """


@pytest.hookspec
def pytest_pyramid_report(report: RunReport) -> None:
    """Look at the finished report, after it was written and before the terminal summary. Nothing is taken back."""
