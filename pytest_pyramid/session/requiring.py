"""What an earlier stage found decides whether this one starts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pytest_pyramid.core.stage_verdicts import objections
from pytest_pyramid.stores import verdict_files
from pytest_pyramid.stores.surroundings import look_around


def require(config: pytest.Config, paths: list[str]) -> None:
    """Let the run go on when every required verdict is good. Raises pytest.UsageError with every reason otherwise."""
    commit = look_around(Path(config.rootpath)).commit
    wrong = [f"{path}: {reason}" for path in paths for reason in _wrong(config, path, commit)]
    if wrong:
        head = "pytest-test-pyramid: what --pyramid-require asks for does not hold:"
        raise pytest.UsageError("\n  ".join([head, *wrong]))


def _wrong(config: pytest.Config, path: str, commit: str | None) -> Iterator[str]:
    try:
        verdict = verdict_files.read(Path(config.invocation_params.dir, path))
    except FileNotFoundError:
        yield "there is no such file: the stage before did not run, or its verdict was not handed on"
    except (OSError, ValueError) as error:
        yield str(error)
    else:
        yield from objections(verdict, commit)
