"""Order inside the tiers of a single process: files stay whole, and those of likely failures come first."""

from __future__ import annotations

import pytest

from pytest_pyramid.core.facts import TestFacts
from pytest_pyramid.core.placing import is_smoke
from pytest_pyramid.core.plan import Order
from pytest_pyramid.session.collecting import Collecting
from pytest_pyramid.session.planning import orders_of
from pytest_pyramid.session.run import Run

ORDERED_BY_OTHERS = ("failedfirst", "newfirst", "stepwise", "lf")
"""Options of pytest's own that ask for an order."""
ORDERING_PLUGINS = ("randomly", "random_order", "pytest_order", "pytest-order", "pytest_ordering", "order")
"""Plugins that order tests, by the names that they are registered under."""


def arrange(run: Run, collecting: Collecting, items: list[pytest.Item]) -> None:
    """Move the files of what the policy starts first to the front of their tiers, unless an order was asked for."""
    if not items or _is_ordered(items[0].config):
        return
    tests = collecting.described(items)
    ranks = [run.rank_of(test) for test in tests]
    members: list[list[int]] = [[] for _ in run.settings.pyramid]
    for index, rank in enumerate(ranks):
        members[rank].append(index)
    orders = orders_of(items[0].config, run.settings, tests, ranks, run.forecast)
    smoke = collecting.has_smoke
    pairs = zip(members, orders, strict=False)
    arranged = [index for mine, order in pairs for index in _files_first(mine, order, tests, has_smoke=smoke)]
    items[:] = [items[index] for index in arranged]


def _files_first(members: list[int], order: Order, tests: list[TestFacts], *, has_smoke: bool) -> list[int]:
    """The tests of one tier: smoke tests, then those whose files hold what the order starts with."""
    places: dict[str, int] = {}
    for position in order.first:
        places.setdefault(tests[members[position]].location.file, len(places))
    if not places and not has_smoke:
        return members
    return sorted(
        members,
        key=lambda index: (not is_smoke(tests[index].marks), places.get(tests[index].location.file, len(places))),
    )


def _is_ordered(config: pytest.Config) -> bool:
    asked = any(config.getoption(name, None) for name in ORDERED_BY_OTHERS)
    return asked or any(config.pluginmanager.has_plugin(name) for name in ORDERING_PLUGINS)
