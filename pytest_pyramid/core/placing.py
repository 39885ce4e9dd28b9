"""From the answers of classifiers to placements: which of them count, and which decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from pytest_pyramid.core.facts import Placement, TestFacts
from pytest_pyramid.core.tiers import Pyramid

NOWHERE = "none"
"""The value of `default-tier` that leaves a test without a tier."""
DEFAULT = "default"
"""The source of a placement that nothing but the setting `default-tier` speaks for."""


class Classifier(Protocol):
    """One kind of evidence for a test's tier, made once per run for a pyramid."""

    def classify(self, test: TestFacts) -> Placement | None:
        """The tier that this evidence speaks for, or None when it says nothing."""
        ...


def in_order_of_weight(answers: Iterable[str | Placement], pyramid: Pyramid, default: str) -> tuple[Placement, ...]:
    """The answers as placements, the deciding one first; without any the default tier's, else none.

    `default` is a tier's name, "none" or "error" (both leave the test unclassified). Answers that name no tier are
    left out.
    """
    names = pyramid.names
    placements = tuple(found for answer in answers if (found := _as_placement(answer)).tier in names)
    return placements or by_default(pyramid, default)


def by_default(pyramid: Pyramid, default: str) -> tuple[Placement, ...]:
    """The placement of a test that nothing speaks for; none when `default` is "none" or "error"."""
    if default not in pyramid.names:
        return ()
    return (Placement(tier=default, source=DEFAULT, reason=f"default tier {default}"),)


def is_told(test: TestFacts) -> bool:
    """True when something about the test itself says where it belongs, and not only the default tier."""
    return bool(test.placements) and test.placements[0].source != DEFAULT


def _as_placement(answer: str | Placement) -> Placement:
    if isinstance(answer, str):
        return Placement(tier=answer, source="hook", reason=f"hook {answer}")
    return answer


def is_smoke(marks: Sequence[Sequence[str]]) -> bool:
    """True when some level of marks says that the test tells whether the others are worth running."""
    return any("smoke" in level for level in marks)
