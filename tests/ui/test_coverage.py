"""Coverage by tier in real runs: whoever measures, with workers and without, and never at the user's cost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.harness import NOTHING, Result

SHOP = """\
def add(a, b):
    if a > 100:
        return "many"
    return a + b


def tax(x):
    return x * 1.2


class Till:
    def pay(self, x):
        if x:
            return tax(x)
        return 0

    def never(self):
        return 1
"""
SUITE = (
    NOTHING.with_file("shop/__init__.py", "")
    .with_file("shop/cart.py", SHOP)
    .with_file("tests/conftest.py", "import shop.cart\n")
    .with_file("tests/unit/test_u.py", "from shop.cart import add\ndef test_add():\n    assert add(1, 2) == 3\n")
    .with_file(
        "tests/service/test_s.py",
        "from shop.cart import Till, add\ndef test_pay():\n    assert Till().pay(1)\n"
        "def test_same():\n    assert add(1, 2) == 3\n",
    )
    .with_file(
        "tests/e2e/test_e.py",
        "from shop.cart import Till, add\ndef test_zero():\n    assert Till().pay(0) == 0\n"
        "def test_many():\n    assert add(1000, 0)\n",
    )
    .with_file(".coveragerc", "[run]\nsource = shop\n")
)
EXPECTED = {
    "unit": {"own": 2, "alone": 7, "cumulative": 7, "new": 2, "exclusive": 0},
    "service": {"own": 5, "alone": 10, "cumulative": 10, "new": 3, "exclusive": 2},
    "ui": {"own": 4, "alone": 9, "cumulative": 12, "new": 2, "exclusive": 2},
}
"""Of thirteen statements, five of which import executes; lines 13 and 14 are the pay and tax of the till."""

WORKERS = pytest.mark.parametrize("workers", ["0", "2"])


def counts(result: Result) -> dict[str, dict[str, int]]:
    """The lines of every part by tier."""
    return {
        row["name"]: {part: value["lines"] for part, value in row["coverage"].items() if isinstance(value, Mapping)}
        for row in result.report["tiers"]
    }


def under_coverage(folder: Path, before: Sequence[str], *arguments: str) -> Result:
    """The result of `coverage run … -m pytest --pyramid --pyramid-cov`."""
    SUITE.write(folder)
    without = [word for name in ("randomly", "django", "asyncio") for word in ("-p", f"no:{name}")]
    ours = ["--pyramid", "--pyramid-cov", "--pyramid-report=json:report.json"]
    command = [sys.executable, "-m", "coverage", "run", *before, "-m", "pytest", *without, *ours, *arguments]
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "COV"))}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=60, check=False, text=True)
    assert "INTERNALERROR" not in done.stdout + done.stderr
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return Result(status=done.returncode, report=report, output=done.stdout, errors=done.stderr)


@WORKERS
@pytest.mark.parametrize("how", [(), ("--cov", "--cov-report="), ("--cov=shop", "--cov-branch", "--cov-report=")])
def test_each_tier_has_its_lines(tmp_path: Path, workers: str, how: tuple[str, ...]) -> None:
    """Alone or beside pytest-cov, in one process or in workers, lines or branches: the same figures."""
    result = SUITE.run(tmp_path, "--pyramid-cov", "-n", workers, *how)
    assert result.status == 0
    assert counts(result) == EXPECTED
    coverage: dict[str, Any] = result.report["coverage"]
    assert coverage["source"] == ("pytest-cov" if how else "pytest-test-pyramid")
    assert (coverage["total"]["lines"], coverage["imported"]["lines"], coverage["incomplete"]) == (13, 5, [])
    assert coverage["branch"] is ("--cov-branch" in how)
    assert not list(tmp_path.glob(".coverage.*"))
    assert "5 lines are covered only from above unit: shop/cart.py 5" in result.output


@WORKERS
@pytest.mark.parametrize("patch", ["", "patch = subprocess\n"])
def test_coverage_run_is_measured_too(tmp_path: Path, workers: str, patch: str) -> None:
    """Also its workers, which it does not measure by itself."""
    rc = tmp_path / "rc"
    rc.write_text(f"[run]\nsource = shop\n{patch}", encoding="utf-8")
    result = under_coverage(tmp_path, [f"--rcfile={rc}"], "-n", workers)
    assert counts(result) == EXPECTED
    assert result.report["coverage"]["source"] == "coverage run"
