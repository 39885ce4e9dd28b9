"""Who runs what, where: the commit, the machine and the user, each None when it cannot be told."""

from __future__ import annotations

import os
import platform
import subprocess
from pathlib import Path
from typing import NamedTuple

GIT_SECONDS = 5.0


class Surroundings(NamedTuple):
    """Facts about the run's place; every field may be None."""

    commit: str | None
    host: str | None
    user: str | None


def look_around(root: Path) -> Surroundings:
    """The commit checked out at `root`, this machine's name and the user's."""
    return Surroundings(commit=_commit(root), host=platform.node() or None, user=user_name())


def _commit(root: Path) -> str | None:
    try:
        answer = subprocess.run(
            ["git", "rev-parse", "HEAD"],  # noqa: S607  # the user's own git, wherever it is
            cwd=root,
            capture_output=True,
            text=True,
            timeout=GIT_SECONDS,
            check=True,
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0"},
        )
    except (OSError, subprocess.SubprocessError):
        return None  # no git, no repository, or no commit yet
    return answer.stdout.strip() or None


def user_name() -> str | None:
    """What the machine calls the user."""
    import getpass  # noqa: PLC0415  # only a report asks for it

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return None  # a container's user without a name
