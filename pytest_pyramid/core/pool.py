"""The pool of tests that no worker holds, kept by tier and group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TypeVar

from pytest_pyramid.core.plan import Group, Plan

Value = TypeVar("Value")


class Pool(NamedTuple):
    """Which tests are unsent. Groups are consumed from the front; tests that came back are taken first."""

    unsent: tuple[int, ...]
    """By rank, how many tests are in the pool, those that came back included."""
    fresh: tuple[int, ...]
    """By rank, the number of the first group that nobody was offered yet."""
    begun: tuple[tuple[int, ...], ...]
    """By rank, the groups before `fresh` that have tests left."""
    returned: tuple[tuple[int, ...], ...]
    """By rank, the tests that came back from workers that left."""
    taken: Mapping[tuple[int, int], int]
    """By (rank, group), how many tests were handed out; only for groups in `begun`."""
    home: Mapping[str, tuple[int, int]]
    """By worker, the (rank, group) that it works on."""
    pins: Mapping[str, str]
    """By pin, the worker that it is bound to."""
    pin_of: Mapping[int, str]
    """By test, its pin; tests without one are left out."""

    @classmethod
    def of(cls, plan: Plan) -> Pool:
        """The pool with every test of the plan in it."""
        tiers = len(plan.groups)
        pinned = ((group.pin, group.tests) for groups in plan.groups for group in groups if group.pin is not None)
        return cls(
            unsent=tuple(sum(len(group.tests) for group in groups) for groups in plan.groups),
            fresh=(0,) * tiers,
            begun=((),) * tiers,
            returned=((),) * tiers,
            taken={},
            home={},
            pins={},
            pin_of={test: pin for pin, tests in pinned for test in tests},
        )

    def take(self, worker: str, rank: int, most: int, plan: Plan, *, join: bool) -> tuple[tuple[int, ...], Pool]:
        """Up to `most` tests of the tier for the worker, and the pool without them; none when all are bound elsewhere.

        Tests that came back go first, then the worker's own group, then groups that nobody works on. When there are
        none and it may `join`, it joins the group that has most left: this costs a second set-up, so only a worker
        with nothing else to do should.
        """
        tests, pool = self._take_returned(worker, rank, most)
        while len(tests) < most:
            pool = pool._skip_bound(worker, rank, plan)
            number = pool._own_or_free(worker, rank, plan)
            if number is None and join and not tests:
                number = pool._fullest(worker, rank, plan)
            if number is None:
                break
            more, pool = pool._take_from(worker, rank, number, most - len(tests), plan)
            tests += more
        return tests, pool

    def give_back(self, tests: tuple[int, ...], plan: Plan) -> Pool:
        """The pool with tests in it again that no worker holds any more."""
        returned, unsent = list(self.returned), list(self.unsent)
        for test in tests:
            rank = plan.ranks[test]
            returned[rank] = (*returned[rank], test)
            unsent[rank] += 1
        return self._replace(returned=tuple(returned), unsent=tuple(unsent))

    def forget(self, worker: str) -> Pool:
        """The pool in which the worker, who left, owns no group and no pin."""
        return self._replace(
            home={name: group for name, group in self.home.items() if name != worker},
            pins={pin: owner for pin, owner in self.pins.items() if owner != worker},
        )

    def _take_returned(self, worker: str, rank: int, most: int) -> tuple[tuple[int, ...], Pool]:
        if not self.returned[rank]:
            return (), self
        free = tuple(test for test in self.returned[rank] if self._is_free(self.pin_of.get(test), worker))[:most]
        rest = tuple(test for test in self.returned[rank] if test not in free)
        return free, self._replace(
            returned=_with(self.returned, rank, rest),
            unsent=_with(self.unsent, rank, self.unsent[rank] - len(free)),
            pins={**self.pins, **{self.pin_of[test]: worker for test in free if test in self.pin_of}},
        )

    def _skip_bound(self, worker: str, rank: int, plan: Plan) -> Pool:
        """Move fresh groups that are bound to another worker aside, so that looking for a group stays cheap."""
        groups, number = plan.groups[rank], self.fresh[rank]
        while number < len(groups) and not self._is_free(groups[number].pin, worker):
            number += 1
        if number == self.fresh[rank]:
            return self
        begun = (*self.begun[rank], *range(self.fresh[rank], number))
        return self._replace(fresh=_with(self.fresh, rank, number), begun=_with(self.begun, rank, begun))

    def _own_or_free(self, worker: str, rank: int, plan: Plan) -> int | None:
        groups = plan.groups[rank]
        owned = {number for tier, number in self.home.values() if tier == rank}
        home = self.home.get(worker, (rank, -1))
        if home[0] == rank and home[1] in self.begun[rank] and self._is_free(groups[home[1]].pin, worker):
            return home[1]
        for number in self.begun[rank]:
            if number not in owned and self._is_free(groups[number].pin, worker):
                return number
        return self.fresh[rank] if self.fresh[rank] < len(groups) else None

    def _fullest(self, worker: str, rank: int, plan: Plan) -> int | None:
        groups = plan.groups[rank]
        free = [number for number in self.begun[rank] if self._is_free(groups[number].pin, worker)]
        return max(free, key=lambda n: len(groups[n].tests) - self.taken.get((rank, n), 0), default=None)

    def _take_from(self, worker: str, rank: int, number: int, most: int, plan: Plan) -> tuple[tuple[int, ...], Pool]:
        group: Group = plan.groups[rank][number]
        start = self.taken.get((rank, number), 0)
        tests = group.tests[start : start + most]
        taken = {key: count for key, count in self.taken.items() if key != (rank, number)}
        begun = tuple(n for n in self.begun[rank] if n != number)
        if start + len(tests) < len(group.tests):
            taken[rank, number] = start + len(tests)
            begun = (*begun, number)
        return tests, self._replace(
            unsent=_with(self.unsent, rank, self.unsent[rank] - len(tests)),
            fresh=_with(self.fresh, rank, max(self.fresh[rank], number + 1)),
            begun=_with(self.begun, rank, begun),
            taken=taken,
            home={**self.home, worker: (rank, number)},
            pins={**self.pins, group.pin: worker} if group.pin is not None else self.pins,
        )

    def _is_free(self, pin: str | None, worker: str) -> bool:
        return pin is None or self.pins.get(pin, worker) == worker


def _with(values: tuple[Value, ...], rank: int, value: Value) -> tuple[Value, ...]:
    return (*values[:rank], value, *values[rank + 1 :])
