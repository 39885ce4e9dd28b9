"""By which coverage a tier may be judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_pyramid.core.facts import Suite
from pytest_pyramid.core.tiers import Tier

if TYPE_CHECKING:
    from pytest_pyramid.core.coverage_report import CoverageReport


def judged_coverage(suite: Suite, tier: Tier) -> CoverageReport | None:
    """The coverage by which `tier` may be judged; None when some of it, or a test of it or below, is missing."""
    report = suite.coverage
    if report is None or report.incomplete:
        return None
    wanted = (*(one.name for one in suite.pyramid.below(tier.rank)), tier.name)
    if suite.partial_reason is not None and not set(wanted) <= set(suite.whole_tiers):
        return None
    missing = any(one.result.is_missing for one in suite.outcomes if one.tier in wanted)
    return None if missing or suite.collection_errors else report
