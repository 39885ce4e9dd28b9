"""Figures in sentences."""

from __future__ import annotations

MOST_DIGITS = 6
"""A microsecond; no clock of a test run is better."""


def beyond(seconds: float, limit: float) -> str:
    """The seconds with as many digits as show that they are beyond the limit: "0.84 s", "612.4 s", "0.5003 s"."""
    fewest = 2 if seconds < 100 else 1
    enough = (digits for digits in range(fewest, MOST_DIGITS) if round(seconds, digits) > limit)
    return f"{seconds:.{next(enough, MOST_DIGITS)}f} s"


def share(part: int, whole: int) -> float:
    """The share (0-1); 0 of nothing."""
    return part / whole if whole else 0.0
