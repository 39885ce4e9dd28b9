"""From answers to a tier: which placement decides, and what a test looks like once it is placed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Protocol

from pytest_pyramid.core.facts import Placement, TestFacts
from pytest_pyramid.core.tiers import UNCLASSIFIED, Pyramid


class Classifier(Protocol):
    """One kind of evidence for a test's tier, made once per run for a pyramid."""

    def classify(self, test: TestFacts) -> Placement | None:
        """The tier that this evidence speaks for, or None when it says nothing."""
        ...


def placed(test: TestFacts, answers: Iterable[str | Placement], pyramid: Pyramid, default: str) -> TestFacts:
    """The test in its tier: the first answer decides, then the default tier, else it stays unclassified.

    `default` is a tier's name, "none" or "error" (both leave the test unclassified). Answers that name no tier are
    left out.
    """
    placements = tuple(placement for placement in map(_as_placement, answers) if placement.tier in pyramid.names)
    if not placements and default in pyramid.names:
        placements = (Placement(tier=default, source="default", reason=f"default tier {default}"),)
    if not placements:
        return test if test.tier == UNCLASSIFIED else replace(test, tier=UNCLASSIFIED, placements=())
    return replace(test, tier=placements[0].tier, placements=placements)


def _as_placement(answer: str | Placement) -> Placement:
    if isinstance(answer, str):
        return Placement(tier=answer, source="hook", reason=f"hook {answer}")
    return answer

