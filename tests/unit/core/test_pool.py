"""The pool of a tier hands every test out once, keeps pins, and takes first what came back."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from pytest_pyramid.core.claims import Claims
from pytest_pyramid.core.estimates import Estimates
from pytest_pyramid.core.plan import Order, Plan, plan_of
from pytest_pyramid.core.pool import Pins, Pool

WORKERS = ("gw0", "gw1", "gw2")
TIERS = 2


class Pools:
    """The pools of all tiers of a plan, asked as these tests like to ask."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.pins, self.estimates = Pins(plan), Estimates(plan)
        self.claims = Claims(plan.capacity)
        self.tiers = [Pool(rank, plan, self.estimates, self.pins, self.claims) for rank in range(len(plan.groups))]

    def take(
        self, worker: str, most: int, *, rank: int = 0, join: bool = False, horizon: float = 1e9
    ) -> tuple[int, ...]:
        """Up to `most` tests for the worker, which holds what they claim."""
        tests: list[int] = []
        while len(tests) < most:
            group = self.tiers[rank].group_for(worker, horizon, join=join and not tests)
            if group is None:
                break
            tests.append(self.tiers[rank].next_of(group))
            self.claims.bind(worker, group.group.needs)
        return tuple(tests)

    def give_back(self, tests: tuple[int, ...]) -> None:
        """Tests that no worker holds any more."""
        for rank, pool in enumerate(self.tiers):
            groups = [group for group in self.plan.groups[rank] if set(group.tests) & set(tests)]
            back = [g._replace(tests=tuple(t for t in tests if t in g.tests)) for g in groups]
            if back:
                pool.give_back(back)

    def forget(self, worker: str) -> None:
        """The worker has left."""
        for pool in self.tiers:
            pool.forget(worker)
        self.pins.forget(worker)


def pools(ranks: list[int], **known: Any) -> Pools:
    """The pools of a plan with these tests."""
    return Pools(plan_of(ranks, tiers=max(ranks, default=0) + 1, **known))


def test_a_worker_stays_with_its_group_and_the_next_one_takes_another() -> None:
    """Files are kept together while there are files that nobody works on."""
    pool = pools([0] * 4, together=["a", "a", "b", "b"])
    assert [pool.take(worker, 1) for worker in ("gw0", "gw1", "gw0")] == [(0,), (2,), (1,)]
    assert pool.tiers[0].unsent == 1


def test_a_worker_joins_another_group_only_when_it_may() -> None:
    """Joining costs a second set-up, so a worker with something else to do does not."""
    pool = pools([0] * 3, together=["a"] * 3)
    pool.take("gw0", 1)
    assert pool.take("gw1", 1) == ()
    assert pool.take("gw1", 1, join=True) == (1,)


def test_who_joins_takes_the_group_that_has_most_left() -> None:
    """The group with most left profits most from a second worker."""
    pool = pools([0] * 6, together=["a", "a", "b", "b", "b", "b"])
    pool.take("gw0", 1)
    pool.take("gw1", 1)
    assert pool.take("gw2", 1, join=True) == (3,)


def test_most_left_is_counted_for_each_worker_that_is_there_already() -> None:
    """A group of six with two workers profits less from a third than one of four with one."""
    pool = pools([0] * 12, together=["a"] * 7 + ["b"] * 5)
    pool.take("gw0", 1)
    pool.take("gw1", 1)
    assert pool.take("gw2", 1, join=True) == (1,)
    assert pool.take("gw3", 1, join=True) == (8,)


def test_a_group_is_joined_only_when_that_saves_more_than_the_set_up() -> None:
    """Four tests of a second are worth a set-up of one second, also one that nobody has measured, and not one of four."""
    for setup, joined in ((1.0, (1,)), (4.0, ()), (None, (1,))):
        pool = pools([0] * 5, together=["a"] * 5, setups=[setup] * 5, seconds=(1.0,) * 5)
        pool.take("gw0", 1)
        assert pool.take("gw1", 1, join=True) == joined


