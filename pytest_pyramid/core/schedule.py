"""The schedule: a pure state machine from (state, event) to (state, commands).

It drives pytest-xdist workers, the single process and the simulators of the tests alike. What it relies on:

* A worker runs the first entry of its queue only when it knows a second one, because pytest tears fixtures down
  towards the next test. So the last entry of a queue is parked.
* A fence is an entry that is no test. Behind a test it lets that test run without binding a further one to the worker.
  A soft fence keeps module and class fixtures alive for the next test; a hard fence tears everything below session
  scope down. An idle worker always stands at a hard fence: a fixture kept alive by an idle worker may hold a lock that
  a busy one waits for.
* A worker that crashed was running its first entry, if it had two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pytest_pyramid.core.plan import Plan
from pytest_pyramid.core.pool import Pool

SOFT_FENCE = -1
HARD_FENCE = -2

LATE_SECONDS = 0.05
"""A test of at least this estimated length is bound to a worker only when the worker is free (20–50 round trips)."""
LOW_WATER_SECONDS = 0.05
"""A worker with less estimated work than this gets more."""
CHUNK_SECONDS = 0.25
"""At most so much estimated work is sent at once."""
MESSAGE_SECONDS = 0.0005
"""What a test costs beside its own seconds, in the worker and on the wire."""


@dataclass(frozen=True, slots=True)
class Worker:
    """What one worker holds: entries in the order in which it will take them, fences included."""

    queue: tuple[int, ...] = ()
    last: int | None = None
    """The test that finished last here."""

    @property
    def tests(self) -> tuple[int, ...]:
        """The tests in the queue, fences left out."""
        return tuple(entry for entry in self.queue if entry >= 0)

    @property
    def is_idle(self) -> bool:
        """True when no test is in the queue."""
        return not any(entry >= 0 for entry in self.queue)


@dataclass(frozen=True, slots=True)
class Accusation:
    """A test that its worker crashed in, waiting for the verdict; `finished` when it had already ended before."""

    worker: str
    index: int
    finished: bool


@dataclass(frozen=True, slots=True)
class State:
    """Everything that the schedule knows."""

    plan: Plan
    pool: Pool
    workers: Mapping[str, Worker]
    left: tuple[int, ...]
    """By rank, how many tests have not ended."""
    seen: tuple[tuple[float, int], ...]
    """By rank, the seconds of the tests that ended, and how many they were."""
    current: int
    """In strict mode the highest rank whose turn has come."""
    limit: int
    """The highest rank that may start; lowered when a gate closes."""
    in_flight: int = 0
    accused: tuple[Accusation, ...] = ()
    stopped: bool = False

    @property
    def finished(self) -> bool:
        """True when nothing more can start and nothing is running."""
        if self.in_flight or self.accused:
            return False
        return self.stopped or not any(self.left[: self.limit + 1])

    def may_start(self, index: int) -> bool:
        """True when the test's tier may start now."""
        rank = self.plan.ranks[index]
        return rank <= self.limit and (self.plan.mode != "strict" or rank <= self.current)

    def estimate(self, rank: int) -> float:
        """The seconds that a test of the tier is taken to last: the mean of those seen, once there are four."""
        seconds, count = self.seen[rank]
        return (seconds / count if count >= 4 else self.plan.cold[rank]) + MESSAGE_SECONDS


@dataclass(frozen=True, slots=True)
class Joined:
    """A worker has collected its tests and is ready."""

    worker: str


@dataclass(frozen=True, slots=True)
class Completed:
    """A worker is done with the first entry of its queue; `ran` is False for a test that it was told to refuse."""

    worker: str
    entry: int
    seconds: float = 0.0
    ran: bool = True


@dataclass(frozen=True, slots=True)
class Left:
    """A worker is gone; `released` when it had been told to end, so that a single entry was running too."""

    worker: str
    crashed: bool
    released: bool = False


@dataclass(frozen=True, slots=True)
class Settled:
    """The verdict on a test that its worker crashed in: it has ended."""

    index: int


@dataclass(frozen=True, slots=True)
class Requeued:
    """The other verdict: it shall run again."""

    index: int


@dataclass(frozen=True, slots=True)
class Opened:
    """The gate above `rank` is open: the next tier may start."""

    rank: int


@dataclass(frozen=True, slots=True)
class Closed:
    """The gate above `rank` is closed: nothing above may start."""

    rank: int


@dataclass(frozen=True, slots=True)
class Stopped:
    """The run was stopped: nothing may start."""


