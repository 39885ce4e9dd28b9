"""Coverage by tier of a run in shards or stages."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.harness import REPORT, Suite
from tests.ui.test_coverage import seeded

STAGES = ("--pyramid-stage=commit", "--pyramid-stage=acceptance")


def in_parts(suite: Suite, folder: Path, cuts: Sequence[str], *arguments: str) -> dict[str, Any]:
    """The merged report of the parts that the options cut, each of which ran with the arguments."""
    parts = [folder / f"part{number}.json" for number, _ in enumerate(cuts)]
    for cut, part in zip(cuts, parts, strict=True):
        suite.run(folder, cut, *arguments)
        (folder / REPORT).rename(part)
    whole = folder / "whole.json"
    command = [sys.executable, "-m", "pytest_pyramid", "merge", *map(str, parts), f"--report=json:{whole}"]
    subprocess.run(command, cwd=folder, check=False, timeout=60)
    found: dict[str, Any] = json.loads(whole.read_text(encoding="utf-8"))
    return found


def shards(of: int) -> list[str]:
    """The options that cut so many shards."""
    return [f"--pyramid-shard={number}/{of}" for number in range(1, of + 1)]


def without_times(report: dict[str, Any]) -> dict[str, Any]:
    """The coverage section, without which of several tests was quickest: that is another one in every run."""
    section: dict[str, Any] = report["coverage"]
    for file in section["files"]:
        for stretch in file["push_down"]:
            stretch["nodeid"] = bool(stretch["nodeid"])
    return section


@pytest.mark.parametrize(
    ("cuts", "workers", "detail"),
    [
        (shards(2), "2", "tier"),
        (shards(3), "0", "tier"),
        (shards(2), "2", "test"),
        (shards(3), "0", "test"),
        (STAGES, "2", "tier"),
        (STAGES, "0", "test"),
    ],
)
def test_merged_coverage_is_that_of_the_whole_run(
    tmp_path: Path, cuts: Sequence[str], workers: str, detail: str
) -> None:
    """Key by key, with branches: the section, redundant tests in it, what stands with the tiers, and what is judged."""
    tiers = (
        f'[[tool.pytest_pyramid.tiers]]\nname = "{name}"\nmin-coverage = 0.99\n' for name in ("unit", "service", "ui")
    )
    limit = '[tool.pytest_pyramid.severity]\nPYR602 = "warning"\n[tool.pytest_pyramid.rules.PYR602]\nmax-share = 0.01\nmin-lines = 1\n'
    suite = seeded(3)[0].with_file("pyproject.toml", "".join(tiers) + limit)
    suite = suite.with_file(
        "base.toml",
        "schema_version = 1\n[shares]\nunit = 0.9\nservice = 0.1\nui = 0.0\n[coverage]\nunit = 0.2\nservice = 1.0\n",
    )
    asked = (f"--pyramid-cov={detail}", "--pyramid-baseline=base.toml")
    alone = suite.run(tmp_path, *asked).report
    whole = in_parts(suite, tmp_path, cuts, *asked, "-n", workers)
    assert without_times(whole) == without_times(alone)
    assert bool(whole["coverage"]["redundancy"]) is (detail == "test")
    assert [row["coverage"] for row in whole["tiers"]] == [row["coverage"] for row in alone["tiers"]]
    judged = [
        [one for one in report["violations"] if one["code"].startswith(("PYR60", "PYR704", "PYR705"))]
        for report in (alone, whole)
    ]
    assert judged[0] == judged[1]
    assert {one["code"] for one in judged[0]} == {"PYR601", "PYR602", "PYR704", "PYR705"}
