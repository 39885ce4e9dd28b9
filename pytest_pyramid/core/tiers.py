"""Tiers and the pyramid they form: what a suite's levels are called, in which order, and with which limits."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

UNCLASSIFIED = "unclassified"
"""The row of tests without any evidence. It runs and gates with the base tier and never counts as one of it."""


class Resource(enum.Enum):
    """What a guard watches; every name is a question that a user can answer."""

    NETWORK = "network"
    LOCALHOST = "localhost"
    PROCESS = "process"
    DATABASE = "database"
    SLEEP = "sleep"
    FILES = "files"
    TEMPFILES = "tempfiles"


class Action(enum.Enum):
    """What happens when a tier touches a resource."""

    ALLOW = "allow"
    WARN = "warn"
    ERROR = "error"


class Share(NamedTuple):
    """A tier's target share of all test functions, each bound a share 0–1 or None for no bound."""

    min: float | None = None
    max: float | None = None

    def allows(self, share: float) -> bool:
        """True when `share` (0–1) lies inside the bounds, both inclusive."""
        return (self.min is None or share >= self.min) and (self.max is None or share <= self.max)


class AllowList(NamedTuple):
    """What a tier may touch although its guard says otherwise; every entry is a glob."""

    hosts: tuple[str, ...] = ()
    """Host names and addresses, with or without ":port"."""
    paths: tuple[str, ...] = ()
    """Paths relative to the root folder, or absolute ones."""
    commands: tuple[str, ...] = ()
    """Whole command lines, or the name of the program alone."""


class Allowance(NamedTuple):
    """One `@pytest.mark.pyramid_allow("process", reason="…")`, as it was written."""

    resource: str
    """What it allows; a word that is no resource allows nothing."""
    reason: str | None
    place: str
    """The node id of the test, class or module that the mark stands on."""


class Tier(NamedTuple):
    """One level of the pyramid; rank 0 is the base."""

    name: str
    rank: int
    markers: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    share: Share = Share()
    max_seconds: float | None = None
    """Upper limit of one test, setup + call + teardown, in seconds."""
    budget_seconds: float | None = None
    """Upper limit of the whole tier, wall clock, in seconds."""
    timeout_seconds: float | None = None
    """After so many seconds a test that hangs is stopped."""
    workers: int | None = None
    """At most so many tests of the tier at once; None for every worker."""
    guard: tuple[tuple[Resource, Action], ...] = ()
    allow: AllowList = AllowList()
    min_coverage: float | None = None
    """Share (0–1) of lines that the tier and those below it should cover."""
    side: bool = False
    """True for a tier beside the shape: after all others, alone on the machine, counted in no share."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pyramid:
    """The ordered tiers, base first, those beside the shape last."""

    tiers: tuple[Tier, ...]

    def __iter__(self) -> Iterator[Tier]:
        return iter(self.tiers)

    def __len__(self) -> int:
        return len(self.tiers)

    @property
    def base(self) -> Tier:
        """The lowest tier."""
        return self.tiers[0]

    @property
    def storeys(self) -> tuple[Tier, ...]:
        """The tiers that the shape is made of, base first."""
        return tuple(tier for tier in self.tiers if not tier.side)

    @property
    def names(self) -> tuple[str, ...]:
        """The tiers' names, base first."""
        return tuple(tier.name for tier in self.tiers)

    @property
    def rows(self) -> tuple[str, ...]:
        """The names that a test may be counted under: every tier, base first, then `UNCLASSIFIED`."""
        return (*self.names, UNCLASSIFIED)

    def named(self, name: str) -> Tier | None:
        """The tier called `name`, or None."""
        return next((tier for tier in self.tiers if tier.name == name), None)

    def rank_of(self, row: str) -> int:
        """The rank that tests of `row` run with; `UNCLASSIFIED` runs with the base.

        Raises KeyError for a name that is no row.
        """
        if row == UNCLASSIFIED:
            return 0
        tier = self.named(row)
        if tier is None:
            raise KeyError(row)
        return tier.rank

    def rows_at(self, rank: int) -> tuple[str, ...]:
        """The rows that run with `rank`: the tier's own name, and `UNCLASSIFIED` with the base."""
        name = self.tiers[rank].name
        return (name, UNCLASSIFIED) if rank == 0 else (name,)

    def above(self, rank: int) -> tuple[Tier, ...]:
        """The tiers of the shape above `rank`, lowest first."""
        return self.storeys[rank + 1 :]

    def below(self, rank: int) -> tuple[Tier, ...]:
        """The tiers below `rank`, base first."""
        return self.tiers[:rank]

    def height(self, ranks: Iterable[int]) -> int:
        """How many tiers a run of tests with these ranks has: all of the shape, and those beside it up to the last used."""
        return max(len(self.storeys), max(ranks, default=0) + 1)
