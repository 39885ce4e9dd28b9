"""Suites for the simulator: the shapes that schedulers are compared on, made from a seed."""

from __future__ import annotations

import heapq
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from pytest_pyramid.core.facts import Location, TestFacts
from pytest_pyramid.core.forecast import Estimate, Forecast
from pytest_pyramid.core.ordering import POLICIES, expected_seconds
from pytest_pyramid.core.packing import packed
from pytest_pyramid.core.plan import Plan, plan_of
from pytest_pyramid.core.tiers import Tier
from tests.performance.simulator import OVERHEAD, Job

TIERS = ("unit", "service", "ui")


@dataclass(frozen=True, slots=True)
class Level:
    """One tier: log-normal seconds around a median, some files with a fixture that their tests share."""

    tests: int
    files: int
    median: float
    sigma: float = 0.0
    bounds: tuple[float, float] = (0.0, math.inf)
    fixture_files: float = 0.0
    """The share (0-1) of files with a shared fixture."""
    setup: float = 0.0
    """Its seconds."""


SUITES: dict[str, tuple[Level, ...]] = {
    "W2": (
        Level(1500, 50, 0.006, 0.8, (0.001, 0.05)),
        Level(110, 11, 0.3, 0.6, (0.1, 1.0), 0.36, 0.2),
        Level(26, 6, 2.0, 0.4, (1.0, 4.0), 0.5, 0.5),
    ),
    "W3": (
        Level(3000, 60, 0.002),
        Level(100, 10, 0.1, 0.5, (0.03, 0.5)),
        Level(10, 5, 0.9, 0.3, (0.5, 2.0)),
    ),
    "W4": (
        Level(240, 24, 0.005, fixture_files=1.0, setup=0.3),
        Level(100, 10, 0.03, fixture_files=1.0, setup=0.3),
        Level(40, 4, 0.1, fixture_files=1.0, setup=0.3),
    ),
    "W7": (
        Level(30, 3, 0.006, 0.8, (0.001, 0.05)),
        Level(60, 6, 0.15, 0.4, (0.05, 0.4)),
        Level(100, 10, 0.4, 0.3, (0.2, 1.0)),
    ),
    "anchors": (Level(1600, 1600, 0.015, 1.0), Level(300, 300, 0.4, 0.6), Level(100, 100, 5.0, 0.5)),
}
"""W2 to W7 have the shapes of the workloads that real runs are compared on; anchors has independent tests."""


@dataclass(frozen=True, slots=True)
class Suite:
    """Tests as they really are, and what is known of them."""

    jobs: tuple[Job, ...]
    facts: tuple[TestFacts, ...]

    def history(self, noise: float, seed: int) -> Forecast:
        """What earlier runs told, each figure wrong by a factor e^N(0, noise)."""
        chance = random.Random(f"history/{seed}")
        wrong = [math.exp(chance.gauss(0.0, noise)) for _ in self.jobs]
        tests = {
            fact.nodeid: Estimate(job.seconds * factor)
            for fact, job, factor in zip(self.facts, self.jobs, wrong, strict=True)
        }
        return Forecast(tests=tests, setups={job.scope: job.setup for job in self.jobs if job.scope is not None})

    def plan(self, mode: str, workers: int, history: Forecast, policy: str, *, fences: bool = True) -> Plan:
        """The plan that the session makes of these facts."""
        orders = []
        for rank, name in enumerate(TIERS):
            tests = [fact for fact, job in zip(self.facts, self.jobs, strict=True) if job.rank == rank]
            orders.append(POLICIES[policy](Tier(name=name, rank=rank), tests, history))
        plan = plan_of(
            [job.rank for job in self.jobs],
            tiers=len(TIERS),
            together=[fact.location.file for fact in self.facts],
            setups=[0.0 if job.scope is None else history.setups.get(job.scope) for job in self.jobs],
            seconds=expected_seconds(self.facts, history),
            orders=orders,
            mode=mode,
            workers=workers,
            fences=fences,
        )
        return packed(plan)

    def bound(self, workers: int, rank: int | None = None) -> float:
        """max(sum / workers, longest test), of all tests or of one tier; shared set-up counts once."""
        jobs = [job for job in self.jobs if rank is None or job.rank == rank]
        setups = {job.scope: job.setup for job in jobs if job.scope is not None}
        total = sum(job.seconds + OVERHEAD for job in jobs) + sum(setups.values())
        return max(total / workers, *(job.seconds + (job.setup if job.scope else 0.0) for job in jobs), 0.0)


def suite(name: str, seed: int) -> Suite:
    """The suite of that name; equal for equal seeds."""
    chance = random.Random(f"{name}/{seed}")
    jobs: list[Job] = []
    facts: list[TestFacts] = []
    for rank, level in enumerate(SUITES[name]):
        shared = set(chance.sample(range(level.files), round(level.files * level.fixture_files)))
        per_file = -(-level.tests // level.files)
        for number in range(level.tests):
            file = f"{TIERS[rank]}/test_{number // per_file:04}.py"
            scope = file if number // per_file in shared else None
            jobs.append(Job(rank, _seconds(chance, level), scope, level.setup if scope else 0.0))
            nodeid = f"{file}::test_{number}"
            facts.append(
                TestFacts(nodeid=nodeid, function=nodeid, location=Location(file=file), tier=TIERS[rank], shares=scope)
            )
    return Suite(tuple(jobs), tuple(facts))


def _seconds(chance: random.Random, level: Level) -> float:
    if not level.sigma:
        return level.median
    lowest, highest = level.bounds
    return min(highest, max(lowest, level.median * math.exp(chance.gauss(0.0, level.sigma))))


def mean(values: Sequence[float]) -> float:
    """Their mean, 0.0 for none."""
    return sum(values) / len(values) if values else 0.0


def ideal(made: Suite, workers: int) -> float:
    """The makespan of longest first in each tier with no overhead and known seconds, set-up charged to one test."""
    ends = [0.0] * workers
    for rank in range(len(TIERS)):
        ends = [max(ends)] * workers
        seen: set[str | None] = {None}
        work = []
        for job in made.jobs:
            if job.rank == rank:
                work.append(job.seconds + OVERHEAD + (0.0 if job.scope in seen else job.setup))
                seen.add(job.scope)
        for seconds in sorted(work, reverse=True):
            heapq.heapreplace(ends, ends[0] + seconds)
    return max(ends)
