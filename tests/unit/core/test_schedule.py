"""The schedule, driven by simulated workers that follow the rules of pytest-xdist's worker loop."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_pyramid.core.packing import packed
from pytest_pyramid.core.plan import Order, plan_of
from pytest_pyramid.core.schedule import (
    HARD_FENCE,
    Accuse,
    Closed,
    Command,
    Completed,
    Decide,
    Event,
    Forbid,
    Joined,
    Left,
    Opened,
    Release,
    Requeued,
    Returned,
    Send,
    Settled,
    State,
    Steal,
    Stopped,
    Worker,
    advance,
    begin,
)


@dataclass
class Hall:
    """Workers in virtual time: obeys the commands, keeps a log of what started, and fails the tests it is told to."""

    state: State
    failing: frozenset[int] = frozenset()
    crashing: frozenset[int] = frozenset()
    rerun: bool = False
    seconds: dict[int, float] = field(default_factory=dict)
    log: list[tuple[str, int]] = field(default_factory=list)
    limits: dict[str, int] = field(default_factory=dict)
    refused: list[int] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)
    crashed: list[int] = field(default_factory=list)
    closed: int | None = None
    decisions: list[int] = field(default_factory=list)
    asked: dict[str, tuple[int, ...]] = field(default_factory=dict)
    slow: frozenset[str] = frozenset()
    """Workers that hear a request for tests only when they have done one more."""
    stolen: int = 0

    def tell(self, event: Event) -> None:
        """Give the machine an event and obey what it answers."""
        commands = advance(self.state, event)
        for command in commands:
            self.obey(command)
        self.check()

    def obey(self, command: Command) -> None:
        """Do what the shell does with a command."""
        if isinstance(command, Decide):
            self.decisions.append(command.rank)
            withholds = self.state.plan.mode != "off"
            bad = withholds and self.closed is not None and self.closed <= command.rank
            self.tell(Closed(command.rank) if bad else Opened(command.rank))
        elif isinstance(command, Forbid):
            self.limits = dict.fromkeys(self.state.workers, command.limit)
        elif isinstance(command, Accuse):
            self.crashed.append(command.test)
            if self.rerun:
                self.rerun = False
                self.tell(Requeued(command.test))
            else:
                self.fail(command.test)
                self.tell(Settled(command.test))
        elif isinstance(command, Steal):
            worker = self.state.workers[command.worker]
            assert command.worker not in self.asked, "one request at a time"
            assert worker.stealing == command.entries
            assert not [e for e in command.entries if e < 0 or e in self.state.pins.of], "no fence and nothing bound"
            assert set(command.entries) <= set(list(worker.queue)[2:]), "only what may be given back"
            self.asked[command.worker] = command.entries
        elif isinstance(command, Release):
            fences, pools = self.state.plan.fences, self.state.pools[: self.state.limit + 1]
            assert not (fences and any(pool.unsent for pool in pools)), "somebody was let go who is needed"
        else:
            assert isinstance(command, Send)
            assert self.state.plan.fences or min(command.entries) >= 0, "no fences"

    def answer(self, name: str) -> None:
        """Give back what was asked for, all or nothing."""
        entries = self.asked.pop(name)
        reach = set(list(self.state.workers[name].queue)[2:])
        given = entries if set(entries) <= reach else ()
        self.stolen += len(given)
        self.tell(Returned(name, given))

    def fail(self, index: int) -> None:
        """Pull the cord as the controller does, before the completion is told."""
        rank = self.state.plan.ranks[index]
        self.closed = rank if self.closed is None else min(self.closed, rank)
        if self.state.plan.mode != "off":
            self.tell(Closed(rank))

    def check(self) -> None:
        """Assert what must hold after every step."""
        fences = self.state.plan.fences
        for name, worker in self.state.workers.items():
            if worker.is_idle:
                assert not worker.queue or worker.queue[-1] == HARD_FENCE, "an idle worker must be drained"
                assert name in self.state.idle or worker.released or name in self.state.ahead
            elif fences:
                assert len(worker.queue) > 1, "a worker that holds a test must be able to run it"
            assert worker.held == len(worker.tests)
            assert worker.backlog == pytest.approx(sum(worker.costs), abs=1e-6)
        workers = self.state.workers.values()
        assert self.state.in_flight == sum(len(worker.tests) for worker in workers)
        assert self.state.undrained == sum(not worker.is_drained for worker in workers)
        assert self.state.active == sum(worker.is_active for worker in workers)
        self.check_claims()

    def check_claims(self) -> None:
        """Assert that no more workers hold a resource, or tests of a tier, than may."""
        plan = self.state.plan
        places: dict[Hashable, int] = dict(plan.capacity)
        places.update((rank, most) for rank, most in enumerate(plan.most_workers) if most is not None)
        for key, most in places.items():
            holders = [w for w in self.state.workers.values() if any(key in self.state.keys_of(t) for t in w.tests)]
            assert len(holders) <= most, f"too many hold {key}"

    def step(self, name: str) -> bool:
        """Let the worker finish its first entry; False when it is parked."""
        worker = self.state.workers[name]
        if name in self.asked and name not in self.slow:
            self.answer(name)
        moved = self.work(name, worker)
        if name in self.asked and name in self.state.workers:
            self.answer(name)
            return True
        return moved

    def work(self, name: str, worker: Worker) -> bool:
        """Do what the worker's loop does next."""
        if worker.released and not worker.queue:
            self.leave(name, crashed=False)
            return True
        if len(worker.queue) < 2 and not (worker.queue and (worker.released or self.ending)):
            return False
        entry = worker.queue[0]
        if entry < 0:
            self.tell(Completed(name, entry))
            return True
        if self.state.plan.ranks[entry] > self.limits.get(name, 99):
            if self.state.plan.ranks[entry] > self.state.limit:
                self.refused.append(entry)
            self.tell(Completed(name, entry, ran=False))
            return True
        self.start(name, entry)
        if entry in self.crashing and entry not in self.crashed:
            self.leave(name, crashed=True)
            return True
        self.ended.append(entry)
        if entry in self.failing:
            self.fail(entry)
        self.tell(Completed(name, entry, self.seconds.get(entry, 0.001), setup=self.seconds.get(entry, 0.001) / 2))
        return True

    def leave(self, name: str, *, crashed: bool) -> None:
        """The worker goes."""
        self.asked.pop(name, None)
        self.limits.pop(name, None)
        self.tell(Left(name, crashed=crashed, released=self.state.workers[name].released or self.ending))

    @property
    def ending(self) -> bool:
        """True when xdist has told all workers to end, so that a last test needs none behind it."""
        return self.state.finished

    def start(self, name: str, entry: int) -> None:
        """Log that a test starts, and assert that it may."""
        ranks, mode = self.state.plan.ranks, self.state.plan.mode
        if mode != "off" and self.closed is not None:
            assert ranks[entry] <= self.closed, "an upper test started after the cord was pulled"
        if mode == "strict":
            done = {*self.ended, *self.crashed}
            early = [n for n, rank in enumerate(ranks) if rank < ranks[entry] and n not in done]
            assert not early, f"{entry} started before {early} had ended"
        shared = self.state.plan.shared
        if shared is not None and ranks[entry] >= shared:
            self.check_alone(name, entry)
        assert entry not in self.ended or entry in self.crashed, f"{entry} ran twice"
        self.log.append((name, entry))

    def check_alone(self, name: str, entry: int) -> None:
        """Assert that all tests below have ended and that no other worker has anything to do."""
        ranks, done = self.state.plan.ranks, {*self.ended, *self.crashed, *self.refused}
        open_below = [n for n, rank in enumerate(ranks) if rank < ranks[entry] and n not in done]
        assert not open_below, f"{entry} started beside {open_below}"
        busy = [other for other, worker in self.state.workers.items() if other != name and worker.tests]
        assert not busy, f"{entry} started while {busy} hold tests"

    def run(self) -> None:
        """Step the workers in turn until nothing moves."""
        for _ in range(100_000):
            moved = [name in self.state.workers and self.step(name) for name in tuple(self.state.workers)]
            if not any(moved):
                return
        raise AssertionError("no end")


