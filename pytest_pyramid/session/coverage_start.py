"""The start of a measurement for runs that nobody measures, early enough to see what conftest files import."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from pytest_pyramid.core.recording import IMPORT
from pytest_pyramid.session.coverage_tracer import FAULTS, OwnCoverage, Tracer, options_of, running

FOR_WORKERS = "PYTEST_PYRAMID_COVERAGE"
"""How `coverage run` was called, for pytest-xdist's workers, which it does not measure by itself."""
OWN = pytest.StashKey[OwnCoverage]()


def start(config: pytest.Config) -> None:
    """Measure, unless somebody does; what is imported from here on is told apart from an older run's data."""
    found = running()
    distributed = _is_distributed(config.known_args_namespace)
    if found is None:
        if not getattr(config.known_args_namespace, "no_cov", False):
            options = json.loads(os.environ.pop(FOR_WORKERS, "{}"))
            config.stash[OWN] = OwnCoverage(options, patched=not distributed)
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


def forget() -> None:
    """Take back what was told to workers."""
    os.environ.pop(FOR_WORKERS, None)


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
