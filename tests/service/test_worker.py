"""What the role in a worker does with an item before pytest sees it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from pytest_pyramid.session import worker
from pytest_pyramid.session.worker import Worker


def role(tiers: int = 3) -> Any:
    """A worker's role, with everything around it played by this module."""
    settings: Any = SimpleNamespace(pyramid=range(tiers))
    collecting: Any = SimpleNamespace(rank_of=lambda item: item.rank, has_manual=False)
    stopwatch: Any = SimpleNamespace(begin=lambda: None)
    channel: Any = SimpleNamespace()
    channel.setcallback = lambda callback: setattr(channel, "tell", callback)
    made = Worker(settings, collecting, stopwatch, channel, describes=False)
    return SimpleNamespace(refuses=made.pytest_runtest_protocol, hear=channel.tell)


def item(rank: int, shouldfail: str = "") -> Any:
    """A test of the tier, in a session that is to stop or not."""
    return SimpleNamespace(rank=rank, session=SimpleNamespace(shouldfail=shouldfail))


@pytest.fixture
def torn_down(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The items that were torn down instead of run."""
    items: list[Any] = []
    monkeypatch.setattr(worker, "tear_down", lambda refused, following: items.append(refused))
    return items


@pytest.mark.parametrize(("limit", "refused"), [(None, 0), (2, 0), (1, 1), (0, 2), (-1, 3)])
def test_tests_above_the_limit_are_refused(torn_down: list[Any], limit: int | None, refused: int) -> None:
    """Also those that were sent before; what stands from the test before is torn down."""
    one = role()
    if limit is not None:
        one.hear(limit)
    answers = [one.refuses(item(rank), None) for rank in range(3)]
    assert answers == [None] * (3 - refused) + [True] * refused
    assert len(torn_down) == refused


def test_nothing_is_run_once_this_worker_has_seen_enough_failures(torn_down: list[Any]) -> None:
    """With -x, and xdist before 3.6, which would go on until it hears of it."""
    assert role().refuses(item(0, shouldfail="stopping after 1 failures"), None)
    assert len(torn_down) == 1
