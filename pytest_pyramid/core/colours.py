"""Colours of tiers and outcomes that people with any colour vision can tell apart (Okabe and Ito 2008)."""

from __future__ import annotations

from pytest_pyramid.core.tiers import UNCLASSIFIED

TIERS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#8a6d3b")
"""By rank; they repeat from the seventh tier on."""
LOOSE = "#8c8c8c"
"""Of unclassified tests."""
FAILED = "#d55e00"
WITHHELD = "#b8a600"


def tier_colour(name: str, rank: int | None) -> str:
    """The colour of a tier or of the unclassified row, as #rrggbb."""
    return LOOSE if rank is None or name == UNCLASSIFIED else TIERS[rank % len(TIERS)]
