"""Lines of styled text for terminals: safe to print, measured in cells, cut and wrapped to a width."""

from __future__ import annotations

import re
from bisect import bisect
from typing import NamedTuple

BOLD, GREEN, YELLOW, RED, DIM, TITLE = "bold", "green", "yellow", "red", "dim", "title"

WIDE = (
    "\u1100\u1160\u231a\u2400\u25fd\u25ff\u2614\u2706\u270a\u2713\u2714\u27c0\u2b1b\u2b56\u2e80\ua4d0\ua960\ua97d"
    "\uac00\ud7a4\uf900\ufb00\ufe10\ufe70\uff01\uffe7\U00016fe0\U0001fc00\U00020000\U0003fffe"
)
"""Ranges of characters that may take two cells, each as its first one and the first one behind it.

Where terminals differ a character counts as wide, so that no line grows too long.
"""


class Segment(NamedTuple):
    """A piece of one line in one style: "", "bold", "green", "yellow", "red", "dim" or "title"."""

    text: str
    style: str = ""


class Line(NamedTuple):
    """One line of the terminal, without its line break."""

    segments: tuple[Segment, ...] = ()

    @property
    def text(self) -> str:
        """The line without styles."""
        return "".join(segment.text for segment in self.segments)

    @property
    def cells(self) -> int:
        """How many cells of a terminal the line takes."""
        return cells(self.text)


def line(*parts: str | tuple[str, str]) -> Line:
    """The line of the given parts, each a text or a (text, style); empty texts are left out."""
    pairs = [(part, "") if isinstance(part, str) else part for part in parts]
    return Line(segments=tuple(Segment(text=text, style=style) for text, style in pairs if text))


def safe(text: str, *, unicode: bool) -> str:
    """The text with everything escaped that could disturb a terminal: control and format characters, lone surrogates.

    Without `unicode` all that is not ASCII is escaped too. Line breaks and tabs become spaces.
    """
    spaced = re.sub(r"[\t\r\n\v\f]+", " ", text)
    if not unicode:
        spaced = spaced.encode("ascii", "backslashreplace").decode("ascii")
    if spaced.isprintable():
        return spaced
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode("ascii") for one in spaced)


def cells(text: str) -> int:
    """How many cells of a terminal the text takes; wide characters take two."""
    return len(text) if text.isascii() else len(text) + sum(bisect(WIDE, one) % 2 for one in text)


def cut_end(text: str, room: int, mark: str) -> str:
    """The text, or its beginning and `mark` when it takes more than `room` cells."""
    if cells(text) <= room:
        return text
    return _beginning(text, room - cells(mark)) + mark if room >= cells(mark) else _beginning(text, room)


def cut_middle(text: str, room: int, mark: str) -> str:
    """The text, or its two ends with `mark` between them when it takes more than `room` cells.

    The end is kept longer than the beginning: that is where a node id tells the test.
    """
    if cells(text) <= room:
        return text
    kept = room - cells(mark)
    if kept < 2:
        return cut_end(text, room, mark)
    tail = _beginning(text[::-1], kept - kept // 3)[::-1]
    return _beginning(text, kept - cells(tail)) + mark + tail


def wrapped(whole: Line, width: int, *, indent: int, mark: str) -> tuple[Line, ...]:
    """The line broken between words into lines of at most `width` cells; all but the first begin with `indent` spaces.

    A word that is longer than a line loses its middle to `mark`.
    """
    made: list[list[tuple[str, str]]] = [[]]
    used = 0
    for segment in whole.segments:
        for word in re.findall(r"\s*\S+|\s+$", segment.text):
            new = used > 0 and used + cells(word) > width
            if new and word.isspace():
                continue
            if new:
                made.append([(" " * indent, "")])
                used = indent
            fitting = cut_middle(word.strip(), width - indent, mark) if new else cut_middle(word, width, mark)
            made[-1].append((fitting, segment.style))
            used += cells(fitting)
    return tuple(line(*parts) for parts in made)


def escaped(whole: Line, *, unicode: bool) -> Line:
    """The line with every segment made safe."""
    return line(*((safe(segment.text, unicode=unicode), segment.style) for segment in whole.segments))


def within(whole: Line, width: int) -> Line:
    """The line cut at `width` cells: the last guard before a terminal."""
    kept: list[tuple[str, str]] = []
    room = width
    for segment in whole.segments:
        text = _beginning(segment.text, room)
        kept.append((text, segment.style))
        room -= cells(text)
    return line(*kept)


def _beginning(text: str, room: int) -> str:
    """As much of the text as fits into `room` cells."""
    if text.isascii():
        return text[: max(room, 0)]
    for position, one in enumerate(text):
        room -= cells(one)
        if room < 0:
            return text[:position]
    return text
