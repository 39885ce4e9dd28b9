"""Coverage by tier of a run in shards."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.harness import REPORT, Suite
from tests.ui.test_coverage import seeded


def in_shards(suite: Suite, folder: Path, of: int, *arguments: str) -> dict[str, Any]:
    """The merged report of the shards, each of which ran with the arguments."""
    parts = [folder / f"part{number}.json" for number in range(1, of + 1)]
    for number, part in enumerate(parts, start=1):
        suite.run(folder, f"--pyramid-shard={number}/{of}", *arguments)
        (folder / REPORT).rename(part)
    whole = folder / "whole.json"
    command = [sys.executable, "-m", "pytest_pyramid", "merge", *map(str, parts), f"--report=json:{whole}"]
    subprocess.run(command, cwd=folder, check=False, timeout=60)
    found: dict[str, Any] = json.loads(whole.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize(("of", "workers"), [(2, "2"), (3, "0")])
def test_merged_coverage_is_that_of_the_unsharded_run(tmp_path: Path, of: int, workers: str) -> None:
    """Key by key, with branches: the section, what stands with the tiers, and what PYR601 and PYR602 judge by it."""
    tiers = (
        f'[[tool.pytest_pyramid.tiers]]\nname = "{name}"\nmin-coverage = 0.99\n' for name in ("unit", "service", "ui")
    )
    limit = '[tool.pytest_pyramid.severity]\nPYR602 = "warning"\n[tool.pytest_pyramid.rules.PYR602]\nmax-share = 0.01\nmin-lines = 1\n'
    suite = seeded(3)[0].with_file("pyproject.toml", "".join(tiers) + limit)
    alone = suite.run(tmp_path, "--pyramid-cov").report
    whole = in_shards(suite, tmp_path, of, "--pyramid-cov", "-n", workers)
    assert whole["coverage"] == alone["coverage"]
    assert [row["coverage"] for row in whole["tiers"]] == [row["coverage"] for row in alone["tiers"]]
    judged = [[one for one in report["violations"] if one["code"].startswith("PYR60")] for report in (alone, whole)]
    assert judged[0] == judged[1]
    assert {one["code"] for one in judged[0]} == {"PYR601", "PYR602"}
