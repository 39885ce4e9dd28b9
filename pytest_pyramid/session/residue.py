"""What a test left behind: children that ended, and time in which its thread neither ran nor wanted to.

The kernel counts both, whoever caused them and in whatever language, so this is the net under the audit hook. It knows
no line of code, so what it finds is a warning and never a failure. A pause looks like waiting for a disk, and a loaded
one takes its time (0.7 s to read a test's imports, measured beside two writers): a stretch in which the thread read from
one is not looked at.
"""

from __future__ import annotations

import contextlib
import math
import os
import time
from collections.abc import Callable

from pytest_pyramid.core.acts import Act
from pytest_pyramid.core.tiers import Resource

LONGEST_PAUSE = 0.1
"""Seconds; a thread that was blocked for longer was waiting for something. The kernel settles its accounts lazily."""
_SCHEDSTAT = "/proc/thread-self/schedstat"


class Residue:
    """Takes the accounts when a test begins and ends. Wide fixtures are left out: they are no test's."""

    def __init__(self) -> None:
        import resource  # noqa: PLC0415  # there is none on Windows

        self._usage: Callable[[int], resource.struct_rusage] = resource.getrusage
        self._of_children, self._of_thread = resource.RUSAGE_CHILDREN, resource.RUSAGE_THREAD
        self._clock = time.perf_counter  # itself, because tests replace the name in its module
        self._file: int | None = None
        self._running = self._tried = False
        self._wall = self._blocked = 0.0
        self._account = b""
        self._faults = self._traffic = 0
        self._children = False

    def begin(self) -> None:
        """A test begins."""
        self._blocked, self._children = 0.0, False
        self.resume()

    def pause(self) -> None:
        """Something begins that is not the test's."""
        if not self._running:
            return
        self._running = False
        wall = self._clock() - self._wall
        if wall >= LONGEST_PAUSE and self._traffic == self._disk():  # nearly no test takes that long
            self._blocked += wall - _busy(self._account, self._read())
        self._children = self._children or self._usage(self._of_children).ru_minflt != self._faults

    def resume(self) -> None:
        """It is over."""
        self._running = True
        self._account, self._faults = self._read(), self._usage(self._of_children).ru_minflt
        self._traffic = self._disk()
        self._wall = self._clock()

    def end(self, spare: float = 0.0) -> tuple[Act, ...]:
        """What the test that ends left behind; so many seconds of waiting may be ours, and are left out."""
        self.pause()
        found: tuple[Act, ...] = ()
        if self._children:
            found += (Act(Resource.PROCESS, "a child process ended"),)
        if self._blocked - spare >= LONGEST_PAUSE:
            found += (Act(Resource.SLEEP, "waited", f"{self._blocked:.2g} s"),)
        return found

    def close(self) -> None:
        """Let go of the file of accounts."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _disk(self) -> int:
        """How often this thread has had to wait for a disk: blocks and pages read. What it writes is kept for later."""
        usage = self._usage(self._of_thread)
        return usage.ru_inblock + usage.ru_majflt

    def _read(self) -> bytes:
        """The account of the thread that asked first, as text; empty where nobody keeps one."""
        if not self._tried:
            self._tried = True
            with contextlib.suppress(OSError):
                self._file = os.open(_SCHEDSTAT, os.O_RDONLY)
        if self._file is None:
            return b""
        try:
            return os.pread(self._file, 100, 0)
        except OSError:
            return b""


def _busy(before: bytes, after: bytes) -> float:
    """Seconds between two accounts in which the thread ran or waited for a processor; no end of them when unknown."""
    try:
        ran, queued, _ = map(int, before.split())
        ran_then, queued_then, _ = map(int, after.split())
    except ValueError:
        return math.inf
    return (ran_then + queued_then - ran - queued) / 1e9
