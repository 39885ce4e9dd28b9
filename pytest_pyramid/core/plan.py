"""The plan of a run: which tests there are, in which tier and order, and which of them keep together."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

COLD_SECONDS = (0.005, 0.25, 2.0)
"""What a test of a tier is taken to last until something like it has been seen, base first, in seconds.

Upper tiers count as long until the contrary is learnt: taking two 3 s tests for short ones in one chunk cost 23 % of
the makespan in simulation, taking short ones for long costs one round trip each.
"""


class Order(NamedTuple):
    """The order in which the tests of a tier start: their positions in the tier's collection, each once."""

    first: Sequence[int] = ()
    """To begin with: what is likely to fail."""
    then: Sequence[int] = ()
    """After that."""
    last: Sequence[int] = ()
    """At the end, but each in time not to end the run alone; the longest first."""


class Group(NamedTuple):
    """Tests of one tier that keep together, in the order in which they run.

    Without a pin the group is kept together as long as that leaves no worker idle. With a pin all groups of that pin,
    in every tier, run on one worker.
    """

    tests: tuple[int, ...]
    pin: str | None = None
    setup: float | None = 0.0
    """Seconds of set-up that its tests share on a worker; 0 for none, None for some that nobody has measured."""
    needs: tuple[str, ...] = ()
    """The resources that each of its tests claims."""


class Plan(NamedTuple):
    """Everything that is known before the first test starts. Tests are indices into the collection."""

    ranks: tuple[int, ...]
    """The rank of every test."""
    groups: tuple[tuple[Group, ...], ...]
    """By rank, the groups in order; every test is in exactly one."""
    late: tuple[int, ...] = ()
    """By rank, the number of the first group that starts as late as it can without ending the run alone."""
    mode: str = "strict"
    """strict, soft or off, see `core.gating`."""
    cold: tuple[float, ...] = ()
    """By rank, the seconds that a test is taken to last while nothing is known."""
    most_workers: tuple[int | None, ...] = ()
    """By rank, at most so many workers at once; None for no limit."""
    workers: int = 1
    """How many workers are expected; a fair share is left for those that have not joined yet."""
    seconds: tuple[float | None, ...] = ()
    """What every test is known to last; None for a test of which nothing is known, empty for none known."""
    functions: tuple[int, ...] = ()
    """The number of every test's function, whose cases learn from each other; empty when no test is a case."""
    capacity: Mapping[Hashable, int] = {}
    """By resource, how many tests may claim it at once."""
    shared: int | None = None
    """So many tiers, base first, share the machine; each one above them runs alone. None when all share it."""
    fences: bool = True
    """False where no entries may be sent that are no tests."""


class Ties(NamedTuple):
    """What ties tests to each other, one value a test; an empty column ties nothing."""

    together: Sequence[str] = ()
    """What a test shares with its neighbours: its file, as a rule."""
    setups: Sequence[float | None] = ()
    """Seconds of set-up that it shares with them; 0 for none, None for some that nobody has measured."""
    pins: Sequence[str | None] = ()
    """What binds it to one worker."""
    needs: Sequence[tuple[str, ...]] = ()
    """The resources that it claims."""

    def key(self, index: int, section: int, stretch: int) -> tuple[Any, ...]:
        """Equal for tests that belong into one group.

        Tests that share nothing belong together as long as nothing comes between them, in one `stretch`; long ones
        are groups of their own.
        """
        needs = self.needs[index] if self.needs else ()
        pin = self.pins[index] if self.pins else None
        if pin is not None:
            return ("", pin, needs)
        name = self.together[index] if self.together else ""
        if self.setups and self.setups[index] != 0.0:
            return (name, None, needs)
        return (index,) if section == _LAST else (name, None, needs, stretch)

    def parts(self, index: int, other: int) -> bool:
        """True when two tests have no name in common."""
        return bool(self.together) and self.together[index] != self.together[other]

    def group(self, tests: tuple[int, ...]) -> Group:
        """The group of these tests, which have one key."""
        first = tests[0]
        return Group(
            tests=tests,
            pin=self.pins[first] if self.pins else None,
            setup=self.setups[first] if self.setups else 0.0,
            needs=self.needs[first] if self.needs else (),
        )


_LAST = 2


def plan_of(ranks: Iterable[int], *, tiers: int, orders: Sequence[Order] = (), **known: Any) -> Plan:
    """The plan for tests of the given ranks, base 0, in collection order.

    `orders` gives by rank the positions among the tests of that tier; without them collection order is kept. Of what
    else is `known`, the columns of `Ties` tie tests together, and the other fields of `Plan` are taken as given.
    Raises ValueError for a column that does not fit the tests.
    """
    all_ranks = tuple(ranks)
    ties = Ties(**{name: tuple(known.pop(name, None) or ()) for name in Ties._fields})
    for name, column in zip(Ties._fields, ties, strict=True):
        if column and len(column) != len(all_ranks):
            raise ValueError(f"{name} has {len(column)} values for {len(all_ranks)} tests")
    members: list[list[int]] = [[] for _ in range(tiers)]
    for index, rank in enumerate(all_ranks):
        members[rank].append(index)
    grouped = [
        _grouped(tests, orders[rank] if orders else Order(then=range(len(tests))), ties)
        for rank, tests in enumerate(members)
    ]
    return Plan(
        ranks=all_ranks,
        groups=tuple(groups for groups, _ in grouped),
        late=tuple(late for _, late in grouped),
        cold=tuple(COLD_SECONDS[min(rank, len(COLD_SECONDS) - 1)] for rank in range(tiers)),
        most_workers=known.pop("most_workers", ()) or (None,) * tiers,
        **known,
    )


def _grouped(tests: list[int], order: Order, ties: Ties) -> tuple[tuple[Group, ...], int]:
    """The groups of one tier in order, and the number of the first one that is for last."""
    found: dict[tuple[Any, ...], list[int]] = {}
    late = stretch = 0
    for section, positions in enumerate(order):
        if section == _LAST:
            late = len(found)
        before = None
        for position in positions:
            index = tests[position]
            stretch += before is None or ties.parts(index, before)
            found.setdefault(ties.key(index, section, stretch), []).append(index)
            before = index
    return tuple(ties.group(tuple(group)) for group in found.values()), late
