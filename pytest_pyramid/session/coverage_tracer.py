"""The coverage.py that measures this process: found or started, told under whose name to record, read, and put back."""

from __future__ import annotations

import glob
import os
import re
import sqlite3
import sys
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from coverage import Coverage, CoverageData
from coverage.exceptions import ConfigError, CoverageException

from pytest_pyramid.core.recording import NOTHING, Label, Recording, label_of, merged
from pytest_pyramid.session.coverage_children import tell_children
from pytest_pyramid.stores import coverage_data

FAULTS = (CoverageException, sqlite3.Error, OSError)
"""What reading or writing coverage data may raise; none of it may cost the run anything but its coverage."""


_PROCESS = re.compile(r"\.pid(\d+)\.|\.(\d+)\.\w+$")
"""The process in the name of a parallel data file: `.coverage.host.pid4711.XaBcDeFx`, `.coverage.host.4711.123456`."""


class OwnCoverage:
    """A measurement that nobody but us asked for; its data lies in a folder of its own, which goes at the end.

    That folder is made `within` another one, where the data is found when this process crashes.
    """

    def __init__(self, options: dict[str, Any], *, patched: bool, within: str | None = None) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="pytest-pyramid-", dir=within, ignore_cleanup_errors=True)
        self.coverage = Coverage(data_file=str(Path(self._folder.name, "coverage")), data_suffix=True, **options)
        self.coverage.set_option("run:disable_warnings", ["no-data-collected", "module-not-imported"])
        self._process_config = os.environ.get("COVERAGE_PROCESS_CONFIG")
        if not patched and self._patches():
            self.coverage.set_option("run:patch", [one for one in self._patches() if one != "subprocess"])
        self.coverage.start()

    def _patches(self) -> list[str]:
        try:
            found = self.coverage.get_option("run:patch")
        except (CoverageException, ConfigError):
            return []  # before coverage 7.10
        return [str(one) for one in found] if isinstance(found, list) else []

    @property
    def is_bounded(self) -> bool:
        """True when the user's configuration says what is to be measured."""
        names = ("run:source", "run:source_pkgs", "run:include")
        return any(self.coverage.get_option(name) for name in names)

    def end(self) -> None:
        """Stop measuring and leave nothing behind."""
        self.coverage.stop()
        coverage_data.close(self.coverage.get_data())
        if self._process_config is None:
            os.environ.pop("COVERAGE_PROCESS_CONFIG", None)
        else:
            os.environ["COVERAGE_PROCESS_CONFIG"] = self._process_config
        self._folder.cleanup()


class Tracer:
    """Whatever measures this process. `root` is the root folder, `folder` the one that pytest was started in."""

    def __init__(self, coverage: Coverage, root: Path, folder: Path) -> None:
        self._coverage = coverage
        self._name_of = coverage_data.relative_to(root, folder)
        self._switched = False

    @property
    def config_file(self) -> str | None:
        """The file that its configuration comes from."""
        found = getattr(self._coverage.config, "config_file", None)
        return str(found) if found else None

    @property
    def dynamic_context(self) -> str | None:
        """The user's own dynamic contexts, which leave no room for ours."""
        found = self._coverage.get_option("run:dynamic_context")
        return str(found) if found and found != "none" else None

    def switch(self, label: Label) -> None:
        """Record under the label from here on. Raises one of FAULTS when coverage was stopped or cannot write.

        sys.monitoring tells of every place once; started again it tells once more, for the new label.
        """
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns that sys.monitoring knows no contexts; started again it does
            self._coverage.switch_context(label.text)
        self._switched = True
        restart()
        tell_children(label)

    def keep(self, label: Label) -> None:
        """Write what was recorded until now to the data file, so that a crash does not lose it. Raises one of FAULTS."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # as in `switch`
            self._coverage.switch_context(label.text)

    def recording(self, labelling: Callable[[str], Label | None]) -> Recording:
        """What this process executed until now, by label. Raises one of FAULTS.

        The data is put back as if no label had been there, for whoever saves and reports it.
        """
        data = self._coverage.get_data()
        path = Path(data.data_filename())
        if not path.exists():
            return NOTHING  # nothing was measured at all
        contents = coverage_data.read(path)
        if self._switched:
            coverage_data.put_back(data, contents)
            tell_children(None)
        return coverage_data.recording_of(contents, labelling, self._name_of)

    def of_others(self, left: Path | None) -> Recording:
        """What ended processes left under our labels beside our data, and in folders in `left`: of children, of crashed workers."""
        base, own = self._base(), Path(self._coverage.get_data().data_filename()).absolute()
        found = []
        beside = base.parent.glob(f"{glob.escape(base.name)}.*")
        for path in (*beside, *(left.glob("*/coverage.*") if left is not None else ())):
            if path == own or (path.parent == base.parent and _is_alive(path)):
                continue
            try:
                contents = coverage_data.read(path)
                if coverage_data.is_labelled(contents):
                    found.append(coverage_data.recording_of(contents, label_of, self._name_of))
                    _put_back_file(path, contents)
            except FAULTS:
                continue  # no data file, or one that is being written
        return merged(found)

    def _base(self) -> Path:
        return Path(str(self._coverage.get_option("run:data_file") or ".coverage")).absolute()


def _is_alive(path: Path) -> bool:
    """True when the process whose id is part of the file's name may still write to it.

    On Windows nobody can be asked without being ended, so there every other process counts as alive.
    """
    found = _PROCESS.search(path.name)
    if found is None or os.name != "posix":
        return True
    try:
        os.kill(int(found[1] or found[2]), 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return not _has_ended(int(found[1] or found[2]))


def _has_ended(child: int) -> bool:
    """True for a child of ours that ended and that nobody asked after yet: it still has its process id."""
    if not hasattr(os, "waitid"):
        return False  # macOS before Python 3.13
    try:
        return os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except OSError:
        return False  # no child of ours


def _put_back_file(path: Path, contents: coverage_data.Contents) -> None:
    data = CoverageData(str(path))
    data.read()
    try:
        coverage_data.put_back(data, contents)
    finally:
        coverage_data.close(data)


def options_of(coverage: Coverage) -> dict[str, Any]:
    """What another `Coverage` has to be made with to measure the same."""
    names = ("branch", "source", "include", "omit")
    found = {name: coverage.get_option(f"run:{name}") for name in names}
    config_file = getattr(coverage.config, "config_file", None)
    return {**{name: value for name, value in found.items() if value}, "config_file": config_file or False}


def restart() -> None:
    """Let sys.monitoring tell of every place once more; nothing before Python 3.12."""
    monitoring = getattr(sys, "monitoring", None)
    if monitoring is not None:
        monitoring.restart_events()


def running() -> Coverage | None:
    """The measurement that was started last, None when nobody measures."""
    return Coverage.current()
