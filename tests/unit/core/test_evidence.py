"""Evidence: suggestions by weight."""

from __future__ import annotations

import pytest

from pytest_pyramid.core.evidence import SERVICE_WORDS, UI_WORDS, Stance, Suggestion, stance, tier_for, weighed
from pytest_pyramid.core.examples import example_pyramid, example_test
from pytest_pyramid.core.facts import Placement
from pytest_pyramid.core.tiers import Pyramid, Tier

PYRAMID = example_pyramid()


def suggestion(tier: str, confidence: float) -> Suggestion:
    """A suggestion of something."""
    return Suggestion(tier, "call", "x.y", confidence)


def test_the_strongest_comes_first() -> None:
    """By confidence, then the higher tier; what names no tier is left out."""
    found = [suggestion("unit", 0.6), suggestion("service", 0.6), suggestion("ui", 0.5), suggestion("moon", 0.9)]
    assert [one.tier for one in weighed(found, PYRAMID)] == ["service", "unit", "ui"]


def test_a_suggestion_is_a_placement_with_its_reason() -> None:
    """The reason names the kind first, as the reasons of all classifiers do."""
    assert suggestion("ui", 0.9).placement == Placement(tier="ui", source="call", reason="call x.y")


def test_a_tier_is_found_by_its_name_or_its_marks() -> None:
    """The words of a row are names of tiers or marks of them."""
    tiers = (Tier(name="fast", rank=0, markers=("unit",)), Tier(name="slow", rank=1, markers=("integration",)))
    assert tier_for(SERVICE_WORDS, Pyramid(tiers=tiers)) == "slow"
    assert tier_for(UI_WORDS, Pyramid(tiers=tiers)) is None
    assert tier_for(UI_WORDS, PYRAMID) == "ui"


STANCES = [
    (None, [], Stance.SILENT),
    ("unit", [], Stance.SILENT),
    (None, ["service"], Stance.ALONE),
    ("unit", ["unit", "ui"], Stance.AGREES),
    ("unit", ["service"], Stance.HIGHER),
    ("ui", ["service"], Stance.LOWER),
]


@pytest.mark.parametrize(("tier", "found", "expected"), STANCES)
def test_evidence_stands_to_a_claim(tier: str | None, found: list[str], expected: Stance) -> None:
    """The strongest evidence is compared with the tier that people gave the test."""
    claim = () if tier is None else (Placement(tier=tier, source="marker", reason=f"marker {tier}"),)
    test = example_test("test_a.py::test", *claim)
    assert stance(test, [suggestion(name, 0.6) for name in found], PYRAMID) is expected


def test_the_default_tier_is_no_claim() -> None:
    """Nobody has said that the test belongs there."""
    test = example_test("test_a.py::test", Placement(tier="unit", source="default", reason="default tier unit"))
    assert stance(test, [suggestion("service", 0.6)], PYRAMID) is Stance.ALONE
