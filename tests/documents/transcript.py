"""What a console block shows: commands and their output, and how shown output is compared with real output. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

PROMPT = "$ "
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_TIMES = re.compile(r"\b\d+(\.\d+)? ?(ms|s|min|seconds)\b")
_SHAPE = re.compile(r"by seconds: [a-z -]+")
_RULES = re.compile(r"([=_─-])\1{2,}")
_ELLIPSIS = "..."


class Step(NamedTuple):
    """One command, and the lines that the page shows below it."""

    command: str
    shown: tuple[str, ...] = ()


def steps_of(text: str) -> tuple[Step, ...]:
    """The commands of a console block. Raises ValueError when it does not begin with the prompt."""
    steps: list[Step] = []
    for line in text.rstrip("\n").split("\n"):
        if line.startswith(PROMPT):
            steps.append(Step(command=line.removeprefix(PROMPT)))
        elif not steps:
            raise ValueError(f"a console block begins with {PROMPT!r}: {line}")
        elif steps[-1].command.endswith("\\") and not steps[-1].shown:
            steps[-1] = Step(command=f"{steps[-1].command}\n{line}")
        else:
            steps[-1] = steps[-1]._replace(shown=(*steps[-1].shown, line))
    return tuple(steps)


def difference(shown: Sequence[str], real: Sequence[str]) -> str | None:
    """Which shown lines the real output lacks, or None when it holds all of them.

    Lines are compared in order and without gaps, seconds and the length of ruled lines aside; a shown line "..." stands
    for any number of lines, and "..." inside a line for any text. Empty lines do not count.
    """
    said = [_plain(line) for line in real if _plain(line)]
    wanted = [_plain(line) for line in shown if _plain(line)]
    at, loose = 0, False
    for number, line in enumerate(wanted):
        if line == _ELLIPSIS:
            loose = True
            continue
        run = _run(wanted[number:]) if loose else [line]
        places = range(at, len(said) if loose else at + 1)
        found = [place for place in places if _begins(said[place:], run)]
        if not found:
            return "\n".join(run)
        at, loose = found[0 if _ELLIPSIS in wanted[number:] else -1] + 1, False
    if wanted and not loose and at < len(said):
        return f"nothing more, but there is {said[at]!r}"
    return None


def _run(wanted: Sequence[str]) -> list[str]:
    """The lines up to the next ellipsis: they have to follow each other."""
    return list(wanted[: wanted.index(_ELLIPSIS)] if _ELLIPSIS in wanted else wanted)


def _begins(said: Sequence[str], run: Sequence[str]) -> bool:
    return len(said) >= len(run) and all(_fits(line, real) for line, real in zip(run, said, strict=False))


def _fits(shown: str, real: str) -> bool:
    pattern = ".*".join(re.escape(part) for part in shown.split(_ELLIPSIS))
    return re.fullmatch(pattern, real) is not None


def _plain(line: str) -> str:
    """The line without colours, with every time and every shape by time the same, ruled lines of one length and single spaces."""
    text = _RULES.sub(r"\1\1\1", _SHAPE.sub("by seconds", _TIMES.sub("0 s", _COLOURS.sub("", line))))
    return " ".join(text.split())
