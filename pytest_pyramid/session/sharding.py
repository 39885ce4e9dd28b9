"""One shard of the collection is kept, the rest is deselected: in every process in the same way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from pytest_pyramid.core.facts import TestFacts
from pytest_pyramid.core.forecast import Forecast
from pytest_pyramid.core.shards import Cut, Shard

if TYPE_CHECKING:
    from pytest_pyramid.session.memory import Memory


class Sharding:
    """Knows which shard this run takes, and what all shards know about the tests, asked for when they are collected."""

    def __init__(self, shard: Shard, known: Callable[[], Forecast]) -> None:
        self._shard = shard
        self._known = known

    def cut(self, tests: Sequence[TestFacts]) -> Cut:
        """The tests that this shard runs."""
        from pytest_pyramid.core.sharding import partition  # noqa: PLC0415  # few runs are shards

        known = self._known()
        found = partition(tests, self._shard.of, known)
        kept = tuple(index for index, shard in enumerate(found.shards) if shard == self._shard.number)
        return Cut(found.plan, len(tests), "seconds" if known.tests else "tests", kept)


def known_to_all(memory: Memory | None) -> Forecast:
    """What every machine knows: the history that was named for all of them, and nothing of what each keeps by itself."""
    return memory.named() if memory is not None else Forecast()
