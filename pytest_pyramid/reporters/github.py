"""GitHub annotations: workflow commands for standard output, the most important first."""

from __future__ import annotations

from pytest_pyramid.core.findings import Finding, findings
from pytest_pyramid.core.markup import one_line, shortened, visible
from pytest_pyramid.core.report import RunReport
from pytest_pyramid.core.violations import Severity
from pytest_pyramid.core.wording import counted

name = "github"
MOST = 10
"""GitHub shows ten errors and ten warnings of one step and drops the others without a word."""
LONGEST = 2_000
LONGEST_TITLE = 200


def render(report: RunReport) -> str:
    """At most ten lines such as `::error file=tests/test_a.py,line=3,title=…::message`; nothing when all is well.

    The tenth says how many more there are, when there are. GitHub reads them from the output of a step
    (https://docs.github.com/actions/reference/workflow-commands-for-github-actions).
    """
    found = findings(report)
    shown = found if len(found) <= MOST else found[: MOST - 1]
    lines = [_command(finding) for finding in shown]
    if len(shown) < len(found):
        rest = counted(len(found) - len(shown), "more finding")
        lines.append(f"::notice title=pytest-pyramid::{rest}, see the summary of the job or the JSON report")
    return "".join(f"{line}\n" for line in lines)


def _command(finding: Finding) -> str:
    kind = "error" if finding.severity is Severity.ERROR else "warning"
    place = finding.location
    properties = {"file": one_line(place.file)} if place else {}
    if place and place.line is not None:
        properties["line"] = str(place.line)
    properties["title"] = shortened(one_line(finding.title), LONGEST_TITLE)
    said = shortened(finding.message, LONGEST) + (f"\n{finding.hint}" if finding.hint else "")
    listed = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{kind} {listed}::{_data(visible(said))}"


def _data(text: str) -> str:
    """The text as GitHub reads it back from one line."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
