"""Where a path lies: in the project, in the system's temporary folder, or where a test may do as it likes."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from pytest_pyramid.core.acts import Beside
from pytest_pyramid.core.tiers import Resource

_PYTESTS = "pytest-of-"
"""pytest keeps tmp_path below a folder of this name and the user's, in the system's temporary folder."""
_NO_NAMES = ("", ".", "..")
_DEVICES = ("/dev", "/proc", "/sys")


class Spot(NamedTuple):
    """What a path is: a resource, and how to show it; None for a place where a test may do as it likes."""

    resource: Resource | None
    shown: str


class Territory:
    """The map of one run. Folders are resolved once per test, because resolving costs more than all the rest."""

    def __init__(self, root: Path, basetemp: str | None) -> None:
        self.root = os.path.realpath(root)
        self._temp = os.path.realpath(tempfile.gettempdir())
        where = os.environ.get("PYTEST_DEBUG_TEMPROOT")
        self._temp_root = os.path.realpath(where) if where else self._temp
        self._free = [os.path.realpath(basetemp)] if basetemp else []
        self._folders: dict[str, str] = {}
        self._playgrounds: set[str] = set()
        """Folders, as they were named, in which a test may do as it likes: most files of tests are in one of few."""

    def forget(self) -> None:
        """Forget where folders lead: another test may have changed it."""
        if self._folders:
            self._folders.clear()
            self._playgrounds.clear()

    def spot(self, raw: Any, *, follow: bool) -> Spot | None:
        """Where the path of an audit event lies; None for what is no path."""
        try:
            path = os.fsdecode(raw.path if isinstance(raw, Beside) else raw)
            if isinstance(raw, Beside):
                path = os.path.join(_folder(raw.folder), path)  # noqa: PTH118  # as below
        except (TypeError, OSError):
            return None
        head, _, tail = path.rpartition(os.sep)
        if head in self._playgrounds and tail not in _NO_NAMES and not (follow and os.path.islink(path)):  # noqa: PTH114  # as below
            return Spot(None, path)
        if self._under(path, *_DEVICES):
            return Spot(None, path)  # a device may be a link, and lead to whatever the output goes to
        full = self._resolved(path, follow=follow)
        if path == os.devnull or f"{os.sep}__pycache__{os.sep}" in full or self._under(full, *_DEVICES):
            return Spot(None, full)
        roots = [(root, None) for root in (*self._free, self._pytests(full)) if root and _is_below(full, root)]
        known: list[tuple[str, Resource | None]] = [*roots]
        known += [(self.root, Resource.FILES)] if _is_below(full, self.root) else []
        known += [(self._temp, Resource.TEMPFILES)] if _is_below(full, self._temp) else []
        _, resource = max(known, key=lambda one: len(one[0]), default=("", Resource.FILES))
        if resource is None and self._is_playground(head):
            self._playgrounds.add(head)
        return Spot(resource, self.shown(full))

    def _is_playground(self, head: str) -> bool:
        """True when every file of the folder is free, so that no folder with rules of its own is one of them."""
        folder = self._folders.get(head)
        if folder is None or not os.path.isabs(head):  # noqa: PTH117  # as below
            return False
        return not any(_is_below(root, folder) for root in (self.root, self._temp))

    def shown(self, full: str) -> str:
        """The path as people read it: relative to the root folder where it lies below, with / between folders."""
        if _is_below(full, self.root) and full != self.root:
            return full[len(self.root) :].replace(os.sep, "/").lstrip("/")
        home = os.path.expanduser("~")  # noqa: PTH111  # text in, text out
        short = f"~{full[len(home) :]}" if _is_below(full, home) and len(home) > 1 else full
        return short.replace(os.sep, "/")

    def _resolved(self, path: str, *, follow: bool) -> str:
        if not os.path.isabs(path):  # noqa: PTH117  # audit events give text; a Path would take ten times as long
            path = os.path.join(os.getcwd(), path)  # noqa: PTH109, PTH118  # as above
        head, tail = os.path.split(path.rstrip(os.sep) or path)
        if tail in _NO_NAMES:
            return os.path.realpath(path)
        folder = self._folders.get(head)
        if folder is None:
            folder = self._folders[head] = os.path.realpath(head)
        full = os.path.join(folder, tail)  # noqa: PTH118  # as above
        return os.path.realpath(full) if follow and os.path.islink(full) else full  # noqa: PTH114  # as above

    def _pytests(self, full: str) -> str | None:
        """pytest's own folder of temporary folders, when the path lies in one."""
        if not _is_below(full, self._temp_root):
            return None
        first = full[len(self._temp_root) :].lstrip(os.sep).partition(os.sep)[0]
        return os.path.join(self._temp_root, first) if first.startswith(_PYTESTS) else None  # noqa: PTH118  # as above

    @staticmethod
    def _under(full: str, *roots: str) -> bool:
        return os.sep == "/" and any(_is_below(full, root) for root in roots) and not _is_below(full, "/dev/shm")  # noqa: S108  # shared memory is a place like others


def _folder(opened: int) -> str:
    """The path of an open folder. Raises OSError where the system does not tell."""
    if sys.platform == "darwin":
        import fcntl  # noqa: PLC0415  # there is none on Windows

        return os.fsdecode(fcntl.fcntl(opened, fcntl.F_GETPATH, bytes(1024)).rstrip(b"\0"))
    return os.readlink(f"/proc/self/fd/{opened}")  # noqa: PTH115  # as above


def _is_below(full: str, root: str) -> bool:
    return full == root or full.startswith(root if root.endswith(os.sep) else root + os.sep)