def test_a_set_up_that_is_learnt_lets_others_join() -> None:
    """Until its cost is known nobody pays it twice for the sake of 0.4 seconds."""
    pool = pools([0] * 5, together=["a"] * 5, setups=[None] * 5, seconds=(0.1,) * 5)
    group = pool.tiers[0].group_for("gw0", 1e9, join=False)
    assert group is not None
    pool.tiers[0].next_of(group)
    assert pool.take("gw1", 1, join=True) == ()
    group.setup = 0.1
    assert pool.take("gw1", 1, join=True) == (1,)


def test_a_chunk_may_span_groups() -> None:
    """When the own group is used up the chunk goes on with the next free one."""
    assert pools([0] * 3, together=["a", "b", "c"]).take("gw0", 2) == (0, 1)


def test_a_long_test_waits_until_it_would_end_the_run_alone() -> None:
    """Short ones go first; the long one goes when it takes longer than all the rest with every worker on it."""
    orders = [Order(then=(0, 1), last=(2,))]
    pool = pools([0] * 3, seconds=(0.1, 0.1, 5.0), orders=orders)
    assert pool.take("gw0", 1, horizon=6.0) == (0,)
    assert pool.take("gw0", 1, horizon=4.0) == (2,)
    assert pool.take("gw0", 1, horizon=4.0) == (1,)


def test_what_is_claimed_elsewhere_waits_and_goes_first_when_it_is_free() -> None:
    """A second worker takes something else meanwhile."""
    pool = pools([0] * 4, needs=[("db",), ("db",), (), ()], together=list("abcd"), capacity={"db": 1})
    assert pool.take("gw0", 1) == (0,)
    assert pool.take("gw1", 1) == (2,)
    pool.claims.free("gw0", ("db",))
    assert pool.take("gw1", 1) == (1,)


def test_a_pin_binds_over_tiers() -> None:
    """What a worker took with a pin binds the tests of that pin in every tier to it, until it leaves."""
    pool = pools([0, 1, 1], pins=["db", "db", None])
    pool.take("gw0", 1)
    assert pool.take("gw1", 5, rank=1, join=True) == (2,)
    assert pool.take("gw0", 1, rank=1) == (1,)


def test_the_pins_of_a_worker_that_left_are_free() -> None:
    """Somebody else takes what was bound to it."""
    pool = pools([0, 1, 1], pins=["db", "db", None])
    pool.take("gw0", 1)
    assert pool.take("gw1", 5, rank=1, join=True) == (2,)
    pool.forget("gw0")
    assert pool.take("gw1", 5, rank=1, join=True) == (1,)


def test_a_pinned_test_that_came_back_binds_again() -> None:
    """The worker that takes a returned test takes its pin with it."""
    pool = pools([0, 0], pins=["db", "db"])
    first = pool.take("gw0", 1)
    pool.give_back(first)
    pool.forget("gw0")
    assert pool.take("gw1", 1) == first
    assert pool.take("gw2", 1, join=True) == ()
    assert pool.take("gw1", 1) == (1,)


def test_a_group_that_was_left_and_joined_is_not_handed_out_again() -> None:
    """It waits for a new owner, and may be used up by somebody who joined it meanwhile."""
    pool = pools([0] * 2, setups=[0.01] * 2, seconds=(1.0,) * 2)
    assert pool.take("gw0", 1) == (0,)
    pool.tiers[0].leave("gw0")
    assert pool.take("gw1", 1, join=True, horizon=0.0) == (1,)
    assert pool.take("gw2", 1) == ()


def test_what_came_back_is_taken_first() -> None:
    """A test that a lost worker held has waited longest."""
    pool = pools([0] * 4)
    held = pool.take("gw0", 2)
    pool.give_back(held)
    pool.forget("gw0")
    assert pool.tiers[0].unsent == 4
    assert pool.take("gw1", 3) == (0, 1, 2)