def hall(ranks: list[int], workers: int = 2, **options: object) -> Hall:
    """A hall with joined workers; `mode`, `pins`, `together` and `most_workers` go to the plan."""
    keys = (
        "mode",
        "pins",
        "together",
        "most_workers",
        "setups",
        "needs",
        "seconds_known",
        "orders",
        "capacity",
        "fences",
        "shared",
    )
    options.setdefault("expected", workers)
    expected = cast("int", options.pop("expected"))
    forwarded: dict[str, Any] = {key: options.pop(key) for key in keys if key in options}
    if "seconds_known" in forwarded:
        forwarded["seconds"] = forwarded.pop("seconds_known")
    plan = packed(plan_of(ranks, tiers=3, workers=max(1, expected), **forwarded))
    made = Hall(begin(plan), **cast("dict[str, Any]", options))
    for number in range(workers):
        made.tell(Joined(f"gw{number}"))
    return made


def started_ranks(ran: Hall) -> list[int]:
    """The ranks of the tests in the order in which they started."""
    return [ran.state.plan.ranks[entry] for _, entry in ran.log]


@pytest.mark.parametrize("workers", [1, 2, 4, 8])
def test_tiers_run_in_order_whatever_the_collection_order(workers: int) -> None:
    """No test of a tier starts before every test of the tiers below has ended."""
    ran = hall([2, 1, 0] * 20, workers)
    ran.run()
    assert started_ranks(ran) == [0] * 20 + [1] * 20 + [2] * 20
    assert ran.state.finished
    assert ran.decisions == [0, 1]


