"""The schedule in virtual time: what it costs, and how near to the best possible it runs known shapes of suites."""

from __future__ import annotations

import time

import pytest

from pytest_pyramid.core.plan import plan_of
from tests.performance.bounds import strict_bound, tier_bound
from tests.performance.makespan import Way, simulate
from tests.performance.simulator import OVERHEAD, Job, Simulator
from tests.performance.suites import ideal, mean, suite


def test_a_hundred_thousand_tests_on_a_thousand_workers_are_driven_quickly() -> None:
    """Schedule and simulator together take less than 60 us a test; a loop over all workers would take seconds more."""
    jobs = [Job(0 if number % 10 else 1, 0.005 if number % 10 else 0.3) for number in range(100_000)]
    plan = plan_of([job.rank for job in jobs], tiers=2, together=[f"{n // 50}" for n in range(len(jobs))], workers=1000)
    start = time.process_time()
    ran = Simulator(plan, jobs).run(1000)
    assert time.process_time() - start < 6
    assert len(ran.ended) == len(jobs)


@pytest.mark.parametrize(
    ("name", "workers", "most"), [("W2", 4, 1.04), ("W3", 4, 1.05), ("W4", 4, 1.12), ("W7", 8, 1.05)]
)
def test_with_history_strict_tiers_end_near_the_lower_bound(name: str, workers: int, most: float) -> None:
    """The mean of five suites of each shape, where history is wrong by a factor e^N(0, 0.25)."""
    ratios = []
    for seed in range(1, 6):
        made = suite(name, seed)
        ran = simulate(made, seed, Way("strict", workers, warm=True))
        assert len(ran.ended) == len(made.jobs)
        ratios.append(ran.makespan / made.bound(workers))
    assert mean(ratios) <= most


@pytest.mark.parametrize(
    ("name", "workers", "most"),
    [("W2", 4, 1.02), ("W2", 8, 1.05), ("W3", 4, 1.04), ("W3", 8, 1.03), ("W4", 4, 1.04), ("W4", 8, 1.05)],
)
def test_where_history_is_right_strict_tiers_end_near_their_own_bound(name: str, workers: int, most: float) -> None:
    """The mean of ten suites of each shape, over what a strict gate needs at least."""
    ratios = []
    for seed in range(1, 11):
        made = suite(name, seed)
        ran = simulate(made, seed, Way("strict", workers, warm=True, noise=0.0))
        ratios.append(ran.makespan / strict_bound(made, workers))
    assert mean(ratios) <= most


@pytest.mark.parametrize(
    ("groups", "tests", "workers", "seconds"),
    [(24, 10, 8, 1.05), (4, 10, 8, 0.325), (10, 10, 8, 0.6625), (1, 3, 2, 0.31)],
)
def test_the_bound_of_a_tier_pays_for_set_up_on_each_worker(
    groups: int, tests: int, workers: int, seconds: float
) -> None:
    """Three whole groups a worker; half a group; twelve and a half tests of two groups; one test and a half of one."""
    jobs = [Job(0, 0.005 - OVERHEAD, f"{number // tests}", 0.3) for number in range(groups * tests)]
    assert tier_bound(jobs, workers) == pytest.approx(seconds, abs=0.003)


@pytest.mark.parametrize("name", ["W2", "W3", "W4", "W7"])
@pytest.mark.parametrize("workers", [4, 8])
def test_no_strict_run_beats_its_bound(name: str, workers: int) -> None:
    """However well it is laid out."""
    made = suite(name, 1)
    assert simulate(made, 1, Way("strict", workers, warm=True, noise=0.0)).makespan >= strict_bound(made, workers)


@pytest.mark.parametrize("workers", [4, 8])
def test_no_worker_idles_while_a_test_waits(workers: int) -> None:
    """In a heavy-tailed suite less than one per cent of the workers' time is lost so."""
    made = suite("W2", 1)
    ran = simulate(made, 1, Way("strict", workers, warm=True))
    assert ran.idle <= 0.01 * ran.makespan * workers


def test_a_shared_fixture_is_set_up_once_for_each_file() -> None:
    """There are files enough for every worker, so none is worth a second set-up."""
    ran = simulate(suite("W4", 1), 1, Way("strict", 4, warm=True))
    assert ran.setups == 38


@pytest.mark.parametrize("workers", [8, 16, 32])
def test_independent_tests_are_run_nearly_as_well_as_without_overhead(workers: int) -> None:
    """Soft tiers with the slack rule end no later than longest first with a barrier, which knows every second."""
    made = suite("anchors", 1)
    ran = simulate(made, 1, Way("soft", workers, warm=True))
    assert ran.makespan <= 1.03 * ideal(made, workers)
    assert ran.mean_end(made.jobs) <= 1.1 * made.bound(workers, 0)


def test_without_fences_everything_runs_too() -> None:
    """The last test of a worker may have to wait, and none is lost."""
    made = suite("W7", 1)
    ran = simulate(made, 1, Way("strict", 4, warm=True, fences=False))
    assert len(ran.ended) == len(made.jobs)
    assert ran.makespan <= 1.2 * made.bound(4)
