"""A pip that fetches nothing, and a venv that is this environment: what a page may ask for is installed already."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import NoReturn

OURS = "pytest-test-pyramid"
_REQUIREMENT = re.compile(r"(?P<name>[\w.-]+)(\[(?P<extras>[\w,-]+)\])?")


def install(arguments: Sequence[str]) -> int:
    """Exit status 0 when every requirement of `pip install` is installed here, with extras that it really has."""
    command, *words = arguments
    wrong = [word for word in words if not word.startswith("-") and not _is_here(word)]
    if command != "install" or wrong:
        sys.stderr.write(f"pip {' '.join(arguments)}: {' '.join(wrong)} cannot be had\n")
        return 1
    return 0


def python(arguments: Sequence[str]) -> NoReturn:
    """Go on as Python; for `-m venv` only make the file that people source."""
    if list(arguments[:2]) != ["-m", "venv"]:
        os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606  # it is Python that was asked for
    activate = Path(arguments[2], "bin", "activate")
    activate.parent.mkdir(parents=True)
    activate.write_text("# this environment\n", encoding="utf-8")
    sys.exit(0)


def _is_here(requirement: str) -> bool:
    found = _REQUIREMENT.fullmatch(requirement)
    if found is None:
        return False
    try:
        known = metadata.metadata(found["name"]).get_all("Provides-Extra") or []
    except metadata.PackageNotFoundError:
        return False
    return set((found["extras"] or "").split(",")) <= {"", *known}
