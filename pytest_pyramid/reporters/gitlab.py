"""GitLab's code quality report: violations and failures beside the lines of a merge request."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from typing import Any

from pytest_pyramid.core.facts import Location
from pytest_pyramid.core.findings import Finding, Kind, findings
from pytest_pyramid.core.markup import one_line, shortened
from pytest_pyramid.core.report import RunReport
from pytest_pyramid.core.violations import Severity

name = "gitlab"
LONGEST = 1_000
NOWHERE = "pyproject.toml"
"""GitLab wants a file for each entry; what belongs to none is shown at the settings."""
_HERE = re.compile(r"^(\./)+")


def render(report: RunReport) -> str:
    """A JSON array with one object per finding.

    The fingerprint is made of the rule and its subject, never of the line or the figures, so that GitLab knows an old
    finding again after the code above it has changed.
    """
    seen: Counter[str] = Counter()
    entries = [_entry(report, finding, seen) for finding in findings(report)]
    return json.dumps(entries, indent=1) + "\n"


def _entry(report: RunReport, finding: Finding, seen: Counter[str]) -> dict[str, Any]:
    place = finding.location or _place(report, finding)
    key = f"{finding.check}\n{finding.subject}\n{place.file}"
    seen[key] += 1
    text = f"{key}\n{seen[key]}".encode("utf-8", "backslashreplace")
    said = f"{finding.title}: {finding.message}" + (f" ({finding.hint})" if finding.hint else "")
    return {
        "description": shortened(one_line(said), LONGEST),
        "check_name": finding.check,
        "fingerprint": hashlib.sha256(text).hexdigest(),
        "severity": _severity(finding),
        "location": _shown(place),
    }


def _shown(place: Location) -> dict[str, Any]:
    """The place for GitLab, which knows paths inside the repository only; others stand at the settings."""
    path = _HERE.sub("", one_line(place.file))
    if not path or path.startswith(("/", "../")) or path[1:2] == ":":
        return {"path": NOWHERE, "lines": {"begin": 1}}
    return {"path": path, "lines": {"begin": place.line or 1}}


def _severity(finding: Finding) -> str:
    if finding.kind is not Kind.RULE:
        return "critical"
    return "major" if finding.severity is Severity.ERROR else "minor"


def _place(report: RunReport, finding: Finding) -> Location:
    """The test that the finding is about, else the first one of its tier."""
    by_id = next((test for test in report.tests if test.nodeid == finding.subject), None)
    by_tier = next((test for test in report.tests if test.tier == finding.tier), None)
    found = by_id or by_tier
    return found.location if found else Location(file=NOWHERE)
