"""Report files: checked before, written whole or not at all."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from pytest_pyramid.stores.report_files import obstacle, write


def test_a_report_is_written_into_new_folders(tmp_path: Path) -> None:
    """Missing folders are made by the check and by the writing."""
    for made in (tmp_path / "a/b/r.json", tmp_path / "c/d/r.json"):
        if made.parts[-3] == "a":
            assert obstacle(made) is None
            assert made.parent.is_dir()
        write(made, "{}\n")
        assert made.read_text(encoding="utf-8") == "{}\n"


def test_an_old_report_is_replaced_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    """Readers see the old text or the new one; the file has the permissions of any new file."""
    path = tmp_path / "r.json"
    path.write_text("old", encoding="utf-8")
    assert obstacle(path) is None
    write(path, "new ▲")
    assert path.read_text(encoding="utf-8") == "new ▲"
    assert list(tmp_path.iterdir()) == [path]
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~mask


def test_a_failure_leaves_the_old_report(tmp_path: Path) -> None:
    """Text that cannot be written does not cost the report of the last run, nor leave a half one."""
    path = tmp_path / "r.json"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(UnicodeEncodeError):
        write(path, "half a character: \ud800")
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """What a link points to is written, as every other program would."""
    target = tmp_path / "real" / "r.json"
    target.parent.mkdir()
    for text in ("first", "second"):
        link = tmp_path / "link.json"
        if not link.is_symlink():
            link.symlink_to(target)
        assert obstacle(link) is None
        write(link, text)
        assert link.is_symlink()
        assert target.read_text(encoding="utf-8") == text


def test_a_pipe_takes_the_text_as_it_comes(tmp_path: Path) -> None:
    """A named pipe, or a shell's process substitution, is written to and stays what it is."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text(encoding="utf-8")), daemon=True)
    reader.start()
    assert obstacle(pipe) is None
    write(pipe, "text")
    reader.join(timeout=5)
    assert read == ["text"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_the_folder_of_a_pipe_need_not_be_writable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody may make files in /dev/fd, where shells keep the pipes of process substitutions."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) == pipe)
    assert obstacle(pipe) is None


@pytest.mark.parametrize(
    ("path", "reason"), [("folder", "it is a folder"), ("file/r.json", "its folder cannot be made")]
)
def test_an_obstacle_is_named(tmp_path: Path, path: str, reason: str) -> None:
    """What would keep a report from being written is known before the run."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert (obstacle(tmp_path / path) or "").startswith(reason)


@pytest.mark.parametrize("closed", ["", "r.json"])
def test_what_may_not_be_written_is_an_obstacle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, closed: str) -> None:
    """Neither a closed folder nor a closed file takes a report."""
    (tmp_path / "r.json").write_text("", encoding="utf-8")
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != tmp_path / closed)
    assert obstacle(tmp_path / "r.json") == "it may not be written"


def test_the_summary_of_a_github_step_is_added_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other programs of the step write to that file as well; every other file is replaced."""
    shared, own = tmp_path / "summary.md", tmp_path / "own.md"
    for path in (shared, own):
        path.write_text("first\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(shared))
    for path in (shared, own):
        write(path, "second\n")
    assert shared.read_text(encoding="utf-8") == "first\nsecond\n"
    assert own.read_text(encoding="utf-8") == "second\n"
