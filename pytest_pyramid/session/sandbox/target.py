"""Reads what a system call was given, out of the memory and the folders in /proc of whoever makes it."""

from __future__ import annotations

import os

from pytest_pyramid.core.seccomp_notification import Question
from pytest_pyramid.core.socket_addresses import LONGEST, Address, address
from pytest_pyramid.core.syscalls import Syscall

_HERE = -100
"""AT_FDCWD: a path starts in the working folder."""
_PAGE, _LONGEST_PATH = 4096, 4096
_HIGH = 1 << 31


class Target:
    """The process with the tests, and the programs that it started."""

    def __init__(self, process: int) -> None:
        self.process = process
        self._memory: int | None = None

    def is_own(self, thread: int) -> bool:
        """True for a thread of the process itself."""
        return thread == self.process or os.path.exists(f"/proc/{self.process}/task/{thread}")  # noqa: PTH110  # it is asked for every call

    def address(self, question: Question, call: Syscall) -> Address | None:
        """The address that a socket was given. Raises OSError."""
        given = question.arguments
        if call.message is not None:
            head = self._read(question.thread, given[call.message], 12)
            where, size = int.from_bytes(head[:8], "little"), int.from_bytes(head[8:12], "little")
        elif call.address is not None:
            where, size = given[call.address], given[call.address + 1] & 0xFFFFFFFF
        else:
            return None
        return address(self._read(question.thread, where, min(size, LONGEST))) if where else None

    def paths(self, question: Question, call: Syscall) -> list[str]:
        """The full paths that the call names, none for one that names an open file. Raises OSError."""
        found = []
        for place in call.paths:
            where = question.arguments[place.text]
            path = os.fsdecode(self._text(question.thread, where)) if where else ""
            if path:
                folder = None if place.folder is None else question.arguments[place.folder]
                found.append(path if path.startswith("/") else f"{self._folder(question.thread, folder)}/{path}")
        return found

    def begun(self, thread: int) -> int | None:
        """When the program below the process began that the thread belongs to, in ticks since the machine was started.

        None for one that belongs to nobody any more.
        """
        one, began = thread, None
        while one > 1:
            try:
                with open(f"/proc/{one}/stat", "rb") as file:  # noqa: PTH123  # as above
                    words = file.read().rpartition(b")")[2].split()
            except OSError:
                return None
            parent, began = int(words[1]), int(words[19])
            if self.is_own(parent):
                return began
            one = parent
        return None

    def _folder(self, thread: int, folder: int | None) -> str:
        number = _HERE if folder is None else _signed(folder)
        return os.readlink(f"/proc/{thread}/cwd" if number == _HERE else f"/proc/{thread}/fd/{number}")  # noqa: PTH115  # as above

    def _text(self, thread: int, where: int) -> bytes:
        """The bytes up to the first zero, read up to a page's end at a time, because the next one may not be there."""
        text = b""
        while len(text) < _LONGEST_PATH:
            part = self._read(thread, where + len(text), _PAGE - (where + len(text)) % _PAGE)
            text += part
            if b"\0" in part or not part:
                break
        return text.partition(b"\0")[0]

    def _read(self, thread: int, where: int, size: int) -> bytes:
        if thread == self.process:
            if self._memory is None:
                self._memory = os.open(f"/proc/{thread}/mem", os.O_RDONLY)
            return os.pread(self._memory, size, where)
        memory = os.open(f"/proc/{thread}/mem", os.O_RDONLY)
        try:
            return os.pread(memory, size, where)
        finally:
            os.close(memory)


def _signed(number: int) -> int:
    low = number & 0xFFFFFFFF
    return low - (1 << 32) if low >= _HIGH else low
