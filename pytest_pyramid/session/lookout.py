"""What lets a single-process run say something while a test runs for long: a process beside it, the lookout.

A process and not a thread: tests fork, and since Python 3.12 a fork beside a thread is a warning, which fails tests
where warnings are errors; tests count threads, and stop clocks. A signal would break into their waiting. The lookout
is nobody's child, so that tests that wait for their children do not wait for it.
"""

from __future__ import annotations

import mmap
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from pytest_pyramid.core.long_test import LongTest
from pytest_pyramid.core.passage import Tier
from pytest_pyramid.session import lookout_process
from pytest_pyramid.session.lookout_page import SIZE, Page, Said
from pytest_pyramid.stores.terminal_text import takes_unicode

_START = '"$0" "$@" </dev/null 2>/dev/null &'


class Lookout:
    """Notes what runs where the lookout sees it, and mends pytest's line after it has spoken."""

    def __init__(self, config: pytest.Config, origin: float, tick: float) -> None:
        self._config = config
        self._heard = Said(0, 0)
        """What it had said when pytest's line was mended last."""
        with tempfile.TemporaryFile() as shared:
            shared.truncate(SIZE)
            self._page = Page(mmap.mmap(shared.fileno(), SIZE))
            ours, theirs = os.pipe()
            self._pipe, self._identity = theirs, _identity(theirs)
            self._start(shared.fileno(), ours, origin, tick)
            os.close(ours)

    def _start(self, memory: int, pipe: int, origin: float, tick: float) -> None:
        faint = "faint" if self._config.get_terminal_writer().hasmarkup else "plain"
        unicode = "unicode" if takes_unicode() else "ascii"
        words = [memory, pipe, os.getpid(), origin, tick, unicode, faint]
        python = [sys.executable, "-I", "-S", str(Path(lookout_process.__file__))]
        command = ["/bin/sh", "-c", _START, *python, *map(str, words)]
        subprocess.run(command, pass_fds=(memory, pipe), check=True)  # noqa: S603  # our own words

    def stop(self) -> None:
        """Let it go, at once."""
        self._page.note_test(None)
        if _identity(self._pipe) == self._identity:  # a test may have closed it, and opened something else
            os.close(self._pipe)
            self._identity = None

    def note_test(self, test: LongTest) -> None:
        """A test begins."""
        self._page.note_test(test)

    def note_tiers(self, tiers: list[Tier], due: float) -> None:
        """So far are the tiers, and from then on, in seconds since the beginning, something may be said."""
        self._page.note_tiers(tiers, due)

    @property
    def due(self) -> float:
        """When it would say something again."""
        return float(self._page.said().due)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Begin a line of pytest's again when the one that it was at was left."""
        if not self._page.has_said_more(self._heard):
            return
        self._heard = self._page.said()
        reporter: Any = self._config.pluginmanager.getplugin("terminalreporter")
        reporter.currentfspath = None
        if not reporter.showlongtestinfo:  # which begins every line anew
            reporter.write_fspath_result(report.nodeid, "")


def can_look(config: pytest.Config) -> bool:
    """True where the lookout can tell that a test is captured, and nobody but pytest itself draws on the terminal."""
    reporter = config.pluginmanager.getplugin("terminalreporter")
    plain = type(reporter) is pytest.TerminalReporter
    return plain and config.getoption("capture", "no") == "fd" and os.isatty(1) and Path("/proc/self/fd/1").exists()


def _identity(file: int) -> tuple[int, int] | None:
    try:
        found = os.fstat(file)
    except OSError:
        return None
    return found.st_dev, found.st_ino
