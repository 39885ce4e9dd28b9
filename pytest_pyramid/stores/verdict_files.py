"""Verdict files of earlier stages: read, and only believed when their seal holds."""

from __future__ import annotations

import json
from pathlib import Path

from pytest_pyramid.core.seals import faults
from pytest_pyramid.core.stage_verdicts import StageVerdict, from_plain


def read(path: Path) -> StageVerdict:
    """The verdict in the file. Raises ValueError, which says what is wrong with it, and OSError."""
    lines = path.read_bytes().decode("utf-8", "replace").splitlines()
    if len(lines) != 1:
        raise ValueError(f"it holds {len(lines)} lines, a verdict is one")
    fault = next(faults(lines), None)
    if fault is not None:
        raise ValueError("it was changed after it was sealed" if "changed" in fault.reason else "it is no verdict")
    try:
        plain = json.loads(lines[0])
    except ValueError as error:
        raise ValueError(f"it is no verdict: {error}") from error
    return from_plain(plain)
