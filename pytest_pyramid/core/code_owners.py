r"""Who owns a file, by a CODEOWNERS file: GitHub's rules, and GitLab's sections where the file has some.

GitHub: "About code owners": patterns as in .gitignore without `!`, `[ ]` and `\#`; the last line that fits wins, and a
line without owners takes them away. GitLab: "Code Owners syntax": the last line of every section counts, and a line
without owners has those of its section's heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

FILES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")
"""Where such a file is looked for; the first that is there counts."""

_HEADING = re.compile(r"\^?\[(?P<name>[^\]]+)\](\[\d+\])?(?P<owners>(\s+[^\s#]+)*)\s*(#.*)?")
_WORD = re.compile(r"(?:\\.|[^\s\\])+")


def owners_of(text: str, path: str) -> tuple[str, ...]:
    """The owners of the file at the posix `path` below the top folder, in their order; nobody when none is told."""
    found = {
        section: owners for section, pattern, owners in _lines(text) if _expression(pattern).fullmatch(path)
    }  # the last one of a section stays
    return tuple(dict.fromkeys(owner for owners in found.values() for owner in owners))


def _lines(text: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """(section, pattern, owners) of every line; sections of the same name, in any case of letters, are one."""
    section, usual = "", ()
    for raw in text.splitlines():
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        heading = _HEADING.fullmatch(line)
        if heading:
            section, usual = heading["name"].strip().lower(), tuple(heading["owners"].split())
            continue
        words = _WORD.findall(line)
        comment = next((place for place, word in enumerate(words) if place and word.startswith("#")), len(words))
        pattern, *owners = words[:comment]
        if not pattern.startswith("!"):
            yield section, pattern, tuple(owners) or usual


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    """The pattern as an expression for whole paths.

    A slash anywhere but at the end binds it to the top folder; one at the end means all below that folder. What names a
    folder holds for all below it as well, except when it ends in `/*`, which stays on one level.
    """
    bare = pattern.replace("\\ ", " ")
    bound = "/" in bare.rstrip("/")
    parts = [part for part in bare.strip("/").split("/") if part]
    only_below = bare.endswith("/")
    text = "" if bound else "(?:.*/)?"
    for place, part in enumerate(parts):
        last = place == len(parts) - 1
        if part == "**":
            text += ".*" if last else "(?:.*/)?"
            continue
        text += _segment(part) + ("" if last else "/")
    one_level = bound and bool(parts) and parts[-1] == "*"
    below = "/.*" if only_below else "" if one_level else "(?:/.*)?"
    return re.compile(text + below, re.DOTALL)


def _segment(part: str) -> str:
    signs = {"*": "[^/]*", "?": "[^/]"}
    return "".join(signs.get(sign) or re.escape(sign) for sign in part.replace("\\", ""))
