"""The plan of a run: which tests there are, in which tier, and which of them keep together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

COLD_SECONDS = (0.005, 0.25, 2.0)
"""What a test of a tier is taken to last until four of that tier have been seen, base first, in seconds.

Upper tiers count as long until the contrary is learnt: taking two 3 s tests for short ones in one chunk cost 23 % of
the makespan in simulation, taking short ones for long costs one round trip each.
"""


class Group(NamedTuple):
    """Tests of one tier that share set-up, in the order in which they run.

    Without a pin the group is kept together as long as that leaves no worker idle. With a pin all groups of that pin,
    in every tier, run on one worker.
    """

    tests: tuple[int, ...]
    pin: str | None = None


class Plan(NamedTuple):
    """Everything that is known before the first test starts. Tests are indices into the collection."""

    ranks: tuple[int, ...]
    """The rank of every test."""
    groups: tuple[tuple[Group, ...], ...]
    """By rank, the groups in order; every test is in exactly one."""
    mode: str = "strict"
    """strict, soft or off, see `core.gating`."""
    cold: tuple[float, ...] = ()
    """By rank, the seconds that a test is taken to last while nothing is known."""
    most_workers: tuple[int | None, ...] = ()
    """By rank, at most so many workers at once; None for no limit."""
    workers: int = 1
    """How many workers are expected; a fair share is left for those that have not joined yet."""


def plan_of(
    ranks: Iterable[int],
    *,
    tiers: int,
    together: Iterable[str] | None = None,
    pins: Iterable[str | None] | None = None,
    mode: str = "strict",
    most_workers: tuple[int | None, ...] = (),
    workers: int = 1,
) -> Plan:
    """The plan for tests of the given ranks, base 0, in collection order.

    `together` names for each test what it shares set-up with (its file, as a rule), `pins` what binds it to one
    worker. Without `together` every tier is one group, which keeps collection order exactly.
    """
    all_ranks = tuple(ranks)
    names = tuple(together) if together is not None else ("",) * len(all_ranks)
    pinned = tuple(pins) if pins is not None else (None,) * len(all_ranks)
    found: list[dict[tuple[str, str | None], list[int]]] = [{} for _ in range(tiers)]
    for index, (rank, name, pin) in enumerate(zip(all_ranks, names, pinned, strict=True)):
        key = ("", pin) if pin is not None else (name, None)
        found[rank].setdefault(key, []).append(index)
    return Plan(
        ranks=all_ranks,
        groups=tuple(tuple(Group(tests=tuple(tests), pin=key[1]) for key, tests in tier.items()) for tier in found),
        mode=mode,
        cold=tuple(COLD_SECONDS[min(rank, len(COLD_SECONDS) - 1)] for rank in range(tiers)),
        most_workers=most_workers or (None,) * tiers,
        workers=workers,
    )
