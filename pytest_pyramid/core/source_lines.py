"""What of one file can be executed, as its source tells."""

from __future__ import annotations

from typing import NamedTuple

from pytest_pyramid.core.line_sets import bits_of
from pytest_pyramid.core.recording import Arc


class Source(NamedTuple):
    """What of one file can be executed."""

    statements: int
    """The set of first lines of statements that are not excluded."""
    continued: tuple[tuple[int, int], ...] = ()
    """(line, first line of its statement) for the further lines of statements."""
    branches: frozenset[Arc] = frozenset()
    """Arcs from lines that go on in more than one way."""
    headers: int = 0
    """The set of lines of `def`, `class` and decorators: import executes them, whoever imports."""
    functions: tuple[tuple[int, int, str], ...] = ()
    """(first line, last line, qualified name), inner ones behind their outer ones."""

    def executed(self, lines: int) -> int:
        """The statements that these lines execute: one is executed when one of its lines is."""
        firsts = bits_of(first for line, first in self.continued if lines >> line & 1)
        return (lines | firsts) & self.statements

    def function_at(self, line: int) -> str:
        """The qualified name of the innermost function around the line; nothing outside of functions."""
        around = [name for first, last, name in self.functions if first <= line <= last]
        return around[-1] if around else ""
