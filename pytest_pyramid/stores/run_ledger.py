"""The ledger: one sealed JSON line for every gated run, only ever appended to."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pytest_pyramid.core.seals import START, Fault, faults, seal_of, sealed
from pytest_pyramid.stores.locking import locked

_BLOCK = 65536


def ledger_of(history: Path) -> Path:
    """Where the ledger stands: beside the history file, under the same name."""
    return history.with_name(f"{history.stem}.ledger.jsonl")


def append(path: Path, record: Mapping[str, Any]) -> str:
    """The seal of the record, once it stands at the end of the ledger. Raises OSError.

    Two runs may end at once: reading the last seal and writing the next line is one step under a lock. A last line
    that a killed machine left unfinished stays as it is, for `verify` to find; the record starts a line of its own.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with locked(path), path.open("ab+", buffering=0) as file:
        previous, finished = _end(file)
        line = sealed(json.dumps(record, ensure_ascii=True), previous)
        data = f"{line}\n".encode() if finished else f"\n{line}\n".encode()
        before = file.seek(0, os.SEEK_END)
        written = file.write(data)
        if written != len(data):
            file.truncate(before)  # a disk that is full may take half of a line
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    return seal_of(line) or START


def verify(path: Path) -> tuple[int, tuple[Fault, ...]]:
    """How many lines the ledger has, and every place where it was changed. Raises OSError."""
    lines = path.read_bytes().decode("utf-8", "replace").splitlines()
    return len(lines), tuple(faults(lines))


def seals(path: Path) -> frozenset[str]:
    """The seals of all lines that are as they were written. Raises OSError."""
    lines = path.read_bytes().decode("utf-8", "replace").splitlines()
    return frozenset(seal for line in lines if (seal := seal_of(line)) is not None)


def _end(file: Any) -> tuple[str, bool]:
    """The seal of the last line that has one, and whether the file ends with a whole line."""
    size = file.seek(0, os.SEEK_END)
    if not size:
        return START, True
    wanted = _BLOCK
    while True:
        file.seek(max(0, size - wanted))
        tail = file.read(wanted).decode("utf-8", "replace")
        lines = tail.splitlines() if wanted >= size else tail.splitlines()[1:]
        for line in reversed(lines):
            seal = seal_of(line)
            if seal is not None:
                return seal, tail.endswith("\n")
        if wanted >= size:
            return START, tail.endswith("\n")
        wanted *= 16
