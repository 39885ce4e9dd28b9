"""Coverage by tier for the page: the table, a bar for each package, and the lines that could be tested further down."""

from __future__ import annotations

from typing import Any

from pytest_pyramid.core import coverage_table
from pytest_pyramid.core.coverage_report import FileCoverage, PackageCoverage
from pytest_pyramid.core.figures import share
from pytest_pyramid.core.report import RunReport

MOST_PACKAGES = 100
MOST_FILES = 50
MOST_STRETCHES = 40
MOST_TESTS = 50


def coverage_section(report: RunReport) -> dict[str, Any] | None:
    """What the page shows of coverage, the most urgent first; None when nobody measured it."""
    found = report.coverage
    if found is None:
        return None
    packages = sorted(found.packages, key=lambda one: (-one.above, one.name))
    files = coverage_table.most_from_above(found)
    return {
        "head": coverage_table.HEAD[1:],
        "table": coverage_table.table(found, report.pyramid),
        "total": coverage_table.total(found),
        "from_above": coverage_table.from_above(found, report.pyramid),
        "base": report.pyramid.base.name,
        "incomplete": found.incomplete,
        "packages": [_bar(one) for one in packages[:MOST_PACKAGES]],
        "more_packages": len(packages) - MOST_PACKAGES,
        "files": [_file(one) for one in files[:MOST_FILES]],
        "more_files": len(files) - MOST_FILES,
        "by_test": found.detail == "test",
        "redundancy": [
            {"told": told, "tests": one.redundant[:MOST_TESTS], "more": len(one.redundant) - MOST_TESTS}
            for one, told in zip(found.redundancy, coverage_table.redundant(found), strict=True)
        ],
        "caveat": coverage_table.CAVEAT,
    }


def _bar(package: PackageCoverage) -> dict[str, Any]:
    """The parts of a package's bar in per cent of its lines."""
    return {
        "package": package,
        "base": round(share(package.base, package.lines) * 100, 1),
        "above": round(share(package.above, package.lines) * 100, 1),
        "nobody": package.lines - package.base - package.above,
    }


def _file(one: FileCoverage) -> dict[str, Any]:
    stretches = sorted(one.push_down, key=lambda part: (-part.lines, part.first))
    return {"file": one, "parts": stretches[:MOST_STRETCHES], "more": len(stretches) - MOST_STRETCHES}
