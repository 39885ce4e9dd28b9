"""A stage starts only when the one before was green, and with its smoke tests."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.service.conftest import Project

FILES = {"tests/unit/test_u.py": "def test_u(): pass\n", "tests/ui/test_e.py": "def test_e(): pass\n"}


def commit_stage(project: Project, *arguments: str) -> Path:
    """The verdict file of a run of the commit stage."""
    project.pytest("--pyramid", "--pyramid-stage=commit", "--pyramid-report=verdict:commit.verdict", *arguments)
    return project.path / "commit.verdict"


def acceptance(project: Project) -> pytest.RunResult:
    """The result of the stage after it."""
    return project.pytest("--pyramid", "--pyramid-stage=acceptance", "--pyramid-require=commit.verdict")


def test_a_green_stage_lets_the_next_one_start(project: Project) -> None:
    """Both ran their tiers."""
    commit_stage(project.files(FILES))
    acceptance(project).assert_outcomes(passed=1, deselected=1)


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ("missing", "there is no such file"),
        ("red", "was red: it ended with exit status 1"),
        ("tampered", "changed after it was sealed"),
        ("other", "it is no verdict"),
        ("empty", "it holds 0 lines"),
        ("narrowed", "left tests out: -k test_u"),
        ("shard", "was shard 1/2 alone"),
    ],
)
def test_a_verdict_of_no_use_is_refused_with_its_reason(project: Project, case: str, said: str) -> None:
    """Exit status 4, before anything is collected."""
    project.files(FILES | ({"tests/unit/test_b.py": "def test_b(): assert 0\n"} if case in {"red", "tampered"} else {}))
    path = commit_stage(project, *{"narrowed": ("-k", "test_u"), "shard": ("--pyramid-shard=1/2",)}.get(case, ()))
    if case == "missing":
        path.unlink()
    elif case == "tampered":
        path.write_text(path.read_text(encoding="utf-8").replace('"exit_status": 1', '"exit_status": 0'), "utf-8")
    elif case in {"other", "empty"}:
        path.write_text("{}\n" if case == "other" else "", encoding="utf-8")
    result = acceptance(project)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert said in result.stderr.str()
    assert "collected" not in result.stdout.str()


def test_a_verdict_of_another_commit_is_refused(project: Project) -> None:
    """The code has changed since."""

    def git(*words: str) -> None:
        name = ("-c", "user.name=x", "-c", "user.email=x@example.org")
        subprocess.run(["git", *name, *words], cwd=project.path, check=True, capture_output=True)

    project.files(FILES)
    git("init")
    git("commit", "--allow-empty", "-m", "one")
    commit_stage(project)
    assert acceptance(project).ret == 0
    git("commit", "--allow-empty", "-m", "two")
    result = acceptance(project)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert ", here is " in result.stderr.str()


@pytest.mark.parametrize("workers", ["0", "2"])
def test_smoke_tests_start_first_in_their_tier(project: Project, workers: str) -> None:
    """And no earlier than what stands below; their mark is known."""
    mark = "import pytest\n@pytest.mark.smoke\n"
    project.files(
        FILES
        | {
            "tests/unit/test_z.py": f"def test_z(): pass\n{mark}def test_s(): pass\n",
            "tests/ui/test_y.py": f"{mark}def test_s(): pass\n",
        }
    )
    report = project.report("--strict-markers", f"-n{workers}")
    ran = sorted((test for test in report["tests"]), key=lambda test: test["start"])
    names = [(test["tier"], test["nodeid"].rpartition("::")[2]) for test in ran]
    assert names[0] == ("unit", "test_s") or workers == "2"
    assert {tier for tier, _ in names[:3]} == {"unit"}
    assert workers == "2" or names[3] == ("ui", "test_s")
