"""What the schedule knows of one worker: what stands in its queue, and what it is accused of."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from pytest_pyramid.core.events import HARD_FENCE


class Worker:
    """What one worker holds: entries in the order in which it will take them, fences included."""

    __slots__ = ("backlog", "costs", "held", "last", "queue", "released", "stealing")

    def __init__(self) -> None:
        self.queue: deque[int] = deque()
        self.costs: deque[float] = deque()
        """What each entry was taken to last when it was sent."""
        self.backlog = 0.0
        """The sum of the costs."""
        self.held = 0
        """How many tests are in the queue."""
        self.last: int | None = None
        """The test that finished last here."""
        self.stealing: tuple[int, ...] = ()
        """What it was asked to give back."""
        self.released = False
        """True when it was told to end with its queue."""

    @property
    def tests(self) -> tuple[int, ...]:
        """The tests in the queue, fences left out."""
        return tuple(entry for entry in self.queue if entry >= 0)

    @property
    def is_idle(self) -> bool:
        """True when no test is in the queue."""
        return not self.held

    @property
    def is_drained(self) -> bool:
        """True when it stands at a hard fence or at nothing."""
        return not self.queue or (len(self.queue) == 1 and self.queue[0] == HARD_FENCE)

    @property
    def is_active(self) -> bool:
        """True when it has something to do without another message."""
        return len(self.queue) > 1 or (self.released and len(self.queue) > 0)


class Accusation(NamedTuple):
    """A test that its worker crashed in, waiting for the verdict; `finished` when it had already ended before."""

    worker: str
    test: int
    finished: bool
