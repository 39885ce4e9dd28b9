"""Globs over posix paths: `*` and `?` stay inside one folder name, `**` stands for any number of folders."""

from __future__ import annotations

import fnmatch
import functools
import re

ROOT = "."
"""What a glob names that is nothing but `**`."""

_WILD = frozenset("*?[")
_PIECE = re.compile(r"\[!?]?[^]]*]|.", re.DOTALL)


@functools.cache
def pattern_of(glob: str) -> re.Pattern[str]:
    """The regular expression that matches exactly the paths that the glob does."""
    parts = glob.strip("/").split("/")
    expression = ""
    for number, part in enumerate(parts):
        last = number == len(parts) - 1
        if part == "**":
            expression += ".*" if last else "(?:[^/]+/)*"
        else:
            expression += "".join(_translated(piece) for piece in _PIECE.findall(part))
            expression += "" if last else "/"
    return re.compile(expression, re.DOTALL)


def _translated(piece: str) -> str:
    if piece == "*":
        return "[^/]*"
    if piece == "?":
        return "[^/]"
    if len(piece) > 1:
        # The standard library knows what a class may hold; a negated one must not stand for a slash.
        return f"(?!/){fnmatch.translate(piece).rpartition(')')[0]})"
    return re.escape(piece)


def deepest_match(glob: str, path: str) -> str | None:
    """The deepest folder of `path`, or the path itself, that the glob names; None when it names none.

    "tests/unit/**" and "tests/unit/" name the folder tests/unit of every file below it, so that of two globs the one
    whose folder is closer to the file can win. "**" names the root, which is farthest.
    """
    folder_glob, names = _folder_of(glob)
    if not names.issubset(path.split("/")):
        return None  # as nearly always, and no regular expression has to be compiled for it
    if folder_glob == glob:
        return path if pattern_of(glob).fullmatch(path) else None
    if not folder_glob:
        return ROOT
    pattern = pattern_of(folder_glob)
    folder = path
    while "/" in folder:
        folder = folder.rpartition("/")[0]
        if pattern.fullmatch(folder):
            return folder
    return None


@functools.cache
def _folder_of(glob: str) -> tuple[str, frozenset[str]]:
    """The glob of the folder that the glob names, and the names in it that stand for nothing but themselves."""
    parts = glob.split("/")
    while parts and parts[-1] in ("**", ""):
        parts.pop()
    names = frozenset(part for part in parts if part and not _WILD.intersection(part))
    return "/".join(parts), names
