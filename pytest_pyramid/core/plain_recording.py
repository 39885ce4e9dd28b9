"""A recording as plain data, and back: files go by their number, sets are hexadecimal numbers."""

from __future__ import annotations

from typing import Any

from pytest_pyramid.core.recording import Label, Recording, Trace


def plain_recording(recording: Recording) -> dict[str, Any]:
    """Everything that the recording holds; keys of objects are texts, as JSON wants them."""
    files = sorted(recording.files)
    number = {file: str(place) for place, file in enumerate(files)}
    return {
        "branch": recording.branch,
        "files": files,
        "arcs": {number[file]: [list(arc) for arc in table] for file, table in recording.arcs.items()},
        "traces": [
            [*label, *({number[file]: f"{bits:x}" for file, bits in side.items()} for side in trace)]
            for label, trace in recording.traces.items()
        ],
    }


def recording_of(plain: Any) -> Recording:
    """The same again. Raises ValueError for data of another form."""
    try:
        files: list[str] = plain["files"]
        traces = {
            Label(row, nodeid): Trace(
                *({files[int(place)]: int(bits, 16) for place, bits in side.items()} for side in (lines, arcs))
            )
            for row, nodeid, lines, arcs in plain["traces"]
        }
        tables = {files[int(place)]: tuple((a, b) for a, b in table) for place, table in plain["arcs"].items()}
        return Recording(plain["branch"], frozenset(files), tables, traces)
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise ValueError(f"no recording of coverage ({type(error).__name__}: {error})") from error
