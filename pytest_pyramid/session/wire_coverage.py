"""What a worker executed, on its way to the controller: plain data under the version number of `session.wire`."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable

from pytest_pyramid.core.plain_recording import plain_recording, recording_of
from pytest_pyramid.core.recording import Recording
from pytest_pyramid.session.wire import WIRE_VERSION, WireError, of_this_version

COVERAGE = "pyramid-coverage"
"""The key of `workeroutput` under which a worker's coverage is found."""


def pack_recording(recording: Recording, incomplete: Iterable[str]) -> bytes:
    """What a worker executed, sets as hexadecimal numbers and files by their number; and why something is missing."""
    plain = {"version": WIRE_VERSION, "recording": plain_recording(recording), "incomplete": list(incomplete)}
    return zlib.compress(json.dumps(plain, separators=(",", ":")).encode(), 1)


def unpack_recording(data: bytes) -> tuple[Recording, list[str]]:
    """The same again. Raises WireError when another version packed it."""
    try:
        plain = of_this_version(json.loads(zlib.decompress(data)))
        return recording_of(plain["recording"]), plain["incomplete"]
    except (zlib.error, ValueError) as error:
        raise WireError(f"another version of pytest-test-pyramid answers ({error})") from error
