"""The start of a measurement for runs that nobody measures, early enough to see what conftest files import."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from pytest_pyramid.core.recording import IMPORT
from pytest_pyramid.session.coverage_tracer import FAULTS, OwnCoverage, Tracer, options_of, running

FOR_WORKERS = "PYTEST_PYRAMID_COVERAGE"
"""How `coverage run` was called, for pytest-xdist's workers, which it does not measure by itself."""
OWN = pytest.StashKey[OwnCoverage]()
LEFT_BY_WORKERS = "PYTEST_PYRAMID_COVERAGE_FOLDER"
"""The folder in which workers keep what they record, for the case that they crash."""
LEFT = pytest.StashKey["tempfile.TemporaryDirectory[str]"]()


def start(config: pytest.Config) -> None:
    """Measure, unless somebody does; what is imported from here on is told apart from an older run's data."""
    found = running()
    distributed = _is_distributed(config.known_args_namespace)
    within = os.environ.pop(LEFT_BY_WORKERS, None)  # of this run; runs that a test starts have their own
    if distributed:
        left = config.stash[LEFT] = tempfile.TemporaryDirectory(prefix="pytest-pyramid-", ignore_cleanup_errors=True)
        os.environ[LEFT_BY_WORKERS] = left.name
    if found is None:
        if not getattr(config.known_args_namespace, "no_cov", False):
            options = json.loads(os.environ.pop(FOR_WORKERS, "{}"))
            config.stash[OWN] = OwnCoverage(options, patched=not distributed, within=_folder(within))
        return
    if distributed:
        os.environ[FOR_WORKERS] = json.dumps(options_of(found))
    if appends():
        tracer = Tracer(found, config.rootpath, Path(config.invocation_params.dir))
        try:
            if not tracer.dynamic_context:
                tracer.switch(IMPORT)
        except FAULTS:
            return  # told when the tests begin


def _folder(within: str | None) -> str | None:
    """The folder of the run whose worker this is; None when this is no worker, or one of another machine."""
    return within if within and "PYTEST_XDIST_WORKER" in os.environ and Path(within).is_dir() else None


def forget(config: pytest.Config) -> None:
    """Take back what was told to workers, and remove what crashed ones left behind."""
    os.environ.pop(FOR_WORKERS, None)
    left = config.stash.get(LEFT, None)
    if left is not None:
        os.environ.pop(LEFT_BY_WORKERS, None)
        left.cleanup()


def appends() -> bool:
    """True under `coverage run --append`, whose data holds what older runs executed."""
    words = sys.orig_argv[1:]
    ours = words[: words.index("-m", 2)] if "-m" in words[2:] else words
    return "run" in ours and ("--append" in ours or "-a" in ours)


def _is_distributed(options: Any) -> bool:
    """True in a process that commands workers; a worker has the same options."""
    return "PYTEST_XDIST_WORKER" not in os.environ and bool(
        getattr(options, "numprocesses", None) or getattr(options, "tx", None)
    )
