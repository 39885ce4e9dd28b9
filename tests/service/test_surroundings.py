"""Who runs what, where, each None when it cannot be told."""

from __future__ import annotations

import getpass
import platform
import subprocess
from pathlib import Path
from typing import Any

import pytest

from pytest_pyramid.stores.surroundings import look_around


def answering(monkeypatch: pytest.MonkeyPatch, answer: Any) -> list[dict[str, Any]]:
    """Let git answer, or fail to; the calls are kept."""
    calls: list[dict[str, Any]] = []

    def run(command: list[str], **more: Any) -> Any:
        calls.append({"command": command, **more})
        if isinstance(answer, Exception):
            raise answer
        return subprocess.CompletedProcess(command, 0, answer, "")

    monkeypatch.setattr(subprocess, "run", run)
    return calls


def test_the_commit_is_that_of_the_root_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """git is asked in the root folder, takes no lock, and may not hang."""
    calls = answering(monkeypatch, "0123abcd\n")
    assert look_around(tmp_path).commit == "0123abcd"
    (call,) = calls
    assert (call["cwd"], call["env"]["GIT_OPTIONAL_LOCKS"]) == (tmp_path, "0")
    assert call["timeout"] > 0


@pytest.mark.parametrize(
    "failure",
    [
        FileNotFoundError("git"),
        PermissionError("git"),
        subprocess.CalledProcessError(128, "git"),
        subprocess.TimeoutExpired("git", 5),
        "\n",
    ],
)
def test_without_git_there_is_no_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: Any) -> None:
    """No git, no repository, no commit or no answer: the report simply does not say."""
    answering(monkeypatch, failure)
    assert look_around(tmp_path).commit is None


def test_host_and_user_are_those_of_the_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the machine says is taken as it is."""
    answering(monkeypatch, "")
    monkeypatch.setattr(platform, "node", lambda: "box")
    monkeypatch.setattr(getpass, "getuser", lambda: "ann")
    around = look_around(tmp_path)
    assert (around.host, around.user) == ("box", "ann")


@pytest.mark.parametrize("failure", [OSError, KeyError, ImportError])
def test_a_user_without_a_name_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: type[Exception]
) -> None:
    """A container may run under a number that has no name, and a machine may have none."""

    def nobody() -> str:
        raise failure

    answering(monkeypatch, "")
    monkeypatch.setattr(getpass, "getuser", nobody)
    monkeypatch.setattr(platform, "node", lambda: "")
    around = look_around(tmp_path)
    assert (around.host, around.user) == (None, None)
