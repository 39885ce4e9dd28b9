"""How a team starts its tests: what the lines of its build files say about tests that are run apart from others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple


class TeamCommand(NamedTuple):
    """One start of pytest in a build file, as far as it chooses tests."""

    file: str
    expression: str = ""
    """What `-m` says."""
    folders: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    """Folders after --ignore."""

    @property
    def alone(self) -> tuple[str, ...]:
        """The markers and folders whose tests are run without any others."""
        if not self.expression:
            return self.folders
        names = re.split(r"\s+or\s+", self.expression.strip())
        return tuple(names) if all(re.fullmatch(r"\w+", name) and name != "not" for name in names) else ()

    @property
    def left_out(self) -> tuple[str, ...]:
        """The markers and folders that this run leaves out, when leaving out is all that it does."""
        if self.folders and not all(_is_whole(folder) for folder in self.folders):
            return ()
        flat = re.sub(r"not\s*\(([^()]*)\)", lambda found: " and ".join(_negated(found[1])), self.expression)
        parts = re.split(r"\s+and\s+", flat.strip()) if flat.strip() else []
        names = [found[1] for part in parts if (found := re.fullmatch(r"\(?not\s+(\w+)\)?", part.strip()))]
        return (*names, *self.ignored) if len(names) == len(parts) else ()


def team_commands(file: str, text: str) -> Iterator[TeamCommand]:
    """Every start of pytest in the text of a build file that chooses tests; comments are passed over."""
    joined = re.sub(r"\\\r?\n\s*", " ", text)
    for line in joined.splitlines():
        found = None if line.lstrip().startswith(("#", ";")) else _START.search(line)
        if found is not None:
            command = _command(file, line[found.end() :])
            if command.expression or command.folders or command.ignored:
                yield command


_START = re.compile(r"(?<![\w./-])(?:pytest|py\.test)(?![\w./-])")
_EXPRESSION = re.compile(r"""(?<![\w-])-m["']?[\s,=]+\\?(?:"([^"\\]+)\\?"|'([^'\\]+)\\?'|([A-Za-z_]\w*))""")
_IGNORE = re.compile(r"""--ignore["']?[\s,=]+["']?([\w./-]+)""")
_PATH = re.compile(r"""(?<![\w./=:{}$-])((?:\./)?[\w.-]+(?:/[\w.-]+)*/?)(?![\w=:{}$-])""")


def _command(file: str, rest: str) -> TeamCommand:
    rest = re.split(r"&&|\|\||[;|>]|\s#", rest)[0]
    expression = _EXPRESSION.search(rest)
    ignored = tuple(_clean(path) for path in _IGNORE.findall(rest))
    bare = _IGNORE.sub(" ", _EXPRESSION.sub(" ", rest))
    bare = re.sub(r"""(?<!\S)["']?--?[\w-]+["']?(=\S*)?""", " ", bare)
    folders = tuple(path for path in map(_clean, _PATH.findall(bare)) if "test" in path.lower() and "." not in path)
    return TeamCommand(file, next(filter(None, expression.groups()), "") if expression else "", folders, ignored)


def _clean(path: str) -> str:
    return path.removeprefix("./").rstrip("/")


def _negated(names: str) -> list[str]:
    return [f"not {name}" for name in re.split(r"\s+or\s+", names.strip())]


def _is_whole(folder: str) -> bool:
    """True for the folder of all tests, as far as its name can tell."""
    return folder in ("test", "tests", "testing") or folder.endswith(("/tests", "/test"))
