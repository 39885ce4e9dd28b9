"""What git and its repository tell about who may have done it: the commits since a green one, the owners of a file."""

from __future__ import annotations

import re
import time
from pathlib import Path

from pytest_pyramid.core.code_owners import FILES, owners_of
from pytest_pyramid.core.incidents import Commit
from pytest_pyramid.stores.checkout import asked, heard, top_of

MOST = 50
PATIENCE = 0.7
"""Seconds; a notice without the commits is better than a late one."""
_COMMIT = re.compile(r"[0-9a-f]{7,64}")


def commits_since(root: Path, green: str) -> tuple[Commit, ...]:
    """The commits after `green`, the newest first and at most 50; the one checked out when git cannot tell them."""
    until = time.monotonic() + PATIENCE
    if _COMMIT.fullmatch(green):
        found = _log(root, (f"-n{MOST}", f"{green}..HEAD"), until)
        if found is not None:
            return found
    return _log(root, ("-n1", "HEAD"), until) or ()


def owners(root: Path, path: str) -> tuple[str, ...]:
    """The owners of the file at `path`, as seen from the root folder, by the repository's CODEOWNERS."""
    top = top_of(root)
    if top is None:
        return ()
    inner = root.relative_to(top) / path
    for name in FILES:
        try:
            text = (top / name).read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        return owners_of(text, inner.as_posix())
    return ()


def _log(root: Path, which: tuple[str, ...], until: float) -> tuple[Commit, ...] | None:
    """None when git failed or was too slow, also where the history of the repository is cut off before `green`."""
    answer = heard(asked(root, ("log", "--format=%H%x00%an%x00%s", *which, "--")), until)
    if answer is None:
        return None
    lines = answer.decode("utf-8", "replace").splitlines()
    return tuple(Commit(*line.split("\0", 2)) for line in lines if line.count("\0") >= 2)
