"""Files that are made, changed or deleted. Reading is free, and so is everything below tmp_path."""

from __future__ import annotations

import os
from typing import Any

from pytest_pyramid.core.acts import Act, Beside, Guard, Reading, Surroundings, Trampoline
from pytest_pyramid.core.guarding import RUNNERS
from pytest_pyramid.core.tiers import Resource

MAKE = "pytest_pyramid.make"
"""Raised for pipes and device nodes, which have no event."""

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_MODES = frozenset("wax+")


def _open(arguments: tuple[Any, ...], _: Surroundings) -> Act | None:
    path, mode, flags = arguments
    if isinstance(path, int) or path is None:
        return None
    if isinstance(mode, str):
        if _MODES.isdisjoint(mode):
            return None
    elif not isinstance(flags, int) or not flags & _WRITING:
        return None
    return Act(Resource.FILES, "write", paths=(path,), follow=True)


def _path(arguments: tuple[Any, ...], at: int, folder: int | None) -> Any:
    """The path at one place of the arguments, and the folder that it starts in when another place names one."""
    opened = arguments[folder] if folder is not None and folder < len(arguments) else -1
    return Beside(arguments[at], opened) if isinstance(opened, int) and opened >= 0 else arguments[at]


def _first(verb: str, folder: int | None = None, *, follow: bool = False) -> Reading:
    def reading(arguments: tuple[Any, ...], _: Surroundings) -> Act | None:
        if isinstance(arguments[0], int):
            return None
        return Act(Resource.FILES, verb, paths=(_path(arguments, 0, folder),), follow=follow)

    return reading


def _second(verb: str, folder: int) -> Reading:
    """For acts that leave their first path alone."""

    def reading(arguments: tuple[Any, ...], _: Surroundings) -> Act | None:
        return Act(Resource.FILES, verb, paths=(_path(arguments, 1, folder),))

    return reading


def _both(verb: str) -> Reading:
    def reading(arguments: tuple[Any, ...], _: Surroundings) -> Act | None:
        return Act(Resource.FILES, verb, paths=(_path(arguments, 0, 2), _path(arguments, 1, 3)))

    return reading


def _of_path(path: Any = "", *_: Any, **__: Any) -> tuple[Any, ...]:
    return (path,)


FILES = Guard(
    name="files",
    resources=(Resource.FILES, Resource.TEMPFILES),
    events=(
        ("open", _open),
        ("os.mkdir", _first("make", 2)),
        ("os.rmdir", _first("remove", 1)),
        ("os.remove", _first("remove", 1)),
        ("os.rename", _both("rename")),
        ("os.link", _second("link", 3)),
        ("os.symlink", _second("link", 2)),
        ("os.truncate", _first("truncate", follow=True)),
        ("os.chmod", _first("change", 2, follow=True)),
        ("os.chown", _first("change", 3, follow=True)),
        ("os.utime", _first("change", 3, follow=True)),
        ("os.setxattr", _first("change", follow=True)),
        ("os.removexattr", _first("change", follow=True)),
        (MAKE, _first("make")),
    ),
    trampolines=(
        Trampoline("os", "mkfifo", MAKE, _of_path),
        Trampoline("os", "mknod", MAKE, _of_path),
    ),
    probes=("multiprocessing/heap.py",),  # memory to share, which it keeps as a file without a name
    pardoned=RUNNERS,
    caught=(
        ("open", ("a.txt", "w", 0)),
        ("open", ("a.txt", "r+", 0)),
        ("open", ("a.txt", "ab", 0)),
        ("open", ("a.txt", None, os.O_WRONLY)),
        ("open", ("a.txt", None, os.O_RDONLY | os.O_CREAT)),
        *((f"os.{verb}", ("a.txt",)) for verb in ("mkdir", "rmdir", "remove", "truncate", "chmod", "chown", "utime")),
        *((f"os.{verb}", ("a.txt", "b.txt")) for verb in ("rename", "link", "symlink")),
        *((f"os.{verb}", ("a.txt", "user.x")) for verb in ("setxattr", "removexattr")),
        (MAKE, ("pipe",)),
    ),
    allowed=(
        ("open", ("a.txt", "r", 0)),
        ("open", ("a.txt", "rb", 0)),
        ("open", (3, "w", 0)),
        ("open", ("a.txt", None, os.O_RDONLY)),
        ("os.truncate", (3, 0)),
        ("os.chmod", (3, 0)),
    ),
)
