"""Whether a run is the whole suite, told from what was asked for."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service.conftest import Project

SUITE = {
    "tests/unit/test_a.py": "def test_a(): pass\n",
    "tests/unit/test_b.py": "def test_b(): pass\n",
    "tests/ui/test_c.py": "import pytest\n@pytest.mark.ui\ndef test_c(): pass\n",
    "docs/test_d.py": "def test_d(): pass\n",
}
WHOLE = None


def reason(project: Project, *arguments: str) -> Any:
    """Why the run of these arguments is partial."""
    return project.files(SUITE).report(*arguments)["run"]["partial_reason"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], WHOLE),
        (["."], WHOLE),
        (["tests"], WHOLE),
        (["tests/unit"], "only tests/unit"),
        (["tests/unit", "tests/ui"], "only tests/unit and 1 more"),
        (["tests/unit/test_a.py"], "only tests/unit/test_a.py"),
        (["tests/unit/test_a.py::test_a"], "only tests/unit/test_a.py::test_a"),
        (["-k", "a or b"], "-k a or b"),
        (["-m", "not ui"], "-m not ui"),
        (["--deselect", "tests/ui/test_c.py"], "--deselect"),
        (["--ignore=docs"], "--ignore"),
        (["--ignore-glob=doc*"], "--ignore-glob"),
        (["--pyramid-tier=ui"], "only ui"),
        (["--pyramid-upto=service"], "only unit, service"),
        (["--pyramid-upto=ui"], WHOLE),
        (["-x"], WHOLE),
        (["-p", "cacheprovider", "--lf"], "--last-failed"),
        (["-p", "cacheprovider", "--ff"], WHOLE),
    ],
)
def test_a_part_is_told_by_what_was_asked_for(project: Project, arguments: list[str], expected: str | None) -> None:
    """Selecting tests makes a run partial; choosing their order or where to stop does not."""
    assert reason(project, *arguments) == expected


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], WHOLE),
        (["."], WHOLE),
        (["tests"], WHOLE),
        (["tests/unit", "tests/ui"], WHOLE),
        (["tests/unit"], "only tests/unit"),
        (["docs"], "only docs"),
    ],
)
def test_testpaths_say_what_the_whole_is(project: Project, arguments: list[str], expected: str | None) -> None:
    """With testpaths a run is whole when it holds all of them."""
    project.files({"pytest.ini": "[pytest]\ntestpaths = tests/unit tests/ui\n"})
    assert reason(project, *arguments) == expected


def test_what_the_project_always_leaves_out_is_no_part(project: Project) -> None:
    """Folders that addopts ignores are no tests of this suite; one more on the command line makes it partial."""
    project.files({"pytest.ini": "[pytest]\naddopts = --ignore=docs\n"})
    assert reason(project) is WHOLE
    assert reason(project, "--ignore=tests/ui") == "--ignore"


def test_a_run_from_a_folder_of_one_tier_is_partial(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """pytest collects the working directory, so where it is started counts like an argument."""
    project.files(SUITE)
    monkeypatch.chdir(project.path / "tests" / "unit")
    project.pytest("--pyramid", f"--pyramid-report=json:{project.path / 'r.json'}")
    assert '"partial_reason": "only tests/unit"' in (project.path / "r.json").read_text(encoding="utf-8")


def test_a_tier_that_names_everything_makes_no_run_partial(project: Project) -> None:
    """The root folder is the whole suite, also where a glob of one tier names it."""
    section = "[pytest_pyramid:tier:unit]\npaths = **\n[pytest_pyramid:tier:ui]\n"
    project.files({"pytest.ini": f"[pytest]\n{section}"})
    assert reason(project, ".") is WHOLE
