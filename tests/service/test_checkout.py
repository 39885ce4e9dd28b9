"""What git tells of the root folder, and that nobody waits for it."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest

from pytest_pyramid.stores import checkout
from pytest_pyramid.stores.checkout import Checkout, Inquiry, Status, parse_status


def git(folder: Path, *arguments: str) -> str:
    """What git says, as a user without any settings of this machine."""
    who = ("-c", "user.name=ann", "-c", "user.email=ann@example.org", "-c", "commit.gpgsign=false")
    env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(["git", *who, *arguments], cwd=folder, env=env, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one commit on main; a busy machine gets all the time it needs."""
    monkeypatch.setattr(checkout, "PATIENCE", 20.0)
    git(tmp_path, "init", "-q", "-b", "main")
    inner = tmp_path / "inner"
    inner.mkdir()
    for name in ("one.py", "two.py", "inner/three.py"):
        (tmp_path / name).write_text("x = 1\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "first")
    return tmp_path


def look(root: Path, *, main: bool = True) -> Checkout:
    """What an inquiry gives."""
    return Inquiry(root, main=main).answer()


def test_commit_branch_and_changes_are_told(repository: Path) -> None:
    """Changed, renamed and new files; seen from the root folder of the tests, which may stand below."""
    clean = look(repository)
    assert (clean.commit, clean.branch, clean.changed) == (git(repository, "rev-parse", "HEAD"), "main", frozenset())
    (repository / "one.py").write_text("x = 2\n")
    git(repository, "mv", "two.py", "zwei ü.py")
    (repository / "inner" / "new.py").write_text("")
    found = look(repository)
    assert found.changed == {"one.py", "zwei ü.py", "inner/new.py"}
    assert look(repository / "inner").changed == {"new.py"}
    assert found.code not in (0, clean.code)


def test_the_main_branch_tells_what_a_branch_changed(repository: Path) -> None:
    """Files of its commits count too, where that was asked for."""
    git(repository, "checkout", "-q", "-b", "feature")
    (repository / "one.py").write_text("x = 3\n")
    git(repository, "commit", "-q", "-am", "second")
    assert look(repository).changed == {"one.py"}
    assert look(repository, main=False).changed == frozenset()


def test_the_same_code_has_the_same_number(repository: Path) -> None:
    """Reports left by a run do not count; an edit does, and so does an edit of an edit."""
    before = look(repository).code
    (repository / "report.json").write_text("{}")
    assert look(repository).code == before != 0
    (repository / "one.py").write_text("x = 22\n")
    edited = look(repository).code
    (repository / "one.py").write_text("x = 333\n")
    assert len({before, edited, look(repository).code}) == 3


def test_without_git_nothing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No repository, or no git at all."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert look(tmp_path) == Checkout()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert look(tmp_path) == Checkout()


@pytest.mark.skipif(os.name == "nt", reason="the slow git is a shell script")
def test_nobody_waits_for_a_slow_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is stopped, and has said nothing."""
    slow = tmp_path / "git"
    slow.write_text("#!/bin/sh\nexec sleep 30\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    began = time.monotonic()
    assert look(tmp_path) == Checkout()
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (b"", Status()),
        (b"# branch.oid (initial)\0# branch.head main\0", Status(None, "main")),
        (b"# branch.oid ab\0# branch.head (detached)\0", Status("ab", None)),
        (
            b"1 .M N... 100644 100644 100644 a b dir/a b.py\0? x.log\0? y.py\0",
            Status(None, None, ("dir/a b.py", "x.log", "y.py"),
                   ("1 .M N... 100644 100644 100644 a b dir/a b.py", "? y.py")),
        ),
        (
            b"2 R. N... 100644 100644 100644 a b R100 new.py\0? old.py\0? z.py\0",
            Status(None, None, ("new.py", "z.py"), ("2 R. N... 100644 100644 100644 a b R100 new.py", "? z.py")),
        ),
        (
            b"u UU N... 1 2 3 4 a b c both.py\0",
            Status(None, None, ("both.py",), ("u UU N... 1 2 3 4 a b c both.py",)),
        ),
    ],
    ids=["nothing", "no commit", "detached", "changed and new", "renamed", "conflict"],
)  # fmt: skip
def test_the_answer_of_git_is_read(answer: bytes, status: Status) -> None:
    """Every kind of entry of the documented format."""
    assert parse_status(answer) == status
