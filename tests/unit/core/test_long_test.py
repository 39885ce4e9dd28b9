"""What is told of a test while it runs in a single process."""

from __future__ import annotations

import pytest

from pytest_pyramid.core.long_test import LongTest, line
from pytest_pyramid.core.passage import Tier

TIERS = [Tier("unit", 40, 40), Tier("ui", 5, 1)]
TEST = LongTest("tests/ui/test_a.py::test_long", 10.0, "ui")


def told(test: LongTest, now: float) -> str:
    """The line at that moment."""
    return line(TIERS, test, now, width=120, unicode=True)


def test_a_test_that_nobody_has_seen_is_named_when_it_is_long() -> None:
    """After so many seconds; the tiers are told before."""
    assert told(TEST, 20.0) == "pyramid: unit ✓ 40 · ui 1/5"
    assert told(TEST, 30.0) == "pyramid: unit ✓ 40 · ui 1/5 · main at tests/ui/test_a.py::test_long for 20.0 s"


def test_what_ended_and_is_not_booked_counts() -> None:
    """In the tier of the test that runs, which is the only one that can have such tests."""
    assert told(TEST._replace(unbooked=2), 11.0) == "pyramid: unit ✓ 40 · ui 3/5"


@pytest.mark.parametrize(
    ("now", "left"), [(10.0, "about 50 s left"), (30.0, "about 30 s left"), (45.0, "about 20 s left")]
)
def test_time_passes_while_the_test_runs(now: float, left: str) -> None:
    """What it takes beyond the usual is not taken from the others."""
    assert told(TEST._replace(usual=30.0, left=50.0), now).endswith(f" · {left}")


def test_nothing_is_left_to_tell_at_the_very_end() -> None:
    """Less than a second is not worth a word, and without a past nobody knows."""
    assert "left" not in told(TEST._replace(usual=30.0, left=30.0), 41.0)
    assert "left" not in told(TEST._replace(left=30.0), 41.0)
