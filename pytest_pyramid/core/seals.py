"""A chain of lines in which every line seals the one before, so that a change anywhere shows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

START = "0" * 64
"""Stands for the seal before the first line."""

_HEAD = '{"previous": "'
_TAIL = ', "seal": "'
_END = '"}'
_HEX = 64


class Fault(NamedTuple):
    """One place where the chain does not hold."""

    line: int
    """From 1."""
    reason: str


def sealed(body: str, previous: str) -> str:
    """The line, a JSON object, that holds `body` and continues the chain after the seal `previous`.

    `body` is the text of a JSON object with at least one key. Raises ValueError for anything else.
    """
    if not body.startswith("{") or not body.endswith("}") or not body[1:-1].strip() or "\n" in body:
        raise ValueError("only the text of a JSON object on one line, and not an empty one, can be sealed")
    bare = f'{_HEAD}{previous}", {body[1:-1]}'
    return f"{bare}{_TAIL}{_digest(bare)}{_END}"


def seal_of(line: str) -> str | None:
    """The seal that the line carries and deserves, None when it is no line of a chain or was changed."""
    bare, seal = _parted(line)
    return seal if bare and _digest(bare) == seal else None


def faults(lines: Iterable[str]) -> Iterator[Fault]:
    """Every place where a line was changed, removed, added or moved. Cut-off lines at the end leave no trace here."""
    previous: str | None = START
    for number, line in enumerate(lines, start=1):
        bare, seal = _parted(line)
        if not bare:
            yield Fault(number, "is no sealed record")
            previous = None
            continue
        if _digest(bare) != seal:
            yield Fault(number, "was changed after it was sealed")
        elif previous is not None and bare[len(_HEAD) : len(_HEAD) + _HEX] != previous:
            yield Fault(number, "does not follow the line above: a line was removed, added or moved")
        previous = seal


def _parted(line: str) -> tuple[str, str]:
    """The sealed part and its seal, both empty for a line of another form."""
    bare, seal = line[: -len(_TAIL) - _HEX - len(_END)], line[-_HEX - len(_END) : -len(_END)]
    well_formed = line.startswith(_HEAD) and line[len(bare) :] == f"{_TAIL}{seal}{_END}" and len(seal) == _HEX
    return (bare, seal) if well_formed else ("", "")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
