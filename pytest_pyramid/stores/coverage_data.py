"""What coverage.py recorded: read from its data file in one pass, and put back without our labels."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from coverage import CoverageData

from pytest_pyramid.core.line_sets import bits_of
from pytest_pyramid.core.recording import Arc, Label, Recording, Trace, foreign_part, label_of

SCHEMA = 7
"""The version of the file's tables that is read directly, as `coverage.sqldata` documents it; others take the API."""

Labelling = Callable[[str], "Label | None"]
"""The label of a context, None for one that does not count."""


class Contents(NamedTuple):
    """One data file: its files by number, and the sets of lines or arcs by (context, file)."""

    branch: bool
    files: Mapping[int, str]
    contexts: Mapping[int, str]
    lines: Mapping[tuple[int, int], int]
    arc_tables: Mapping[int, tuple[Arc, ...]]
    arcs: Mapping[tuple[int, int], int]


def read(path: Path) -> Contents:
    """Everything in the data file.

    Raises OSError, sqlite3.Error or coverage's own CoverageException for a file that cannot be read.
    """
    uri = f"{path.absolute().as_uri()}?mode=ro"
    connection = sqlite3.connect(uri, uri=True)
    try:
        if connection.execute("select version from coverage_schema").fetchone() == (SCHEMA,):
            return _by_tables(connection)
    finally:
        connection.close()
    return _by_api(path)


def _by_tables(connection: sqlite3.Connection) -> Contents:
    """One pass over each table: asking file by file and context by context takes minutes for 10,000 contexts."""
    ask = connection.execute
    files, contexts = dict(ask("select id, path from file")), dict(ask("select id, context from context"))
    lines = {
        (context, file): int.from_bytes(numbits, "little")
        for context, file, numbits in ask("select context_id, file_id, numbits from line_bits")
    }
    branch = ask("select value from meta where key = 'has_arcs'").fetchone() in (("1",), ("True",), (1,))
    rows = ask("select context_id, file_id, fromno, tono from arc")
    return _with_arcs(files, contexts, lines, rows, branch=branch)


def _with_arcs(
    files: Mapping[int, str],
    contexts: Mapping[int, str],
    lines: dict[tuple[int, int], int],
    rows: Iterator[tuple[int, int, int, int]],
    *,
    branch: bool,
) -> Contents:
    """Numbers for the arcs of each file; the lines at their ends are executed lines."""
    numbers: dict[int, dict[Arc, int]] = {}
    arcs: dict[tuple[int, int], int] = {}
    for context, file, start, end in rows:
        known = numbers.setdefault(file, {})
        key = (context, file)
        arcs[key] = arcs.get(key, 0) | 1 << known.setdefault((start, end), len(known))
    tables = {file: tuple(known) for file, known in numbers.items()}
    ends = {file: [bits_of(line for line in arc if line > 0) for arc in table] for file, table in tables.items()}
    for key, bits in arcs.items():
        lines[key] = lines.get(key, 0) | _joined(bits, ends[key[1]])
    return Contents(branch or bool(arcs), files, contexts, lines, tables, arcs)


def _joined(numbers: int, sets: list[int]) -> int:
    found = 0
    while numbers:
        lowest = numbers & -numbers
        found |= sets[lowest.bit_length() - 1]
        numbers ^= lowest
    return found


def _by_api(path: Path) -> Contents:
    """The same through coverage.py's own methods, for a file of another version."""
    data = CoverageData(str(path))
    data.read()
    files = dict(enumerate(sorted(data.measured_files())))
    contexts = dict(enumerate(sorted(data.measured_contexts())))
    lines: dict[tuple[int, int], int] = {}
    rows: list[tuple[int, int, int, int]] = []
    for context, name in contexts.items():
        data.set_query_context(name)
        for file, place in files.items():
            found = data.lines(place)
            if found:
                lines[context, file] = bits_of(found)
            rows += [(context, file, start, end) for start, end in data.arcs(place) or ()]
    return _with_arcs(files, contexts, lines, iter(rows), branch=data.has_arcs())


def recording_of(contents: Contents, labelling: Labelling, name_of: Callable[[str], str]) -> Recording:
    """The contents by label, files under the names that `name_of` gives them."""
    names = {file: name_of(path) for file, path in contents.files.items()}
    labels = {context: labelling(text) for context, text in contents.contexts.items()}
    traces: dict[Label, Trace] = {}
    sides: tuple[Mapping[tuple[int, int], int], ...] = (contents.lines, contents.arcs)
    for side, sets in enumerate(sides):
        for (context, file), bits in sets.items():
            label = labels[context]
            if label is not None and bits:
                target: dict[str, int] = dict_of(traces, label, side)
                target[names[file]] = target.get(names[file], 0) | bits
    tables = {names[file]: table for file, table in contents.arc_tables.items()}
    return Recording(contents.branch, frozenset(names.values()), tables, traces)


def dict_of(traces: dict[Label, Trace], label: Label, side: int) -> dict[str, int]:
    """The growing sets of one label: side 0 are lines, 1 are arcs."""
    trace = traces.setdefault(label, Trace({}, {}))
    found = trace[side]
    return found if isinstance(found, dict) else dict(found)


def is_labelled(contents: Contents) -> bool:
    """True when some context is ours."""
    return any(label_of(context) is not None for context in contents.contexts.values())


def put_back(data: CoverageData, contents: Contents) -> None:
    """Write the data again as it would be without our labels: what they hold goes to the context around them."""
    measured = data.measured_files()
    tracers = {file: tracer for file in measured if (tracer := data.file_tracer(file))}
    united: dict[str, dict[int, int]] = {foreign_part(context): {} for context in contents.contexts.values()}
    for (number, file), bits in (contents.arcs if contents.branch else contents.lines).items():
        target = united[foreign_part(contents.contexts[number])]
        target[file] = target.get(file, 0) | bits
    plain = CoverageData(no_disk=True)
    for context, sets in united.items():
        plain.set_context(context)
        _write(plain, contents, sets)
    plain.touch_files(measured)
    plain.add_file_tracers(tracers)
    data.erase()
    data.loads(plain.dumps())  # added line by line, erased data would not say any more whether it holds arcs
    data.set_context(None)
    close(plain)


def close(data: CoverageData) -> None:
    """Let go of the file and the connection to it."""
    if hasattr(data, "close"):  # not so in coverage 7.10.0 and older, where the connection ends with the object
        data.close(force=True)


def _write(data: CoverageData, contents: Contents, united: Mapping[int, int]) -> None:
    if not united:
        return
    if contents.branch:
        tables = contents.arc_tables
        data.add_arcs({contents.files[file]: _members(bits, tables[file]) for file, bits in united.items()})
    else:
        data.add_lines({contents.files[file]: _numbers(bits) for file, bits in united.items()})


def _members(bits: int, table: tuple[Arc, ...]) -> list[Arc]:
    return [table[number] for number in _numbers(bits)]


def _numbers(bits: int) -> list[int]:
    return [number for number, bit in enumerate(reversed(f"{bits:b}")) if bit == "1"]


def relative_to(root: Path, folder: Path) -> Callable[[str], str]:
    """Gives the name of a measured file: relative to `root` with forward slashes, absolute outside of it.

    `folder` is where relative names (`[run] relative_files`) begin.
    """
    beginning = str(root) + os.sep

    def name_of(path: str) -> str:
        whole = os.path.normpath(folder / path)
        inside = whole.removeprefix(beginning) if whole.startswith(beginning) else whole
        return inside.replace(os.sep, "/")

    return name_of
