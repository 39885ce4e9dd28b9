"""RunReport: the one value that every reporter gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pytest_pyramid.core.facts import CollectionError, GateState, Location, Outcome, TestFacts
from pytest_pyramid.core.setting_tree import Settings
from pytest_pyramid.core.tiers import Pyramid
from pytest_pyramid.core.violations import Violation

if TYPE_CHECKING:
    from pytest_pyramid.core.baseline import Recorded
    from pytest_pyramid.core.benchmarks import Measured
    from pytest_pyramid.core.coverage_report import CoverageReport
    from pytest_pyramid.core.deltas import Delta
    from pytest_pyramid.core.forecast import Estimate
    from pytest_pyramid.core.shards import ShardInfo
    from pytest_pyramid.core.trend import TrendRun

SCHEMA_VERSION = 1


class RunInfo(NamedTuple):
    """Who ran what, where and when; `started` is an ISO 8601 UTC time, durations are seconds."""

    started: str
    seconds: float
    command: tuple[str, ...]
    workers: int
    gate_mode: str
    """strict, soft or off."""
    exit_status: int
    commit: str | None = None
    host: str | None = None
    user: str | None = None
    partial_reason: str | None = None
    first_failure_seconds: float | None = None
    shard: ShardInfo | None = None
    guard_mode: str = "off"
    """error, warn or off."""
    only: tuple[str, ...] = ()
    """The tiers that were selected, base first; empty for all."""
    narrowed: str | None = None
    """Why not all tests of these tiers took part, apart from shards."""
    guard_layers: tuple[str, ...] = ()
    """What watched the tests: hook, residue, sandbox."""


class ShapeVerdict(NamedTuple):
    """The shape's name by each measure; `name` is the one by functions, "not judged" when it was not judged."""

    name: str
    judged: bool
    reason: str | None = None
    """Why it was not judged."""
    by_tests: str | None = None
    by_functions: str | None = None
    by_seconds: str | None = None


class TierRow(NamedTuple):
    """One row of the pyramid as it ran; `rank` is None for the unclassified row, `share` is of functions, 0–1."""

    name: str
    rank: int | None
    tests: int
    functions: int
    share: float
    seconds: float
    outcomes: tuple[tuple[str, int], ...]
    """(result, count) for every result that occurred."""
    target_min: float | None = None
    target_max: float | None = None
    gate: str | None = None
    started: float | None = None
    """When its first test started, in seconds since the run started."""
    finished: float | None = None
    side: bool = False
    """True for a tier beside the shape."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What of one shard's run is needed to merge it with the others, besides its report."""

    settings: Settings
    positions: tuple[int, ...]
    """The place of every test in the collection of all shards."""
    conftest_marks: tuple[Location, ...] = ()
    past: Mapping[str, Estimate] = field(default_factory=dict)
    """What earlier runs make expect of its tests, by node id."""
    recorded: Recorded | None = None
    """The baseline that the run was compared with, None without one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """Everything about one run. `tests` and `outcomes` have the same length and order."""

    version: str
    pyramid: Pyramid
    run: RunInfo
    shape: ShapeVerdict
    tiers: tuple[TierRow, ...]
    gates: tuple[GateState, ...]
    tests: tuple[TestFacts, ...]
    outcomes: tuple[Outcome, ...]
    violations: tuple[Violation, ...]
    collection_errors: tuple[CollectionError, ...] = ()
    notes: tuple[str, ...] = ()
    """What the plugin has to say about itself: files it could not read, settings that have no effect."""
    part: Part | None = None
    """For the report of a shard, see `core.merging`."""
    trend: tuple[TrendRun, ...] = ()
    """Earlier whole runs, the oldest first, without this one; empty when no history is kept."""
    coverage: CoverageReport | None = None
    """Coverage by tier; None when it was not asked for."""
    benchmarks: tuple[Measured, ...] = ()
    """What pytest-benchmark measured."""
    delta: Delta | None = None
    """What has changed since the last run on the main branch; None when none is known."""
