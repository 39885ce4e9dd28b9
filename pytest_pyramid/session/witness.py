"""Who did it: the frames from an audit event outwards, read as the line of the project and the packages on the way."""

from __future__ import annotations

import os
import sys
from types import FrameType
from typing import NamedTuple

from pytest_pyramid.core.facts import Location
from pytest_pyramid.core.stack_dump import Frame
from pytest_pyramid.session.calm import undisturbed

_INSTALLED = tuple(f"{os.sep}{folder}{os.sep}" for folder in ("site-packages", "dist-packages"))
_OURS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120  # compared as text
_PYTESTER = os.path.join("_pytest", "pytester.py")  # noqa: PTH118  # as above
_DEEPEST = 400
"""So many frames are looked at; a recursion deeper than that has no line of its own."""


class Source(NamedTuple):
    """What a file of code is."""

    shown: str
    """For people: relative to the root folder, or to the folder that it was imported from."""
    project: bool = False
    package: str | None = None
    """The top package of an installed file; None for the project, the standard library and code without a file."""
    standard: bool = False
    """True for the standard library and for code without a file."""


class Line(NamedTuple):
    """One line of code and the function that it stands in."""

    place: Location
    function: str


class Testimony(NamedTuple):
    """What the frames say."""

    line: Line | None
    """The innermost line of the project, else of the innermost installed package."""
    test_line: Line | None
    """The line of the test's own file that led there."""
    first: str | None
    """The package of the innermost code that is not of the standard library."""
    packages: tuple[str, ...]
    """All packages on the way, innermost first."""
    lead: tuple[str, ...]
    """Files of the standard library that stand between the event and the first other code."""
    by_pytester: bool = False
    """True when the first code is pytest's fixture that runs pytest, whose acts are the test's."""


class Witness:
    """Reads frames. What a file is, is found out once."""

    def __init__(self, root: str) -> None:
        self._root = os.path.realpath(root)
        # sysconfig knows this too, and takes twenty milliseconds to say it.
        self._standard = os.path.dirname(os.path.realpath(str(os.__file__))) + os.sep  # noqa: PTH120  # as above
        self._sources: dict[str, Source] = {}

    def testify(self, test_file: str, frame: FrameType | Frame | None) -> Testimony:
        """What the frames from `frame` outwards say about an act of a test in `test_file`."""
        line = library = test_line = None
        packages: list[str] = []
        lead: list[str] = []
        first: str | None = None
        leading, by_pytester = True, False
        for _ in range(_DEEPEST):
            if frame is None:
                break
            file = frame.f_code.co_filename
            source = self._sources.get(file) or self._learn(file)
            if source.package == "pytest_pyramid" and leading:
                pass
            elif source.standard:
                if leading:
                    lead.append(file)
            else:
                if leading:
                    leading, first, by_pytester = False, source.package, file.endswith(_PYTESTER)
                if source.package is not None:
                    packages.append(source.package)
                    library = library or _line(source, frame)
                elif source.project:
                    line = line or _line(source, frame)
                    test_line = _line(source, frame) if file == test_file else test_line
            frame = frame.f_back
        return Testimony(line or library, test_line, first, tuple(packages), tuple(lead), by_pytester)

    def main_line(self, thread: int) -> Line | None:
        """The innermost line of the project that the thread is at.

        Without garbage collection meanwhile: the interpreter holds its list of threads locked, and a collection waits
        for that lock for ever (python/cpython#106883; seen on 3.11.7).
        """
        with undisturbed():
            frame = sys._current_frames().get(thread)  # noqa: SLF001  # the documented way to another thread's frame
        return self.testify("", frame).line

    def place(self, file: str, line: int | None) -> Location:
        """A line of that file, as people read it."""
        return Location(file=(self._sources.get(file) or self._learn(file)).shown, line=line)

    def is_project(self, file: str) -> bool:
        """True for a file of the project under test."""
        return (self._sources.get(file) or self._learn(file)).project

    def _learn(self, file: str) -> Source:
        found = self._sources[file] = self._source(file)
        return found

    def _source(self, file: str) -> Source:
        if file.startswith("<"):
            return Source(shown=file, standard=True)
        full = os.path.realpath(file)
        installed = max((full.rfind(mark) for mark in _INSTALLED), default=-1)
        if full.startswith(_OURS + os.sep):
            return Source(shown="pytest_pyramid", package="pytest_pyramid")
        if installed >= 0:
            inside = full[installed + 1 :].partition(os.sep)[2].replace(os.sep, "/")
            return Source(shown=inside, package=inside.partition("/")[0].removesuffix(".py"))
        if full.startswith(self._standard):
            return Source(shown=full.replace(os.sep, "/").rpartition("/")[2], standard=True)
        if full.startswith(self._root + os.sep):
            return Source(shown=full[len(self._root) + 1 :].replace(os.sep, "/"), project=True)
        return self._elsewhere(full)

    @staticmethod
    def _elsewhere(full: str) -> Source:
        """A file that is imported from a folder of its own, such as a package that is installed for editing."""
        folders = [os.path.realpath(path) for path in sys.path if path]
        above = [path for path in folders if full.startswith(path + os.sep)]
        start = max(map(len, above), default=len(full) - len(full.rpartition(os.sep)[2]) - 1)
        inside = full[start + 1 :].replace(os.sep, "/")
        return Source(shown=inside, package=inside.partition("/")[0].removesuffix(".py"))


def _line(source: Source, frame: FrameType | Frame) -> Line:
    return Line(Location(file=source.shown, line=frame.f_lineno), frame.f_code.co_name)
