"""Virtual time over the pure schedule: `python -m tests.performance.simulator` prints how well suites are run.

Workers follow the rules of pytest-xdist's worker loop: they take the next entry before they run the one they have, a
command reaches them and a report reaches the controller after a latency, and a request for tests is all or nothing.
Nothing sleeps, so a million tests on a thousand workers take seconds.
"""

from __future__ import annotations

import heapq
import itertools
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pytest_pyramid.core.events import (
    HARD_FENCE,
    Closed,
    Command,
    Completed,
    Decide,
    Event,
    Forbid,
    Joined,
    Opened,
    Release,
    Returned,
    Send,
    Steal,
)
from pytest_pyramid.core.plan import Plan
from pytest_pyramid.core.schedule import State, advance, begin

LATENCY = 0.0004
"""Seconds that a message takes one way, between processes of one machine."""
OVERHEAD = 0.0003
"""Seconds that a worker needs for a test beside the test."""


@dataclass(frozen=True, slots=True)
class Job:
    """One test as it really is, whatever the plan expects of it."""

    rank: int
    seconds: float
    scope: str | None = None
    """What it shares set-up with, None for nothing."""
    setup: float = 0.0
    """Seconds of that set-up, paid once by a worker that stays."""


@dataclass(slots=True)
class Hand:
    """One worker: the entry that it runs or waits with, the next one that it has taken, and its queue."""

    name: str
    queue: deque[int] = field(default_factory=deque)
    has: int | None = None
    following: int | None = None
    running: bool = False
    scope: str | None = None
    """What it has set up."""
    limit: int = 99
    released: bool = False
    idle_since: float | None = 0.0
    """By the clock of waiting tests, when it had no test any more; None while it runs one."""


@dataclass(slots=True)
class Result:
    """What a simulated run was like; times in seconds."""

    makespan: float = 0.0
    ended: dict[int, float] = field(default_factory=dict)
    """By test, when it ended."""
    setups: int = 0
    idle: float = 0.0
    """Worker seconds in which a worker had nothing while a test was unsent that it was allowed to run."""
    stolen: int = 0
    early: int = 0
    """Tests that started while one below them had not ended."""
    messages: int = 0

    def mean_end(self, jobs: Sequence[Job], rank: int = 0) -> float:
        """The mean time at which a test of the rank ended: that to the first failure if a random one is broken."""
        ends = [end for index, end in self.ended.items() if jobs[index].rank == rank]
        return sum(ends) / len(ends) if ends else 0.0


