"""`coverage run` with parallel data that the user combines afterwards: it says what it would say without us."""

from __future__ import annotations

import json
import site
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.harness import OTHERS, environment
from tests.ui.test_coverage import SUITE, left_behind

pytestmark = pytest.mark.skipif(
    not any(list(Path(folder).glob("*coverage.pth")) for folder in site.getsitepackages()),
    reason="coverage.py starts itself in children only from a .pth file in this environment",
)

CHILD = """
    import subprocess, sys

    def test_child():
        subprocess.run([sys.executable, "-c", "from shop.cart import Till; Till().never()"], check=True)
    """
OURS = ("--pyramid", "--pyramid-cov", "--pyramid-report=json:report.json")


def combined(folder: Path, configuration: str, *arguments: str) -> dict[str, Any]:
    """What the user's data says after `coverage run`, `coverage combine`: the totals, lines and arcs by context."""
    suite = SUITE.with_file("tests/e2e/test_child.py", CHILD)
    suite.with_file(".coveragerc", f"[run]\nsource = shop\nparallel = true\npatch = subprocess\n{configuration}").write(
        folder
    )
    without = [word for name in OTHERS for word in ("-p", f"no:{name}")]
    _coverage(folder, "run", "-m", "pytest", *without, *arguments)
    assert not (folder / ".coverage").exists()
    _coverage(folder, "combine")
    assert not list(folder.glob(".coverage.*"))
    _coverage(folder, "json", "-o", "cov.json")
    totals = json.loads((folder / "cov.json").read_text(encoding="utf-8"))["totals"]
    return {"totals": totals, **left_behind(folder)}


def _coverage(folder: Path, *words: str) -> None:
    command = [sys.executable, "-m", "coverage", *words]
    done = subprocess.run(
        command, cwd=folder, env=environment({}), capture_output=True, timeout=60, check=False, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "INTERNALERROR" not in done.stdout + done.stderr


def by_tier(folder: Path) -> list[dict[str, Any]]:
    """The coverage of every tier, as our report has it."""
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert (report["coverage"]["source"], report["coverage"]["incomplete"]) == ("coverage run", [])
    return [row["coverage"] for row in report["tiers"]]


@pytest.mark.parametrize("configuration", ["", "branch = true\n", "context = ci\n", "relative_files = true\n"])
def test_the_combined_data_is_the_same_with_us_and_each_tier_has_its_lines(tmp_path: Path, configuration: str) -> None:
    """Workers and a child included: totals, lines, arcs and contexts; and our figures are those of one process."""
    found = {
        name: combined(tmp_path / name, configuration, *arguments)
        for name, arguments in (("without", ("-n", "2")), ("with", ("-n", "2", *OURS)), ("alone", ("-n", "0", *OURS)))
    }
    assert found["with"] == found["without"]
    assert found["with"]["totals"]["percent_covered"] == 100.0
    assert by_tier(tmp_path / "with") == by_tier(tmp_path / "alone")
    assert by_tier(tmp_path / "with")[2]["exclusive"]["lines"] == 3
