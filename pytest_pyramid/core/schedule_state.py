"""Everything that the schedule knows at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from pytest_pyramid.core.plan import Plan
from pytest_pyramid.core.pool import Pool

MESSAGE_SECONDS = 0.0005
"""What a test costs beside its own seconds, in the worker and on the wire."""


class Worker(NamedTuple):
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


class State(NamedTuple):
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
