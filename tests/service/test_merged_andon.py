"""People are told of a pipeline once, when its shards are merged, where that is asked for."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from pytest_pyramid.__main__ import main
from pytest_pyramid.core.incidents import Incident, State
from pytest_pyramid.stores import incident_file
from tests.service.conftest import Project

pytestmark = pytest.mark.pyramid_allow("process", reason="who tells people is a process")

TELLER = "import json, sys; print(json.load(sys.stdin)['title'], file=open({!r}, 'a'))"
RED, GREEN = "def test_a(): assert 1 == 2\n", "def test_a(): pass\n"


@pytest.fixture
def pipeline(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project on a build server that tells a program."""
    for name, value in {"CI": "true", "GITHUB_REF_NAME": "main"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("GITHUB_HEAD_REF", raising=False)
    configure(project, 'shards = "merge"')
    return project.files({"tests/unit/test_a.py": RED, "tests/unit/test_b.py": RED, "tests/ui/test_c.py": GREEN})


def configure(project: Project, more: str) -> None:
    """Let the project's andon be set so."""
    (project.path / "pytest.ini").unlink(missing_ok=True)
    words = [sys.executable, "-c", TELLER.format(str(project.path / "told"))]
    table = f'[tool.pytest_pyramid.andon]\nnotify = ["command"]\ncommand = {json.dumps(words)}\n{more}\n'
    project.files({"pyproject.toml": f"[tool.pytest.ini_options]\n{table}"})


def merged(project: Project) -> int:
    """The exit status of a merge of two shards."""
    names = ["part1.json", "part2.json"]
    for number, name in enumerate(names, 1):
        project.pytest("--pyramid", f"--pyramid-shard={number}/2", f"--pyramid-report=json:{name}")
    return main(["merge", *names, "--report=json:whole.json"])


def told(project: Project) -> list[str]:
    """The titles of all notices."""
    path = project.path / "told"
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def incidents(project: Project) -> tuple[Incident, ...]:
    """What is kept."""
    return incident_file.incidents(Path(project.path, ".pytest_cache/pyramid/history.andon.json"))


def test_a_red_pipeline_is_one_incident_and_a_green_one_ends_it(
    pipeline: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two shards failed, twice, and one notice was sent; the exit status is that of the tests."""
    assert (merged(pipeline), merged(pipeline)) == (1, 1)
    said = "gate unit closed on main by tests/unit/test_a.py::test_a"
    assert told(pipeline) == [said]
    errors = capsys.readouterr().err
    assert "merge: andon: gate unit closed, incident" in errors
    assert "merge: andon: gate unit closed in 2 runs, incident" in errors
    pipeline.files({"tests/unit/test_a.py": GREEN})
    assert merged(pipeline) == 1
    pipeline.files({"tests/unit/test_b.py": GREEN})
    assert (merged(pipeline), merged(pipeline)) == (0, 0)
    assert told(pipeline) == [said, "gate unit open again on main"]
    (one,) = incidents(pipeline)
    assert (one.state, one.runs, one.nodeid) == (State.CLEARED, 3, "tests/unit/test_a.py::test_a")


def test_a_shard_says_that_it_tells_nobody(pipeline: Project) -> None:
    """So that nobody waits for a notice where nothing is merged."""
    result = pipeline.pytest("--pyramid", "--pyramid-shard=1/2")
    result.stdout.fnmatch_lines(["*andon: of a shard nobody is told*"])
    assert not told(pipeline)


@pytest.mark.parametrize("more", ['shards = "merge"\nbranches = ["release/*"]', "", "notify = []"])
def test_who_is_not_to_be_told_is_not(pipeline: Project, more: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another branch, shards that tell for themselves, nobody wanted."""
    names = ["part1.json", "part2.json"]
    configure(pipeline, more) if "notify" not in more else pipeline.files({"pyproject.toml": "[tool.pytest]\n"})
    monkeypatch.delenv("CI")  # the shards themselves tell nobody
    for number, name in enumerate(names, 1):
        pipeline.pytest("--pyramid", f"--pyramid-shard={number}/2", f"--pyramid-report=json:{name}")
    monkeypatch.setenv("CI", "true")
    assert main(["merge", *names, "--report=json:whole.json"]) == 1
    assert not told(pipeline)


def test_off_a_build_server_nobody_is_told(pipeline: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """As with a run."""
    monkeypatch.delenv("CI")
    assert merged(pipeline) == 1
    assert not told(pipeline)


def test_a_notifier_that_breaks_does_not_change_the_verdict(
    pipeline: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is said, and that is all."""
    pipeline.files(
        {
            "pyproject.toml": '[tool.pytest_pyramid.andon]\nnotify = ["command"]\ncommand = ["no-such-program"]\nshards = "merge"\n',
        }
    )
    assert merged(pipeline) == 1
    assert "command failed: no-such-program cannot be started" in capsys.readouterr().err
