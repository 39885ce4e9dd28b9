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


def short_time(seconds: float) -> str:
    """A time of any size with three digits: "1.50 s", "12.3 ms", "4.07 µs", "812 ns"."""
    for unit, factor in (("s", 1.0), ("ms", 1e3), ("µs", 1e6)):
        if seconds * factor >= 0.9995:
            value = seconds * factor
            return f"{value:.{2 if value < 9.995 else 1 if value < 99.95 else 0}f} {unit}"
    return f"{seconds * 1e9:.3g} ns"