plans = st.lists(
    st.tuples(st.integers(0, TIERS - 1), st.sampled_from("abc"), st.sampled_from([None, None, "x", "y"])), max_size=14
).map(
    lambda rows: plan_of(
        [rank for rank, _, _ in rows], tiers=TIERS, together=[f for _, f, _ in rows], pins=[pin for _, _, pin in rows]
    )
)


class Hands(RuleBasedStateMachine):
    """Workers that take, finish and leave in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.plan = plan_of([], tiers=TIERS)
        self.pool = Pools(self.plan)
        self.held: dict[str, list[int]] = {worker: [] for worker in WORKERS}
        self.ended: list[int] = []
        self.bound: dict[str, str] = {}

    @initialize(plan=plans)
    def begin(self, plan: Plan) -> None:
        """Start with any plan."""
        self.plan, self.pool = plan, Pools(plan)

    def pin(self, test: int) -> str | None:
        """The pin of a test, looked up the slow way."""
        return next(group.pin for groups in self.plan.groups for group in groups if test in group.tests)

    @rule(worker=st.sampled_from(WORKERS), rank=st.integers(0, TIERS - 1), most=st.integers(0, 4), join=st.booleans())
    def take(self, worker: str, rank: int, most: int, join: bool) -> None:
        """A worker gets at most what it asks for, of that tier, bound to nobody else."""
        tests = self.pool.take(worker, most, rank=rank, join=join)
        assert len(tests) <= most
        assert all(self.plan.ranks[test] == rank for test in tests)
        for test in tests:
            assert self.may_have(worker, test)
            pin = self.pin(test)
            if pin is not None:
                self.bound[pin] = worker
        self.held[worker] += tests

    def may_have(self, worker: str, test: int) -> bool:
        """True when no other worker owns the pin of the test."""
        pin = self.pin(test)
        return pin is None or self.bound.get(pin, worker) == worker

    @rule(worker=st.sampled_from(WORKERS))
    @precondition(lambda self: any(self.held.values()))
    def finish(self, worker: str) -> None:
        """A worker ends its first test."""
        if self.held[worker]:
            self.ended.append(self.held[worker].pop(0))

    @rule(worker=st.sampled_from(WORKERS))
    def leave(self, worker: str) -> None:
        """A worker leaves; what it held comes back and its pins are free."""
        back, self.held[worker] = self.held[worker], []
        self.pool.forget(worker)
        self.pool.give_back(tuple(back))
        self.bound = {pin: owner for pin, owner in self.bound.items() if owner != worker}

    @invariant()
    def the_pool_counts_what_nobody_has(self) -> None:
        """Held, ended and unsent tests are all tests, each once."""
        out = [test for tests in self.held.values() for test in tests] + self.ended
        assert len(out) == len(set(out))
        for rank in range(TIERS):
            everywhere = self.plan.ranks.count(rank)
            assert self.pool.tiers[rank].unsent == everywhere - sum(self.plan.ranks[test] == rank for test in out)

    def teardown(self) -> None:
        """Whatever happened, workers that all leave but one give that one every test that has not ended."""
        for worker in WORKERS[1:]:
            self.leave(worker)
        for rank in range(TIERS):
            self.take(WORKERS[0], rank, len(self.plan.ranks), True)
        assert [pool.unsent for pool in self.pool.tiers] == [0] * TIERS
        assert sorted(self.held[WORKERS[0]] + self.ended) == list(range(len(self.plan.ranks)))


TestHands: Any = Hands.TestCase
TestHands.settings = settings(max_examples=60, stateful_step_count=25)


@given(plan=plans, most=st.integers(1, 5))
def test_one_worker_alone_gets_everything(plan: Plan, most: int) -> None:
    """No sequence of chunks leaves a test behind when there is only one worker."""
    pool = Pools(plan)
    seen: list[int] = []
    for rank in range(TIERS):
        while tests := pool.take("gw0", most, rank=rank):
            seen += tests
    assert sorted(seen) == list(range(len(plan.ranks)))
