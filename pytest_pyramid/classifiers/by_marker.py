"""By marker: what the authors of a test say. The closest mark wins, function over class over module."""

from __future__ import annotations

from pytest_pyramid.core.facts import Placement, TestFacts
from pytest_pyramid.core.tiers import Pyramid


class ByMarker:
    """Places a test by the closest level that carries marks of a tier; of two tiers at that level the higher one."""

    def __init__(self, pyramid: Pyramid) -> None:
        self._tier_of = {marker: tier for tier in pyramid for marker in tier.markers}
        self._known: dict[tuple[tuple[str, ...], ...], Placement | None] = {}

    def classify(self, test: TestFacts) -> Placement | None:
        """The placement that the marks tell, None when no mark names a tier."""
        if test.marks not in self._known:
            self._known[test.marks] = self._place(test.marks)
        return self._known[test.marks]

    def _place(self, levels: tuple[tuple[str, ...], ...]) -> Placement | None:
        for level in levels:
            claims = [(self._tier_of[mark], mark) for mark in level if mark in self._tier_of]
            if claims:
                tier, mark = max(claims, key=lambda claim: claim[0].rank)
                # A tier beside the shape says what a test is for, and may stand with a mark that says how high it is.
                others = {other.name for other, _ in claims if other.side == tier.side}
                also = tuple(sorted(others - {tier.name}))
                return Placement(tier=tier.name, source="marker", reason=f"marker {mark}", also=also)
        return None
