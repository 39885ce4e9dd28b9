"""What the schedule is told and what it answers; `core.schedule` says what each means."""

from __future__ import annotations

from dataclasses import dataclass

SOFT_FENCE = -1
HARD_FENCE = -2
"""The two entries of a worker's queue that are no test."""


@dataclass(frozen=True, slots=True)
class Joined:
    """A worker has collected its tests and is ready."""

    worker: str


@dataclass(frozen=True, slots=True)
class Completed:
    """A worker is done with the first entry of its queue; `ran` is False for a test that it was told to refuse."""

    worker: str
    entry: int
    seconds: float = 0.0
    """Setup + call + teardown."""
    ran: bool = True
    setup: float = 0.0
    """The part of the seconds that was set-up."""


@dataclass(frozen=True, slots=True)
class Left:
    """A worker is gone; `released` when it had been told to end, so that a single entry was running too."""

    worker: str
    crashed: bool
    released: bool = False


@dataclass(frozen=True, slots=True)
class Returned:
    """The answer to Steal: the tests that the worker gave back, all that were asked for or none."""

    worker: str
    entries: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Settled:
    """The verdict on a test that its worker crashed in: it has ended."""

    index: int


@dataclass(frozen=True, slots=True)
class Requeued:
    """The other verdict: it shall run again."""

    index: int


@dataclass(frozen=True, slots=True)
class Opened:
    """The gate above `rank` is open: the next tier may start."""

    rank: int


@dataclass(frozen=True, slots=True)
class Closed:
    """The gate above `rank` is closed: nothing above may start."""

    rank: int


@dataclass(frozen=True, slots=True)
class Stopped:
    """The run was stopped: nothing may start."""


Event = Joined | Completed | Left | Returned | Settled | Requeued | Opened | Closed | Stopped


@dataclass(frozen=True, slots=True)
class Send:
    """Append entries to the worker's queue."""

    worker: str
    entries: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Steal:
    """Ask the worker to give tests back that it has not begun: answer with Returned."""

    worker: str
    entries: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Release:
    """Tell the worker to end when its queue is done: its last entry has no other to follow it."""

    worker: str


@dataclass(frozen=True, slots=True)
class Decide:
    """Every test up to `rank` has ended and every worker is drained: answer with Opened or Closed."""

    rank: int


@dataclass(frozen=True, slots=True)
class Forbid:
    """Tell every worker to refuse tests above `limit`, those included that it already holds; it may be raised again."""

    limit: int


@dataclass(frozen=True, slots=True)
class Accuse:
    """The worker crashed in this test: report it, then answer with Settled or Requeued."""

    worker: str
    index: int


Command = Send | Steal | Release | Decide | Forbid | Accuse
