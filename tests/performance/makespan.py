"""How well the schedule does on simulated suites: `python -m tests.performance.makespan [SUITE ...]`."""

from __future__ import annotations

import argparse
import sys

from pytest_pyramid.core.forecast import NOTHING_KNOWN
from pytest_pyramid.core.ordering import POLICIES
from tests.performance.simulator import Result, Simulator
from tests.performance.suites import SUITES, Suite, mean, suite

NOISE = 0.25
"""What an earlier run tells of a test is wrong by a factor e^N(0, NOISE)."""


def simulate(
    made: Suite, seed: int, mode: str, workers: int, *, warm: bool, policy: str, fences: bool = True
) -> Result:
    """One run, without history or with one that is a little wrong."""
    history = made.history(NOISE, seed) if warm else NOTHING_KNOWN
    return Simulator(made.plan(mode, workers, history, policy, fences=fences), made.jobs).run(workers)


def row(name: str, mode: str, workers: int, seeds: int, *, warm: bool, policy: str, fences: bool = True) -> str:
    """One line of the table: means over suites from so many seeds."""
    ratios, units, firsts, idle, setups, early = [], [], [], [], [], []
    for seed in range(1, seeds + 1):
        made = suite(name, seed)
        ran = simulate(made, seed, mode, workers, warm=warm, policy=policy, fences=fences)
        unit_bound = made.bound(workers, 0)
        ratios.append(ran.makespan / made.bound(workers))
        ends = [end for index, end in ran.ended.items() if made.jobs[index].rank == 0]
        units.append(max(ends) / unit_bound)
        firsts.append(ran.mean_end(made.jobs) / unit_bound)
        idle.append(ran.idle / (ran.makespan * workers))
        setups.append(ran.setups)
        early.append(ran.early)
    return (
        f"| {name} | {mode} | {workers} | {'history' if warm else 'cold'} | {mean(ratios):.3f} | {max(ratios):.3f} "
        f"| {mean(units):.3f} | {mean(firsts):.3f} | {mean(idle):.2%} | {mean(setups):.1f} | {mean(early):.1f} |"
    )


def out(line: str) -> None:
    """Write one line."""
    sys.stdout.write(line + "\n")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("suites", nargs="*", default=list(SUITES))
    parser.add_argument("-n", type=int, nargs="+", default=[4, 8])
    parser.add_argument("--modes", nargs="+", default=["strict", "soft"])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--policy", default="lazy-longest-first", choices=list(POLICIES))
    parser.add_argument("--without-fences", action="store_true")
    asked = parser.parse_args()
    out(
        "| suite | gate | n | known | makespan / bound | worst | units done / bound | mean unit end / bound | idle "
        "| set-ups | early |"
    )
    out("|---|---|---|---|---|---|---|---|---|---|---|")
    for name in asked.suites:
        for mode in asked.modes:
            for workers in asked.n:
                for warm in (False, True):
                    fences = not asked.without_fences
                    out(row(name, mode, workers, asked.seeds, warm=warm, policy=asked.policy, fences=fences))


if __name__ == "__main__":
    main()
