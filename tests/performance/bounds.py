"""What no schedule can beat: lower bounds of a run whose tiers follow one another, for the suites of the simulator.

Without a gate a run takes at least max(sum / workers, longest test). Behind a strict gate no test of a tier starts
before every test below has ended, so the tiers' own bounds add up. `python -m tests.performance.makespan --bounds`
prints both.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Sequence
from itertools import accumulate

from tests.performance.simulator import OVERHEAD, Job
from tests.performance.suites import TIERS, Suite, mean

STEPS = 40
"""Halvings of an interval of seconds: more than a float can tell apart."""
ROUNDING = 1e-9
"""What sums of floats may be wrong by: work that fits exactly must not seem to need one more set-up."""
SHUFFLES = 10


def strict_bound(made: Suite, workers: int) -> float:
    """The sum of the tiers' bounds, in seconds: what a strict gate needs at least, whoever hands the tests out."""
    return sum(tier_bound([job for job in made.jobs if job.rank == rank], workers) for rank in range(len(TIERS)))


def tier_bound(jobs: Sequence[Job], workers: int) -> float:
    """What so many workers need at least for these tests when all are free at the start, in seconds."""
    if not jobs:
        return 0.0
    setups = {job.scope: job.setup for job in jobs if job.scope is not None}
    lengths = sorted((job.seconds + OVERHEAD for job in jobs), reverse=True)
    even = (sum(lengths) + sum(setups.values())) / workers
    longest = max(job.seconds + OVERHEAD + (job.setup if job.scope else 0.0) for job in jobs)
    return max(even, longest, _stacked(lengths, workers), _even_with_own_setups(jobs, setups, workers))


def _stacked(lengths: Sequence[float], workers: int) -> float:
    """Of the k * workers + 1 longest tests one worker gets k + 1, and these last at least as long as the shortest."""
    stacked = 0.0
    for rounds in range(1, (len(lengths) - 1) // workers + 1):
        last = rounds * workers
        stacked = max(stacked, sum(lengths[last - rounds : last + 1]))
    return stacked


def _even_with_own_setups(jobs: Sequence[Job], setups: dict[str, float], workers: int) -> float:
    """The even share when a worker pays for set-up before it runs any of the tests that share it (McNaughton's rule).

    A worker that makes s set-ups runs at most the tests of the s largest groups, and pays at least the s cheapest
    set-ups. The shortest time in which the workers together can run all tests under these two is found by halving.
    """
    groups = dict.fromkeys(setups, 0.0)
    free = 0.0
    for job in jobs:
        if job.scope is None:
            free += job.seconds + OVERHEAD
        else:
            groups[job.scope] += job.seconds + OVERHEAD
    costs = [0.0, *accumulate(sorted(setups.values()))]
    gains = [free, *(free + gain for gain in accumulate(sorted(groups.values(), reverse=True)))]
    low, high = 0.0, gains[-1] + costs[-1]
    for _ in range(STEPS):
        middle = (low + high) / 2
        done = max(min(middle - cost, gain) for cost, gain in zip(costs, gains, strict=True))
        enough = done * workers >= gains[-1] * (1.0 - ROUNDING)
        low, high = (low, middle) if enough else (middle, high)
    return low


def blind(made: Suite, workers: int, seed: int) -> float:
    """The mean makespan when tiers follow one another and free workers take any next test, in seconds.

    Nobody who does not know how long tests last can expect better. Messages cost nothing, and set-up is paid once.
    """
    chance = random.Random(f"blind/{seed}")
    total = 0.0
    for rank in range(len(TIERS)):
        work = _work([job for job in made.jobs if job.rank == rank])
        total += mean([_shuffled_end(work, workers, chance) for _ in range(SHUFFLES)])
    return total


def _work(jobs: Sequence[Job]) -> list[float]:
    """The seconds of each test; the first of those that share set-up pays for it."""
    work: list[float] = []
    seen: set[str | None] = {None}
    for job in jobs:
        work.append(job.seconds + OVERHEAD + (0.0 if job.scope in seen else job.setup))
        seen.add(job.scope)
    return work


def _shuffled_end(work: list[float], workers: int, chance: random.Random) -> float:
    ends = [0.0] * workers
    for seconds in chance.sample(work, len(work)):
        heapq.heapreplace(ends, ends[0] + seconds)
    return max(ends)
