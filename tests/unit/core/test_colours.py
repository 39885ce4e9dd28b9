"""Colours of tiers and outcomes."""

from __future__ import annotations

from pytest_pyramid.core.colours import FAILED, LOOSE, TIERS, WITHHELD, tier_colour
from pytest_pyramid.core.tiers import UNCLASSIFIED


def test_six_tiers_have_six_colours_and_the_seventh_begins_again() -> None:
    """A colour is known by its rank, however many tiers there are."""
    assert [tier_colour("any", rank) for rank in range(6)] == list(TIERS)
    assert tier_colour("any", 6) == TIERS[0]


def test_unclassified_tests_are_grey_whatever_tells_them() -> None:
    """The name alone is enough, and so is a row without a rank."""
    assert tier_colour(UNCLASSIFIED, 0) == tier_colour("any", None) == LOOSE


def test_no_tier_looks_like_an_outcome() -> None:
    """Every colour stands for one thing."""
    every = (*TIERS, LOOSE, FAILED, WITHHELD)
    assert len(set(every)) == len(every)
