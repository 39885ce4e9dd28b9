"""What rules return: a violation, its severity, and the order in which violations are shown."""

from __future__ import annotations

import enum
from typing import NamedTuple

from pytest_pyramid.core.facts import Location


class Severity(enum.Enum):
    """How much a violation weighs: an error makes the run fail, a warning is shown, off is not judged at all."""

    ERROR = "error"
    WARNING = "warning"
    OFF = "off"


class Violation(NamedTuple):
    """One rule broken once. `data` holds plain values for machines, keyed by name."""

    code: str
    name: str
    severity: Severity
    message: str
    hint: str
    tier: str | None = None
    nodeid: str | None = None
    location: Location | None = None
    baseline: bool = False
    """True for a violation that the baseline file already knows."""
    certain: bool = True
    """False for what can only be supposed, so that it is never more than a warning."""
    data: tuple[tuple[str, str | int | float | None], ...] = ()


def in_order(violations: tuple[Violation, ...]) -> tuple[Violation, ...]:
    """The violations, errors first, then by code, then by place."""
    weight = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.OFF: 2}

    def key(v: Violation) -> tuple[int, str, str, int, str]:
        place = v.location
        return (
            weight[v.severity],
            v.code,
            place.file if place else "",
            (place.line or 0) if place else 0,
            v.nodeid or "",
        )

    return tuple(sorted(violations, key=key))
