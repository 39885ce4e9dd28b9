"""`pytest-pyramid init` from end to end: an old suite gets its settings and goes on passing."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness import CHECKOUT, NOTHING, Suite, environment

SHOP = CHECKOUT / "docs" / "examples" / "shop"
SECTION = "[[tool.pytest_pyramid.tiers]]"
MARKS = "import pytest\n\n@pytest.mark.{}\ndef test_marked(): pass\n"
OLD = {
    "pyproject.toml": "[project]\nname = 'old'\nversion = '1'\n",
    "tox.ini": '[testenv]\ncommands = pytest -m "not needs_network"\n',
    "tests/test_plain.py": "from time import sleep\n\ndef test_plain(): sleep(0.001)\n\ndef test_other(): pass\n",
    "tests/test_rates.py": MARKS.format("needs_network"),
    "tests/browser-tests/test_shop.py": "def test_shop(): pass\n",
}


def init(folder: Path) -> list[str]:
    """What the command says in the folder, which it leaves with status 0."""
    command = [sys.executable, "-m", "pytest_pyramid", "init"]
    done = subprocess.run(
        command, cwd=folder, env=environment({"PYTHONPATH": str(CHECKOUT)}), capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()


def explained(folder: Path, text: str) -> list[str]:
    """Tier, reason and name of every test with this pyproject.toml, sorted."""
    output = NOTHING.with_file("pyproject.toml", text).pytest(folder, "--pyramid", "--pyramid-explain=all").output
    return sorted(" ".join(line.split()) for line in output.splitlines() if "::" in line)


@pytest.mark.parametrize("workers", ["0", "2"])
def test_an_old_suite_passes_with_the_settings_that_are_written(tmp_path: Path, workers: str) -> None:
    """The last line is the next command; after it every test has its tier and the suite passes with guards on."""
    suite = Suite(unit=0, service=0, ui=0, files=tuple(OLD.items()))
    suite.write(tmp_path)
    said = init(tmp_path)
    new = NOTHING.with_file("pyproject.toml", (tmp_path / "pyproject.toml").read_text(encoding="utf-8"))
    program, *arguments = said[-1].split()
    assert program == "pytest"
    recorded = new.pytest(tmp_path, *arguments, "--pyramid-guard=error", "-n", workers)
    assert recorded.status == 0
    result = new.run(tmp_path, "--pyramid-guard=error", "-n", workers)
    assert (result.status, result.counts) == (0, {"passed": 4})
    assert {test["nodeid"]: test["tier"] for test in result.tests} == {
        "tests/test_plain.py::test_plain": "unit",
        "tests/test_plain.py::test_other": "unit",
        "tests/test_rates.py::test_marked": "service",
        "tests/browser-tests/test_shop.py::test_shop": "ui",
    }


def test_the_shop_without_its_settings_gets_the_same_tiers_again(tmp_path: Path) -> None:
    """Every test of the example is placed as its own settings place it."""
    folder = tmp_path / "shop"
    shutil.copytree(SHOP, folder, ignore=shutil.ignore_patterns(".*", "__pycache__"))
    config = folder / "pyproject.toml"
    text = config.read_text(encoding="utf-8")
    start, end = text.index(SECTION), text.index("[tool.ruff]")
    config.write_text(text[:start] + text[end:], encoding="utf-8")
    assert "unclassified" not in "\n".join(init(folder))
    written = config.read_text(encoding="utf-8")
    assert "share" not in written
    own, again = explained(folder, text), explained(folder, written)
    assert len(own) > 100
    assert own == again


def test_between_init_and_the_baseline_tests_can_be_listed(tmp_path: Path) -> None:
    """--collect-only judges nothing and asks for no baseline; a run does, and says how to record it."""
    config = "[tool.pytest_pyramid]\nbaseline = 'pyramid-baseline.toml'\n"
    suite = Suite(unit=2, service=0, ui=0).with_file("pyproject.toml", config)
    assert suite.pytest(tmp_path, "--pyramid", "--collect-only").status == 0
    asked = suite.pytest(tmp_path, "--pyramid")
    assert (asked.status, "--pyramid-update-baseline records" in asked.errors) == (4, True)
