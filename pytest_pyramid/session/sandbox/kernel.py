"""The calls of Linux that Python has no names for: prctl(2), seccomp(2), pidfd_getfd(2), tgkill(2)."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Sequence

from pytest_pyramid.core.seccomp_filter import Instruction
from pytest_pyramid.core.syscalls import Machine

_SET_NO_NEW_PRIVILEGES, _SET_TRACER = 38, 0x59616D61
"""PR_SET_NO_NEW_PRIVS and PR_SET_PTRACER of prctl(2)."""
_SET_FILTER = 1
_ALL_THREADS, _PLAIN_SPEED, _LISTENER, _OR_FAIL = 1, 4, 8, 16
"""SECCOMP_FILTER_FLAG_TSYNC, …_SPEC_ALLOW (no slower branches), …_NEW_LISTENER, …_TSYNC_ESRCH (Linux 5.7)."""


class _Filter(ctypes.Structure):
    """`struct sock_filter` of `linux/filter.h`."""

    _fields_ = (
        ("code", ctypes.c_uint16),
        ("jt", ctypes.c_uint8),
        ("jf", ctypes.c_uint8),
        ("k", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    """`struct sock_fprog` of `linux/filter.h`."""

    _fields_ = (("len", ctypes.c_uint16), ("filter", ctypes.POINTER(_Filter)))


class Kernel:
    """The calls, for one machine."""

    def __init__(self, machine: Machine) -> None:
        self._numbers = machine.numbers
        self._libc = ctypes.CDLL(None, use_errno=True)

    def let_read(self, process: int) -> None:
        """Let that process read this one's memory, where the Yama module asks for leave; elsewhere nothing is needed."""
        self._libc.prctl(_SET_TRACER, ctypes.c_ulong(process), 0, 0, 0)

    def install(self, program: Sequence[Instruction]) -> int:
        """The listener of a filter that holds for all threads from now on. Raises OSError."""
        filters = (_Filter * len(program))(*(_Filter(*one) for one in program))
        given = _Program(len(program), filters)
        if self._libc.prctl(_SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
            raise _error()
        flags = _ALL_THREADS | _PLAIN_SPEED | _LISTENER | _OR_FAIL
        return self._call("seccomp", _SET_FILTER, flags, ctypes.byref(given))

    def take(self, process: int, file: int) -> int:
        """That process' file descriptor, as one of this process. Raises OSError."""
        handle = os.pidfd_open(process)
        try:
            return self._call("pidfd_getfd", handle, file, 0)
        finally:
            os.close(handle)

    def signal(self, process: int, thread: int, number: int) -> None:
        """Send a signal to one thread. Raises OSError."""
        self._call("tgkill", process, thread, number)

    def _call(self, name: str, *arguments: object) -> int:
        given: list[object] = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
        answer: int = self._libc.syscall(ctypes.c_long(self._numbers[name]), *given)
        if answer < 0:
            raise _error()
        return answer


def _error() -> OSError:
    number = ctypes.get_errno()
    return OSError(number, os.strerror(number))
