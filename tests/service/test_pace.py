"""Time judged beside the history of real runs."""

from __future__ import annotations

import pytest

from tests.service.conftest import Project

KEPT = "--pyramid-history=h.sqlite3"
INI = "[pytest]\n[pytest_pyramid:tier:unit]\nmax-seconds = 0.1\n[pytest_pyramid:tier:service]\n"
MOODY = "import os, time\n\ndef test_moody():\n    time.sleep(float(os.environ.get('MOOD', 0)))\n"


def codes(project: Project, *arguments: str) -> list[str]:
    """The codes about time that a run finds."""
    found = project.report(KEPT, "--pyramid-guard=off", *arguments)["violations"]
    return [one["code"] for one in found if one["code"].startswith("PYR4")]


def test_one_slow_run_is_chance_and_the_second_is_not(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Quick runs first; without a past the same slow run counts at once."""
    project.files({"pytest.ini": INI, "tests/unit/test_a.py": MOODY})
    for _ in range(5):
        assert codes(project) == []
    monkeypatch.setenv("MOOD", "0.25")
    assert codes(project, "--pyramid-history=other.sqlite3") == ["PYR401"]
    assert codes(project) == []
    assert codes(project) == ["PYR401", "PYR403"]


@pytest.mark.parametrize(("words", "told"), [(["-v"], True), ([], False)])
def test_advice_about_limits_is_for_those_who_ask_for_more(project: Project, words: list[str], told: bool) -> None:
    """With -v a limit that is far above what its tests need is told in a note; nothing else changes."""
    quick = "import time, pytest\n\n@pytest.mark.parametrize('n', range(20))\ndef test_q(n):\n    time.sleep(0.001)\n"
    project.files({"pytest.ini": INI.replace("0.1", "30"), "tests/unit/test_a.py": quick})
    result = project.pytest("--pyramid", *words)
    assert result.ret == 0
    assert any("advice: the slowest of 20 unit tests" in line for line in result.outlines) is told
