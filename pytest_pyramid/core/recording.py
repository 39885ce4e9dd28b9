"""What was executed, by whom: the lines and arcs of one process or of a whole run, apart for each label."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

Arc = tuple[int, int]
"""A step from one line to another; a negative number is the way into or out of a function."""

_MARK = "pyramid:"
_STATIC = "|"
"""coverage.py puts a static context and this sign in front of a dynamic one."""


class Label(NamedTuple):
    """Under whose name lines are recorded: a row of the pyramid, one test of it, or nobody's, which is import."""

    row: str = ""
    nodeid: str = ""

    @property
    def text(self) -> str:
        """The label as coverage.py's dynamic context."""
        return f"{_MARK}{self.row}:{self.nodeid}" if self.nodeid else f"{_MARK}{self.row}"

    @property
    def coarse(self) -> Label:
        """The same without the test."""
        return Label(self.row)


IMPORT = Label()
"""Modules that are imported before the first test: bodies, `def` lines, decorators."""


def label_of(context: str) -> Label | None:
    """The label of a context of coverage.py, None for one that is not ours."""
    head, mark, rest = context.partition(_MARK)
    if not mark or (head and not head.endswith(_STATIC)):
        return None
    row, _, nodeid = rest.partition(":")
    return Label(row, nodeid)


def foreign_part(context: str) -> str:
    """The context without what we put there: the static one of the user, or nothing."""
    if label_of(context) is None:
        return context
    return context.partition(_MARK)[0].removesuffix(_STATIC)


class Trace(NamedTuple):
    """What one label executed, by file: sets of lines and, where branches are measured, of numbers of arcs."""

    lines: Mapping[str, int]
    arcs: Mapping[str, int]


class Recording(NamedTuple):
    """What was executed. Files are posix paths relative to the root folder, or absolute when they lie elsewhere."""

    branch: bool
    """True when arcs were measured."""
    files: frozenset[str]
    """Every file that counts, those that nothing executed among them."""
    arcs: Mapping[str, tuple[Arc, ...]]
    """The arcs of each file, by their numbers in `Trace.arcs`."""
    traces: Mapping[Label, Trace]

    def without(self, files: Iterable[str]) -> Recording:
        """The recording as if these files did not exist."""
        kept = self.files - frozenset(files)
        traces = {
            label: Trace(
                {file: bits for file, bits in trace.lines.items() if file in kept},
                {file: bits for file, bits in trace.arcs.items() if file in kept},
            )
            for label, trace in self.traces.items()
        }
        return Recording(self.branch, kept, {file: arcs for file, arcs in self.arcs.items() if file in kept}, traces)


NOTHING = Recording(False, frozenset(), {}, {})


def merged(recordings: Iterable[Recording]) -> Recording:
    """Everything that the recordings hold together; arcs get new numbers where processes met them in another order."""
    numbers: dict[str, dict[Arc, int]] = {}
    lines: dict[Label, dict[str, int]] = {}
    arcs: dict[Label, dict[str, int]] = {}
    files: set[str] = set()
    branch = False
    for one in recordings:
        branch = branch or one.branch
        files |= one.files
        renumbered = {file: _places(numbers.setdefault(file, {}), table) for file, table in one.arcs.items()}
        for label, trace in one.traces.items():
            _add(lines.setdefault(label, {}), trace.lines)
            _add(arcs.setdefault(label, {}), {f: _moved(bits, renumbered[f]) for f, bits in trace.arcs.items()})
    traces = {label: Trace(lines[label], arcs[label]) for label in lines}
    return Recording(branch, frozenset(files), {file: tuple(table) for file, table in numbers.items()}, traces)


def _places(known: dict[Arc, int], table: Iterable[Arc]) -> list[int]:
    return [known.setdefault(arc, len(known)) for arc in table]


def _moved(bits: int, places: list[int]) -> int:
    """The set with every number replaced by its place."""
    if places == list(range(len(places))):
        return bits
    found = number = 0
    while bits >> number:
        if bits >> number & 1:
            found |= 1 << places[number]
        number += 1
    return found


def _add(target: dict[str, int], more: Mapping[str, int]) -> None:
    for file, bits in more.items():
        target[file] = target.get(file, 0) | bits
