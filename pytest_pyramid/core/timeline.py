"""When each worker ran which test, and how soon the run could have ended."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import NamedTuple

from pytest_pyramid.core.facts import GateState, Result
from pytest_pyramid.core.report import RunReport
from pytest_pyramid.core.tiers import UNCLASSIFIED


class Stretch(NamedTuple):
    """One test on one worker; times in seconds since the run started."""

    start: float
    seconds: float
    tier: str
    result: Result
    position: int
    """The test's place in the report."""

    @property
    def end(self) -> float:
        """When the test ended."""
        return self.start + self.seconds


class Lane(NamedTuple):
    """What one worker did, in order of time."""

    worker: str
    stretches: tuple[Stretch, ...]

    @property
    def busy(self) -> float:
        """Seconds in which a test ran."""
        return math.fsum(one.seconds for one in self.stretches)


def lanes(report: RunReport) -> tuple[Lane, ...]:
    """One lane per worker that ran a test, gw2 before gw10; a run without workers has one lane, "main"."""
    by_worker: dict[str, list[Stretch]] = defaultdict(list)
    for position, one in enumerate(report.outcomes):
        if one.start is not None:
            by_worker[one.worker or "main"].append(Stretch(one.start, one.seconds, one.tier, one.result, position))
    return tuple(Lane(name, tuple(sorted(by_worker[name], key=_by_time))) for name in sorted(by_worker, key=_natural))


def end_of(report: RunReport) -> float:
    """When the run ended, or its last test when that is later."""
    ends = (one.start + one.seconds for one in report.outcomes if one.start is not None)
    return max(report.run.seconds, max(ends, default=0.0))


def lower_bound(report: RunReport) -> float:
    """The seconds that no schedule of these tests, tier after tier on so many workers, can be faster than.

    For each tier the larger of its longest test and its seconds shared out evenly (Graham 1969); the unclassified
    tests run with the base. Unless the gate is strict, tiers may overlap and count as one. Time that a worker needs to
    start is not in it.
    """
    strict = report.run.gate_mode == "strict"
    by_tier: dict[str, list[float]] = defaultdict(list)
    base = next((row.name for row in report.tiers if row.rank == 0), UNCLASSIFIED)
    for one in report.outcomes:
        if one.result.ran:
            tier = base if one.tier == UNCLASSIFIED else one.tier
            by_tier[tier if strict else "all"].append(one.seconds)
    workers = max(1, report.run.workers)
    return math.fsum(max(*times, math.fsum(times) / workers) for times in by_tier.values())


def marks(report: RunReport) -> tuple[tuple[float, GateState], ...]:
    """When each gate was closed or opened, in order of time; a gate opens when its tier's last test has ended."""
    ended = {row.name: row.finished for row in report.tiers}
    times = [(gate.seconds if gate.state == "closed" else ended.get(gate.tier), gate) for gate in report.gates]
    told = [(when, gate) for when, gate in times if when is not None and gate.state in {"open", "closed"}]
    return tuple(sorted(told, key=lambda mark: mark[0]))


def _by_time(one: Stretch) -> tuple[float, int]:
    return one.start, one.position


def _natural(worker: str) -> tuple[str, int]:
    digits = worker[len(worker.rstrip("0123456789")) :]
    return worker[: len(worker) - len(digits)], int(digits) if digits.isascii() and digits else -1
