"""Files that are made, changed or deleted. Reading is free, and so is everything below tmp_path."""

from __future__ import annotations

import os
from typing import Any

from pytest_pyramid.core.acts import Act, Guard, Reading, Surroundings, Trampoline
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


def _first(verb: str, *, follow: bool = False) -> Reading:
    def reading(arguments: tuple[Any, ...], _: Surroundings) -> Act | None:
        path = arguments[0]
        return None if isinstance(path, int) else Act(Resource.FILES, verb, paths=(path,), follow=follow)

    return reading


def _second(verb: str) -> Reading:
    """For acts that leave their first path alone."""

    def reading(arguments: tuple[Any, ...], _: Surroundings) -> Act | None:
        return Act(Resource.FILES, verb, paths=(arguments[1],))

    return reading


def _both(verb: str) -> Reading:
    def reading(arguments: tuple[Any, ...], _: Surroundings) -> Act | None:
        return Act(Resource.FILES, verb, paths=(arguments[0], arguments[1]))

    return reading


def _of_path(path: Any = "", *_: Any, **__: Any) -> tuple[Any, ...]:
    return (path,)


FILES = Guard(
    name="files",
    resources=(Resource.FILES, Resource.TEMPFILES),
    events=(
        ("open", _open),
        ("os.mkdir", _first("make")),
        ("os.rmdir", _first("remove")),
        ("os.remove", _first("remove")),
        ("os.rename", _both("rename")),
        ("os.link", _second("link")),
        ("os.symlink", _second("link")),
        ("os.truncate", _first("truncate", follow=True)),
        ("os.chmod", _first("change", follow=True)),
        ("os.chown", _first("change", follow=True)),
        ("os.utime", _first("change", follow=True)),
        ("os.setxattr", _first("change", follow=True)),
        ("os.removexattr", _first("change", follow=True)),
        (MAKE, _first("make")),
    ),
    trampolines=(
        Trampoline("os", "mkfifo", MAKE, _of_path),
        Trampoline("os", "mknod", MAKE, _of_path),
    ),
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
