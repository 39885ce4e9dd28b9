"""Child processes that coverage.py measures (`[run] patch = subprocess`): under whose name they record."""

from __future__ import annotations

import base64
import json
import os

from pytest_pyramid.core.recording import Label, foreign_part

VARIABLE = "COVERAGE_PROCESS_CONFIG"
"""coverage.py 7.10 hands its configuration to children in it, as JSON in base64."""


def tell_children(label: Label | None) -> None:
    """Let children that start from now on record under the label; None takes it back.

    The form of the variable is no promise of coverage.py: what does not look like it is left alone, and then children
    count as import.
    """
    text = os.environ.get(VARIABLE)
    if not text:
        return
    try:
        values = json.loads(base64.b64decode(text, validate=True))
        static = foreign_part(values["context"] or "")
        values["context"] = (f"{static}|{label.text}" if static else label.text) if label else static or None
    except (ValueError, KeyError, TypeError, AttributeError):
        return
    os.environ[VARIABLE] = base64.b64encode(json.dumps(values).encode()).decode()
