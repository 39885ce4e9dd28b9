"""Two numberings of the same tests: each worker's own, by its collection, and the schedule's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from pytest_pyramid.core.events import HARD_FENCE, SOFT_FENCE


class Numbering:
    """Translates between a worker's indices and the schedule's entries, which count the tests in the order of `ids`."""

    def __init__(self, ids: Sequence[str] = ()) -> None:
        self.ids = tuple(ids)
        self._to_ours: dict[str, dict[int, int]] = {}
        self._to_theirs: dict[str, dict[int, int]] = {}

    def agrees(self, name: str, theirs: Sequence[str]) -> bool:
        """True when the worker collected the same tests; when in another order, that is remembered."""
        if tuple(theirs) == self.ids:
            return True
        if sorted(theirs) != sorted(self.ids):
            return False
        places: dict[str, list[int]] = defaultdict(list)
        for index, nodeid in enumerate(self.ids):
            places[nodeid].append(index)
        self._to_ours[name] = {index: places[nodeid].pop(0) for index, nodeid in enumerate(theirs)}
        self._to_theirs[name] = {ours: index for index, ours in self._to_ours[name].items()}
        return True

    def entry(self, name: str, item_index: int) -> int:
        """The schedule's entry for a worker's index: a test, or one of the fences behind the last test."""
        fence = item_index - len(self.ids)
        if fence >= 0:
            return (SOFT_FENCE, HARD_FENCE)[fence]
        return self._to_ours.get(name, {}).get(item_index, item_index)

    def theirs(self, name: str, entry: int) -> int:
        """The worker's index for an entry of the schedule."""
        if entry < 0:
            return len(self.ids) + (0 if entry == SOFT_FENCE else 1)
        return self._to_theirs.get(name, {}).get(entry, entry)
