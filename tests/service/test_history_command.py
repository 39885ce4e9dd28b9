"""`pytest-pyramid history`: shown, carried elsewhere, made smaller, verified."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pytest_pyramid.__main__ import main
from pytest_pyramid.core.history import Lesson, estimates
from pytest_pyramid.core.past_runs import Limits, PastResult, PastRun
from pytest_pyramid.stores import history, run_ledger

TEST = "tests/test_a.py::test_moody"


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A history at the usual place below the working directory: green, then red, on the same code."""
    monkeypatch.chdir(tmp_path)
    found = tmp_path / ".pytest_cache" / "pyramid" / "history.sqlite3"
    found.parent.mkdir(parents=True)
    for number, seconds in enumerate((2.0, -1.0)):
        seal = run_ledger.append(run_ledger.ledger_of(found), {"run": number})
        result = "failed" if seconds < 0 else "passed"
        results = [PastResult(TEST, "unit", result, 0.0, abs(seconds), 0.0, 0.5, "main")]
        run = PastRun(key=f"k{number}", started=1_790_000_000 + number, seconds=3.0, exit_status=number, workers=1,
                      tests=1, code=5, complete=True, shape="pyramid", failed=number, seal=seal)  # fmt: skip
        new = history.NewRun(run, results, {"tests/test_a.py": Lesson({TEST: seconds})}, {"tests/test_a.py"})
        history.add(found, [new], Limits())
    return found


def said(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> str:
    """What the command prints."""
    capsys.readouterr()
    assert main(["history", *arguments]) == status
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("show",), ("2 runs, 1 tests in 1 files", "2026-09-21 14:13:21", "red", "green, pyramid")),
        (("show", "moody"), ("2.00 s", TEST)),
        (("show", "nobody"), ("no test is known",)),
        (("slowest", "-n", "1"), ("2.00 s", TEST)),
        (("flaky",), ("1 of 2", "9 % to 91 %", TEST)),
        (("trend",), ("2026-09-21 14:13:20", "3.00 s")),
        (("verify",), ("2 lines, as they were written",)),
        (("prune", "--days", "100000"), ("0 runs forgotten",)),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_every_action_says_what_it_found(
    path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    """Each table names the test, or the run, with its figures."""
    text = said(capsys, *arguments)
    for word in words:
        assert word in text


def test_an_export_imports_as_the_same_history(path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """On another machine the same is known; what is known already is not taken twice."""
    lines, other = tmp_path / "out" / "runs.jsonl", tmp_path / "other" / "h.sqlite3"
    said(capsys, "export", str(lines))
    assert lines.read_text(encoding="utf-8") == said(capsys, "export")
    assert [json.loads(line)["run"]["key"] for line in lines.read_text(encoding="utf-8").splitlines()] == ["k0", "k1"]
    assert "2 of 2 runs were new" in said(capsys, "import", str(lines), "--file", str(other))
    assert "0 of 2 runs were new" in said(capsys, "import", str(lines), "--file", str(other))
    assert history.runs(other) == history.runs(path)
    assert history.memories(other) == history.memories(path)


def test_older_runs_that_are_imported_later_stand_before_newer_ones(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a test did last is told by the time of the run, not by that of the import."""
    lines = said(capsys, "export").splitlines()
    older = json.loads(lines[0])
    older["run"] |= {"key": "older", "started": older["run"]["started"] - 1000}
    source = path.parent / "older.jsonl"
    source.write_text(json.dumps(older) + "\n")
    said(capsys, "import", str(source))
    ((_, expected),) = estimates(history.memories(path)["tests/test_a.py"])
    assert (expected.runs, expected.failed_last) == (3, True)


@pytest.mark.parametrize(
    "line",
    [
        "text",
        "[]",
        "{}",
        '{"history": 2}',
        '{"history": 1, "columns": [], "tests": [], "run": {}}',
        '{"run": 1e999}',
        "result",
        "number",
        "key",
    ],
)
def test_what_is_no_export_is_refused_as_a_whole(path: Path, capsys: pytest.CaptureFixture[str], line: str) -> None:
    """The line is named, nothing is taken, and the exit status is that of bad usage."""
    good = said(capsys, "export").splitlines()[0]
    broken = json.loads(good)
    broken["run"]["key"] = "another"
    changes = {
        "result": [[TEST, "unit", "odd", 0, 0, 0, 0, ""]],
        "number": [[TEST, "unit", "passed", "x", 0, 0, 0, ""]],
    }
    if line in changes:
        line = json.dumps({**broken, "tests": changes[line]})
    elif line == "key":
        line = json.dumps({**broken, "run": {**broken["run"], "key": 7}})
    source = path.parent / "bad.jsonl"
    source.write_text(f"{json.dumps(broken)}\n{line}\n")
    assert main(["history", "import", str(source)]) == 4
    assert "line 2" in capsys.readouterr().err
    assert len(history.runs(path)) == 2


@pytest.mark.parametrize("keep", [slice(1), slice(1, 2), slice(0)], ids=["the last", "the first", "both"])
def test_lines_that_were_cut_off_are_found(path: Path, capsys: pytest.CaptureFixture[str], keep: slice) -> None:
    """The history knows the seal of every run, so that even a missing end shows."""
    ledger = run_ledger.ledger_of(path)
    ledger.write_text("".join(ledger.read_text().splitlines(keepends=True)[keep]))
    assert "is missing" in said(capsys, "verify", status=1)


def test_a_history_that_is_not_there_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is made by looking, and the configured place is where it looks."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text('[tool.pytest_pyramid]\nhistory = "mine.db"\n')
    for action in ("show", "flaky", "prune", "export"):
        assert main(["history", action]) == 4
        assert "there is no history at mine.db" in capsys.readouterr().err
    assert [file.name for file in tmp_path.iterdir()] == ["pyproject.toml"]