class Simulator:
    """One run; `failing` are the tests that pull the cord."""

    def __init__(
        self,
        plan: Plan,
        jobs: Sequence[Job],
        failing: Iterable[int] = (),
        latency: float = LATENCY,
        overhead: float = OVERHEAD,
    ) -> None:
        self.state: State = begin(plan)
        self.jobs = jobs
        self.result = Result()
        self._failing = frozenset(failing)
        self._closed: int | None = None
        self._latency, self._overhead = latency, overhead
        self._time = self._checked = self._waited = 0.0
        self._serial = itertools.count()
        self._agenda: list[tuple[float, int, Callable[..., None], tuple[Any, ...]]] = []
        self._hands: dict[str, Hand] = {}
        self._waits = True

    def run(self, workers: int) -> Result:
        """Let so many workers join at once and run to the end. Raises RuntimeError when a test waits for ever."""
        self._hands = {f"gw{number}": Hand(f"gw{number}") for number in range(workers)}
        for name in self._hands:
            self._tell(Joined(name))
        self._work_off()
        for hand in self._hands.values() if self.state.finished else ():
            hand.released = True  # xdist ends all workers, which lets a last test run that has none behind it
            self._go_on(hand)
        self._work_off()
        if not self.state.finished:
            raise RuntimeError("the schedule waits for ever")
        return self.result

    def _work_off(self) -> None:
        while self._agenda:
            self._time, _, act, arguments = heapq.heappop(self._agenda)
            act(*arguments)

    def _after(self, delay: float, act: Callable[..., None], *arguments: object) -> None:
        heapq.heappush(self._agenda, (self._time + delay, next(self._serial), act, arguments))

    def _tell(self, event: Event) -> None:
        for command in advance(self.state, event):
            self._obey(command)
        now = self._waiting_clock()
        self._checked, self._waited = self._time, now
        self._waits = any(pool.unsent for pool in self.state.pools[: self.state.top + 1])

    def _waiting_clock(self) -> float:
        """The seconds in which some test was unsent that was allowed to run."""
        return self._waited + (self._time - self._checked if self._waits else 0.0)

    def _obey(self, command: Command) -> None:
        if isinstance(command, Send | Steal | Release):
            self.result.messages += 1
            self._after(self._latency, self._hear, self._hands[command.worker], command)
        elif isinstance(command, Forbid):
            for hand in self._hands.values():
                self._after(self._latency, self._hear, hand, command)
        elif isinstance(command, Decide):
            bad = self._closed is not None and self._closed <= command.rank
            self._tell(Closed(command.rank) if bad else Opened(command.rank))
        else:
            raise TypeError(f"nobody crashes here: {command}")

    def _hear(self, hand: Hand, command: Command) -> None:
        if isinstance(command, Send):
            hand.queue.extend(command.entries)
        elif isinstance(command, Release):
            hand.released = True
        elif isinstance(command, Forbid):
            hand.limit = command.limit
        elif isinstance(command, Steal):
            asked = set(command.entries)
            given = command.entries if asked <= set(hand.queue) else ()
            if given:
                hand.queue = deque(entry for entry in hand.queue if entry not in asked)
                self.result.stolen += len(given)
            self._after(self._latency, self._tell, Returned(hand.name, given))
        self._go_on(hand)

    def _go_on(self, hand: Hand) -> None:
        """Run what the worker has, as soon as it knows the next entry or that there will be none."""
        if hand.running:
            return
        if hand.has is None and hand.queue:
            hand.has = hand.queue.popleft()
        if hand.has is None or not (hand.queue or hand.released):
            return
        hand.following = hand.queue.popleft() if hand.queue else None
        hand.running = True
        if hand.has < 0 or self.jobs[hand.has].rank > hand.limit:
            hand.scope = None if hand.has == HARD_FENCE else hand.scope
            self._after(self._overhead / 4, self._done, hand, Completed(hand.name, hand.has, ran=hand.has < 0))
        else:
            self._start(hand, hand.has)

    def _start(self, hand: Hand, test: int) -> None:
        job = self.jobs[test]
        if hand.idle_since is not None:
            self.result.idle += self._waiting_clock() - hand.idle_since
            hand.idle_since = None
        setup = 0.0
        if job.scope != hand.scope:
            hand.scope = job.scope
            if job.scope is not None:
                setup = job.setup
                self.result.setups += 1
        if job.rank and any(self.state.left[: job.rank]):
            self.result.early += 1
        seconds = job.seconds + setup
        self._after(seconds + self._overhead, self._done, hand, Completed(hand.name, test, seconds, setup=setup))

    def _done(self, hand: Hand, event: Completed) -> None:
        hand.has, hand.following, hand.running = hand.following, None, False
        if event.entry >= 0 and event.ran:
            self.result.ended[event.entry] = self.result.makespan = self._time
        self._after(self._latency, self._report, event)
        self._go_on(hand)
        if not (hand.running and hand.has is not None and hand.has >= 0) and hand.idle_since is None:
            hand.idle_since = self._waiting_clock()

    def _report(self, event: Completed) -> None:
        if event.entry in self._failing and event.ran:
            rank = self.jobs[event.entry].rank
            self._closed = rank if self._closed is None else min(self._closed, rank)
            self._tell(Closed(rank))
        self._tell(event)
