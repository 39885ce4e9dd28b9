"""What a worker executed, on its way to the controller: plain data under the version number of `session.wire`."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable

from pytest_pyramid.core.recording import Label, Recording, Trace
from pytest_pyramid.session.wire import WIRE_VERSION, WireError, of_this_version

COVERAGE = "pyramid-coverage"
"""The key of `workeroutput` under which a worker's coverage is found."""


def pack_recording(recording: Recording, incomplete: Iterable[str]) -> bytes:
    """What a worker executed, sets as hexadecimal numbers and files by their number; and why something is missing."""
    files = sorted(recording.files)
    number = {file: place for place, file in enumerate(files)}
    plain = {
        "version": WIRE_VERSION,
        "branch": recording.branch,
        "files": files,
        "arcs": {number[file]: table for file, table in recording.arcs.items()},
        "traces": [
            [*label, *({number[file]: f"{bits:x}" for file, bits in side.items()} for side in trace)]
            for label, trace in recording.traces.items()
        ],
        "incomplete": list(incomplete),
    }
    return zlib.compress(json.dumps(plain, separators=(",", ":")).encode(), 1)


def unpack_recording(data: bytes) -> tuple[Recording, list[str]]:
    """The same again. Raises WireError when another version packed it."""
    try:
        plain = of_this_version(json.loads(zlib.decompress(data)))
    except (zlib.error, ValueError) as error:
        raise WireError(f"another version of pytest-test-pyramid answers ({error})") from error
    files: list[str] = plain["files"]
    traces = {
        Label(row, nodeid): Trace(
            *({files[int(place)]: int(bits, 16) for place, bits in side.items()} for side in (lines, arcs))
        )
        for row, nodeid, lines, arcs in plain["traces"]
    }
    tables = {files[int(place)]: tuple((start, end) for start, end in table) for place, table in plain["arcs"].items()}
    return Recording(plain["branch"], frozenset(files), tables, traces), plain["incomplete"]
