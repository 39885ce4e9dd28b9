"""How the long tests of a tier are laid out over its workers so that these end together.

Longest first alone leaves workers waiting for the last one when there are few tests for each. When every length is
known the tests can be packed: MULTIFIT (Coffman, Garey and Johnson, SIAM J. Comput. 7, 1978) packs them into bins of
ever smaller capacity, as many as there are workers. The tests are then begun in the order in which the packing begins
them, so that workers that are free take the next one, and an estimate that was wrong costs no more than with any other
order. Tests that share set-up are divided among workers where that is worth paying for it more than once.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from typing import NamedTuple

from pytest_pyramid.core.plan import Group, Plan

SOONER = 0.1
"""A further division is worth it when the tier ends by such a part of its time sooner."""
GAIN = 4.0
"""It is worth it too when it saves so many times as much waiting, over all workers, as the set-up costs."""
AHEAD = 0.2
"""Each is begun before its turn by such a share of its time: a long one that begins late has nothing to even it out."""
TRIALS = 12
"""Halvings of the interval of capacities that MULTIFIT looks in."""
MOST_WORK = 20_000
"""With more pairs of tests and workers than this, longest first is as good and packing would take long."""


class Unit(NamedTuple):
    """A group, and the seconds that it takes on one worker, its set-up included."""

    seconds: float
    group: Group


class Packing(NamedTuple):
    """Units and when each is begun."""

    begun: list[tuple[float, Unit]]

    @property
    def end(self) -> float:
        """When the last one has ended, in seconds."""
        return max(start + unit.seconds for start, unit in self.begun)

    @property
    def setups(self) -> float:
        """The seconds of set-up that are paid."""
        return sum(unit.group.setup or 0.0 for _, unit in self.begun)


def packed(plan: Plan) -> Plan:
    """The plan with the groups for last laid out over the workers; as given where nothing is known.

    Tiers that overlap stay longest first: they do not begin on workers that are all free, as a packing would have it.
    """
    if not plan.seconds:
        return plan
    groups = list(plan.groups)
    overlapping = _overlapping(plan)
    for rank, (late, most) in enumerate(zip(plan.late, plan.most_workers, strict=True)):
        if rank not in overlapping:
            tier = groups[rank]
            crew = plan.workers if most is None else min(plan.workers, most)
            groups[rank] = (*tier[:late], *laid_out(tier[late:], plan.seconds, crew))
    return plan._replace(groups=tuple(groups))


def _overlapping(plan: Plan) -> range:
    """The ranks of the tiers that run beside each other."""
    together = range(len(plan.groups) if plan.shared is None else plan.shared)
    alone = plan.mode == "strict" or sum(bool(plan.groups[rank]) for rank in together) < 2
    return range(0) if alone else together


def laid_out(groups: tuple[Group, ...], known: Sequence[float | None], workers: int) -> tuple[Group, ...]:
    """The groups, those with set-up divided where that is worth it, in the order to begin them in.

    `known` are the seconds of all tests. As given for a single worker, for very many tests and workers, and where a
    group is pinned, claims a resource or has a test or a set-up of unknown length.
    """
    if not groups or workers < 2 or len(groups) * workers > MOST_WORK:
        return groups
    if not all(_is_free_and_known(group, known) for group in groups):
        return groups
    units = sorted((_unit(group, known) for group in groups), key=lambda unit: -unit.seconds)
    best = _listed(units, workers)
    for divide in (False, True) if any(group.setup for group in groups) else (False,):
        best = _better(best, units, known, workers, divide=divide)
    in_turn = sorted(best.begun, key=lambda begun: (begun[0] - AHEAD * begun[1].seconds, -begun[1].seconds))
    return tuple(unit.group for _, unit in in_turn)


def _is_free_and_known(group: Group, known: Sequence[float | None]) -> bool:
    if group.pin is not None or group.needs or group.setup is None:
        return False
    return all(known[test] is not None for test in group.tests)


def _better(
    best: Packing, units: Sequence[Unit], known: Sequence[float | None], workers: int, *, divide: bool
) -> Packing:
    """The best packing that is found by halving, if it is better than the one given."""
    low = sum(unit.seconds for unit in units) / workers
    high = best.end
    for _ in range(TRIALS):
        capacity = (low + high) / 2
        found = _fitted(units, known, workers, capacity, divide=divide)
        if found is None:
            low = capacity
            continue
        high = found.end
        saved, cost = best.end - found.end, found.setups - best.setups
        if saved > SOONER * best.end or saved * workers > GAIN * cost:
            best = found
    return best


def _listed(units: Sequence[Unit], workers: int) -> Packing:
    """The units as they begin when workers that are free take the next one."""
    ends = [0.0] * workers
    begun = []
    for unit in units:
        begun.append((ends[0], unit))
        heapq.heapreplace(ends, ends[0] + unit.seconds)
    return Packing(begun)


def _fitted(
    units: Sequence[Unit], known: Sequence[float | None], workers: int, capacity: float, *, divide: bool
) -> Packing | None:
    """Each unit on the first worker that has room for it, or divided among those that have most; None without room."""
    ends = [0.0] * workers
    begun = []
    waiting = [(-unit.seconds, number, unit) for number, unit in enumerate(units)]
    while waiting:
        _, number, unit = heapq.heappop(waiting)
        at = next((at for at, end in enumerate(ends) if end + unit.seconds <= capacity), None)
        if at is None:
            at = min(range(workers), key=ends.__getitem__)
            parts = _cut(unit, known, capacity - ends[at]) if divide else None
            if parts is None:
                return None
            unit, rest = parts
            heapq.heappush(waiting, (-rest.seconds, number, rest))
        begun.append((ends[at], unit))
        ends[at] += unit.seconds
    return Packing(begun)


def _cut(unit: Unit, known: Sequence[float | None], room: float) -> tuple[Unit, Unit] | None:
    """An even part of the group that takes no longer than `room` seconds, and the rest; None when nothing fits."""
    group = unit.group
    setup = group.setup or 0.0
    room -= setup
    if not setup or room <= 0.0:
        return None
    # One part that fills a worker to the end would leave nothing to even out what was estimated wrongly.
    even = (unit.seconds - setup) / -(-(unit.seconds - setup) // room)
    seconds, count = 0.0, 0
    for test in group.tests[:-1]:
        if seconds >= even or seconds + _seconds(known, test) > room:
            break
        seconds += _seconds(known, test)
        count += 1
    if not count:
        return None
    first, rest = group.tests[:count], group.tests[count:]
    return _unit(group._replace(tests=first), known), _unit(group._replace(tests=rest), known)


def _unit(group: Group, known: Sequence[float | None]) -> Unit:
    return Unit(sum(_seconds(known, test) for test in group.tests) + (group.setup or 0.0), group)


def _seconds(known: Sequence[float | None], test: int) -> float:
    return known[test] or 0.0
