"""Verdicts of the whole run: shape, targets, and what they do to the exit status."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from tests.harness import Suite

TARGET = """
    [[tool.pytest_pyramid.tiers]]
    name = "unit"
    share = { min = MIN }

    [[tool.pytest_pyramid.tiers]]
    name = "service"

    [[tool.pytest_pyramid.tiers]]
    name = "ui"
    share = { max = 0.2 }
"""


@pytest.mark.parametrize("workers", ["0", "2"])
def test_an_inverted_pyramid_fails_the_run_with_a_clear_message(tmp_path: Path, workers: str) -> None:
    """All tests pass and the status is 1; the report and the terminal name the rule and both tiers."""
    result = Suite(unit=3, service=6, ui=12).run(tmp_path, "-n", workers)
    assert (result.status, result.counts) == (1, {"passed": 21})
    assert set(result.codes) == {"PYR101"}
    assert result.report["shape"]["name"] == "ice-cream-cone"
    assert "ui has 12 test functions, more than service below it (6)" in result.output
    assert "Traceback" not in result.output + result.errors


@pytest.mark.parametrize("workers", ["0", "2"])
def test_strict_makes_a_warning_fail_the_run(tmp_path: Path, workers: str) -> None:
    """One test without a tier is a warning, and with --pyramid-strict an error."""
    suite = Suite(unit=9).with_file("test_loose.py", "def test_loose():\n    pass\n")
    mild, strict = suite.run(tmp_path, "-n", workers), suite.run(tmp_path, "-n", workers, "--pyramid-strict")
    assert (mild.status, strict.status) == (0, 1)
    assert (mild.codes, strict.codes) == (["PYR201"], ["PYR201"])
    assert [result.report["violations"][0]["severity"] for result in (mild, strict)] == ["warning", "error"]
    assert strict.counts == {"passed": 13}


def test_a_target_changes_verdict_and_report(tmp_path: Path) -> None:
    """The same suite keeps one target and misses the other; the report shows the target that was set."""
    suite = Suite(unit=6, service=3, ui=1)
    kept = suite.with_file("pyproject.toml", TARGET.replace("MIN", "0.6")).run(tmp_path)
    missed = suite.with_file("pyproject.toml", TARGET.replace("MIN", "0.7")).run(tmp_path)
    assert (kept.status, kept.codes) == (0, [])
    assert (missed.status, missed.codes) == (1, ["PYR102"])
    assert [row["target"] for row in missed.report["tiers"]] == [
        {"min": 0.7, "max": None},
        {"min": None, "max": None},
        {"min": None, "max": 0.2},
    ]
    assert kept.report["tiers"][0]["target"]["min"] == 0.6


def test_a_rule_that_is_switched_off_says_nothing(tmp_path: Path) -> None:
    """ignore leaves the shape as it is and the run well."""
    section = '[tool.pytest_pyramid]\nignore = ["PYR101"]\n'
    result = Suite(unit=3, service=6, ui=12).with_file("pyproject.toml", section).run(tmp_path)
    assert (result.status, result.codes, result.report["shape"]["name"]) == (0, [], "ice-cream-cone")


def test_a_tier_may_have_less_workers_than_the_run(tmp_path: Path) -> None:
    """`workers = 1` runs the tests of that tier one after the other, and the other tiers on all workers."""
    section = (
        '[[tool.pytest_pyramid.tiers]]\nname = "unit"\n\n[[tool.pytest_pyramid.tiers]]\nname = "ui"\nworkers = 1\n'
    )
    text = "import time, pytest\n\n@pytest.mark.parametrize('n', range(5))\ndef test_n(n):\n    time.sleep(0.06)\n"
    suite = Suite(unit=4, service=0, ui=0).with_file("tests/e2e/test_a.py", text).with_file("tests/e2e/test_b.py", text)
    result = suite.with_file("pyproject.toml", section).run(tmp_path, "-n", "2")
    ui = sorted((test for test in result.tests if test["tier"] == "ui"), key=lambda test: test["start"])
    assert (result.status, len(ui)) == (0, 10)
    assert all(one["start"] + one["seconds"] <= other["start"] + 0.02 for one, other in itertools.pairwise(ui))


def test_a_slow_test_that_fails_keeps_its_own_message(tmp_path: Path) -> None:
    """Being over its tier's limit does not replace what the test itself said."""
    section = '[[tool.pytest_pyramid.tiers]]\nname = "unit"\nmax-seconds = 0.05\n'
    text = "import time\n\ndef test_slow():\n    time.sleep(0.1)\n    assert 1 == 2\n"
    suite = (
        Suite(unit=1, service=0, ui=0).with_file("pyproject.toml", section).with_file("tests/unit/test_slow.py", text)
    )
    slow = suite.run(tmp_path, "-n", "2").test("test_slow")
    assert (slow["outcome"], slow["message"]) == ("failed", "assert 1 == 2")
