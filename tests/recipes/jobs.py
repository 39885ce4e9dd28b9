"""What a pipeline asks of a build server, in words that all systems share. Pure: parsed files in, values out."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple


class Kind(str, Enum):
    """What one step does."""

    CHECKOUT = "checkout"
    """Get the sources."""
    RUN = "run"
    """Run a script of the shell."""
    UPLOAD = "upload"
    """Keep files for later jobs, under a name."""
    DOWNLOAD = "download"
    """Get what earlier jobs kept under names that match."""
    RESTORE = "restore"
    """Get a file that an earlier pipeline saved."""
    SAVE = "save"
    """Save a file for later pipelines."""


class Step(NamedTuple):
    """One thing that a job does."""

    kind: Kind
    text: str = ""
    """The script; the name of what is kept, with wildcards for a download."""
    paths: tuple[str, ...] = ()
    """The files, with wildcards."""
    always: bool = False
    """Done after a failed step as well."""


class Job(NamedTuple):
    """One folder of its own in which steps are done one after the other."""

    name: str
    steps: tuple[Step, ...]
    needs: tuple[str, ...] = ()
    """The names of the jobs that come before."""
    always: bool = False
    """Done after a failed job as well."""
    environment: Mapping[str, str] = {}


def in_order(jobs: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The names so that each stands behind those that it needs. Raises ValueError for a name that is not there."""
    found: list[str] = []
    while len(found) < len(jobs):
        ready = [name for name, needs in jobs.items() if name not in found and set(needs) <= set(found)]
        if not ready:
            raise ValueError(f"cannot be done: {sorted(set(jobs) - set(found))}")
        found.append(ready[0])
    return tuple(found)
