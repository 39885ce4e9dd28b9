"""The incidents of a project in one small JSON file, changed under a lock and written whole."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from pytest_pyramid.core.incidents import Incidents
from pytest_pyramid.core.plain_incident import incidents_of, plain_incidents
from pytest_pyramid.stores import report_files
from pytest_pyramid.stores.locking import locked

T = TypeVar("T")


def incidents_beside(history: Path) -> Path:
    """Where the incidents stand: beside the history file, under the same name."""
    return history.with_name(f"{history.stem}.andon.json")


def incidents(path: Path) -> Incidents:
    """The incidents, none for no file. Raises OSError, and ValueError for what is no such file."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ()
    return incidents_of(json.loads(text))


def change(path: Path, act: Callable[[Incidents], tuple[Incidents, T]]) -> T:
    """The second half of what `act` gives, once the first half, the new incidents, is written.

    Nobody else changes the file meanwhile. A file that cannot be understood is renamed and begun anew. Raises OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with locked(path):
        try:
            known = incidents(path)
        except ValueError:
            path.replace(path.with_name(f"{path.name}.unusable"))
            known = ()
        new, answer = act(known)
        if new != known:
            report_files.write(path, f"{json.dumps(plain_incidents(new), indent=1)}\n")
    return answer
