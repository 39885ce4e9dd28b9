"""`pytest-pyramid render`: a report again from its JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pytest_pyramid import __version__
from pytest_pyramid.__main__ import main
from tests.service.conftest import Project


@pytest.fixture
def saved(project: Project) -> Path:
    """The JSON report of a small run with a closed gate."""
    project.files(
        {
            "tests/unit/test_a.py": "def test_a(): assert 0\n",
            "tests/ui/test_b.py": "def test_b(): pass\n",
        }
    ).report()
    return project.path / "report.json"


def test_the_summary_is_printed_again(saved: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a format the terminal summary appears, and the exit status says that it was printed, no more."""
    capsys.readouterr()
    assert main(["render", str(saved)]) == 0
    printed = capsys.readouterr().out
    for word in ("unit", "ui", "withheld", "tests/unit/test_a.py::test_a"):
        assert word in printed


def test_a_report_is_the_same_after_a_round_trip(saved: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """JSON rendered as JSON says the same, into a file in new folders and on the standard output."""
    capsys.readouterr()
    again = saved.parent / "new" / "again.json"
    assert main(["render", str(saved), "--report", f"json:{again}", "--report=json:-"]) == 0
    first = json.loads(saved.read_text(encoding="utf-8"))
    assert json.loads(again.read_text(encoding="utf-8")) == first
    assert json.loads(capsys.readouterr().out) == first


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "No such file"),
        ("", "bad.json: "),
        ("[]", "bad.json: "),
        ("{}", "schema_version"),
        ('{"schema_version": 99}', "99"),
        ('{"schema_version": 1}', "bad.json: "),
        (b"\xff", "bad.json: "),
    ],
)
def test_a_file_that_is_no_report_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | bytes | None, words: str
) -> None:
    """Exit status 4 and one line with the file's name; no traceback."""
    path = tmp_path / "bad.json"
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert main(["render", str(path)]) == 4
    told = capsys.readouterr().err
    assert told.startswith("pytest-pyramid render: ")
    assert words in told
    assert told.count("\n") == 1


@pytest.mark.parametrize("target", ["json", "jsn:x.json", ":x.json", "json:"])
def test_a_target_that_is_none_is_told(saved: Path, capsys: pytest.CaptureFixture[str], target: str) -> None:
    """A mistyped format is a usage error that lists the formats, and nothing is written."""
    before = sorted(saved.parent.iterdir())
    capsys.readouterr()
    assert main(["render", str(saved), "--report", target]) == 4
    assert "json" in capsys.readouterr().err
    assert sorted(saved.parent.iterdir()) == before


@pytest.mark.parametrize("arguments", [[], ["rendr"], ["render"], ["render", "a", "b"], ["--nonsense"]])
def test_arguments_that_cannot_be_meant_end_with_status_4(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit status 2 means an interrupted run everywhere else, so a usage error is 4 as in pytest."""
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 4
    assert "usage: pytest-pyramid" in capsys.readouterr().err


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """The version is that of the distribution, under its real name."""
    with pytest.raises(SystemExit) as stopped:
        main(["--version"])
    assert stopped.value.code == 0
    assert capsys.readouterr().out == f"pytest-test-pyramid {__version__}\n"
