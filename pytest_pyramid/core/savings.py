"""What would save most time: estimates from one run, each with the reason for it."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from pytest_pyramid.core.drawing import duration, percent
from pytest_pyramid.core.facts import Outcome, TestFacts
from pytest_pyramid.core.report import RunReport, TierRow
from pytest_pyramid.core.timeline import end_of, lower_bound
from pytest_pyramid.core.wording import counted

MOST = 5
NOISE = 0.02
"""What is below this share of the run is not told: the next run may differ by as much without any change."""
FEWEST_CASES = 5
MUCH_SETUP = 0.25
"""Share of a tier's seconds above which its set-up is worth a look."""

LEAST_START = 1.0
"""Seconds around the tests below which nothing is advised: to start Python and pytest costs about as much."""


class Saving(NamedTuple):
    """One thing to do, and the seconds of the run (wall clock) that it would save at most."""

    seconds: float
    what: str
    why: str
    nodeid: str | None = None


def savings(report: RunReport) -> list[Saving]:
    """At most five things, the largest saving first; nothing below the noise."""
    end = end_of(report)
    found = [one for one in _all(report, end) if one.seconds > NOISE * end]
    return sorted(found, key=lambda one: -one.seconds)[:MOST]


def _all(report: RunReport, end: float) -> Iterator[Saving]:
    workers = max(1, report.run.workers)
    bound = lower_bound(report)
    if bound and end - bound >= LEAST_START:
        yield _start(end, bound, workers)
    by_tier: dict[str, list[tuple[TestFacts, Outcome]]] = defaultdict(list)
    for test, outcome in zip(report.tests, report.outcomes, strict=True):
        if outcome.result.ran:
            by_tier[outcome.tier].append((test, outcome))
    for row in report.tiers:
        pairs = by_tier[row.name]
        if pairs:
            yield from _long_test(row, pairs, workers)
            yield from _setup(row, pairs, workers)
            if row.rank:
                yield from _cases(row, pairs, workers)


def _start(end: float, bound: float, workers: int) -> Saving:
    """What the run took beyond its tests; one worker waits for nobody."""
    alone = f"the tests need {duration(bound)} of the run's {duration(end)}"
    share = percent((end - bound) / end)
    if workers == 1:
        return Saving(end - bound, "start and collect faster", f"{alone}; start and collection took the rest, {share}")
    what = "collect faster, start fewer workers, or split the tests that others wait for"
    why = f"{alone} with {counted(workers, 'worker')}; start, collection and waiting took the rest, {share}"
    return Saving(end - bound, what, why)


def _long_test(row: TierRow, pairs: list[tuple[TestFacts, Outcome]], workers: int) -> Iterator[Saving]:
    """The longest test, when the tier cannot end before it does."""
    times = sorted((outcome.seconds for _, outcome in pairs), reverse=True)
    even = math.fsum(times) / workers
    if workers > 1 and len(times) > 1 and times[0] > even:
        test = max(pairs, key=lambda pair: pair[1].seconds)[0]
        why = f"it takes {duration(times[0])}, and with {counted(workers, 'worker')} the tier could end after less"
        yield Saving(
            times[0] - max(even, times[1]), f"split or speed up the longest test of {row.name}", why, test.nodeid
        )


def _setup(row: TierRow, pairs: list[tuple[TestFacts, Outcome]], workers: int) -> Iterator[Saving]:
    around = math.fsum(outcome.setup_seconds + outcome.teardown_seconds for _, outcome in pairs)
    if row.seconds and around > MUCH_SETUP * row.seconds:
        what = f"share or lighten the fixtures of {row.name}"
        yield Saving(around / workers, what, f"{percent(around / row.seconds)} of its seconds are set-up and teardown")


def _cases(row: TierRow, pairs: list[tuple[TestFacts, Outcome]], workers: int) -> Iterator[Saving]:
    """The function whose many cases take most; below, its cases cost less."""
    by_function: dict[str, list[float]] = defaultdict(list)
    for test, outcome in pairs:
        by_function[test.function].append(outcome.seconds)
    many = {name: times for name, times in by_function.items() if len(times) >= FEWEST_CASES}
    if many:
        name, times = max(many.items(), key=lambda item: math.fsum(item[1]))
        what = f"keep one case of this function in {row.name} and test the others below"
        why = f"its {counted(len(times), 'case')} take {duration(math.fsum(times))}"
        yield Saving((math.fsum(times) - max(times)) / workers, what, why, name)
