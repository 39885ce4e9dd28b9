"""The ratchet on coverage: what the base covered once, it covers from then on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from pytest_pyramid.core.coverage_report import CoverageReport
from pytest_pyramid.core.figures import share
from pytest_pyramid.core.tiers import Pyramid

DIGITS = 4
"""Shares are recorded to a hundredth of a per cent, rounded down, so that the run that recorded them keeps them."""


class Slip(NamedTuple):
    """A tier that covers less than was recorded, in shares (0-1) of the lines."""

    tier: str
    recorded: float
    found: float


def recordable(report: CoverageReport, pyramid: Pyramid) -> tuple[tuple[str, float], ...]:
    """What a baseline should keep: the share that each tier covers with all below it, base first.

    Nothing for a report of which some is missing.
    """
    if report.incomplete:
        return ()
    rows = [row for name in pyramid.names if (row := report.row(name))]
    return tuple((row.row, _floor(share(row.cumulative.lines, report.total.lines))) for row in rows)


def slips(recorded: Mapping[str, float], report: CoverageReport, pyramid: Pyramid) -> tuple[Slip, ...]:
    """The tiers that cover less than was recorded, base first; a tier without a record may cover what it likes."""
    found = dict(recordable(report, pyramid))
    return tuple(
        Slip(tier, recorded[tier], found[tier])
        for tier in pyramid.names
        if tier in recorded and tier in found and found[tier] < recorded[tier]
    )


def raised(recorded: Mapping[str, float], report: CoverageReport, pyramid: Pyramid) -> dict[str, float]:
    """The record after this run: higher where a tier covers more, never lower."""
    found = dict(recordable(report, pyramid))
    return {tier: max(found.get(tier, 0.0), recorded.get(tier, 0.0)) for tier in (*recorded, *found)}


def _floor(part: float) -> float:
    scale: int = 10**DIGITS
    return math.floor(part * scale) / scale
