"""Batches of a worker's events: which events may wait in one, which end it, and how it is laid out.

Each message stands behind its length, so that they come apart again where one was cut short.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

KNOWN = ((3, 5), (3, 8))
"""The first and the last version of pytest-xdist whose events we know."""
WAITING = frozenset({"logstart", "testreport", "logfinish", "runtest_protocol_complete", "warning_recorded"})
"""The events that may wait; all others are sent at once, behind those that wait."""

LENGTH = 4
"""Bytes of a length."""


def framed(message: bytes) -> bytes:
    """The message behind its length. Raises OverflowError for one of 4 GiB or more."""
    return len(message).to_bytes(LENGTH, "little") + message


def unframed(frames: bytes) -> Iterator[bytes]:
    """The messages, in their order; what is left of one that was cut short at the end is none."""
    start = LENGTH
    while start <= len(frames):
        end = start + int.from_bytes(frames[start - LENGTH : start], "little")
        if end > len(frames):
            return
        yield frames[start:end]
        start = end + LENGTH


def ends_batch(name: str, *, failed: bool, more_known: bool, lasting: bool) -> bool:
    """True when the batch is to be sent with this event, however young it is.

    `failed`: it reports a failure, or ends a test that has failed, which the gate wants to know. `more_known`: the
    worker knows what it runs after the next test, so it will not wait for the controller. `lasting`: the batch outlives
    the worker; one that does not is sent before every test, which may crash.
    """
    if name == "runtest_protocol_complete":
        return failed or not more_known
    return failed or (name == "logstart" and not lasting)


def is_known(version: str) -> bool:
    """True for a version of pytest-xdist whose events we know."""
    found = re.match(r"(\d+)\.(\d+)", version)
    return found is not None and KNOWN[0] <= (int(found[1]), int(found[2])) <= KNOWN[1]
