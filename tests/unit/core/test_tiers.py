"""Tiers, the pyramid they form, and shares."""

from __future__ import annotations

import pytest

from pytest_pyramid.core.tiers import UNCLASSIFIED, Pyramid, Share, Tier

PYRAMID = Pyramid(tiers=tuple(Tier(name=name, rank=rank) for rank, name in enumerate(("unit", "service", "ui"))))


def test_tiers_come_base_first() -> None:
    """Iterating, counting and the base agree on the order."""
    assert [tier.name for tier in PYRAMID] == ["unit", "service", "ui"]
    assert (len(PYRAMID), PYRAMID.base.name) == (3, "unit")


def test_a_tier_is_found_by_its_name() -> None:
    """The name is enough."""
    found = PYRAMID.named("service")
    assert found is not None
    assert found.rank == 1


def test_an_unknown_name_is_no_tier() -> None:
    """Also the name of the unclassified row is none."""
    assert PYRAMID.named("smoke") is None
    assert PYRAMID.named(UNCLASSIFIED) is None


def test_rows_are_the_tiers_and_then_the_unclassified() -> None:
    """Reports count under exactly these."""
    assert PYRAMID.rows == ("unit", "service", "ui", UNCLASSIFIED)


@pytest.mark.parametrize(("row", "rank"), [("unit", 0), ("service", 1), ("ui", 2), (UNCLASSIFIED, 0)])
def test_unclassified_tests_run_with_the_base(row: str, rank: int) -> None:
    """Every row has a rank to run with."""
    assert PYRAMID.rank_of(row) == rank


def test_a_name_that_is_no_row_has_no_rank() -> None:
    """A misspelt tier is an error of the caller."""
    with pytest.raises(KeyError, match="smoke"):
        PYRAMID.rank_of("smoke")


def test_only_the_base_shares_its_rank() -> None:
    """The unclassified row stands beside the base, nothing beside the others."""
    assert PYRAMID.rows_at(0) == ("unit", UNCLASSIFIED)
    assert PYRAMID.rows_at(2) == ("ui",)


def test_above_is_what_a_gate_withholds_lowest_first() -> None:
    """The top has nothing above it."""
    assert [tier.name for tier in PYRAMID.above(0)] == ["service", "ui"]
    assert PYRAMID.above(2) == ()


def test_below_is_what_a_tier_waits_for_base_first() -> None:
    """The base has nothing below it."""
    assert [tier.name for tier in PYRAMID.below(2)] == ["unit", "service"]
    assert PYRAMID.below(0) == ()


@pytest.mark.parametrize(
    ("share", "value", "allowed"),
    [
        (Share(), 0.0, True),
        (Share(min=0.6), 0.6, True),
        (Share(min=0.6), 0.599, False),
        (Share(max=0.1), 0.1, True),
        (Share(max=0.1), 0.101, False),
        (Share(min=0.2, max=0.4), 0.3, True),
    ],
)
def test_a_share_includes_its_bounds(share: Share, value: float, allowed: bool) -> None:
    """A target that is met exactly is met."""
    assert share.allows(value) is allowed