Event = Joined | Completed | Left | Settled | Requeued | Opened | Closed | Stopped


@dataclass(frozen=True, slots=True)
class Send:
    """Append entries to the worker's queue."""

    worker: str
    entries: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Decide:
    """Every test up to `rank` has ended and every worker is drained: answer with Opened or Closed."""

    rank: int


@dataclass(frozen=True, slots=True)
class Forbid:
    """Tell every worker to refuse tests above `limit`, the ones that it already holds included."""

    limit: int


@dataclass(frozen=True, slots=True)
class Accuse:
    """The worker crashed in this test: report it, then answer with Settled or Requeued."""

    worker: str
    index: int


Command = Send | Decide | Forbid | Accuse
Step = tuple[State, tuple[Command, ...]]


def begin(plan: Plan) -> State:
    """The state before any worker has joined."""
    tiers = len(plan.groups)
    left = tuple(sum(len(group.tests) for group in groups) for groups in plan.groups)
    return State(
        plan=plan,
        pool=Pool.of(plan),
        workers={},
        left=left,
        seen=((0.0, 0),) * tiers,
        current=0,
        limit=tiers - 1,
    )


def advance(state: State, event: Event) -> Step:
    """The state after the event and the commands that follow from it, in the order to obey them.

    Raises KeyError for an event of a worker that never joined, ValueError for a completion out of turn.
    """
    if isinstance(event, Completed):
        return _completed(state, event)
    if isinstance(event, Joined):
        return _serve(replace(state, workers={**state.workers, event.worker: Worker()}))
    if isinstance(event, Left):
        return _left(state, event)
    if isinstance(event, Settled | Requeued):
        return _judged(state, event)
    if isinstance(event, Opened):
        return _serve(replace(state, current=max(state.current, event.rank + 1)))
    if isinstance(event, Closed):
        return _closed(state, event.rank)
    return replace(state, stopped=True, limit=-1), (Forbid(-1),)


def _completed(state: State, event: Completed) -> Step:
    worker = state.workers[event.worker]
    if not worker.queue or worker.queue[0] != event.entry:
        raise ValueError(f"{event.worker} completed {event.entry}, expected {worker.queue[:1]}")
    queue = worker.queue[1:]
    if event.entry < 0:
        worker = Worker(queue, worker.last)
        return _serve(replace(state, workers={**state.workers, event.worker: worker}), first=event.worker)
    rank = state.plan.ranks[event.entry]
    seen = state.seen
    if event.ran:
        seconds, count = seen[rank]
        seen = (*seen[:rank], (seconds + event.seconds, count + 1), *seen[rank + 1 :])
    # Written out, because `replace` takes five times as long and this runs once for every test.
    after = State(
        state.plan,
        state.pool,
        {**state.workers, event.worker: Worker(queue, event.entry if event.ran else worker.last)},
        _less(state.left, rank),
        seen,
        state.current,
        state.limit,
        state.in_flight - 1,
        state.accused,
        state.stopped,
    )
    return _serve(after, first=event.worker)


def _left(state: State, event: Left) -> Step:
    worker = state.workers[event.worker]
    others = {name: held for name, held in state.workers.items() if name != event.worker}
    running = event.crashed and bool(worker.queue) and (len(worker.queue) > 1 or event.released)
    unstarted = list(worker.tests)
    accused: Accusation | None = None
    if running and worker.queue[0] >= 0:
        accused = Accusation(event.worker, unstarted.pop(0), finished=False)
    elif running and worker.queue[0] == SOFT_FENCE and worker.last is not None:
        # The fence was tearing down the fixtures of the test before it.
        accused = Accusation(event.worker, worker.last, finished=True)
    after = replace(
        state,
        workers=others,
        pool=state.pool.give_back(tuple(unstarted), state.plan).forget(event.worker),
        in_flight=state.in_flight - len(worker.tests),
        accused=(*state.accused, accused) if accused else state.accused,
    )
    after, commands = _serve(after)
    return after, ((Accuse(accused.worker, accused.index),) if accused else ()) + commands


def _judged(state: State, event: Settled | Requeued) -> Step:
    accusation = next((a for a in state.accused if a.index == event.index), None)
    if accusation is None:
        return state, ()
    accused = tuple(a for a in state.accused if a is not accusation)
    rank = state.plan.ranks[event.index]
    if isinstance(event, Settled):
        left = state.left if accusation.finished else _less(state.left, rank)
        return _serve(replace(state, accused=accused, left=left))
    left = _less(state.left, rank, by=-1) if accusation.finished else state.left
    pool = state.pool.give_back((event.index,), state.plan)
    return _serve(replace(state, accused=accused, left=left, pool=pool))


