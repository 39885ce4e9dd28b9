"""What is expected of the tests of a run before it starts: the values that order and plan are made from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Estimate(NamedTuple):
    """What earlier runs make us expect of one test."""

    seconds: float
    """Setup + call + teardown of a typical run (the median), without set-up that it shares with its neighbours."""
    spread: float = 0.0
    """The median absolute deviation of those seconds."""
    runs: int = 1
    """How many runs the estimate rests on."""
    failed_last: bool = False
    """True when it failed the last time that it ran."""
    failure_share: float = 0.0
    """The share (0–1) of the remembered runs in which it failed."""
    last_seconds: float = 0.0
    """What the last run of them took."""


class Forecast(NamedTuple):
    """What is expected of a whole run; empty when nothing is known."""

    tests: Mapping[str, Estimate] = {}
    """By node id."""
    setups: Mapping[str, float] = {}
    """By file, the seconds that its class-, module- and package-scoped fixtures cost a worker that joins it."""
    changed: frozenset[str] = frozenset()
    """The files, as posix paths below the root folder, that differ from the last commit or from the main branch."""


NOTHING_KNOWN = Forecast()
