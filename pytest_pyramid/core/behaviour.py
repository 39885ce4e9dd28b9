"""How a test behaved in past runs: what it was seen to touch, run by run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pytest_pyramid.core.facts import Outcome, Result, TestFacts
from pytest_pyramid.core.placing import is_told
from pytest_pyramid.core.tiers import Action, Pyramid, Resource, Tier

OBSERVED = 5
"""So many runs are kept of a test: enough to tell a habit from a chance, few enough to forget what was mended."""

ENOUGH_RUNS = 3
"""So many watched runs make a habit."""
QUICK = 0.1
"""Seconds that a test of a lower tier takes at most, where that tier sets no limit."""

_BITS = {resource: 1 << place for place, resource in enumerate(Resource)}


class Behaviour(NamedTuple):
    """What a test touched in the last runs that watched it; no runs when nobody watched."""

    runs: tuple[frozenset[Resource], ...] = ()
    """The resources of each run, the newest first, at most `OBSERVED`."""

    @property
    def touched(self) -> tuple[Resource, ...]:
        """What it touched in any of the runs, in the order of the resources."""
        return tuple(resource for resource in Resource if any(resource in run for run in self.runs))

    def then(self, touched: Iterable[Resource]) -> Behaviour:
        """The behaviour after one more run."""
        return Behaviour((frozenset(touched), *self.runs)[:OBSERVED])

    def fits(self, tier: Tier) -> bool:
        """True when the tier's guard would have let all of it pass."""
        guard = dict(tier.guard)
        return all(guard.get(resource, Action.ALLOW) is Action.ALLOW for resource in self.touched)

    def to_numbers(self) -> list[int]:
        """One number for each run, a bit for each resource."""
        return [sum(_BITS[resource] for resource in run) for run in self.runs]

    @classmethod
    def of_numbers(cls, numbers: Sequence[object]) -> Behaviour:
        """The behaviour again. Raises ValueError for numbers that stand for no set of resources."""
        kept = [number for number in numbers if isinstance(number, int) and 0 <= number < 1 << len(_BITS)]
        if len(kept) != len(numbers):
            raise ValueError(f"no behaviour: {numbers}")
        return cls(tuple(frozenset(one for one, bit in _BITS.items() if number & bit) for number in kept[:OBSERVED]))


def seen(outcome: Outcome) -> frozenset[Resource]:
    """What the test was seen to touch while it ran; what was only found after the fact may be another's."""
    return frozenset(touch.resource for touch in outcome.touches if touch.layer != "residue")


def watched(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Those that show how a test behaves: a test that failed or was skipped did not do all that it does."""
    return [one for one in outcomes if one.result is Result.PASSED]


def telling(tests: Iterable[TestFacts], outcomes: Iterable[Outcome], pyramid: Pyramid) -> set[str]:
    """The node ids whose behaviour says something: tests above the base, without a tier, or that touched something."""
    above = {tier.name for tier in pyramid if pyramid.rank_of(tier.name)}
    open_or_above = {test.nodeid for test in tests if test.tier in above or not is_told(test)}
    return open_or_above | {outcome.nodeid for outcome in outcomes if outcome.touches}