def _closed(state: State, rank: int) -> Step:
    if rank >= state.limit:
        return state, ()
    after, commands = _serve(replace(state, limit=rank))
    return after, (Forbid(rank), *commands)


def _serve(state: State, first: str | None = None) -> Step:
    """Give every worker what it should hold now, the one that just reported first; ask for a verdict at a tier's end."""
    commands: list[Command] = []
    if first is not None:
        state = _refill(state, first, commands)
    for name, worker in state.workers.items():
        if name != first and worker.is_idle:
            state = _refill(state, name, commands)
    if _at_the_end_of_a_tier(state):
        commands.append(Decide(state.current))
    return state, tuple(commands)


def _has_enough(state: State, worker: Worker) -> bool:
    """True when the worker can go on for a while; its last entry is parked and does not count."""
    queue = worker.queue
    if len(queue) < 2:
        return False
    if queue[-1] < 0:
        return not worker.is_idle
    ahead, rank = len(queue) - 1, state.plan.ranks[queue[-1]]
    return ahead * state.estimate(rank) >= LOW_WATER_SECONDS or ahead * _crew(state) >= state.pool.unsent[rank] > 0


def _refill(state: State, name: str, commands: list[Command]) -> State:
    """The state in which the worker holds enough to go on, or all there is with a hard fence behind it."""
    before = len(state.workers[name].queue)
    while not _has_enough(state, worker := state.workers[name]):
        taken, pool = _take(state, name)
        if taken:
            state = replace(state, pool=pool, in_flight=state.in_flight + sum(entry >= 0 for entry in taken))
        elif worker.queue and worker.queue[-1] != HARD_FENCE:
            taken = (HARD_FENCE,)
        else:
            break
        state = replace(state, workers={**state.workers, name: Worker(worker.queue + taken, worker.last)})
    entries = state.workers[name].queue[before:]
    if entries:
        commands.append(Send(name, entries))
    return state


def _take(state: State, name: str) -> tuple[tuple[int, ...], Pool]:
    """What the worker takes next: a chunk of short tests, or a long test with a soft fence; and the pool without it."""
    if not state.stopped:
        for rank in _ranks_to_serve(state, name):
            idle = state.workers[name].is_idle
            taken, pool = state.pool.take(name, rank, _how_many(state, rank), state.plan, join=idle)
            if taken:
                return (*taken, SOFT_FENCE) if state.estimate(rank) >= LATE_SECONDS else taken, pool
    return (), state.pool


def _ranks_to_serve(state: State, name: str) -> tuple[int, ...]:
    """The ranks that the worker may be given tests of, lowest first."""
    top = min(state.limit, state.current) if state.plan.mode == "strict" else state.limit
    return tuple(rank for rank in range(top + 1) if state.pool.unsent[rank] and _has_room(state, name, rank))


def _has_room(state: State, name: str, rank: int) -> bool:
    most = state.plan.most_workers[rank]
    if most is None:
        return True
    ranks = state.plan.ranks
    busy = sum(
        any(entry >= 0 and ranks[entry] == rank for entry in worker.queue)
        for other, worker in state.workers.items()
        if other != name
    )
    return busy < most


def _how_many(state: State, rank: int) -> int:
    """How many tests of the tier go into one chunk: one long test, or short ones by time and fair share."""
    estimate = state.estimate(rank)
    if estimate >= LATE_SECONDS:
        return 1
    by_time = int(CHUNK_SECONDS / estimate)
    by_share = -(-state.pool.unsent[rank] // (2 * _crew(state)))
    return max(1, min(by_time, by_share))


def _crew(state: State) -> int:
    """How many workers share the rest, those that are still to join included."""
    return max(len(state.workers), state.plan.workers)


def _at_the_end_of_a_tier(state: State) -> bool:
    """True when strict mode waits for a verdict: nothing of this tier or below is left, and a tier above may follow."""
    if state.plan.mode != "strict" or state.stopped or state.current >= state.limit:
        return False
    if state.in_flight or state.accused or any(state.left[: state.current + 1]):
        return False
    # A soft fence may still be tearing fixtures down, and that may fail.
    return all(worker.queue in ((), (HARD_FENCE,)) for worker in state.workers.values())


def _less(counts: tuple[int, ...], rank: int, by: int = 1) -> tuple[int, ...]:
    return (*counts[:rank], counts[rank] - by, *counts[rank + 1 :])
