"""What git tells of the root folder: commit, branch, what is changed. It is asked while other work goes on."""

from __future__ import annotations

import contextlib
import hashlib
import os
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

PATIENCE = 0.05
"""Seconds that anybody may wait for an answer, counted from the first wait."""
MAIN_BRANCHES = ("refs/remotes/origin/HEAD", "refs/remotes/origin/main", "refs/remotes/origin/master",
                 "refs/heads/main", "refs/heads/master")  # fmt: skip
"""Where the main branch is looked for, the best place first."""

_STATUS = ("status", "--porcelain=v2", "--branch", "-z", "--untracked-files=normal")
_REFS = ("for-each-ref", "--format=%(refname) %(objectname)", *MAIN_BRANCHES)
_SOURCES = (".py", ".pyi", ".toml", ".ini", ".cfg")
"""Untracked files with these endings are code; others are mostly what the tests themselves leave behind."""
_FIELDS_BEFORE_PATH = {"1": 8, "2": 9, "u": 10}


class Checkout(NamedTuple):
    """What is checked out; everything is empty where git tells nothing."""

    commit: str | None = None
    branch: str | None = None
    code: int = 0
    """The same number for the same commit with the same local changes, 0 for unknown."""
    changed: frozenset[str] = frozenset()
    """Posix paths below the root folder that differ from the last commit, or from the main branch when it was asked."""


class Inquiry:
    """Questions to git that are on their way. It is asked at once, and listened to when the answer is needed."""

    def __init__(self, root: Path, *, main: bool) -> None:
        self._root = root
        self._status = asked(root, _STATUS)
        self._refs = asked(root, _REFS) if main and self._status is not None else None

    def answer(self) -> Checkout:
        """What git said. A git that is too slow is stopped, and has said nothing."""
        until = time.monotonic() + PATIENCE
        found = parse_status(_heard(self._status, until))
        refs = _heard(self._refs, until)
        base = _main_commit(refs.decode("utf-8", "replace").splitlines())
        changed = set(found.paths)
        if base is not None and found.commit is not None and base != found.commit:
            diff = asked(self._root, ("diff", "--name-only", "-z", "--no-renames", f"{base}...HEAD"))
            changed |= {path for path in _text(_heard(diff, until)).split("\0") if path}
        top = top_of(self._root)
        code = _fingerprint(found, top) if found.commit else 0
        return Checkout(found.commit, found.branch, code, frozenset(_below(changed, top, self._root)))


def main_branch(root: Path) -> str | None:
    """The name of the main branch: where the remote's HEAD points, else main or master; None when git cannot tell."""
    asking = asked(root, ("for-each-ref", "--format=%(refname) %(symref)", *MAIN_BRANCHES))
    lines = _text(_heard(asking, time.monotonic() + PATIENCE)).splitlines()
    targets = dict(line.split(" ", 1) for line in lines if " " in line)
    name = next((targets[ref] or ref for ref in MAIN_BRANCHES if ref in targets), None)
    return None if name is None else name.removeprefix("refs/heads/").removeprefix("refs/remotes/origin/")


class Status(NamedTuple):
    """The answer of `git status --porcelain=v2 --branch -z`."""

    commit: str | None = None
    branch: str | None = None
    paths: tuple[str, ...] = ()
    """Changed and untracked paths, below the top folder of the repository."""
    entries: tuple[str, ...] = ()
    """The entries that are code, as git gave them."""


def parse_status(answer: bytes) -> Status:
    """The answer in parts; nothing for no answer. The format is that of git-status(1), "Porcelain Format Version 2"."""
    commit = branch = None
    paths, entries = [], []
    fields = iter(_text(answer).split("\0"))
    for field in fields:
        kind, _, rest = field.partition(" ")
        if field.startswith("# branch.oid "):
            commit = None if field.endswith("(initial)") else field.split(" ")[2]
        elif field.startswith("# branch.head "):
            branch = None if field.endswith("(detached)") else field.split(" ", 2)[2]
        elif kind == "?":
            paths.append(rest)
            entries.extend([field] if rest.endswith(_SOURCES) else [])
        elif kind in _FIELDS_BEFORE_PATH:
            paths.append(field.split(" ", _FIELDS_BEFORE_PATH[kind])[-1])
            entries.append(field)
            if kind == "2":
                next(fields, "")  # where a renamed file was before
    return Status(commit, branch, tuple(paths), tuple(entries))


def _fingerprint(status: Status, top: Path | None) -> int:
    """A number for the commit and what was changed since; a file is the same while size and time of change are."""
    parts = [status.commit or ""]
    for entry in status.entries:
        path = entry[2:] if entry.startswith("? ") else entry.split(" ", _FIELDS_BEFORE_PATH[entry[0]])[-1]
        stamp = ""
        with contextlib.suppress(OSError, ValueError):
            found = Path(top or "", path).stat()
            stamp = f"{found.st_size} {found.st_mtime_ns}"
        parts.append(f"{entry} {stamp}")
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def _main_commit(refs: Iterable[str]) -> str | None:
    known = dict(line.split(" ", 1) for line in refs if " " in line)
    return next((known[name] for name in MAIN_BRANCHES if name in known), None)


def top_of(root: Path) -> Path | None:
    """The top folder of the repository that holds `root`; a worktree has a file where others have a folder."""
    return next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), None)


def _below(paths: Iterable[str], top: Path | None, root: Path) -> Iterable[str]:
    """The paths that stand below the root folder, as seen from there."""
    inner = "" if top is None or top == root else f"{root.relative_to(top).as_posix()}/"
    return (path[len(inner) :] for path in paths if path.startswith(inner))


def asked(root: Path, question: tuple[str, ...]) -> subprocess.Popen[bytes] | None:
    """Git at work on the question, None when there is no git."""
    try:
        return subprocess.Popen(  # noqa: S603  # fixed questions to git
            ["git", "-c", "core.quotepath=off", *question],  # noqa: S607  # the user's own git, wherever it is
            cwd=root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0"},
        )
    except OSError:
        return None  # there is no git


def heard(process: subprocess.Popen[bytes] | None, until: float) -> bytes | None:
    """What git said until then, None when it failed or went on."""
    if process is None:
        return None
    try:
        answer, _ = process.communicate(timeout=max(0.001, until - time.monotonic()))
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return None
    return answer if process.returncode == 0 else None


def _heard(process: subprocess.Popen[bytes] | None, until: float) -> bytes:
    """What git said until then, nothing when it failed or went on."""
    return heard(process, until) or b""


def _text(answer: bytes) -> str:
    return answer.decode("utf-8", "surrogateescape")
