"""The partition of a suite into shards: the same on every machine that knows the same, balanced inside each tier.

Nothing here depends on the order of collection. Tests are looked at by their node ids, the longest first, and each goes
to the shard that has least of its tier (Graham 1969: at most 4/3 of the best possible). Tests that share expensive
set-up stay together, as far as that leaves pieces small enough to balance.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pytest_pyramid.core.facts import TestFacts
from pytest_pyramid.core.forecast import Forecast
from pytest_pyramid.core.history import middle
from pytest_pyramid.core.ordering import LONG_SECONDS, expected_seconds, setups_of

UNKNOWN_SECONDS = 1.0
"""What a test counts in a tier of which nothing is known: every test the same."""
FINE = 0.1
"""Pieces of this share of a shard's part of a tier are small enough to balance within 10 %."""
WORTH = 4.0
"""A piece whose tests take so many times its set-up may be run elsewhere than its neighbours."""
_DIGITS = 16


class Partition(NamedTuple):
    """Which shard runs each test, from 1, in the order of the tests that were given."""

    shards: tuple[int, ...]
    plan: str
    """Equal for equal partitions of the same tests, and for no others."""
    loads: tuple[float, ...]
    """By shard, the seconds that are expected of it; counts where nothing is known."""


class _Unit(NamedTuple):
    """Tests that one shard runs, by their places in the order of node ids."""

    places: Sequence[int]
    weight: float


def partition(tests: Sequence[TestFacts], of: int, forecast: Forecast) -> Partition:
    """Every test in one of `of` shards. Raises ValueError when `of` is less than one."""
    if of < 1:
        raise ValueError(f"{of} shards cannot hold anything")
    order = sorted(range(len(tests)), key=lambda index: tests[index].nodeid)
    ordered = [tests[index] for index in order]
    tiers: dict[str, list[int]] = {}
    for place, test in enumerate(ordered):
        tiers.setdefault(test.tier, []).append(place)
    seconds = expected_seconds(ordered, forecast)
    setups = setups_of(ordered, forecast)
    loads = [0.0] * of
    shard_at = [0] * len(ordered)
    # The tier with the longest tests first, so that the others even out what it leaves uneven.
    weighed = [(_weights(places, seconds), tier, places) for tier, places in tiers.items()]
    for weights, _, places in sorted(weighed, key=lambda each: (-max(each[0]), each[1])):
        units = list(_units(places, weights, ordered, setups, of))
        _share_out(units, ordered, loads, shard_at)
    shards = [0] * len(tests)
    for place, index in enumerate(order):
        shards[index] = shard_at[place]
    return Partition(tuple(shards), _fingerprint(ordered, shard_at, of), tuple(loads))


def _weights(places: Sequence[int], seconds: Sequence[float | None]) -> list[float]:
    """The seconds of every test of a tier; an unknown one counts as the middle one of its tier."""
    known = [found for place in places if (found := seconds[place]) is not None]
    usual = middle(known) if known else UNKNOWN_SECONDS
    return [usual if (found := seconds[place]) is None else found for place in places]


def _units(
    places: Sequence[int],
    weights: Sequence[float],
    tests: Sequence[TestFacts],
    setups: Sequence[float | None],
    of: int,
) -> Iterator[_Unit]:
    """The tests of one tier, alone or with those whose set-up they share, in pieces."""
    fair = math.fsum(weights) / of
    groups: dict[str, list[tuple[int, float]]] = {}
    for place, weight in zip(places, weights, strict=True):
        shares, setup = tests[place].shares, setups[place]
        if shares is not None and (setup is None or setup >= LONG_SECONDS):
            groups.setdefault(shares, []).append((place, weight))
        else:
            yield _Unit((place,), weight)
    for members in groups.values():
        setup = setups[members[0][0]]
        yield from _pieces(members, setup or 0.0, _piece_seconds(fair, setup))


def _piece_seconds(fair: float, setup: float | None) -> float:
    """How much of a tier may stay together because of this set-up; a quarter of a part where nobody has measured it."""
    if setup is None:
        return fair / 4
    least = max(WORTH * setup, FINE * fair)
    return least if least <= fair else max(setup, fair)


def _pieces(members: Sequence[tuple[int, float]], setup: float, most: float) -> Iterator[_Unit]:
    """The members in even pieces, neighbours together, each with the set-up that it pays."""
    total = math.fsum(weight for _, weight in members)
    count = max(1, min(len(members), math.floor(total / most))) if most > 0 else 1
    even, taken, done = total / count, 0.0, 0.0
    piece: list[int] = []
    for place, weight in members:
        if piece and taken + weight / 2 > even * (done + 1):
            yield _Unit(tuple(piece), setup + taken - even * done)
            piece, done = [], done + 1
        piece.append(place)
        taken += weight
    yield _Unit(tuple(piece), setup + taken - even * done)


def _share_out(units: list[_Unit], tests: Sequence[TestFacts], loads: list[float], shard_at: list[int]) -> None:
    """Give every unit of a tier to the shard that has least of the tier, then least of all, then by lot."""
    of = len(loads)
    mine = [0.0] * of
    for unit in sorted(units, key=lambda unit: (-unit.weight, unit.places[0])):
        lot = _lot(tests[unit.places[0]].nodeid)
        chosen = min(range(of), key=lambda shard: (mine[shard], loads[shard], (shard + lot) % of))
        mine[chosen] += unit.weight
        loads[chosen] += unit.weight
        for place in unit.places:
            shard_at[place] = chosen + 1


def _lot(nodeid: str) -> int:
    """A number that differs from test to test, so that every fourth test of a pattern is not always the same shard's."""
    return int.from_bytes(hashlib.blake2b(nodeid.encode("utf-8", "surrogatepass"), digest_size=4).digest(), "big")


def _fingerprint(tests: Sequence[TestFacts], shard_at: Sequence[int], of: int) -> str:
    digest = hashlib.sha256(f"{of}\n".encode())
    for test, shard in sorted((test.nodeid, shard) for test, shard in zip(tests, shard_at, strict=True)):
        digest.update(f"{len(test)} {test} {shard}\n".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:_DIGITS]