@pytest.mark.parametrize("workers", [1, 2, 4, 8])
def test_a_failure_withholds_every_tier_above_and_the_rest_of_its_own_runs(workers: int) -> None:
    """In strict mode the failing tier finishes and nothing above it starts."""
    ran = hall([2, 1, 0] * 20, workers, failing=frozenset({2}))
    ran.run()
    assert started_ranks(ran) == [0] * 20
    assert ran.state.finished


def test_off_only_orders() -> None:
    """With gates off a failure withholds nothing."""
    ran = hall([2, 1, 0] * 5, mode="off", failing=frozenset({2}))
    ran.run()
    assert len(ran.log) == 15
    assert ran.decisions == []


def test_soft_lets_idle_workers_go_up_and_refuses_what_they_hold_when_the_cord_is_pulled() -> None:
    """Soft starts upper tests early, and after a failure none that was only queued."""
    ran = hall([0] + [1] * 8, workers=3, mode="soft")
    assert {entry for w in ran.state.workers.values() for entry in w.tests} > {0}, "idle workers hold service tests"
    ran.fail(0)
    before = len(ran.log)
    ran.run()
    assert [entry for _, entry in ran.log[before:]] == [0]
    assert ran.refused, "queued upper tests were refused"
    assert ran.state.finished


def test_a_slow_test_is_bound_to_a_worker_only_when_that_worker_is_free() -> None:
    """Long tests are handed out one by one, so that none waits behind another while a worker idles."""
    ran = hall([2] * 4)
    assert all(len(w.tests) == 1 for w in ran.state.workers.values())


@pytest.mark.parametrize("together", [["a", "a"], ["a", "b"]])
def test_two_tests_of_unknown_length_go_to_two_workers(together: list[str]) -> None:
    """Nobody knows that they are short, and nothing is left for the second worker otherwise."""
    ran = hall([0] * 2, together=together)
    assert [w.tests for w in ran.state.workers.values()] == [(0,), (1,)]


