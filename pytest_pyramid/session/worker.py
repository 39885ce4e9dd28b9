"""The role in an xdist worker: classifies, reports the manifest, stands at fences, refuses what the cord stopped."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_pyramid.core.settings import Settings
from pytest_pyramid.session import unrun
from pytest_pyramid.session.collecting import FACTS, Collecting
from pytest_pyramid.session.fence import Fence, fences
from pytest_pyramid.session.wire import pack_manifest


class Worker:
    """Does what the controller says. `channel` is our own execnet channel to it."""

    def __init__(self, settings: Settings, collecting: Collecting, channel: Any) -> None:
        self._settings = settings
        self._collecting = collecting
        self._channel = channel
        self._soft: Fence | None = None
        self._limit = len(settings.pyramid)
        # Called in execnet's receiver thread, so also while a test runs; it only stores.
        channel.setcallback(self._set_limit)

    def _set_limit(self, limit: int) -> None:
        self._limit = limit

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Send the manifest, ahead of the node ids that xdist sends from this hook: one pipe keeps the order."""
        self._channel.send(pack_manifest(self._collecting.manifest(session.items)))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> None:
        """Append the fences behind the last test, now that the collection was reported."""
        self._soft, hard = fences(session)
        session.items.extend((self._soft, hard))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
        """Pass a fence, refuse a test above the limit, report a manual one; every other test is pytest's."""
        if isinstance(item, Fence):
            item.pass_by(nextitem)
            return True
        facts = item.stash.get(FACTS, None)
        if facts is None:
            return None
        if self._settings.pyramid.rank_of(facts.tier) > self._limit:
            return True
        if self._soft is not None:
            self._soft.last = item
        return unrun.report_manual(item, facts)
