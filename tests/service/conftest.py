"""A small project in a temporary folder, run by pytest in this process."""

from __future__ import annotations

import contextlib
import importlib
import json
import pkgutil
from collections.abc import Mapping
from importlib import metadata
from typing import Any

import pytest

import pytest_pyramid
from tests.harness import WITHOUT

REPORT = "report.json"

# A run inside this process forgets the modules that it was the first to import. Packages keep them as attributes, so
# that the next run would have two copies of a module, whose classes do not know each other.
for _found in pkgutil.walk_packages(pytest_pyramid.__path__, "pytest_pyramid."):
    if not _found.name.endswith("__main__"):
        with contextlib.suppress(ImportError):  # an extra that is not installed
            importlib.import_module(_found.name)


class Project:
    """Files of a project, and runs of pytest in it with the plugin loaded."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self.path = pytester.path
        self._pytester = pytester
        installed = any(entry.value == "pytest_pyramid.plugin" for entry in metadata.entry_points(group="pytest11"))
        self._plugin = () if installed else ("-p", "pytest_pyramid.plugin")

    def files(self, files: Mapping[str, str]) -> Project:
        """The project with these files in it."""
        for name, text in files.items():
            path = self.path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return self

    def pytest(self, *arguments: str) -> pytest.RunResult:
        """What a run with exactly these arguments gave; a Ctrl-C in it does not stop the run around it."""
        return self._pytester.runpytest_inprocess(
            *self._plugin, *WITHOUT, "-p", "no:cacheprovider", *arguments, no_reraise_ctrlc=True
        )

    def collected(self, *arguments: str) -> list[str]:
        """The node ids that a run with --pyramid would run, in order."""
        result = self.pytest("--pyramid", "--collect-only", "-q", *arguments)
        return [line for line in result.outlines if "::" in line]

    def report(self, *arguments: str) -> dict[str, Any]:
        """The JSON report of a run with --pyramid."""
        self.pytest("--pyramid", f"--pyramid-report=json:{REPORT}", *arguments)
        found: dict[str, Any] = json.loads((self.path / REPORT).read_text(encoding="utf-8"))
        return found


@pytest.fixture
def project(pytester: pytest.Pytester) -> Project:
    """An empty project whose folder is the working directory."""
    pytester.makeini("[pytest]\n")
    return Project(pytester)