def test_files_stay_together_while_there_are_files_enough() -> None:
    """Two workers and two files: each worker keeps to one file."""
    ran = hall([1] * 8, together=["a"] * 4 + ["b"] * 4)
    ran.run()
    for name, file in (("gw0", 0), ("gw1", 1)):
        files = [entry // 4 for worker, entry in ran.log if worker == name]
        assert files[:3] == [file] * 3, "only a worker whose file is done may join the other"


def test_a_worker_without_a_file_of_its_own_joins_another() -> None:
    """One file never leaves the second worker idle."""
    ran = hall([1] * 8, together=["a"] * 8)
    ran.run()
    assert {name for name, _ in ran.log} == {"gw0", "gw1"}


@pytest.mark.parametrize(("tests", "workers", "share"), [(4, 2, 2), (5, 2, 3), (6, 2, 3), (12, 2, 6), (16, 4, 4)])
def test_the_first_worker_leaves_a_fair_share_to_those_that_are_still_to_join(
    tests: int, workers: int, share: int
) -> None:
    """Of a few short tests, the worker that joins first takes what falls to one of those expected, and no more.

    The very last one stays with nobody, for whoever is free first.
    """
    ran = hall([0] * tests, workers=1, expected=workers)
    assert len(ran.state.workers["gw0"].tests) <= share
    ran.tell(Joined("gw1"))
    taken = sum(len(worker.tests) for worker in ran.state.workers.values())
    assert len(ran.state.workers["gw1"].tests) >= 2 or taken == tests - 1


def test_pinned_tests_share_one_worker_in_every_tier() -> None:
    """Tests of one pin run on one worker, also across tiers."""
    pins = ["p" if number % 3 == 0 else None for number in range(30)]
    ran = hall([number % 2 for number in range(30)], workers=4, pins=pins)
    ran.run()
    assert len(ran.log) == 30
    assert len({name for name, entry in ran.log if pins[entry]}) == 1


def test_a_tier_never_uses_more_workers_than_it_may() -> None:
    """With at most one worker for a tier its tests run one after the other, and all of them run."""
    ran = hall([2] * 6, workers=4, most_workers=(None, None, 1))
    ran.run()
    assert sorted(entry for _, entry in ran.log) == list(range(6))
    assert len({name for name, _ in ran.log}) == 1


ALONE: dict[str, Any] = {"shared": 2, "most_workers": (None, None, 1), "pins": [None] * 8 + ["alone"] * 4}


@pytest.mark.parametrize("mode", ["strict", "soft", "off"])
@pytest.mark.parametrize("fences", [True, False])
def test_a_tier_that_runs_alone_waits_for_all_others_and_uses_one_worker(mode: str, fences: bool) -> None:
    """In every mode its tests come last, on one worker, while no other worker holds anything."""
    ran = hall([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2], 3, mode=mode, fences=fences, **ALONE)
    ran.run()
    assert started_ranks(ran)[-4:] == [2, 2, 2, 2]
    assert len({name for name, entry in ran.log if entry >= 8}) == 1
    assert len(ran.ended) == 12


@pytest.mark.parametrize(("mode", "runs"), [("strict", False), ("soft", False), ("off", True)])
def test_a_failure_below_withholds_a_tier_that_runs_alone_unless_gates_are_off(mode: str, runs: bool) -> None:
    """Its gate is that of every tier."""
    ran = hall([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2], 3, mode=mode, failing=frozenset({5}), **ALONE)
    ran.run()
    assert (2 in started_ranks(ran)) is runs


def test_a_crash_while_others_wait_for_a_tier_that_runs_alone_closes_the_gate_for_good() -> None:
    """Without fences the recall of what waits allows nothing that the accusation forbids."""
    quick = (0.0,) * 8
    options: dict[str, Any] = {"mode": "soft", "shared": 2, "fences": False, "seconds_known": quick}
    ran = hall([0, 0, 0, 0, 1, 1, 2, 2], 3, crashing=frozenset({0}), most_workers=(None, None, 1), **options)
    ran.run()
    assert set(started_ranks(ran)) <= {0, 1}
    assert set(ran.limits.values()) <= {0}


def test_a_failure_of_a_tier_that_runs_alone_withholds_nothing_below() -> None:
    """All functional tests have ended before."""
    ran = hall([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2], 3, failing=frozenset({8}), **ALONE)
    ran.run()
    assert len(ran.ended) == 12


def test_a_crash_is_charged_to_the_running_test_and_the_rest_goes_to_the_others() -> None:
    """Only the test that was running is accused; what the worker held runs elsewhere."""
    ran = hall([0] * 20, crashing=frozenset({0}))
    ran.run()
    assert ran.crashed == [0]
    assert sorted(ran.ended) == list(range(1, 20))
    assert ran.state.finished


def test_a_crash_in_a_lower_tier_closes_the_gate_before_the_tier_can_end() -> None:
    """The last test of a tier crashes: no upper test starts while the verdict is out."""
    ran = hall([0, 1, 1], crashing=frozenset({0}))
    ran.run()
    assert ran.ended == []
    assert ran.state.finished


def test_a_crashed_test_that_is_to_run_again_runs_again() -> None:
    """A rerun plugin may give the crashed test back."""
    ran = hall([0] * 4, crashing=frozenset({1}), rerun=True)
    ran.run()
    assert sorted(ran.ended) == [0, 1, 2, 3]


def test_an_idle_worker_that_dies_accuses_nobody() -> None:
    """A parked worker was running nothing."""
    ran = hall([0] * 1, workers=2)
    ran.tell(Left("gw1", crashed=True))
    assert ran.crashed == []
    ran.run()
    assert ran.ended == [0]


def test_a_late_worker_gets_work() -> None:
    """Workers may join while others run."""
    ran = hall([2] * 6, workers=1)
    ran.step("gw0")
    ran.tell(Joined("gw9"))
    ran.run()
    assert {name for name, _ in ran.log} == {"gw0", "gw9"}


def test_stopping_starts_nothing_more() -> None:
    """After a stop the queued tests are refused and the schedule ends."""
    ran = hall([0] * 50)
    ran.step("gw0")
    ran.tell(Stopped())
    started = len(ran.log)
    ran.run()
    assert len(ran.log) == started
    assert ran.state.finished


def test_a_completion_out_of_turn_is_refused() -> None:
    """A shell that mixes up its events is told so."""
    ran = hall([0] * 4)
    with pytest.raises(ValueError, match="expected"):
        advance(ran.state, Completed("gw0", 99))


def test_without_fences_a_forbidden_test_does_not_keep_its_resource() -> None:
    """A worker that waits with it is let go, so that the others get what it claims."""
    needs = [(), (), (), ("db",), ("db",)]
    ran = hall([0, 0, 0, 1, 0], mode="soft", fences=False, needs=needs, capacity={"db": 1}, failing=frozenset({0}))
    ran.run()
    assert sorted({*ran.ended, *ran.refused}) in ([0, 1, 2, 4], [0, 1, 2, 3, 4])
    assert {0, 1, 2, 4} <= set(ran.ended)


def test_a_run_without_tests_is_finished() -> None:
    """Nothing to do is done."""
    assert hall([]).state.finished


seconds = st.sampled_from([0.0, 0.001, 0.01, 0.06, 0.4, 3.0])


def drawn_plan(draw: Any, ranks: list[int]) -> dict[str, Any]:
    """Everything that a plan may hold, in any combination."""
    count = len(ranks)

    def column(values: list[Any]) -> Any:
        return draw(st.lists(st.sampled_from(values), min_size=count, max_size=count))

    orders = []
    for rank in range(3):
        positions = draw(st.permutations(range(ranks.count(rank))))
        cuts = sorted(draw(st.tuples(*[st.integers(0, len(positions))] * 2)))
        orders.append(Order(positions[: cuts[0]], positions[cuts[0] : cuts[1]], positions[cuts[1] :]))
    shared = draw(st.sampled_from([None, None, 1, 2]))
    pins = column([None, None, None, "p", "q"])
    most = draw(st.tuples(*[st.sampled_from([None, None, 1, 2])] * 3))
    if shared is not None:  # as the shell plans tiers that run alone
        pins = ["alone" if rank >= shared else pin for rank, pin in zip(ranks, pins, strict=True)]
        most = tuple(1 if rank >= shared else workers for rank, workers in enumerate(most))
    return {
        "mode": draw(st.sampled_from(["strict", "soft", "off"])),
        "shared": shared,
        "together": [str(n // draw(st.integers(1, 9))) for n in range(count)],
        "pins": pins,
        "setups": column([0.0, 0.0, 0.3, None]),
        "needs": column([(), (), (), ("db",), ("db", "net"), ("net",)]),
        "seconds_known": tuple(column([None, 0.0, 0.001, 0.02, 0.4, 3.0])) if draw(st.booleans()) else (),
        "most_workers": most,
        "capacity": {"db": draw(st.integers(1, 2)), "net": 1},
        "orders": orders if draw(st.booleans()) else (),
        "fences": draw(st.sampled_from([True, True, False])),
    }


@given(data=st.data())
def test_every_trace_ends_with_every_test_accounted_for(data: st.DataObject) -> None:
    """Joins, completions, failures, crashes, leavers, steals and late workers in any order keep the invariants.

    No test is lost, none runs twice unless its worker crashed, no upper test starts once a gate has closed,
    in strict mode no test starts before the tiers below have ended, no resource is held by too many, a test of a tier
    that runs alone starts when all below have ended and nobody else holds a test, and every trace ends.
    """
    ranks = data.draw(st.lists(st.integers(0, 2), max_size=60), label="ranks")
    tests = st.frozensets(st.integers(0, max(0, len(ranks) - 1)), max_size=4)
    ran = hall(
        ranks,
        data.draw(st.integers(0, 4), label="workers"),
        failing=data.draw(tests, label="failing"),
        crashing=data.draw(tests, label="crashing"),
        rerun=data.draw(st.booleans(), label="rerun"),
        slow=data.draw(st.frozensets(st.sampled_from(["gw0", "gw1", "gw2"])), label="slow"),
        seconds={n: data.draw(seconds) for n in range(len(ranks))},
        **drawn_plan(data.draw, ranks),
    )
    fresh = iter(range(100, 1000))
    for _ in range(data.draw(st.integers(0, 30), label="moves")):
        _move(ran, data, fresh)
    while not ran.state.finished:
        if not ran.state.workers:
            ran.tell(Joined(f"gw{next(fresh)}"))
        moved = [name in ran.state.workers and ran.step(name) for name in tuple(ran.state.workers)]
        if moved and not any(moved):
            assert ran.state.finished, "deadlock: nothing moves and the schedule is not finished"
    ran.run()
    _account(ran, ranks)


def _move(ran: Hall, data: st.DataObject, fresh: object) -> None:
    names = list(ran.state.workers)
    move = data.draw(st.sampled_from(["step"] * 6 + ["join", "crash", "leave"]))
    if move == "join":
        ran.tell(Joined(f"gw{next(fresh)}"))  # type: ignore[call-overload]  # an iterator
    elif names:
        name = data.draw(st.sampled_from(names))
        if move == "step":
            ran.step(name)
        elif move == "leave" and ran.state.workers[name].is_idle:
            ran.leave(name, crashed=False)
        elif move == "crash":
            ran.leave(name, crashed=True)


def _account(ran: Hall, ranks: list[int]) -> None:
    limit = ran.state.limit
    accounted = {*ran.ended, *ran.crashed, *ran.refused}
    assert [n for n, rank in enumerate(ranks) if n not in accounted and rank <= limit] == [], "lost"
    assert all(ranks[n] > limit for n in ran.refused), "refused without need"


def test_what_comes_back_when_nobody_else_is_left_goes_to_its_worker_again() -> None:
    """Without fences: a gate closes, the idle are let go, and only then a test comes back that was asked for them."""
    state = begin(plan_of([0] * 7 + [1] * 4 + [2] * 2, tiers=3, workers=3, fences=False))
    for name in ("gw0", "gw1", "gw2"):
        advance(state, Joined(name))
    for name, entry in (("gw1", 3), ("gw1", 4), ("gw2", 5), ("gw2", 6)):
        advance(state, Completed(name, entry))
    said = advance(state, Closed(0))
    assert [one for one in said if not isinstance(one, Forbid)] == [
        Steal("gw0", (2,)),
        Release("gw1"),
        Release("gw2"),
    ]
    advance(state, Completed("gw0", 0))
    for name, entry in (("gw2", 8), ("gw1", 7)):
        advance(state, Completed(name, entry, ran=False))
        advance(state, Left(name, crashed=False, released=True))
    assert Send("gw0", (2,)) in advance(state, Returned("gw0", (2,)))


def test_nothing_is_put_behind_a_recalled_test_that_runs_alone() -> None:
    """Without fences, a test beside the shape that is asked back came back with the one behind it, and both went out again."""
    ran = hall(
        [1, 1, 0, 0, 0, 0],
        3,
        seconds={0: 0.4, 1: 0.4, 2: 0.0, 3: 3.0, 4: 0.0, 5: 0.01},
        slow=frozenset({"gw0"}),
        mode="off",
        shared=1,
        fences=False,
        pins=["alone", "alone", None, None, "p", "p"],
        together=["2", "1", "1", "2", "1", "2"],
        most_workers=(9, 2, 9),
        needs=[(), (), (), ("db",), (), ("db",)],
        capacity={"db": 1},
    )
    for _ in range(100):
        if ran.state.finished:
            break
        for name in tuple(ran.state.workers):
            if name in ran.state.workers:
                ran.step(name)
    assert ran.state.finished
    _account(ran, [1, 1, 0, 0, 0, 0])


def recalled() -> State:
    """Without fences: a holds a unit test and, ahead of its turn, a ui test; b has left while it held unit tests."""
    state = begin(plan_of([0] * 4 + [1] * 3, tiers=2, workers=2, fences=False))
    for event in (Joined("a"), Joined("b"), Completed("a", 0), Completed("a", 1)):
        advance(state, event)
    assert Forbid(0) in advance(state, Left("b", crashed=False))
    return state


def test_a_worker_that_joins_while_tests_are_recalled_hears_of_it_before_it_gets_any() -> None:
    """Else it would run what was sent ahead of its turn."""
    assert advance(recalled(), Joined("c")) == [Forbid(0), Send("c", (3, 5))]


def test_nothing_is_sent_behind_a_test_that_was_recalled() -> None:
    """Both would be refused, given back and sent again, for as long as the others run. Its worker stays for later."""
    state = recalled()
    advance(state, Joined("c"))
    assert advance(state, Completed("a", 4, ran=False)) == [Send("a", (6,))]
    assert advance(state, Completed("a", 2)) == []
    assert Decide(0) in advance(state, Completed("c", 3))
    assert Forbid(1) in advance(state, Opened(0))
