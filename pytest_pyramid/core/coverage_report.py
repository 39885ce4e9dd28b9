"""Coverage of one run as reports show it: counts and lists, and in a shard's the sets behind them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from pytest_pyramid.core.figures import share

if TYPE_CHECKING:
    from pytest_pyramid.core.file_cover import FileCover
    from pytest_pyramid.core.recording import Recording

DIGITS = 6
"""Shares are rounded to so many digits after the point."""
CAVEAT = (
    "adds no coverage is not the same as adds no checks: the same lines with other values, wiring, real I/O and timing "
    "are invisible here"
)
"""Stands beside every list of redundant tests."""


class Count(NamedTuple):
    """Executable lines and, where they are measured, branches."""

    lines: int = 0
    branches: int = 0


class RowCoverage(NamedTuple):
    """What one row of the pyramid covers. A line counts once, however often it runs."""

    row: str
    own: Count
    """By its tests."""
    alone: Count
    """By its tests and by import: what a run of this row alone would cover."""
    cumulative: Count
    """By import, this tier and all tiers below."""
    new: Count
    """Of `cumulative`, what neither import nor a tier below covers."""
    exclusive: Count
    """Covered by no other row and not by import."""


class PackageCoverage(NamedTuple):
    """The files of one folder together, in lines."""

    name: str
    """The folder, relative to the root folder."""
    lines: int
    base: int
    """Covered by import and the base."""
    above: int
    """Covered only by tests above the base."""


class PushDown(NamedTuple):
    """Consecutive statements that no test of the base executes and a test above does."""

    first: int
    last: int
    lines: int
    """How many statements."""
    tier: str
    """The lowest tier that executes them."""
    function: str = ""
    nodeid: str = ""
    """The quickest test that executes the first of them; empty when tests were not told apart."""


class FileCoverage(NamedTuple):
    """One file in lines, with what could be tested further down."""

    file: str
    lines: int
    base: int
    above: int
    push_down: tuple[PushDown, ...] = ()


class TierRedundancy(NamedTuple):
    """Which tests of one tier execute nothing that import and the tiers below do not execute as well."""

    tier: str
    tests: int
    new: int
    """Lines, or arcs where branches are measured, that only this tier adds to those below."""
    redundant: tuple[str, ...]
    """They may go together without a line less being covered."""
    without_code: tuple[str, ...]
    """Tests that execute no measured code at all."""
    kept: tuple[str, ...]
    """Tests that suffice for all of `new`, the most telling first; found greedily, so not always the fewest."""


class CoverageReport(NamedTuple):
    """The coverage of a run by tier, tests themselves left out."""

    detail: str
    """tier or test: how far apart it was recorded."""
    source: str
    """Who measured: pytest-cov, coverage run or pytest-test-pyramid."""
    branch: bool
    total: Count
    """Everything that can be executed."""
    imported: Count
    """Executed by import, before the first test."""
    covered: Count
    """By import and all tests together."""
    rows: tuple[RowCoverage, ...]
    packages: tuple[PackageCoverage, ...] = ()
    files: tuple[FileCoverage, ...] = ()
    redundancy: tuple[TierRedundancy, ...] = ()
    incomplete: tuple[str, ...] = ()
    """Why some coverage is missing, one sentence each; nothing is judged then."""
    covers: Mapping[str, FileCover] | None = None
    """The sets behind the counts, by file: in a shard's report, for `core.merged_coverage`."""
    singles: Recording | None = None
    """What each test executes beyond the base: beside `covers`, where tests were told apart."""

    def row(self, name: str) -> RowCoverage | None:
        """The row called `name`, or None."""
        return next((row for row in self.rows if row.row == name), None)

    def share_upto(self, name: str) -> float | None:
        """The share (0-1) of the lines that import, the tier and all below cover; None when some coverage is missing."""
        found = self.row(name)
        if found is None or self.incomplete:
            return None
        return round(share(found.cumulative.lines, self.total.lines), DIGITS)

    @property
    def above(self) -> int:
        """How many lines are covered only by tests above the base."""
        return sum(package.above for package in self.packages)


def lost_with(worker: str, kept_every: float | None) -> str:
    """What may be missing of a worker that crashed, which kept its data every so many seconds; None: all of it."""
    if kept_every is None:
        return f"worker {worker} told of no coverage"
    return (
        f"worker {worker} crashed: what its last test executed, and tests that ended up to {kept_every:g} s before it, "
        "may be missing"
    )
