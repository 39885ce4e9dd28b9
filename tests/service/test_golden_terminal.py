"""The terminal summary against golden files; `PYRAMID_UPDATE_GOLDEN=1` writes them anew."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_pyramid.core.report import RunReport
from pytest_pyramid.reporters import terminal
from tests.unit.canonical import benchmark_report, closed_report, cone_report, open_report, partial_report

GOLDEN = Path(__file__).parent.parent / "golden"
REPORTS = {
    "open": open_report,
    "closed": closed_report,
    "cone": cone_report,
    "partial": partial_report,
    "benchmarks": benchmark_report,
}


def marked(report: RunReport, *, width: int, unicode: bool, verbosity: int = 0) -> str:
    """The summary as text with each style in angle brackets, so that a golden file shows colours too."""
    lines = terminal.lines(report, width=width, unicode=unicode, verbosity=verbosity)
    return "".join(
        "".join(f"<{s.style}>{s.text}</>" if s.style else s.text for s in line.segments) + "\n" for line in lines
    )


def plain(report: RunReport, *, width: int, unicode: bool, verbosity: int = 0) -> str:
    """The summary as text alone."""
    lines = terminal.lines(report, width=width, unicode=unicode, verbosity=verbosity)
    return "".join(line.text + "\n" for line in lines)


def compare(path: Path, text: str) -> None:
    """The golden file at `path` holds `text`; it is written first when the environment asks for it."""
    if os.environ.get("PYRAMID_UPDATE_GOLDEN") == "1":
        path.write_text(text, encoding="utf-8", newline="\n")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize(("letters", "unicode"), [("unicode", True), ("ascii", False)])
def test_the_summary_looks_as_agreed(name: str, letters: str, unicode: bool) -> None:
    """Each canonical run at 80 columns, with Unicode and without."""
    text = plain(REPORTS[name](), width=80, unicode=unicode)
    compare(GOLDEN / f"terminal_{name}_{letters}.txt", text)


@pytest.mark.parametrize("name", ["closed", "cone"])
def test_the_styles_are_as_agreed(name: str) -> None:
    """The same with its colours, at 120 columns."""
    compare(GOLDEN / f"terminal_{name}_styled.txt", marked(REPORTS[name](), width=120, unicode=True))


def test_the_quiet_lines_are_as_agreed() -> None:
    """What -q shows of every canonical run."""
    makers: tuple[Callable[[], RunReport], ...] = tuple(REPORTS.values())
    text = "".join(plain(make(), width=120, unicode=True, verbosity=-1) for make in makers)
    compare(GOLDEN / "terminal_quiet.txt", text)
