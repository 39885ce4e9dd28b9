"""The pool hands every test out once, keeps pins, and takes first what came back."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from pytest_pyramid.core.plan import Plan, plan_of
from pytest_pyramid.core.pool import Pool

WORKERS = ("gw0", "gw1", "gw2")
TIERS = 2


def taken(
    pool: Pool, plan: Plan, worker: str, most: int, *, rank: int = 0, join: bool = False
) -> tuple[tuple[int, ...], Pool]:
    """What the worker takes, in the order in which these tests like to ask."""
    return pool.take(worker, rank, most, plan, join=join)


def test_a_worker_stays_with_its_group_and_the_next_one_takes_another() -> None:
    """Files are kept together while there are files that nobody works on."""
    plan = plan_of([0] * 4, tiers=1, together=["a", "a", "b", "b"])
    first, pool = taken(Pool.of(plan), plan, "gw0", 1)
    second, pool = taken(pool, plan, "gw1", 1)
    third, pool = taken(pool, plan, "gw0", 1)
    assert (first, second, third) == ((0,), (2,), (1,))
    assert pool.unsent == (1,)


def test_a_worker_joins_another_group_only_when_it_may() -> None:
    """Joining costs a second set-up, so a worker with something else to do does not."""
    plan = plan_of([0] * 3, tiers=1, together=["a", "a", "a"])
    _, pool = taken(Pool.of(plan), plan, "gw0", 1)
    assert taken(pool, plan, "gw1", 1)[0] == ()
    assert taken(pool, plan, "gw1", 1, join=True)[0] == (1,)


def test_who_joins_takes_the_group_that_has_most_left() -> None:
    """The group with most left profits most from a second worker."""
    plan = plan_of([0] * 6, tiers=1, together=["a", "a", "b", "b", "b", "b"])
    _, pool = taken(Pool.of(plan), plan, "gw0", 1)
    _, pool = taken(pool, plan, "gw1", 1)
    assert taken(pool, plan, "gw2", 1, join=True)[0] == (3,)


def test_a_chunk_may_span_groups() -> None:
    """When the own group is used up the chunk goes on with the next free one."""
    plan = plan_of([0] * 3, tiers=1, together=["a", "b", "c"])
    assert taken(Pool.of(plan), plan, "gw0", 2)[0] == (0, 1)


def test_a_pin_binds_over_tiers() -> None:
    """What a worker took with a pin binds the tests of that pin in every tier to it, until it leaves."""
    plan = plan_of([0, 1, 1], tiers=2, pins=["db", "db", None])
    _, pool = taken(Pool.of(plan), plan, "gw0", 1)
    assert taken(pool, plan, "gw1", 5, rank=1, join=True)[0] == (2,)
    assert taken(pool, plan, "gw0", 1, rank=1)[0] == (1,)
    assert taken(pool.forget("gw0"), plan, "gw1", 5, rank=1, join=True)[0] == (1, 2)


def test_a_pinned_test_that_came_back_binds_again() -> None:
    """The worker that takes a returned test takes its pin with it."""
    plan = plan_of([0, 0], tiers=1, pins=["db", "db"])
    first, pool = taken(Pool.of(plan), plan, "gw0", 1)
    pool = pool.give_back(first, plan).forget("gw0")
    again, pool = taken(pool, plan, "gw1", 1)
    assert again == first
    assert taken(pool, plan, "gw2", 1, join=True)[0] == ()
    assert taken(pool, plan, "gw1", 1)[0] == (1,)


def test_what_came_back_is_taken_first() -> None:
    """A test that a lost worker held has waited longest."""
    plan = plan_of([0] * 4, tiers=1)
    held, pool = taken(Pool.of(plan), plan, "gw0", 2)
    pool = pool.give_back(held, plan).forget("gw0")
    assert pool.unsent == (4,)
    assert taken(pool, plan, "gw1", 3)[0] == (0, 1, 2)


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
        self.pool = Pool.of(self.plan)
        self.held: dict[str, list[int]] = {worker: [] for worker in WORKERS}
        self.ended: list[int] = []
        self.bound: dict[str, str] = {}
        self.returned: list[int] = []

    @initialize(plan=plans)
    def begin(self, plan: Plan) -> None:
        """Start with any plan."""
        self.plan, self.pool = plan, Pool.of(plan)

    def pin(self, test: int) -> str | None:
        """The pin of a test, looked up the slow way."""
        return next(group.pin for groups in self.plan.groups for group in groups if test in group.tests)

    @rule(worker=st.sampled_from(WORKERS), rank=st.integers(0, TIERS - 1), most=st.integers(0, 4), join=st.booleans())
    def take(self, worker: str, rank: int, most: int, join: bool) -> None:
        """A worker gets at most what it asks for, of that tier, bound to nobody else, what came back first."""
        tests, self.pool = self.pool.take(worker, rank, most, self.plan, join=join)
        assert len(tests) <= most
        assert all(self.plan.ranks[test] == rank for test in tests)
        waiting = [t for t in self.returned if self.plan.ranks[t] == rank and self.may_have(worker, t)]
        assert list(tests[: len(waiting)]) == waiting[:most]
        for test in tests:
            assert self.may_have(worker, test)
            pin = self.pin(test)
            if pin is not None:
                self.bound[pin] = worker
        self.returned = [test for test in self.returned if test not in tests]
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
        self.pool = self.pool.give_back(tuple(back), self.plan).forget(worker)
        self.returned += back
        self.bound = {pin: owner for pin, owner in self.bound.items() if owner != worker}

    @invariant()
    def the_pool_counts_what_nobody_has(self) -> None:
        """Held, ended and unsent tests are all tests, each once."""
        out = [test for tests in self.held.values() for test in tests] + self.ended
        assert len(out) == len(set(out))
        for rank in range(TIERS):
            everywhere = self.plan.ranks.count(rank)
            assert self.pool.unsent[rank] == everywhere - sum(self.plan.ranks[test] == rank for test in out)

    def teardown(self) -> None:
        """Whatever happened, workers that all leave but one give that one every test that has not ended."""
        for worker in WORKERS[1:]:
            self.leave(worker)
        for rank in range(TIERS):
            self.take(WORKERS[0], rank, len(self.plan.ranks), True)
        assert self.pool.unsent == (0,) * TIERS
        assert sorted(self.held[WORKERS[0]] + self.ended) == list(range(len(self.plan.ranks)))


TestHands: Any = Hands.TestCase
TestHands.settings = settings(max_examples=60, stateful_step_count=25)


@given(plan=plans, most=st.integers(1, 5))
def test_one_worker_alone_gets_everything(plan: Plan, most: int) -> None:
    """No sequence of chunks leaves a test behind when there is only one worker."""
    pool = Pool.of(plan)
    seen: list[int] = []
    for rank in range(TIERS):
        tests, pool = pool.take("gw0", rank, most, plan, join=False)
        while tests:
            seen += tests
            tests, pool = pool.take("gw0", rank, most, plan, join=False)
    assert sorted(seen) == list(range(len(plan.ranks)))
