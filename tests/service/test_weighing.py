"""Evidence places the tests that nothing else places, when it is strong."""

from __future__ import annotations

from typing import Any

from tests.service.conftest import Project

SUITE = {
    "test_flat.py": (
        "import pytest, subprocess, sys\n"
        "def test_tool(): assert len(sys.argv) or subprocess.run([])\n"
        "def test_mocked(client): assert client\n"
        "def test_plain(): pass\n"
        "@pytest.mark.unit\ndef test_marked(): assert len(sys.argv) or subprocess.run([])\n"
        "@pytest.mark.parametrize('n', [1, 2])\ndef test_cases(n, client): pass\n"
        "@pytest.fixture\ndef client(): return 1\n"
    ),
}


def recorded(project: Project, *arguments: str, ini: str = "[pytest]\n") -> dict[str, dict[str, Any]]:
    """The tests of the report by name."""
    report = project.files({**SUITE, "pytest.ini": ini}).report(*arguments)
    return {test["nodeid"].partition("::")[2]: test for test in report["tests"]}


def test_strong_evidence_places_a_test(project: Project) -> None:
    """A test that starts a process is a service test; one that only asks for a client has a hint; a mark outdoes both."""
    tests = recorded(project)
    assert (tests["test_tool"]["tier"], tests["test_tool"]["classified_by"]) == ("service", "call subprocess.run")
    assert tests["test_marked"]["tier"] == "unit"
    assert "hints" not in tests["test_marked"]
    assert "hints" not in tests["test_plain"]
    hint = {"tier": "service", "kind": "fixture", "what": "client", "confidence": 0.5}
    for name in ("test_mocked", "test_cases[1]", "test_cases[2]"):
        assert tests[name]["tier"] == "unclassified"
        assert tests[name]["hints"] == [hint]


def test_evidence_comes_before_the_default_tier(project: Project) -> None:
    """The default is for tests that nothing speaks for; weak evidence stays a hint there too."""
    tests = recorded(project, ini="[pytest]\n[pytest_pyramid]\ndefault-tier = ui\n")
    assert (tests["test_tool"]["tier"], tests["test_mocked"]["tier"]) == ("service", "ui")
    assert tests["test_mocked"]["classified_by"] == "default tier ui"
    assert [hint["what"] for hint in tests["test_mocked"]["hints"]] == ["client"]


def test_workers_find_the_same(project: Project) -> None:
    """Evidence crosses the wire with the rest of what is known about a test."""
    alone = recorded(project)
    distributed = recorded(project, "-n", "1")
    for name, test in alone.items():
        assert distributed[name]["classified_by"] == test["classified_by"]
        assert distributed[name].get("hints") == test.get("hints")


def test_a_project_may_suggest(project: Project) -> None:
    """A suggestion of a conftest counts like the built-in ones."""
    conftest = (
        "from pytest_pyramid.core.evidence import Suggestion\n"
        "def pytest_pyramid_suggest(evidence):\n"
        "    if 'plain' in evidence.test.nodeid: return Suggestion('ui', 'name', 'plain', 0.9)\n"
    )
    project.files({"conftest.py": conftest})
    assert recorded(project)["test_plain"]["classified_by"] == "name plain"
