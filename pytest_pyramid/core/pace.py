"""How a test's time compares with its past and with the limits: what is chance, and what leaves room."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_pyramid.core.facts import Outcome, Result, Suite, TestFacts
from pytest_pyramid.core.forecast import Estimate
from pytest_pyramid.core.tiers import Action, Pyramid, Tier

FEWEST_RUNS = 3
"""So many runs have to be remembered before they say anything about one more."""
DEVIATIONS = 3.0
"""A sample farther from the median than so many standard deviations is an outlier (Hampel's identifier)."""
SCALE = 1.4826
"""What makes a standard deviation of the median absolute deviation, for samples that are normally distributed."""
LEAST_MARGIN = 0.25
"""The share of the median by which a test varies from machine to machine, even when it was steady on one."""

FEWEST_TESTS = 20
"""Fewer tests than this are no ground for advice about a tier, nor for a judgement of the machine."""
SHORTEST = 0.001
"""Seconds; what is shorter is mostly the noise of the clock."""
FAR = 10.0
"""A limit is far away when it is so many times what is needed."""


def reach(past: Estimate) -> float:
    """The seconds that a run of the test may well take."""
    return past.seconds + max(DEVIATIONS * SCALE * past.spread, LEAST_MARGIN * past.seconds)


def is_chance(limit: float, past: Estimate | None) -> bool:
    """True when one run over the limit, in seconds, says nothing: the past reaches nowhere near, nor did the last run."""
    if past is None or past.runs < FEWEST_RUNS:
        return False
    return reach(past) <= limit and past.last_seconds <= limit


def limit_of(test: TestFacts, pyramid: Pyramid) -> float | None:
    """The seconds that the test may take: by its own mark, else by its tier; None for no limit."""
    tier = pyramid.named(test.tier)
    return tier.max_seconds if test.max_seconds is None and tier is not None else test.max_seconds


def is_too_slow(outcome: Outcome, limit: float, past: Estimate | None) -> bool:
    """True when the test ran for longer than its limit, in seconds, and not by chance."""
    return outcome.result.ran and outcome.seconds > limit and not is_chance(limit, past)


def pace(suite: Suite) -> float:
    """How many times as long as usual the tests of this run took: the median, at least 1; 1 when few have a past.

    When half of all tests are slower, it is the machine.
    """
    ratios = []
    for one in suite.outcomes:
        past = suite.past.get(one.nodeid)
        if past is not None and one.result is Result.PASSED and past.seconds >= SHORTEST:
            ratios.append(one.call_seconds / past.seconds)
    return max(1.0, sorted(ratios)[len(ratios) // 2]) if len(ratios) >= FEWEST_TESTS else 1.0


def room(suite: Suite) -> tuple[str, ...]:
    """Advice about limits: those far above what is needed, and tiers whose tests are as quick as those below may be.

    Nothing for a part of the suite.
    """
    return () if suite.partial_reason is not None else tuple(_advice(suite))


def _advice(suite: Suite) -> Iterator[str]:
    below: Tier | None = None
    for tier in suite.pyramid.storeys:
        ran = [one for one in suite.outcomes if one.tier == tier.name and one.result is Result.PASSED]
        if len(ran) >= FEWEST_TESTS:
            yield from _far_limit(tier, [_typical(one, suite) for one in ran])
            yield from _quick(tier, below, ran, suite) if below is not None else ()
        below = tier if tier.max_seconds is not None else below


def _typical(outcome: Outcome, suite: Suite) -> float:
    """What the test takes: the longer of this run and its past."""
    past = suite.past.get(outcome.nodeid)
    return max(outcome.seconds, past.seconds if past is not None else 0.0)


def _far_limit(tier: Tier, seconds: list[float]) -> Iterator[str]:
    slowest, limit = max(seconds), tier.max_seconds
    if limit is not None and 0.0 < slowest * FAR <= limit:
        enough = _rounded_up(slowest * 2)
        yield (
            f"the slowest of {len(seconds)} {tier.name} tests takes {slowest:.2g} s, "
            f"and max-seconds is {limit:g}: {enough:g} would do"
        )


def _quick(tier: Tier, below: Tier, ran: list[Outcome], suite: Suite) -> Iterator[str]:
    limit = below.max_seconds or 0.0
    quick = [one for one in ran if _typical(one, suite) * 2 < limit and not _needs_more(one, below)]
    if len(quick) >= FEWEST_TESTS and len(quick) * 2 > len(ran):
        yield (
            f"{len(quick)} of {len(ran)} {tier.name} tests take less than half of what {below.name} tests may "
            f"({limit:g} s): some may belong there"
        )


def _needs_more(outcome: Outcome, below: Tier) -> bool:
    """True when the test touched what the tier below may not."""
    guard = dict(below.guard)
    return any(guard.get(touch.resource, Action.ALLOW) is not Action.ALLOW for touch in outcome.touches)


def _rounded_up(seconds: float) -> float:
    """The next of 0.1, 0.2, 0.5, 1, 2, 5 and so on."""
    step = 0.1
    while step < seconds:
        for factor in (2.0, 2.5, 2.0):
            if step >= seconds:
                break
            step *= factor
    return round(step, 1)
