"""Figures in sentences."""

from __future__ import annotations

from pytest_pyramid.core.figures import beyond


def test_from_a_hundred_seconds_one_digit_is_enough() -> None:
    """Two digits stand after the point below, one from there on."""
    assert [beyond(seconds, 0.5) for seconds in (0.84, 99.0, 100.0, 612.44)] == [
        "0.84 s",
        "99.00 s",
        "100.0 s",
        "612.4 s",
    ]


def test_a_narrow_excess_has_the_digits_that_show_it() -> None:
    """As many as are needed and no more, for long times too."""
    assert beyond(0.5003, 0.5) == "0.5003 s"
    assert beyond(600.04, 600) == "600.04 s"


def test_below_a_microsecond_no_digits_are_added() -> None:
    """No clock of a test run is better."""
    assert beyond(0.5 + 1e-9, 0.5) == "0.500000 s"
