"""What is told of a single-process run while one of its tests runs for long."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pytest_pyramid.core.passage import Runner, Tier, passage


class LongTest(NamedTuple):
    """The test that runs, as it was noted when it began."""

    nodeid: str
    began: float
    """Seconds since the run was begun, like all times here."""
    tier: str
    """The name of the tier that it counts for."""
    usual: float | None = None
    """Seconds that it usually takes; None for one that nobody has seen."""
    left: float | None = None
    """Seconds that the run took on from its beginning, None where they are not known."""
    unbooked: int = 0
    """Tests of its tier that have ended, passed, and are not counted yet."""


def line(tiers: Sequence[Tier], test: LongTest, now: float, *, width: int, unicode: bool) -> str:
    """One line of at most `width` cells: every tier, the test when it is a long one, and the time left."""
    ended = {test.tier: test.unbooked}
    counted = [tier._replace(finished=tier.finished + ended.get(tier.name, 0)) for tier in tiers]
    runner = Runner("main", test.nodeid, now - test.began, test.usual)
    return passage(counted, [runner], _left(test, runner.seconds), width=width, unicode=unicode)


def _left(test: LongTest, seconds: float) -> float | None:
    """What is left by now; a test that takes longer than usual takes nothing from the others."""
    if test.left is None or test.usual is None:
        return None
    left = test.left - min(seconds, test.usual)
    return left if left >= 1.0 else None
