"""What may not be used by all workers at once: resources that tests claim, and the places of a tier."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping

Keys = tuple[Hashable, ...]


class Claims:
    """Who holds how much of everything that has a capacity; a key without one is free for all.

    A worker holds a place from the moment that a test is bound to it until none of its tests wants it any more. It
    runs one test at a time, so it takes one place however many of its tests claim it. A test gets all that it claims
    at once or is not bound at all: nobody holds one thing while waiting for another, so there is no deadlock.
    """

    __slots__ = ("_capacity", "_holders")

    def __init__(self, capacity: Mapping[Hashable, int]) -> None:
        self._capacity = capacity
        self._holders: dict[Hashable, dict[str, int]] = {key: {} for key in capacity}

    def allows(self, worker: str, keys: Iterable[Hashable]) -> bool:
        """True when there is a place for the worker at every key."""
        for key in keys:
            holders = self._holders.get(key)
            if holders is not None and worker not in holders and len(holders) >= self._capacity[key]:
                return False
        return True

    def bind(self, worker: str, keys: Iterable[Hashable]) -> None:
        """Take a place at every key for one more test of the worker."""
        for key in keys:
            holders = self._holders.get(key)
            if holders is not None:
                holders[worker] = holders.get(worker, 0) + 1

    def free(self, worker: str, keys: Iterable[Hashable]) -> bool:
        """Give back what one test of the worker claimed; True when a place became free for others."""
        freed = False
        for key in keys:
            holders = self._holders.get(key)
            if holders is None:
                continue
            holders[worker] -= 1
            if not holders[worker]:
                del holders[worker]
                freed = True
        return freed
