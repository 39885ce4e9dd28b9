"""The coverage of a report as plain data, and back."""

from __future__ import annotations

from typing import Any

from pytest_pyramid.core.coverage_report import (
    CAVEAT,
    Count,
    CoverageReport,
    FileCoverage,
    PackageCoverage,
    PushDown,
    RowCoverage,
    TierRedundancy,
)
from pytest_pyramid.core.figures import share
from pytest_pyramid.core.plain_covers import covers_of, plain_covers, singles_of
from pytest_pyramid.core.plain_entry import Entry, rounded

_PARTS = ("own", "alone", "cumulative", "new", "exclusive")


def plain_row_coverage(report: CoverageReport | None, row: str) -> dict[str, Any] | None:
    """What stands under `coverage` of one tier: counts and the shares of all lines; None when it was not measured."""
    found = report.row(row) if report is not None else None
    if report is None or found is None:
        return None
    counts = {part: _plain_count(getattr(found, part), report.branch) for part in _PARTS}
    return {
        **counts,
        "share_alone": rounded(share(found.alone.lines, report.total.lines)),
        "share_cumulative": rounded(share(found.cumulative.lines, report.total.lines)),
    }


def plain_coverage(report: CoverageReport | None) -> dict[str, Any]:
    """The key "coverage", or nothing when it was not measured; what belongs to one tier stands there."""
    if report is None:
        return {}
    return {
        "coverage": {
            "detail": report.detail,
            "source": report.source,
            "branch": report.branch,
            "total": _plain_count(report.total, report.branch),
            "imported": _plain_count(report.imported, report.branch),
            "covered": _plain_count(report.covered, report.branch),
            "incomplete": list(report.incomplete),
            "packages": [one._asdict() for one in report.packages],
            "files": [_plain_file(one) for one in report.files],
            "redundancy": [_plain_redundancy(one) for one in report.redundancy],
            **({"sets": plain_covers(report.covers, report.singles)} if report.covers is not None else {}),
        }
    }


def coverage_of_entry(whole: Entry) -> CoverageReport | None:
    """The coverage of the report, None when it has no such key.

    Raises ValueError when a key is missing or of the wrong kind.
    """
    if not whole.has("coverage"):
        return None
    entry = whole.entry("coverage")
    rows = [row for row in whole.entries("tiers") if row.values.get("coverage") is not None]
    return CoverageReport(
        detail=entry.text("detail"),
        source=entry.text("source"),
        branch=entry.flag("branch"),
        total=_count(entry.entry("total")),
        imported=_count(entry.entry("imported")),
        covered=_count(entry.entry("covered")),
        rows=tuple(_row(row.text("name"), row.entry("coverage")) for row in rows),
        packages=tuple(_package(one) for one in entry.entries("packages")),
        files=tuple(_file(one) for one in entry.entries("files")),
        redundancy=tuple(_redundancy(one) for one in entry.entries("redundancy")),
        incomplete=entry.texts("incomplete"),
        covers=covers_of(entry.entry("sets")) if entry.has("sets") else None,
        singles=singles_of(entry.entry("sets")) if entry.has("sets") else None,
    )


def _plain_count(count: Count, branch: bool) -> dict[str, int]:  # noqa: FBT001  # a fact of the data, not a switch
    return {"lines": count.lines, "branches": count.branches} if branch else {"lines": count.lines}


def _count(entry: Entry) -> Count:
    return Count(entry.whole("lines"), entry.whole("branches") if entry.has("branches") else 0)


def _row(name: str, entry: Entry) -> RowCoverage:
    return RowCoverage(name, **{part: _count(entry.entry(part)) for part in _PARTS})


def _package(entry: Entry) -> PackageCoverage:
    return PackageCoverage(entry.text("name"), entry.whole("lines"), entry.whole("base"), entry.whole("above"))


def _plain_file(one: FileCoverage) -> dict[str, Any]:
    return {**one._asdict(), "push_down": [part._asdict() for part in one.push_down]}


def _file(entry: Entry) -> FileCoverage:
    return FileCoverage(
        entry.text("file"),
        entry.whole("lines"),
        entry.whole("base"),
        entry.whole("above"),
        tuple(_push_down(part) for part in entry.entries("push_down")),
    )


def _push_down(entry: Entry) -> PushDown:
    return PushDown(
        entry.whole("first"),
        entry.whole("last"),
        entry.whole("lines"),
        entry.text("tier"),
        entry.text("function"),
        entry.text("nodeid"),
    )


def _plain_redundancy(one: TierRedundancy) -> dict[str, Any]:
    lists = {name: list(getattr(one, name)) for name in ("redundant", "without_code", "kept")}
    return {"tier": one.tier, "tests": one.tests, "new": one.new, **lists, "caveat": CAVEAT}


def _redundancy(entry: Entry) -> TierRedundancy:
    return TierRedundancy(
        entry.text("tier"),
        entry.whole("tests"),
        entry.whole("new"),
        entry.texts("redundant"),
        entry.texts("without_code"),
        entry.texts("kept"),
    )
