"""Everything that the schedule knows at one moment."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterable

from pytest_pyramid.core.claims import Claims
from pytest_pyramid.core.estimates import Estimates
from pytest_pyramid.core.plan import Group, Plan
from pytest_pyramid.core.pool import Pins, Pool
from pytest_pyramid.core.progress import Progress
from pytest_pyramid.core.workers import Accusation, Worker


class State:
    """Everything that the schedule knows. One driver owns it, and `core.schedule.advance` alone changes it."""

    def __init__(self, plan: Plan) -> None:
        tiers = len(plan.groups)
        self.plan = plan
        self.estimates = Estimates(plan)
        self.pins = Pins(plan)
        self.claims = Claims(_capacity(plan))
        self.pools = [Pool(rank, plan, self.estimates, self.pins, self.claims) for rank in range(tiers)]
        self.workers: dict[str, Worker] = {}
        self.left = [pool.unsent for pool in self.pools]
        """By rank, how many tests have not ended."""
        self.seconds_left = [_seconds(groups, self.estimates) for groups in plan.groups]
        """By rank, the recorded seconds of the tests that have not ended, and how many of those have none."""
        self.needs = {
            test: group.needs for groups in plan.groups for group in groups if group.needs for test in group.tests
        }
        """By test, the resources that it claims; tests without any are left out."""
        self.current = 0 if plan.mode == "strict" else (tiers if plan.shared is None else plan.shared) - 1
        """The highest rank whose turn has come; only strict mode, and tiers that run alone, wait for their turn."""
        self.limit = tiers - 1
        """The highest rank that may start; lowered when a gate closes."""
        self.in_flight = 0
        self.accused: list[Accusation] = []
        self.stopped = False
        self.idle: dict[str, None] = {}
        """The workers that hold no test, or none that they can start."""
        self.ahead: dict[str, None] = {}
        """Without fences: the workers whose last entry is a test of the next tier; they take nothing before its turn."""
        self.rich: dict[str, None] = {}
        """The workers that may hold tests that they would give back."""
        self.undrained = 0
        """How many workers stand at something else than a hard fence."""
        self.active = 0
        """How many workers have something to do without another message."""
        self.firsts: dict[int, Progress] = {}
        """By test, the group that it opens on its worker, so that its set-up tells what that costs."""
        self.recalled = False
        """True while workers are to refuse what was sent to them ahead of its turn."""
        self._group_of: dict[int, Group] = {}
        self.wake = False
        """True when there may be something for idle workers since they were last asked."""

    @property
    def finished(self) -> bool:
        """True when nothing more can start and nothing is running; without fences one test may wait on each worker."""
        if self.accused or (self.in_flight if self.plan.fences else self.active):
            return False
        if self.stopped:
            return True
        counts = self.left if self.plan.fences else [pool.unsent for pool in self.pools]
        return not any(counts[: self.limit + 1])

    @property
    def group_of(self) -> dict[int, Group]:
        """The group of every test; made when it is first asked for, which few runs do."""
        if not self._group_of:
            groups = (group for tier in self.plan.groups for group in tier)
            self._group_of = {test: group for group in groups for test in group.tests}
        return self._group_of

    @property
    def top(self) -> int:
        """The highest rank that tests may be sent of to run."""
        return min(self.limit, self.current)

    @property
    def crew(self) -> int:
        """How many workers share the rest, those that are still to join included."""
        return max(len(self.workers), self.plan.workers)

    def may_start(self, index: int) -> bool:
        """True when the test's tier may start now."""
        return self.plan.ranks[index] <= self.top

    def waits(self, index: int) -> bool:
        """True when the turn of the test's tier is still to come."""
        return self.top < self.plan.ranks[index] <= self.limit

    def horizon(self, bottom: int, top: int) -> float:
        """How long the tiers from `bottom` to `top` still take when all workers share them, in seconds."""
        total = 0.0
        for rank in range(bottom, top + 1):
            known, unknown = self.seconds_left[rank]
            total += known + unknown * self.estimates.of_tier(rank) + self.pools[rank].setups
        return total / self.crew

    def keys_of(self, index: int) -> tuple[Hashable, ...]:
        """What the test claims: resources, and a place of its tier where there are not as many as workers."""
        rank = self.plan.ranks[index]
        needs: tuple[Hashable, ...] = self.needs.get(index, ())
        return needs if self.plan.most_workers[rank] is None else (*needs, rank)

    def push(self, name: str, entries: list[int]) -> None:
        """The worker has these entries at the end of its queue."""
        worker = self.workers[name]
        before = worker.is_drained, worker.is_active
        for entry in entries:
            cost = self.estimates.of(entry) if entry >= 0 else 0.0
            worker.queue.append(entry)
            worker.costs.append(cost)
            worker.backlog += cost
            if entry >= 0:
                worker.held += 1
                self.in_flight += 1
                self.claims.bind(name, self.keys_of(entry))
        self._recount(worker, before)
        if worker.held > 2:
            self.rich[name] = None

    def pop(self, name: str) -> int:
        """The first entry of the worker, which is no longer in its queue."""
        worker = self.workers[name]
        before = worker.is_drained, worker.is_active
        entry = worker.queue.popleft()
        worker.backlog -= worker.costs.popleft()
        if entry >= 0:
            self._freed(name, worker, entry)
        self._recount(worker, before)
        return entry

    def take_back(self, name: str, entries: tuple[int, ...]) -> None:
        """The worker has given these tests back."""
        worker, gone = self.workers[name], set(entries)
        kept = [(entry, cost) for entry, cost in zip(worker.queue, worker.costs, strict=True) if entry not in gone]
        before = worker.is_drained, worker.is_active
        worker.queue = deque(entry for entry, _ in kept)
        worker.costs = deque(cost for _, cost in kept)
        worker.backlog = sum(worker.costs)
        for entry in entries:
            self._freed(name, worker, entry)
        self._recount(worker, before)

    def ask_all(self) -> None:
        """Workers that waited for the next tier are asked again like all others that have nothing."""
        self.idle.update(self.ahead)
        self.ahead.clear()
        self.wake = True

    def end(self, index: int, by: int = 1) -> None:
        """The test has ended, or with -1 has not after all."""
        rank = self.plan.ranks[index]
        self.left[rank] -= by
        known, unknown = self.seconds_left[rank]
        seconds = self.estimates.known(index)
        self.seconds_left[rank] = (known, unknown - by) if seconds is None else (known - by * seconds, unknown)

    def give_back(self, tests: Iterable[int]) -> None:
        """The tests are in the pools again; those of one group stay together."""
        found: dict[tuple[int, int], list[int]] = {}
        for test in tests:
            found.setdefault((self.plan.ranks[test], id(self.group_of[test])), []).append(test)
        by_rank: dict[int, list[Group]] = {}
        for (rank, _), group in found.items():
            by_rank.setdefault(rank, []).append(self.group_of[group[0]]._replace(tests=tuple(group)))
        for rank, groups in by_rank.items():
            self.pools[rank].give_back(groups)
            self.wake = True

    def drop(self, name: str) -> Worker:
        """The worker, which is gone with all that it held."""
        worker = self.workers.pop(name)
        self.undrained -= not worker.is_drained
        self.active -= worker.is_active
        self.idle.pop(name, None)
        self.ahead.pop(name, None)
        self.rich.pop(name, None)
        for entry in worker.tests:
            self._freed(name, worker, entry)
        return worker

    def _freed(self, name: str, worker: Worker, entry: int) -> None:
        worker.held -= 1
        self.in_flight -= 1
        if self.claims.free(name, self.keys_of(entry)):
            self.wake = True

    def _recount(self, worker: Worker, before: tuple[bool, bool]) -> None:
        drained, active = before
        self.undrained += drained - worker.is_drained
        self.active += worker.is_active - active


def _capacity(plan: Plan) -> dict[Hashable, int]:
    places: dict[Hashable, int] = dict(plan.capacity)
    places.update((rank, most) for rank, most in enumerate(plan.most_workers) if most is not None)
    return places


def _seconds(groups: tuple[Group, ...], estimates: Estimates) -> tuple[float, int]:
    known = [estimates.known(test) for group in groups for test in group.tests]
    return sum(seconds for seconds in known if seconds is not None), known.count(None)
