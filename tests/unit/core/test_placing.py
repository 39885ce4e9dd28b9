"""From answers to placements."""

from __future__ import annotations

import pytest

from pytest_pyramid.core.facts import Placement
from pytest_pyramid.core.placing import in_order_of_weight
from pytest_pyramid.core.tiers import Pyramid, Tier

PYRAMID = Pyramid(tiers=(Tier(name="unit", rank=0), Tier(name="ui", rank=1)))
BY_MARK = Placement(tier="unit", source="marker", reason="marker unit")
BY_PATH = Placement(tier="ui", source="path", reason="path tests/ui")
ELSEWHERE = Placement(tier="nowhere", source="hook", reason="a guess")


def test_all_answers_are_kept_in_their_order() -> None:
    """The first answer decides, and the others stay as evidence."""
    assert in_order_of_weight(iter([BY_MARK, BY_PATH]), PYRAMID, "none") == (BY_MARK, BY_PATH)


def test_an_answer_may_be_a_name() -> None:
    """A hook may answer with the name of a tier alone."""
    found = in_order_of_weight(["ui"], PYRAMID, "none")
    assert found == (Placement(tier="ui", source="hook", reason="hook ui"),)


def test_an_answer_that_is_no_tier_is_left_out() -> None:
    """An answer that names no tier does not hide those behind it."""
    assert in_order_of_weight(["integration", ELSEWHERE, BY_PATH], PYRAMID, "none") == (BY_PATH,)


@pytest.mark.parametrize("default", ["none", "error"])
def test_without_an_answer_there_is_no_placement(default: str) -> None:
    """Neither "none" nor "error" is a tier."""
    assert in_order_of_weight([], PYRAMID, default) == ()


def test_the_default_tier_takes_what_nobody_claims() -> None:
    """The default tier is a placement like others, with its reason, and only where there is no answer."""
    expected = Placement(tier="ui", source="default", reason="default tier ui")
    assert in_order_of_weight([ELSEWHERE], PYRAMID, "ui") == (expected,)
    assert in_order_of_weight([BY_MARK], PYRAMID, "ui") == (BY_MARK,)


def test_an_answer_wins_over_the_default() -> None:
    """The default tier is no evidence beside real ones."""
    assert in_order_of_weight([BY_PATH], PYRAMID, "unit") == (BY_PATH,)


def test_answers_that_name_no_tier_leave_the_default() -> None:
    """They count as no answers at all."""
    (found,) = in_order_of_weight([ELSEWHERE, "integration"], PYRAMID, "ui")
    assert (found.tier, found.source) == ("ui", "default")


def test_two_answers_for_one_tier_are_both_evidence() -> None:
    """Agreement is shown, not folded."""
    assert [one.source for one in in_order_of_weight(["unit", BY_MARK], PYRAMID, "none")] == ["hook", "marker"]
