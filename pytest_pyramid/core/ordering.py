"""Order inside a tier: one function a policy, and the table of them by the names that the setting `order` takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from math import frexp
from typing import NamedTuple

from pytest_pyramid.core.facts import TestFacts
from pytest_pyramid.core.forecast import Forecast
from pytest_pyramid.core.placing import is_smoke
from pytest_pyramid.core.plan import Order
from pytest_pyramid.core.tiers import Tier

Policy = Callable[[Tier, Sequence[TestFacts], Forecast], Order]

LONG_SECONDS = 0.05
"""A test, or a file with its set-up, that takes at least so long is long."""
QUICKEST = 0.001
"""Seconds; tests below about twice as much are equally quick: what is shorter is mostly the noise of the clock."""
TELLING = 0.5
"""A sign that more than this share of a tier carries tells its tests not apart, and is not looked at."""


def lazy_longest_first(tier: Tier, tests: Sequence[TestFacts], history: Forecast) -> Order:
    """What failed last time, what is new or changed, what has failed before, short tests, then long ones, longest first.

    Short tests come the shortest first: when any may fail, that finds the first failure soonest (Smith's rule, Naval
    Research Logistics Quarterly 3, 1956). They are compared by powers of two of their seconds, so that noise moves few
    of them and the others stay as they were collected. Long ones start as late as they can without ending the run
    alone: the same makespan as longest first, and the first failure of a unit test in a third of the time (measured in
    simulation, ten heavy-tailed suites on four and eight workers). Without history, tests of the upper tiers that
    share set-up come before the others.
    """
    signs = _Signs.of(tests, history)
    first = [*signs.failed, *signs.changed]
    begun = {*first, *signs.flawed}
    short: list[int] = []
    last: list[tuple[float, float, int]] = []
    weights = _weights(tests, signs.seconds, history)
    for position in range(len(tests)):
        if position in begun:
            continue
        weight = weights[position]
        if weight is not None and weight >= LONG_SECONDS:
            seconds = signs.seconds[position] or 0.0
            last.append((-weight, -seconds if seconds >= LONG_SECONDS else 0.0, position))
        else:
            short.append(position)
    if history.tests:
        short.sort(key=_speeds(tests, weights, history).__getitem__)
    elif tier.rank:
        # They are long, as far as anybody knows, and cannot be dealt out one by one: the others even them out.
        short.sort(key=lambda position: tests[position].shares is None)
    return Order(first=first, then=[*signs.flawed, *short], last=[position for *_, position in sorted(last)])


def longest_first(tier: Tier, tests: Sequence[TestFacts], history: Forecast) -> Order:
    """The longest tests first; those of unknown length before all others, in collection order."""
    del tier
    seconds = expected_seconds(tests, history)
    weights = _weights(tests, seconds, history)
    known = [(0, 0.0) if weight is None else (1, -weight) for weight in weights]
    return Order(then=sorted(range(len(tests)), key=lambda position: known[position]))


def collection(tier: Tier, tests: Sequence[TestFacts], history: Forecast) -> Order:
    """The order of collection."""
    del tier, history
    return Order(then=range(len(tests)))


POLICIES: Mapping[str, Policy] = {
    "lazy-longest-first": lazy_longest_first,
    "longest-first": longest_first,
    "collection": collection,
}


def expected_seconds(tests: Sequence[TestFacts], history: Forecast) -> tuple[float | None, ...]:
    """What every test is expected to last: as recorded, else as other cases of its function or tests of its file do."""
    if not history.tests:
        return (None,) * len(tests)
    found = [history.tests.get(test.nodeid) for test in tests]
    known = [None if estimate is None else estimate.seconds for estimate in found]
    if None not in known:
        return tuple(known)
    functions = _means([test.function for test in tests], known)
    files = _means([test.location.file for test in tests], known)
    return tuple(
        functions.get(test.function, files.get(test.location.file)) if seconds is None else seconds
        for test, seconds in zip(tests, known, strict=True)
    )


def setups_of(tests: Sequence[TestFacts], forecast: Forecast) -> list[float | None]:
    """Seconds of set-up that each test shares with its neighbours: 0 for none, None where nobody has measured it."""
    measured = {nodeid.partition("::")[0] for nodeid in forecast.tests}
    return [
        0.0
        if test.shares is None
        else forecast.setups.get(test.location.file, 0.0 if test.location.file in measured else None)
        for test in tests
    ]


def smoke_first(order: Order, tests: Sequence[TestFacts]) -> Order:
    """The order with the tests that are marked `smoke` before all others, as they were collected among themselves."""
    smoke = [position for position, test in enumerate(tests) if is_smoke(test.marks)]
    return order._replace(first=[*smoke, *order.first]) if smoke else order


def completed(order: Order, count: int) -> Order:
    """The order with every position once: what it names twice counts the first time, what it leaves out goes last."""
    seen: set[int] = set()
    sections: list[list[int]] = []
    for positions in order:
        kept = [position for position in dict.fromkeys(positions) if 0 <= position < count and position not in seen]
        seen.update(kept)
        sections.append(kept)
    if len(seen) < count:
        sections[1] += [position for position in range(count) if position not in seen]
    return Order(*sections)


class _Signs(NamedTuple):
    """What history and git say about the tests of a tier, as positions."""

    seconds: tuple[float | None, ...]
    failed: Sequence[int]
    """Those that failed the last time that they ran, the quickest first."""
    changed: Sequence[int]
    """Those that are new, or in a file that has changed."""
    flawed: Sequence[int]
    """Those that have failed in some remembered run, by the share of failures over seconds."""

    @classmethod
    def of(cls, tests: Sequence[TestFacts], history: Forecast) -> _Signs:
        seconds = expected_seconds(tests, history)
        failed: list[int] = []
        changed: list[int] = []
        flawed: list[tuple[float, int]] = []
        for position, test in enumerate(tests if history.tests or history.changed else ()):
            estimate = history.tests.get(test.nodeid)
            if estimate is not None and estimate.failed_last:
                failed.append(position)
            elif test.location.file in history.changed or (estimate is None and history.tests):
                changed.append(position)
            elif estimate is not None and estimate.failure_share:
                flawed.append((-estimate.failure_share / max(estimate.seconds, 0.001), position))
        failed.sort(key=lambda position: seconds[position] or 0.0)
        changed = [] if len(changed) > TELLING * len(tests) else changed
        failed = [] if len(failed) > TELLING * len(tests) else failed
        flawed = [] if len(flawed) > TELLING * len(tests) else flawed
        return cls(seconds, failed, changed, [position for _, position in sorted(flawed)])


def _weights(tests: Sequence[TestFacts], seconds: Sequence[float | None], history: Forecast) -> Sequence[float | None]:
    """The seconds of every test; where its file has set-up to share, of the whole file, which stays together."""
    if not history.setups:
        return seconds
    files: dict[str, float] = {}
    for test, lasts in zip(tests, seconds, strict=True):
        file = test.location.file
        if history.setups.get(file):
            files[file] = files.get(file, history.setups[file]) + (lasts or 0.0)
    return [files.get(test.location.file, lasts) for test, lasts in zip(tests, seconds, strict=True)]


def _speeds(tests: Sequence[TestFacts], weights: Sequence[float | None], history: Forecast) -> list[int]:
    """The power of two of every test's seconds, the quickest lowest; unknown ones are new, and taken for quick.

    The tests of a file that shares set-up are alike: each has its share of the file's weight.
    """
    together = Counter(test.location.file for test in tests if test.location.file in history.setups)
    speeds = []
    for test, weight in zip(tests, weights, strict=True):
        share = (weight or 0.0) / (together.get(test.location.file) or 1)
        speeds.append(frexp(max(share, QUICKEST))[1])
    return speeds


def _means(names: Collection[str], known: Sequence[float | None]) -> dict[str, float]:
    sums: dict[str, tuple[float, int]] = {}
    for name, seconds in zip(names, known, strict=True):
        if seconds is not None:
            total, count = sums.get(name, (0.0, 0))
            sums[name] = (total + seconds, count + 1)
    return {name: total / count for name, (total, count) in sums.items()}
