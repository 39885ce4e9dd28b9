"""The ratchet on coverage: what a tier covered once, it covers from then on."""

from __future__ import annotations

import math

from pytest_pyramid.core.coverage_judging import judged_coverage
from pytest_pyramid.core.facts import Suite

_SCALE = 10_000
"""Shares are recorded to a hundredth of a per cent, rounded down, so that the run that recorded them keeps them."""


def recordable(suite: Suite) -> dict[str, float]:
    """What a baseline should keep: the share (0-1) of lines that each judged tier covers with all below it.

    Nothing for a tier of which tests or coverage are missing.
    """
    found: dict[str, float] = {}
    for tier in suite.pyramid:
        report = judged_coverage(suite, tier)
        share = report.share_upto(tier.name) if report is not None else None
        if share is not None:
            found[tier.name] = math.floor(share * _SCALE + 1e-6) / _SCALE
    return found
