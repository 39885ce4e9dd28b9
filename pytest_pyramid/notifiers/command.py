"""Runs a program of the project, which gets the notice as JSON on its standard input."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping

from pytest_pyramid.core.andon_settings import AndonSettings
from pytest_pyramid.core.notices import Notice, NotSentError
from pytest_pyramid.core.plain_incident import plain_incident


def send(notice: Notice, andon: AndonSettings, environment: Mapping[str, str]) -> None:
    """Run the program to its end. Raises NotSentError; what it prints is left out, because it may be a secret."""
    plain = {
        "kind": notice.kind.value,
        "title": notice.title,
        "text": notice.text,
        "incident": plain_incident(notice.incident),
    }
    try:
        done = subprocess.run(  # noqa: S603  # the program that the project configured
            andon.command,
            input=json.dumps(plain).encode(),
            env=dict(environment),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=andon.seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise TimeoutError from None
    except OSError as error:
        raise NotSentError(f"{andon.command[0]} cannot be started: {error.strerror or 'it is no program'}") from None
    if done.returncode:
        raise NotSentError(f"{andon.command[0]} ended with status {done.returncode}")
