"""From the collection and what is expected of it to the plan of a run with workers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from pytest_pyramid.core.facts import TestFacts
from pytest_pyramid.core.forecast import Forecast
from pytest_pyramid.core.ordering import POLICIES, completed, expected_seconds, setups_of, smoke_first
from pytest_pyramid.core.packing import packed
from pytest_pyramid.core.plan import Order, Plan, plan_of
from pytest_pyramid.core.problems import BAD_VALUE, Problem, nearest, problems_text
from pytest_pyramid.core.setting_tree import Settings
from pytest_pyramid.core.tiers import Tier
from pytest_pyramid.session.run import Run
from pytest_pyramid.session.wire import Manifest

SEES_FENCES = ("allure_pytest",)
"""Plugins that take a fence for a test, by the name that they are registered under."""


ALONE = "alone on the machine"
"""The pin of tests that nothing may run beside."""


class _BuiltinOrder:
    """Answers with the configured policy, when nobody else orders."""

    def __init__(self, policy: str) -> None:
        self._policy = POLICIES[policy]

    @pytest.hookimpl(trylast=True)
    def pytest_pyramid_order(self, tier: Tier, tests: Sequence[TestFacts], history: Forecast) -> Order:
        return self._policy(tier, tests, history)


def register_order(config: pytest.Config, settings: Settings) -> None:
    """Let the configured policy answer where nobody else does."""
    if not config.pluginmanager.has_plugin("pyramid-order"):
        config.pluginmanager.register(_BuiltinOrder(settings.order), "pyramid-order")


def plan_for(config: pytest.Config, run: Run, manifest: Manifest, dist: str, workers: int) -> Plan:
    """The plan for what `manifest` describes; `dist` is xdist's option, `workers` how many are expected.

    Ends the run as a usage error when a test claims a resource that has no capacity.
    """
    settings, tests, forecast = run.settings, manifest.tests, run.forecast
    ranks = [run.rank_of(test) for test in tests]
    tiers = settings.pyramid.tiers[: settings.pyramid.height(ranks)]
    functions: dict[str, int] = {}
    numbers = tuple(functions.setdefault(test.function, len(functions)) for test in tests)
    plan = plan_of(
        ranks,
        tiers=len(tiers),
        together=[test.shares or test.location.file for test in tests],
        setups=setups_of(tests, forecast),
        pins=pins_of(manifest, dist, [tiers[rank].side for rank in ranks]),
        needs=claims_of(tests, settings),
        seconds=expected_seconds(tests, forecast) if forecast.tests else (),
        functions=numbers if len(functions) < len(tests) else (),
        orders=orders_of(config, settings, tests, ranks, forecast),
        mode=settings.gate,
        most_workers=tuple(1 if tier.side else tier.workers for tier in tiers),
        shared=len(settings.pyramid.storeys),
        workers=workers,
        capacity=dict(settings.resources),
        fences=has_fences(config, settings),
    )
    return packed(plan)


def orders_of(
    config: pytest.Config, settings: Settings, tests: Sequence[TestFacts], ranks: Sequence[int], forecast: Forecast
) -> tuple[Order, ...]:
    """By rank, the order that the hook answers, made complete."""
    register_order(config, settings)
    members: list[list[TestFacts]] = [[] for _ in range(settings.pyramid.height(ranks))]
    for test, rank in zip(tests, ranks, strict=True):
        members[rank].append(test)
    hook: Any = config.hook
    return tuple(
        completed(
            smoke_first(hook.pytest_pyramid_order(tier=tier, tests=tuple(mine), history=forecast), mine), len(mine)
        )
        for tier, mine in zip(settings.pyramid, members, strict=False)
    )


def claims_of(tests: Sequence[TestFacts], settings: Settings) -> Sequence[tuple[str, ...]]:
    """The resources that each test claims, empty when none does; a usage error for one that has no capacity."""
    names = [name for name, _ in settings.resources]
    unknown = {need: test.nodeid for test in tests if test.needs for need in test.needs if need not in names}
    if unknown:
        problems = [_problem(need, nodeid, names) for need, nodeid in unknown.items()]
        pytest.exit(problems_text(problems), returncode=pytest.ExitCode.USAGE_ERROR)
    needs = [test.needs for test in tests]
    return needs if any(needs) else ()


def has_fences(config: pytest.Config, settings: Settings) -> bool:
    """False when the settings want no fences, or when a plugin would take them for tests."""
    manager = config.pluginmanager
    return settings.fences == "auto" and not any(manager.has_plugin(name) for name in SEES_FENCES)


def _problem(need: str, nodeid: str, names: Sequence[str]) -> Problem:
    message = f"is '{need}', to which [tool.pytest_pyramid.resources] gives no capacity"
    return Problem(code=BAD_VALUE, source=nodeid, key="resource", message=message, suggestion=nearest(need, names))


def pins_of(manifest: Manifest, dist: str, aside: Sequence[bool]) -> tuple[str | None, ...]:
    """What binds each test to one worker; those of tiers beside the shape are bound to the same one.

    So no other worker tears fixtures down or starts a test while one of them is measured.
    """
    pins = _pins(manifest, dist)
    return tuple(ALONE if alone else pin for pin, alone in zip(pins, aside, strict=True)) if any(aside) else pins


def _pins(manifest: Manifest, dist: str) -> tuple[str | None, ...]:
    """What binds each test to one worker: its xdist_group, or its file or scope when --dist asks for that."""
    if dist == "loadfile":
        return tuple(test.nodeid.split("::", 1)[0] for test in manifest.tests)
    if dist == "loadscope":
        return tuple(test.nodeid.rsplit("::", 1)[0] for test in manifest.tests)
    return manifest.pins
