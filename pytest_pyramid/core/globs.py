"""Globs over posix paths: `*` and `?` stay inside one folder name, `**` stands for any number of folders."""

from __future__ import annotations

import functools
import re


@functools.lru_cache(maxsize=None)
def pattern_of(glob: str) -> re.Pattern[str]:
    """The regular expression that matches exactly the paths that the glob does."""
    parts = glob.strip("/").split("/")
    expression = ""
    for number, part in enumerate(parts):
        last = number == len(parts) - 1
        if part == "**":
            expression += ".*" if last else "(?:[^/]+/)*"
        else:
            expression += "".join(_translated(piece) for piece in re.findall(r"\[[^]]+\]|.", part))
            expression += "" if last else "/"
    return re.compile(expression)


def _translated(piece: str) -> str:
    if piece == "*":
        return "[^/]*"
    if piece == "?":
        return "[^/]"
    if len(piece) > 1:
        return "[" + piece[1:-1].replace("\\", "\\\\").replace("!", "^", 1 if piece[1] == "!" else 0) + "]"
    return re.escape(piece)


def deepest_match(glob: str, path: str) -> str | None:
    """The deepest folder of `path`, or the path itself, that the glob names; None when it names none.

    "tests/unit/**" names the folder tests/unit of every file below it, so that of two globs the one whose folder is
    closer to the file can win.
    """
    folder_glob = glob.removesuffix("/**")
    if folder_glob == glob:
        return path if pattern_of(glob).fullmatch(path) else None
    pattern = pattern_of(folder_glob)
    folder = path
    while "/" in folder:
        folder = folder.rpartition("/")[0]
        if pattern.fullmatch(folder):
            return folder
    return None
