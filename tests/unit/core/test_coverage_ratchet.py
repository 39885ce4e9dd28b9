"""Coverage of the base may only rise."""

from __future__ import annotations

import pytest

from pytest_pyramid.core.coverage_ratchet import Slip, raised, recordable, slips
from pytest_pyramid.core.examples import example_pyramid
from tests.unit.covered import shop_coverage

PYRAMID = example_pyramid()


def test_what_is_recorded_is_rounded_down() -> None:
    """So that the same run keeps its own record: 4, 5 and 7 of 12 lines."""
    assert recordable(shop_coverage(), PYRAMID) == (("unit", 0.3333), ("service", 0.4166), ("ui", 0.5833))
    assert slips(dict(recordable(shop_coverage(), PYRAMID)), shop_coverage(), PYRAMID) == ()


def test_nothing_is_recorded_or_missed_when_some_coverage_is_missing() -> None:
    """A crashed worker must not lower the record, nor fail the run."""
    report = shop_coverage()._replace(incomplete=("worker gw0 told of no coverage",))
    assert recordable(report, PYRAMID) == ()
    assert slips({"unit": 0.9}, report, PYRAMID) == ()


@pytest.mark.parametrize(
    ("recorded", "expected"),
    [
        ({}, ()),
        ({"unit": 0.3333}, ()),
        ({"unit": 0.3334}, (Slip("unit", 0.3334, 0.3333),)),
        ({"ui": 0.9, "unit": 0.2, "gone": 1.0}, (Slip("ui", 0.9, 0.5833),)),
    ],
)
def test_a_tier_slips_when_it_covers_less_than_recorded(recorded: dict[str, float], expected: tuple[Slip, ...]) -> None:
    """By a hundredth of a per cent; a tier without a record, or one that is gone, is not judged."""
    assert slips(recorded, shop_coverage(), PYRAMID) == expected


def test_the_record_only_rises() -> None:
    """What was recorded higher stays."""
    assert raised({"unit": 0.1, "ui": 0.9}, shop_coverage(), PYRAMID) == {"unit": 0.3333, "service": 0.4166, "ui": 0.9}
