"""What the schedule is told and what it answers; `core.schedule` says what each means."""

from __future__ import annotations

from typing import NamedTuple

SOFT_FENCE = -1
HARD_FENCE = -2
"""The two entries of a worker's queue that are no test."""


class Joined(NamedTuple):
    """A worker has collected its tests and is ready."""

    worker: str


class Completed(NamedTuple):
    """A worker is done with the first entry of its queue; `ran` is False for a test that it was told to refuse."""

    worker: str
    entry: int
    seconds: float = 0.0
    """Setup + call + teardown."""
    ran: bool = True
    setup: float = 0.0
    """The part of the seconds that was set-up."""


class Left(NamedTuple):
    """A worker is gone; `released` when it had been told to end, so that a single entry was running too."""

    worker: str
    crashed: bool
    released: bool = False


class Returned(NamedTuple):
    """The answer to Steal: the tests that the worker gave back, all that were asked for or none."""

    worker: str
    entries: tuple[int, ...]


class Settled(NamedTuple):
    """The verdict on a test that its worker crashed in: it has ended."""

    test: int


class Requeued(NamedTuple):
    """The other verdict: it shall run again."""

    test: int


class Opened(NamedTuple):
    """The gate above `rank` is open: the next tier may start."""

    rank: int


class Closed(NamedTuple):
    """The gate above `rank` is closed: nothing above may start."""

    rank: int


class Stopped(NamedTuple):
    """The run was stopped: nothing may start."""


Event = Joined | Completed | Left | Returned | Settled | Requeued | Opened | Closed | Stopped


class Send(NamedTuple):
    """Append entries to the worker's queue."""

    worker: str
    entries: tuple[int, ...]


class Steal(NamedTuple):
    """Ask the worker to give tests back that it has not begun: answer with Returned."""

    worker: str
    entries: tuple[int, ...]


class Release(NamedTuple):
    """Tell the worker to end when its queue is done: its last entry has no other to follow it."""

    worker: str


class Decide(NamedTuple):
    """Every test up to `rank` has ended and every worker is drained: answer with Opened or Closed."""

    rank: int


class Forbid(NamedTuple):
    """Tell every worker to refuse tests above `limit`, those included that it already holds; it may be raised again."""

    limit: int


class Accuse(NamedTuple):
    """The worker crashed in this test: report it, then answer with Settled or Requeued."""

    worker: str
    test: int


Command = Send | Steal | Release | Decide | Forbid | Accuse
