"""Rules: each judges one thing about a suite. Their order is that of their codes."""

from __future__ import annotations

from pytest_pyramid.core.ruling import Rule
from pytest_pyramid.rules.configuration import CONFIGURATION
from pytest_pyramid.rules.pyr101_inverted_pyramid import InvertedPyramid
from pytest_pyramid.rules.pyr102_tier_share import TierShare
from pytest_pyramid.rules.pyr103_empty_tier import EmptyTier
from pytest_pyramid.rules.pyr104_top_heavy_time import TopHeavyTime
from pytest_pyramid.rules.pyr201_unclassified_test import UnclassifiedTest
from pytest_pyramid.rules.pyr202_several_tiers import SeveralTiers
from pytest_pyramid.rules.pyr203_marker_against_path import MarkerAgainstPath
from pytest_pyramid.rules.pyr204_dead_tier import DeadTier
from pytest_pyramid.rules.pyr205_mark_in_conftest import MarkInConftest
from pytest_pyramid.rules.pyr301_network import Network
from pytest_pyramid.rules.pyr302_localhost import Localhost
from pytest_pyramid.rules.pyr303_process import Process
from pytest_pyramid.rules.pyr304_database import Database
from pytest_pyramid.rules.pyr305_sleep import Sleep
from pytest_pyramid.rules.pyr306_files import Files
from pytest_pyramid.rules.pyr307_tempfiles import Tempfiles
from pytest_pyramid.rules.pyr390_unused_allowance import UnusedAllowance
from pytest_pyramid.rules.pyr391_allowance_without_reason import AllowanceWithoutReason
from pytest_pyramid.rules.pyr401_slow_test import SlowTest
from pytest_pyramid.rules.pyr402_tier_over_budget import TierOverBudget
from pytest_pyramid.rules.pyr403_slower_than_history import SlowerThanHistory
from pytest_pyramid.rules.pyr501_gate_closed import GateClosed
from pytest_pyramid.rules.pyr601_tier_coverage import TierCoverage
from pytest_pyramid.rules.pyr602_covered_only_from_above import CoveredOnlyFromAbove
from pytest_pyramid.rules.pyr701_over_tiered_test import OverTieredTest
from pytest_pyramid.rules.pyr702_flaky_test import FlakyTest
from pytest_pyramid.rules.pyr703_stale_baseline_entry import StaleBaselineEntry
from pytest_pyramid.rules.pyr704_share_below_baseline import ShareBelowBaseline
from pytest_pyramid.rules.pyr705_coverage_below_baseline import CoverageBelowBaseline

__all__ = ["BUILTIN", "CONFIGURATION"]

BUILTIN: tuple[type[Rule], ...] = (
    InvertedPyramid,
    TierShare,
    EmptyTier,
    TopHeavyTime,
    UnclassifiedTest,
    SeveralTiers,
    MarkerAgainstPath,
    DeadTier,
    MarkInConftest,
    Network,
    Localhost,
    Process,
    Database,
    Sleep,
    Files,
    Tempfiles,
    UnusedAllowance,
    AllowanceWithoutReason,
    SlowTest,
    TierOverBudget,
    SlowerThanHistory,
    GateClosed,
    TierCoverage,
    CoveredOnlyFromAbove,
    OverTieredTest,
    FlakyTest,
    StaleBaselineEntry,
    ShareBelowBaseline,
    CoverageBelowBaseline,
)
