"""Collection: every item becomes facts in a tier, unselected tiers are deselected, the rest is sorted by tier."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from pytest_pyramid.core.facts import Location, TestFacts
from pytest_pyramid.core.placing import placed
from pytest_pyramid.core.settings import Settings
from pytest_pyramid.session.items import ItemReader, group_of
from pytest_pyramid.session.wire import Manifest

FACTS = pytest.StashKey[TestFacts]()


class Collecting:
    """The part of a role that collects; the same in a worker and in a single process."""

    def __init__(self, config: pytest.Config, settings: Settings) -> None:
        self._config = config
        self._settings = settings
        self._reader = ItemReader()
        self._deselected = 0

    @pytest.hookimpl
    def pytest_sessionstart(self) -> None:
        """Register the second sort last of all, so that no other plugin reorders behind it."""
        self._config.pluginmanager.register(_LastSort(self), "pyramid-last-sort")

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Deselect what was not asked for, and sort, so that plugins that cut the list (stepwise) cut it in our order.

        Not with pytest-split: its groups would then hold one tier each.
        """
        only = self._settings.only
        if only:
            rows = {*only, *(row for row in self._settings.pyramid.rows_at(0) if self._settings.pyramid.base.name in only)}
            dropped = [item for item in items if self._facts(item).tier not in rows]
            items[:] = [item for item in items if self._facts(item).tier in rows]
            if dropped:
                self._config.hook.pytest_deselected(items=dropped)
        if not self._config.getoption("splits", None):
            self.sort(items)

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        """Count what is left out, by whomever."""
        self._deselected += len(items)

    def sort(self, items: list[pytest.Item]) -> None:
        """Sort in place by tier; stable, so that the order of others holds inside a tier."""
        rank_of = {row: self._settings.pyramid.rank_of(row) for row in self._settings.pyramid.rows}
        items.sort(key=lambda item: rank_of[self._facts(item).tier])

    def manifest(self, items: list[pytest.Item]) -> Manifest:
        """What there is to know about the final collection."""
        tests = tuple(self._facts(item) for item in items)
        grouped = any("xdist_group" in level for test in tests for level in test.marks)
        return Manifest(
            tests=tests,
            pins=tuple(group_of(item) if grouped else None for item in items),
            deselected=self._deselected,
            conftest_marks=self._conftest_marks(),
        )

    def _facts(self, item: pytest.Item) -> TestFacts:
        known = item.stash.get(FACTS, None)
        if known is None or known.nodeid != item.nodeid:
            bare = self._reader.facts(item)
            answers = self._config.hook.pytest_pyramid_classify(test=bare)
            known = placed(bare, answers, self._settings.pyramid, self._settings.default_tier)
            item.stash[FACTS] = known
        return known

    def _conftest_marks(self) -> tuple[Location, ...]:
        root = self._config.rootpath
        found = []
        for plugin in self._config.pluginmanager.get_plugins():
            path = Path(str(getattr(plugin, "__file__", "") or ""))
            if path.name == "conftest.py" and hasattr(plugin, "pytestmark"):
                inside = path.relative_to(root) if path.is_relative_to(root) else path
                found.append(Location(file=inside.as_posix()))
        return tuple(sorted(found, key=lambda place: place.file))


class _LastSort:
    """The outermost wrapper around all reordering."""

    def __init__(self, collecting: Collecting) -> None:
        self._collecting = collecting

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> Generator[None, Any, Any]:
        """Sort by tier once everybody else has had their say."""
        result = yield
        self._collecting.sort(items)
        return result
