"""The sets behind a shard's coverage as plain data, and back: sets of lines are hexadecimal numbers, bit n is line n."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_pyramid.core.file_cover import FileCover
from pytest_pyramid.core.plain_entry import Entry
from pytest_pyramid.core.plain_recording import plain_recording, recording_of
from pytest_pyramid.core.recording import Recording
from pytest_pyramid.core.source_lines import Source

VERSION = 1
"""Of this form; another one is refused."""


def plain_covers(covers: Mapping[str, FileCover], singles: Recording | None = None) -> dict[str, Any]:
    """The object under `coverage.sets`, with the key "tests" where tests were told apart."""
    files = [_plain(file, cover) for file, cover in covers.items()]
    return {
        "version": VERSION,
        "files": files,
        **({"tests": plain_recording(singles)} if singles is not None else {}),
    }


def covers_of(entry: Entry) -> dict[str, FileCover]:
    """The same again, without what only reading a source needs.

    Raises ValueError for another version and when a key is missing or of the wrong kind.
    """
    if entry.whole("version") != VERSION:
        raise ValueError(f"{entry.place} of the report is of version {entry.whole('version')}, not {VERSION}.")
    return {one.text("file"): _cover(one) for one in entry.entries("files")}


def singles_of(entry: Entry) -> Recording | None:
    """What each test executes beyond the base; None where tests were not told apart.

    Raises ValueError for other data.
    """
    if not entry.has("tests"):
        return None
    try:
        return recording_of(entry.entry("tests").values)
    except ValueError as error:
        raise ValueError(f"{entry.place}.tests of the report is {error}") from error


def _plain(file: str, cover: FileCover) -> dict[str, Any]:
    return {
        "file": file,
        "statements": f"{cover.source.statements:x}",
        "headers": f"{cover.source.headers:x}",
        "functions": [{"first": first, "last": last, "name": name} for first, last, name in cover.source.functions],
        "branches": cover.branches,
        "imported": _plain_pair(cover.imported),
        "rows": {row: _plain_pair(pair) for row, pair in cover.rows.items()},
    }


def _plain_pair(pair: tuple[int, int]) -> dict[str, str]:
    return {"lines": f"{pair[0]:x}", **({"branches": f"{pair[1]:x}"} if pair[1] else {})}


def _cover(entry: Entry) -> FileCover:
    functions = tuple((one.whole("first"), one.whole("last"), one.text("name")) for one in entry.entries("functions"))
    source = Source(_bits(entry, "statements"), headers=_bits(entry, "headers"), functions=functions)
    rows = entry.entry("rows")
    return FileCover(
        source,
        entry.whole("branches"),
        _pair(entry.entry("imported")),
        {row: _pair(rows.entry(row)) for row in rows.values},
    )


def _pair(entry: Entry) -> tuple[int, int]:
    return _bits(entry, "lines"), _bits(entry, "branches") if entry.has("branches") else 0


def _bits(entry: Entry, key: str) -> int:
    try:
        return int(entry.text(key), 16)
    except ValueError as error:
        raise ValueError(f"{entry.place} of the report should hold a hexadecimal number under {key}.") from error
