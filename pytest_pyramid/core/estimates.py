"""What a test is taken to last: what was recorded, else what this run has shown, else a cold guess."""

from __future__ import annotations

from pytest_pyramid.core.plan import Plan

MESSAGE_SECONDS = 0.0005
"""What a test costs beside its own seconds, in the worker and on the wire."""
ENOUGH = 4
"""So many tests of a tier have to be seen before their mean counts for more than the cold guess."""


class Estimates:
    """Seconds by test; learns from every test that ends, first of all about the other cases of its function."""

    __slots__ = ("_cold", "_functions", "_known", "_of_functions", "_of_tiers", "_ranks")

    def __init__(self, plan: Plan) -> None:
        self._ranks = plan.ranks
        self._known = plan.seconds
        self._functions = plan.functions
        self._cold = plan.cold
        self._of_functions: dict[int, tuple[float, int]] = {}
        self._of_tiers = [(0.0, 0)] * len(plan.groups)

    def known(self, index: int) -> float | None:
        """The recorded seconds of the test with what a message costs; None when nothing is recorded."""
        seconds = self._known[index] if self._known else None
        return None if seconds is None else seconds + MESSAGE_SECONDS

    def of(self, index: int) -> float:
        """The seconds that the test is taken to last, with what a message costs."""
        if self._known:
            known = self._known[index]
            if known is not None:
                return known + MESSAGE_SECONDS
        if self._functions:
            found = self._of_functions.get(self._functions[index])
            if found is not None:
                return found[0] / found[1] + MESSAGE_SECONDS
        return self.of_tier(self._ranks[index])

    def of_tier(self, rank: int) -> float:
        """The seconds that a test of the tier is taken to last when nothing closer is known of it."""
        seconds, count = self._of_tiers[rank]
        return (seconds / count if count >= ENOUGH else self._cold[rank]) + MESSAGE_SECONDS

    def learn(self, index: int, seconds: float) -> None:
        """Take down what a test lasted; one of recorded length tells nothing about the others."""
        if self._known and self._known[index] is not None:
            return
        rank = self._ranks[index]
        total, count = self._of_tiers[rank]
        self._of_tiers[rank] = (total + seconds, count + 1)
        if self._functions:
            function = self._functions[index]
            total, count = self._of_functions.get(function, (0.0, 0))
            self._of_functions[function] = (total + seconds, count + 1)
