"""The shape of a suite: one name for every possible row of counts, and when it may be judged at all."""

from __future__ import annotations

import enum
import itertools
from collections.abc import Sequence

from pytest_pyramid.core.census import Census
from pytest_pyramid.core.facts import Suite
from pytest_pyramid.core.report import ShapeVerdict

ABOUT_EQUAL_PERCENT = 80
"""Two counts are about equal when the smaller is at least this many percent of the larger.

At 80 %, ten tests and eight are alike, which nobody sees as a slope; a target of 70, 20 and 10 % is far from it. It is
a whole number so that the comparison of counts is exact and the name does not change when all counts are multiplied.
"""

NOT_JUDGED = "not judged"


class Shape(enum.Enum):
    """Every name that a suite's shape can have; `docs/rules/shapes.md` shows them."""

    EMPTY = "empty"
    EMPTY_BASE = "empty-base"
    SINGLE_TIER = "single-tier"
    RECTANGLE = "rectangle"
    PYRAMID = "pyramid"
    CONE = "ice-cream-cone"
    TROPHY = "trophy"
    DIAMOND = "diamond"
    HOURGLASS = "hourglass"


def shape_of(counts: Sequence[float]) -> Shape:
    """The one name for the counts of one or more tiers, base first, none of them negative.

    The first that fits is taken, in the order of the questions below. There is no tolerance in "never more above than
    below": a suite is not called a pyramid while PYR101 calls it inverted.
    """
    base, top = counts[0], counts[-1]
    if not any(counts):
        return Shape.EMPTY
    if base == 0:
        return Shape.EMPTY_BASE
    if not any(counts[1:]):
        return Shape.SINGLE_TIER
    if about_equal(min(counts), max(counts)):
        return Shape.RECTANGLE
    if all(lower >= upper for lower, upper in itertools.pairwise(counts)):
        return Shape.PYRAMID
    if all(lower <= upper for lower, upper in itertools.pairwise(counts)):
        return Shape.CONE
    if max(counts) > max(base, top):
        return Shape.TROPHY if base > top and not about_equal(base, top) else Shape.DIAMOND
    # The widest is the base or the top, and the slope changes: so some tier has a wider one below it and one above.
    return Shape.HOURGLASS


def about_equal(one: float, other: float) -> bool:
    """True when the smaller is at least `ABOUT_EQUAL_PERCENT` of the larger."""
    return 100 * min(one, other) >= ABOUT_EQUAL_PERCENT * max(one, other)


def judge_shape(census: Census, *, partial_reason: str | None, max_unclassified: float = 0.2) -> ShapeVerdict:
    """The shape by functions, and what it would be called by tests and by seconds.

    Tests without a tier are counted in none. By seconds there is no name when nothing took any time, or when tests
    were withheld or lost, whose seconds nobody knows. `max_unclassified` is a share 0–1 of the functions.
    """
    reason = why_not_judged(census, partial_reason=partial_reason, max_unclassified=max_unclassified)
    if reason is not None:
        return ShapeVerdict(name=NOT_JUDGED, judged=False, reason=reason)
    by_functions = shape_of([row.functions for row in census.tiers]).value
    seconds = [row.seconds for row in census.tiers]
    return ShapeVerdict(
        name=by_functions,
        judged=True,
        by_tests=shape_of([row.tests for row in census.tiers]).value,
        by_functions=by_functions,
        by_seconds=shape_of(seconds).value if any(seconds) and not census.total.unrun else None,
    )


def why_not_judged(census: Census, *, partial_reason: str | None, max_unclassified: float) -> str | None:
    """Why the shape of the suite cannot be judged from this census, or None when it can."""
    if partial_reason is not None:
        return f"partial run: {partial_reason}"
    if not census.total.tests:
        return "there are no tests"
    unclassified = census.unclassified
    if census.share_of_functions(unclassified.name) > max_unclassified:
        have = "1 test has" if unclassified.tests == 1 else f"{unclassified.tests} tests have"
        return f"{have} no tier; see: pytest --pyramid-explain=all"
    return None


def judged_census(suite: Suite) -> Census | None:
    """The census of a suite whose shape may be judged, or None: then no rule about its shape has anything to say."""
    census = suite.census or Census.counted(suite.pyramid, suite.tests, suite.outcomes)
    reason = why_not_judged(census, partial_reason=suite.partial_reason, max_unclassified=suite.max_unclassified)
    return census if reason is None else None
