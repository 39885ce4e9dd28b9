"""What no report of a test can carry: the teardown of wide fixtures, which comes when their tests have ended."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from pytest_pyramid.core.facts import Touch
from pytest_pyramid.session.fixture_acts import FixtureRecord
from pytest_pyramid.session.scene import Scene


class LateTouches:
    """Gathers them for the first test of the lowest tier that requests the fixture, so that every process agrees."""

    def __init__(self, scene_of: Callable[[pytest.Item], Scene], rank_of: Callable[[pytest.Item], int]) -> None:
        self.touches: list[tuple[str, Touch]] = []
        self.notes: list[str] = []
        self.lacking: list[str] = []
        """Layers that were asked for and cannot be had."""
        self._scene_of = scene_of
        self._rank_of = rank_of

    def note(self, text: str) -> None:
        """Keep a sentence about the guard itself for the summary."""
        if text not in self.notes:
            self.notes.append(text)

    def settle(self, record: FixtureRecord, items: Iterable[pytest.Item]) -> None:
        """Judge what the teardown of the fixture did."""
        asking = [item for item in items if record.serves(item)]
        if not asking:
            return
        item = min(asking, key=self._rank_of)
        scene = self._scene_of(item)
        scene.phase = "teardown"
        for act in record.acts:
            scene.meet(act.readings, act.line, client=act.client, fixture=record, layer=act.layer)
        self.touches += [(item.nodeid, touch) for touch in scene.take_touches()]
