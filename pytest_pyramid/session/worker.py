"""The role in an xdist worker: classifies, reports the manifest, stands at fences, refuses what the cord stopped."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import pytest

from pytest_pyramid.core.setting_tree import Settings
from pytest_pyramid.session import hard_stop, unrun
from pytest_pyramid.session.classifying import register_classifiers
from pytest_pyramid.session.collecting import Collecting
from pytest_pyramid.session.fence import Fence, fences, tear_down
from pytest_pyramid.session.markers import add_markers
from pytest_pyramid.session.sharding import Sharding
from pytest_pyramid.session.stopwatch import CarriedStopwatch, Stopwatch
from pytest_pyramid.session.wire import (
    PAYLOAD,
    pack_late,
    pack_manifest,
    unpack_forecast,
    unpack_settings,
    unpack_shield,
)

if TYPE_CHECKING:
    from pytest_pyramid.session.covering import Covering
    from pytest_pyramid.session.late_touches import LateTouches

ROLE = pytest.StashKey[object]()


def take_up(config: pytest.Config) -> None:
    """Take up the role of an xdist worker, with the settings that the controller sent."""
    payload = config.workerinput[PAYLOAD]  # type: ignore[attr-defined]  # xdist puts it there
    settings = unpack_settings(payload["settings"])
    add_markers(config, settings)
    register_classifiers(config, settings)
    # Our scheduler honours groups by itself; xdist would write them into node ids.
    config.option.loadgroup = False
    collecting = Collecting(config, settings)
    stopwatch = CarriedStopwatch()
    role = Worker(settings, collecting, stopwatch, payload["channel"], describes=payload["manifest"])
    config.stash[ROLE] = role
    if settings.part is not None:
        collecting.sharding = Sharding(settings.part, lambda: unpack_forecast(payload["known"]))
    config.pluginmanager.register(collecting, "pyramid-collecting")
    config.pluginmanager.register(stopwatch, "pyramid-stopwatch")
    hard_stop.take_up(config, settings, collecting)
    if settings.guarded:
        from pytest_pyramid.session import guarding

        role.guard = guarding.take_up(config, settings, collecting, unpack_shield(payload["shield"]))
    if settings.cov != "off":
        from pytest_pyramid.session.covering import Covering

        role.covering = Covering(config, settings, collecting)
        config.pluginmanager.register(role.covering, "pyramid-covering")
    if config.pluginmanager.hasplugin("benchmark"):
        from pytest_pyramid.session import benchmarking

        benchmarking.read_in(config, settings, collecting)
    config.pluginmanager.register(role, "pyramid-role")
    if payload["batches"] is not None:
        from pytest_pyramid.session import batching

        batching.begin(config, *payload["batches"])


class Worker:
    """Does what the controller says. `channel` is our own execnet channel to it.

    The worker that `describes` the collection sends the manifest; one is enough.
    """

    def __init__(
        self, settings: Settings, collecting: Collecting, stopwatch: Stopwatch, channel: Any, *, describes: bool
    ) -> None:
        self._collecting = collecting
        self._stopwatch = stopwatch
        self._channel = channel
        self.guard: LateTouches | None = None
        self.covering: Covering | None = None
        self._describes = describes
        self._fences: tuple[Fence, ...] = ()
        self._top = self._limit = len(settings.pyramid) - 1
        # Called in execnet's receiver thread, so also while a test runs; it only stores.
        channel.setcallback(self._set_limit)

    def _set_limit(self, limit: int) -> None:
        self._limit = limit

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Send the manifest, ahead of the node ids that xdist sends from this hook: one pipe keeps the order."""
        if self._describes:
            nodeids = [item.nodeid for item in session.items]
            self._channel.send(pack_manifest(self._collecting.manifest(session.items, nodeids)))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> None:
        """Append the fences behind the last test, now that the collection was reported."""
        self._fences = fences(session)
        session.items.extend(self._fences)

    @pytest.hookimpl(wrapper=True, trylast=True, specname="pytest_runtestloop")
    def pytest_hand_over_coverage(self, session: pytest.Session) -> Generator[None, Any, Any]:
        """Hand over what was executed, inside of pytest-cov's own wrapper: it still measures."""
        try:
            return (yield)
        finally:
            if self.covering is not None:
                self.covering.hand_over(session.config.workeroutput)  # type: ignore[attr-defined]  # xdist puts it there

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hand over what the guard saw when the tests had ended."""
        if self.guard is not None:
            output: dict[str, Any] = session.config.workeroutput  # type: ignore[attr-defined]  # xdist puts it there
            output[PAYLOAD] = pack_late(self.guard.touches, self.guard.notes, self.guard.lacking)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
        """Pass a fence, refuse a test above the limit, report a manual one; every other test is pytest's."""
        if isinstance(item, Fence):
            item.pass_by(nextitem)
            return True
        if self._limit < self._top and self._collecting.rank_of(item) > self._limit:
            tear_down(item, nextitem)
            return True
        if item.session.shouldfail:  # before 3.6, xdist's worker goes on with what it holds
            tear_down(item, nextitem)
            return True
        if self._collecting.has_manual and self._collecting.is_manual(item):
            return unrun.report_manual(item, self._collecting.facts_of(item), nextitem)
        for fence in self._fences:
            fence.last = item
        self._stopwatch.begin()
        return None
