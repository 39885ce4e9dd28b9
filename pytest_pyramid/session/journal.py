"""Where a worker keeps messages that it has not sent yet: in memory that outlives it, when both ends share a machine.

A worker may die at any moment, by `os._exit` or a signal that nothing can catch. What it wrote to a mapped file stands
there all the same, and its controller reads it from there: no message is lost and no test is blamed for the crash of
another. Between machines, and where no file can be mapped, memory of the worker's own has to do.
"""

from __future__ import annotations

import mmap
import os
import secrets
import struct
import tempfile
from contextlib import suppress
from pathlib import Path

from pytest_pyramid.core.batches import framed

ROOM = 1 << 17
"""Bytes. 5 ms hold about 20 tests of 1.5 kB; what finds no room is sent at once."""
_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108  # made by mkstemp: a name that nobody can foresee, for this user only
_KEY = 16
_HEAD = struct.Struct("<II")
"""The number of the batch, and the bytes that it has so far."""
_START = _KEY + _HEAD.size


class Held:
    """The batch of messages that is to be sent next. `lasting` when it outlives this process."""

    def __init__(self, memory: bytearray | mmap.mmap, *, lasting: bool) -> None:
        self.lasting = lasting
        self._memory = memory
        self._number = 1
        self._end = _START
        self._note()

    def __bool__(self) -> bool:
        """True when there is something to send."""
        return self._end > _START

    def add(self, message: bytes) -> bool:
        """True when the message found room."""
        frame = framed(message)
        end = self._end + len(frame)
        if end > ROOM:
            return False
        self._memory[self._end : end] = frame
        self._end = end
        self._note()  # after the message itself, so that never a half one counts
        return True

    def batch(self) -> bytes:
        """The batch as it goes over the wire."""
        return bytes(self._memory[_KEY : self._end])

    def sent(self) -> None:
        """Begin the next batch, now that this one is on its way."""
        self._number += 1
        self._end = _START
        self._note()

    def _note(self) -> None:
        _HEAD.pack_into(self._memory, _KEY, self._number, self._end - _START)


def held_in(place: tuple[str, bytes] | None) -> Held:
    """The empty batch in the controller's journal, or in memory of our own where that is out of reach."""
    if place is not None:
        path, key = place
        with suppress(OSError, ValueError), Path(path).open("r+b") as file:
            memory = mmap.mmap(file.fileno(), ROOM)
            if memory[:_KEY] == key:  # a file of this name may exist on another machine too
                return Held(memory, lasting=True)
    return Held(bytearray(ROOM), lasting=False)


class Journal:
    """The controller's end of the memory that a worker shares with it. Raises OSError when there can be none."""

    def __init__(self) -> None:
        key = secrets.token_bytes(_KEY)
        folder = _SHARED_MEMORY if _SHARED_MEMORY.is_dir() and os.access(_SHARED_MEMORY, os.W_OK) else None
        descriptor, self._path = tempfile.mkstemp(prefix="pytest-pyramid-", dir=folder)
        try:
            os.close(descriptor)
            # Written out, not just made long: a full disk is an error here, and would kill the worker later.
            Path(self._path).write_bytes(key + bytes(ROOM - _KEY))
            with Path(self._path).open("r+b") as file:
                self._memory: mmap.mmap | None = mmap.mmap(file.fileno(), ROOM)
        except (OSError, ValueError):
            self.hide()
            raise OSError("no journal") from None
        self.place = (self._path, key)

    def hide(self) -> None:
        """Take the file's name away: both ends have it, and so nothing is left behind."""
        with suppress(OSError):
            Path(self._path).unlink()

    def unsent(self, last: int) -> bytes:
        """The batch that the worker left behind, nothing when it is the `last` one that arrived; closes the journal."""
        self.hide()
        memory, self._memory = self._memory, None
        if memory is None:
            return b""
        with memory:
            number, length = _HEAD.unpack_from(memory, _KEY)
            return bytes(memory[_KEY : _START + length]) if number > last else b""


def opened(batch: bytes) -> tuple[int, bytes]:
    """The number of a batch and its frames."""
    number, length = _HEAD.unpack_from(batch)
    return number, batch[_HEAD.size : _HEAD.size + length]
