"""Every report format from one real run, and again from its JSON."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.harness import Suite
from tests.published import CHECKS

FORMATS = ("html", "markdown", "junit", "github", "gitlab", "trace", "svg", "badge")


def without_figures(text: str) -> str:
    """The text without its numbers: in JSON times are rounded to microseconds, and so may a last digit be another."""
    return re.sub(r"\d+(\.\d+)?(e-\d+)?", "#", text)


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_run_writes_every_format_and_render_makes_them_again(tmp_path: Path, workers: str) -> None:
    """What the run wrote and what `render` makes from its JSON is the same but for roundings, and speaks of the failure."""
    suite = Suite(unit=4, service=3, ui=2).failing("service")
    targets = [f"--pyramid-report={name}:out/{name}" for name in FORMATS]
    result = suite.run(tmp_path, "-n", workers, *targets)
    assert (result.status, result.of_tier("ui")) == (1, {"withheld": 2})
    again = [f"--report={name}:again/{name}" for name in FORMATS]
    command = [sys.executable, "-m", "pytest_pyramid", "render", "report.json", *again]
    subprocess.run(command, cwd=tmp_path, check=True, timeout=60)
    texts, others = (
        {name: (tmp_path / folder / name).read_text(encoding="utf-8") for name in FORMATS}
        for folder in ("out", "again")
    )
    for name in FORMATS:
        assert without_figures(texts[name]) == without_figures(others[name])
    for name, check in CHECKS.items():
        check(texts[name])
    assert texts["github"].startswith("::error file=tests/service/test_service.py,line=1,title=service failed")
    assert len(json.loads(texts["gitlab"])) == 1
    spans = [event for event in json.loads(texts["trace"])["traceEvents"] if event["ph"] == "X"]
    assert len(spans) == 7
    assert len(ET.fromstring(texts["junit"]).findall(".//testcase")) == 9  # noqa: S314  # our own text


def test_annotations_begin_at_the_beginning_of_a_line(tmp_path: Path) -> None:
    """GitHub reads a command only there, so nothing that pytest prints may stand before it."""
    result = Suite().failing("unit").run(tmp_path, "--pyramid-report=github:-")
    lines = [line for line in result.output.splitlines() if "::error" in line]
    assert len(lines) == 1
    assert lines[0].startswith("::error ")
