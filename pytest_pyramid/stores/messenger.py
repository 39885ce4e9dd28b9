"""The process that tells people of an incident: how it is started, and what it has said."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import pytest_pyramid
from pytest_pyramid.core.errand import Errand, plain_errand
from pytest_pyramid.core.incidents import Incident
from pytest_pyramid.core.plain_incident import incident_of

MODULE = "pytest_pyramid.commands.telling"


def start(
    errand: Errand, environment: Mapping[str, str], popen: Callable[..., subprocess.Popen[bytes]] = subprocess.Popen
) -> tuple[subprocess.Popen[bytes], IO[bytes]]:
    """The process, which nobody needs to wait for, and the file that it writes to. Raises OSError."""
    safe = ["-P"] if sys.version_info >= (3, 11) else []  # the working directory is no place to import from
    said = tempfile.TemporaryFile()  # noqa: SIM115  # open until nobody wants to read it any more
    with tempfile.TemporaryFile() as order:
        order.write(json.dumps(plain_errand(errand)).encode())
        order.seek(0)
        process = popen(
            [sys.executable, *safe, "-m", MODULE],
            stdin=order,
            stdout=said,
            stderr=subprocess.DEVNULL,
            cwd=Path(pytest_pyramid.__file__).parents[1],
            env=dict(environment),
            start_new_session=True,  # a Ctrl-C is for the tests
        )
    return process, said


def latest(said: IO[bytes]) -> list[Incident]:
    """The incidents that it has told of so far, each as it was told of last."""
    found: dict[str, Any] = {}
    said.seek(0)
    for line in said.read().splitlines():
        with suppress(ValueError):  # the last line may be half written
            one = incident_of(json.loads(line))
            found[one.id] = one
    return list(found.values())
