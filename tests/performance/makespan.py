"""How well the schedule does on simulated suites: `python -m tests.performance.makespan [SUITE ...]`.

With `--bounds` it prints what no schedule can beat instead.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pytest_pyramid.core.forecast import NOTHING_KNOWN
from pytest_pyramid.core.ordering import POLICIES
from tests.performance.bounds import blind, strict_bound
from tests.performance.simulator import Result, Simulator
from tests.performance.suites import SUITES, Suite, mean, suite

NOISE = 0.25
"""What an earlier run tells of a test is wrong by a factor e^N(0, NOISE)."""


class Way(NamedTuple):
    """How a suite is run."""

    mode: str
    workers: int
    warm: bool
    policy: str = "lazy-longest-first"
    fences: bool = True
    noise: float = NOISE


def simulate(made: Suite, seed: int, way: Way) -> Result:
    """One run, without history or with one that is a little wrong."""
    history = made.history(way.noise, seed) if way.warm else NOTHING_KNOWN
    plan = made.plan(way.mode, way.workers, history, way.policy, fences=way.fences)
    return Simulator(plan, made.jobs).run(way.workers)


def measured(name: str, seed: int, way: Way) -> tuple[float, ...]:
    """What one run was like, in the order of the table's columns."""
    made = suite(name, seed)
    ran = simulate(made, seed, way)
    units = made.bound(way.workers, 0)
    return (
        ran.makespan / made.bound(way.workers),
        ran.makespan / strict_bound(made, way.workers),
        max(end for index, end in ran.ended.items() if made.jobs[index].rank == 0) / units,
        ran.mean_end(made.jobs) / units,
        100.0 * ran.idle / (ran.makespan * way.workers),
        ran.setups,
        ran.early,
    )


def row(name: str, way: Way, seeds: int) -> str:
    """One line of the table: means over suites from so many seeds."""
    columns = list(zip(*(measured(name, seed, way) for seed in range(1, seeds + 1)), strict=True))
    ratio, gated, units, first, idle, setups, early = map(mean, columns)
    return (
        f"| {name} | {way.mode} | {way.workers} | {'history' if way.warm else 'cold'} | {ratio:.3f} "
        f"| {max(columns[0]):.3f} | {gated:.3f} | {units:.3f} | {first:.3f} | {idle:.2f} % | {setups:.1f} | {early:.1f} |"
    )


def table(asked: argparse.Namespace) -> Iterator[str]:
    """What the schedule reaches."""
    yield (
        "| suite | gate | n | known | makespan / bound | worst | makespan / strict bound | units done / bound "
        "| mean unit end / bound | idle | set-ups | early |"
    )
    yield "|---|---|---|---|---|---|---|---|---|---|---|---|"
    for name, mode, workers, warm in itertools.product(asked.suites, asked.modes, asked.n, (False, True)):
        way = Way(mode, workers, warm, asked.policy, not asked.without_fences, asked.noise)
        yield row(name, way, asked.seeds)


def bounds(asked: argparse.Namespace) -> Iterator[str]:
    """What no schedule can beat, and what a schedule that knows nothing may hope for."""
    yield "| suite | n | bound, s | strict bound, s | strict / bound | blind / bound |"
    yield "|---|---|---|---|---|---|"
    for name, workers in itertools.product(asked.suites, asked.n):
        suites = [suite(name, seed) for seed in range(1, asked.seeds + 1)]
        free = [made.bound(workers) for made in suites]
        strict = [strict_bound(made, workers) for made in suites]
        unseen = [blind(made, workers, seed) for seed, made in enumerate(suites)]
        yield (
            f"| {name} | {workers} | {mean(free):.2f} | {mean(strict):.2f} | {_ratio(strict, free):.3f} "
            f"| {_ratio(unseen, free):.3f} |"
        )


def _ratio(these: Sequence[float], those: Sequence[float]) -> float:
    return mean([one / other for one, other in zip(these, those, strict=True)])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("suites", nargs="*", default=list(SUITES))
    parser.add_argument("-n", type=int, nargs="+", default=[4, 8])
    parser.add_argument("--modes", nargs="+", default=["strict", "soft"])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--policy", default="lazy-longest-first", choices=list(POLICIES))
    parser.add_argument("--noise", type=float, default=NOISE)
    parser.add_argument("--without-fences", action="store_true")
    parser.add_argument("--bounds", action="store_true")
    asked = parser.parse_args()
    for line in (bounds if asked.bounds else table)(asked):
        sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
