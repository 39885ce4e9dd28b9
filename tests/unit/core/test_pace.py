"""What one slow sample means beside the past of its test, and what the limits of tiers leave room for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_pyramid.core.examples import example_suite
from pytest_pyramid.core.facts import Suite
from pytest_pyramid.core.forecast import Estimate
from pytest_pyramid.core.history import estimate
from pytest_pyramid.core.isolation import example_touch
from pytest_pyramid.core.pace import is_chance, limit_of, pace, reach, room
from pytest_pyramid.core.tiers import Action, Pyramid, Resource


@pytest.mark.parametrize(
    ("recent", "chance"),
    [
        ([0.1, 0.1, 0.1], True),
        ([0.1, 0.1], False),
        ([0.6, 0.1, 0.1, 0.1], False),
        ([0.1, 0.6, 0.1, 0.1], True),
        ([0.45, 0.45, 0.45], False),
        ([0.39, 0.39, 0.39], True),
        ([0.2, 0.4, 0.1, 0.3, 0.2], False),
        ([0.6, 0.6, 0.6], False),
        ([-0.1, -0.1, -0.1], True),
    ],
    ids=[
        "well under",
        "too few",
        "slow last time too",
        "slow once before",
        "close",
        "a quarter below",
        "wide",
        "slow",
        "failed",
    ],
)
def test_one_slow_sample_of_a_quick_test_is_chance(recent: list[float], chance: bool) -> None:
    """Three runs and their spread lie under half a second, and so does the last run; else the sample counts."""
    assert is_chance(0.5, estimate(recent)) is chance


def test_without_a_past_every_sample_counts() -> None:
    """Nobody can tell whether it was chance."""
    assert not is_chance(0.5, None)


@pytest.mark.parametrize(
    ("seconds", "spread", "wanted"),
    [(1.0, 0.0, 1.25), (1.0, 0.01, 1.25), (1.0, 0.1, 1.0 + 3 * 1.4826 * 0.1), (0.0, 0.0, 0.0)],
)
def test_the_reach_is_three_deviations_and_at_least_a_quarter(seconds: float, spread: float, wanted: float) -> None:
    """The median absolute deviation is scaled to the standard one; a series without spread still varies."""
    assert reach(Estimate(seconds, spread)) == pytest.approx(wanted)


@given(st.lists(st.floats(0.001, 10), min_size=3, max_size=15), st.floats(0.001, 10))
def test_what_is_over_twice_in_a_row_is_never_chance(past: list[float], limit: float) -> None:
    """However quick the test was before, the second slow run in a row counts."""
    assert not is_chance(limit, estimate([limit * 1.01, *past]))


@pytest.mark.parametrize(
    ("own", "tier", "wanted"),
    [(None, "unit", 0.5), (2.0, "unit", 2.0), (None, "unclassified", None), (1.0, "unclassified", 1.0)],
)
def test_the_own_limit_of_a_test_wins(own: float | None, tier: str, wanted: float | None) -> None:
    """A test without a tier has only its own."""
    suite = timed({tier: 1}, {}, 0.5, None, None)
    assert limit_of(suite.tests[0]._replace(max_seconds=own), suite.pyramid) == wanted


@pytest.mark.parametrize(
    ("tests", "seconds", "wanted"), [(20, 0.3, 1.5), (19, 0.3, 1.0), (20, 0.1, 1.0)], ids=["slow", "too few", "quick"]
)
def test_the_pace_is_what_half_of_the_tests_show(tests: int, seconds: float, wanted: float) -> None:
    """A slow machine is one on which at least half of twenty tests are slow; a quick one is no measure."""
    suite = example_suite({"unit": tests}, seconds={"unit": seconds})
    past = {test.nodeid: Estimate(0.2) for test in suite.tests}
    assert pace(replace(suite, past=past)) == pytest.approx(wanted)


def timed(counts: dict[str, int], seconds: dict[str, float], *limits: float | None) -> Suite:
    """A suite of that many tests that took so long, in tiers with these limits."""
    suite = example_suite(counts, seconds=seconds)
    tiers = zip(suite.pyramid.tiers, limits, strict=True)
    guard = ((Resource.NETWORK, Action.ERROR),)
    return replace(
        suite,
        pyramid=Pyramid(tiers=tuple(tier._replace(max_seconds=limit, guard=guard) for tier, limit in tiers)),
    )


def test_a_limit_far_above_what_the_tests_need_is_told() -> None:
    """Ten times the slowest of twenty tests is room for things to get worse unseen."""
    suite = timed({"unit": 20}, {"unit": 0.04}, 0.5, None, None)
    (advice,) = room(suite)
    assert advice == "the slowest of 20 unit tests takes 0.04 s, and max-seconds is 0.5: 0.1 would do"


@pytest.mark.parametrize(
    "suite",
    [
        timed({"unit": 20}, {"unit": 0.06}, 0.5, None, None),
        timed({"unit": 19}, {"unit": 0.04}, 0.5, None, None),
        timed({"unit": 20}, {"unit": 0.04}, None, None, None),
        replace(timed({"unit": 20}, {"unit": 0.04}, 0.5, None, None), partial_reason="-k cart"),
        timed({"unit": 20}, {"unit": 0.0}, 0.5, None, None),
    ],
    ids=["needed", "too few", "no limit", "partial", "no time"],
)
def test_nothing_is_advised_without_grounds(suite: Suite) -> None:
    """A tenth of the limit is near enough, few tests are no ground, and a part of the suite is none either."""
    assert room(suite) == ()


def test_the_past_weighs_more_than_one_run() -> None:
    """A test that is slow in its history needs its limit, however quick it was today."""
    suite = timed({"unit": 20}, {"unit": 0.04}, 0.5, None, None)
    known = {suite.tests[0].nodeid: Estimate(0.4, runs=3)}
    assert room(replace(suite, past=known)) == ()


def test_tests_that_are_as_quick_as_those_below_are_told() -> None:
    """Most of a tier takes less than half of what one below may: as far as time goes they could stand there."""
    suite = timed({"unit": 1, "service": 25}, {"unit": 0.1, "service": 0.2}, 0.5, None, None)
    (advice,) = room(suite)
    assert advice == "25 of 25 service tests take less than half of what unit tests may (0.5 s): some may belong there"


def test_quick_tests_that_touch_what_those_below_may_not_are_left_alone() -> None:
    """Time is not all that keeps a test where it is."""
    suite = timed({"service": 25}, {"service": 0.2}, 0.5, None, None)
    touch = example_touch(Resource.NETWORK, "connect x", Action.ALLOW)
    assert room(replace(suite, outcomes=tuple(one._replace(touches=(touch,)) for one in suite.outcomes))) == ()


def test_a_tier_that_is_named_twice_is_compared_with_the_nearest_limit_below() -> None:
    """Between two limits the nearer one decides."""
    suite = timed({"ui": 20}, {"ui": 0.2}, 0.1, 0.5, None)
    (advice,) = room(suite)
    assert "what service tests may (0.5 s)" in advice
