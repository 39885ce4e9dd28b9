"""The frames of a thread out of the text that `faulthandler` writes for it."""

from __future__ import annotations

import re
from typing import NamedTuple

_FRAME = re.compile(r'^  File "(.*)", line (\d+) in (.*)$', re.MULTILINE)


class Code(NamedTuple):
    """What of a code object the text tells, by the names that code objects have for it."""

    co_filename: str
    co_name: str


class Frame(NamedTuple):
    """One frame, by the names that frames have for it, so that both are read alike."""

    f_code: Code
    f_lineno: int
    f_back: Frame | None


def frames(text: str) -> Frame | None:
    """The innermost frame; None for a thread that runs no Python."""
    found: Frame | None = None
    for file, line, name in reversed(_FRAME.findall(text)):
        found = Frame(Code(file, name), int(line), found)
    return found
