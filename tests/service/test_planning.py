"""From the manifest to the plan: what is known of tests becomes order, set-up, claims and estimates."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from pytest_pyramid.core.facts import Location, TestFacts
from pytest_pyramid.core.forecast import NOTHING_KNOWN, Estimate, Forecast
from pytest_pyramid.core.ordering import lazy_longest_first
from pytest_pyramid.core.plan import Plan
from pytest_pyramid.session.planning import SEES_FENCES, plan_for
from pytest_pyramid.session.wire import Manifest
from tests.service.test_scheduler import settings


def planned(
    tests: list[TestFacts], forecast: Forecast = NOTHING_KNOWN, plugins: tuple[str, ...] = (), **given: Any
) -> Plan:
    """The plan for the tests, all of the base tier unless they say otherwise; `given` are settings."""
    chosen = settings()._replace(**given)
    run: Any = SimpleNamespace(
        settings=chosen, forecast=forecast, rank_of=lambda test: chosen.pyramid.rank_of(test.tier)
    )
    hook = SimpleNamespace(pytest_pyramid_order=lazy_longest_first)
    there = ("pyramid-order", *plugins)
    config: Any = SimpleNamespace(hook=hook, pluginmanager=SimpleNamespace(has_plugin=there.__contains__))
    return plan_for(config, run, Manifest(tests=tuple(tests), pins=(None,) * len(tests)), "load", 2)


def fact(nodeid: str, **facts: Any) -> TestFacts:
    """The facts of one test."""
    where = Location(file=nodeid.partition("::")[0])
    return TestFacts(nodeid=nodeid, function=nodeid.partition("[")[0], location=where, tier="unit", **facts)


def test_an_empty_history_leaves_everything_open() -> None:
    """No seconds, collection order, and a fixture of unknown cost."""
    plan = planned([fact("a::1", shares="a"), fact("a::2", shares="a"), fact("b::1")])
    assert plan.seconds == ()
    assert [(group.tests, group.setup) for group in plan.groups[0]] == [((0, 1), None), ((2,), 0.0)]


def test_history_orders_and_prices() -> None:
    """A failure goes first, a long test last, and the shared fixture costs what it did."""
    history = Forecast(
        tests={
            "a::1": Estimate(0.01),
            "a::2": Estimate(3.0),
            "b::1": Estimate(0.01, failed_last=True),
            "c::1": Estimate(0.2),
        },
        setups={"c": 0.4},
    )
    plan = planned([fact("a::1"), fact("a::2"), fact("b::1"), fact("c::1", shares="c")], history)
    assert [group.tests for group in plan.groups[0]] == [(2,), (0,), (1,), (3,)]
    assert (plan.late[0], plan.groups[0][3].setup, plan.seconds[1]) == (2, 0.4, 3.0)


def test_a_file_that_history_knows_without_set_up_has_none() -> None:
    """A fixture that costs nothing ties no tests together."""
    plan = planned([fact("a::1", shares="a")], Forecast(tests={"a::1": Estimate(0.01)}))
    assert plan.groups[0][0].setup == 0.0


def test_cases_of_one_function_learn_from_each_other() -> None:
    """Other tests have numbers of their own."""
    assert planned([fact("a::f[1]"), fact("a::g"), fact("a::f[2]")]).functions == (0, 1, 0)


def test_claims_and_capacities_reach_the_plan() -> None:
    """Tests that claim different things are in different groups."""
    plan = planned([fact("a::1", needs=("db",)), fact("a::2")], resources=(("db", 2),))
    assert [group.needs for group in plan.groups[0]] == [("db",), ()]
    assert plan.capacity == {"db": 2}


def test_a_resource_without_capacity_is_a_usage_error() -> None:
    """The test is named, and the resource that was probably meant."""
    with pytest.raises(pytest.exit.Exception, match=r"a::1: resource: is 'dbs', .* did you mean 'db'") as raised:
        planned([fact("a::1", needs=("dbs",))], resources=(("db", 2),))
    assert raised.value.returncode == pytest.ExitCode.USAGE_ERROR


@pytest.mark.parametrize(
    ("fences", "plugins", "expected"), [("auto", (), True), ("auto", SEES_FENCES, False), ("never", (), False)]
)
def test_fences_are_left_out_where_somebody_sees_them(fences: str, plugins: tuple[str, ...], expected: bool) -> None:
    """A plugin that reports every entry would report fences as tests."""
    assert planned([fact("a::1")], plugins=plugins, fences=fences).fences is expected
