"""What has changed since the last run on the main branch, beyond counts and seconds."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from pytest_pyramid.core.facts import Outcome
from pytest_pyramid.core.plain_entry import Entry
from pytest_pyramid.core.violations import Severity, Violation

MOST_KEYS = 500
"""With more violations than this they are not remembered: they fill the history and nobody reads the difference."""


class Delta(NamedTuple):
    """This run compared with that of `commit` on the main branch."""

    commit: str | None
    new_failures: tuple[str, ...]
    """Node ids of tests that fail now, and ran there and did not fail."""
    fixed: tuple[str, ...]
    """Node ids of tests that failed there and pass now."""
    new_violations: tuple[str, ...] | None
    """Code, name and message of each that was not there; None when nobody can tell."""


def delta_of(
    commit: str | None,
    before: Sequence[tuple[str, bool]],
    outcomes: Iterable[Outcome],
    violations: Sequence[Violation],
    keys: Collection[str] | None,
) -> Delta:
    """The difference. `before` are (node id, failed) of what ran there, `keys` the violations, None for unknown."""
    failed_before = dict(before)
    ran = [one for one in outcomes if one.result.ran]
    return Delta(
        commit=commit,
        new_failures=tuple(
            one.nodeid for one in ran if one.result.pulls_the_cord and failed_before.get(one.nodeid) is False
        ),
        fixed=tuple(one.nodeid for one in ran if not one.result.pulls_the_cord and failed_before.get(one.nodeid)),
        new_violations=None
        if keys is None
        else tuple(
            f"{one.code} {one.name}: {one.message}"
            for one in violations
            if one.severity is not Severity.OFF and violation_key(one) not in keys
        ),
    )


def violation_keys(violations: Iterable[Violation]) -> tuple[str, ...] | None:
    """What is remembered of the violations of a run, None for too many."""
    keys = tuple(dict.fromkeys(violation_key(one) for one in violations if one.severity is not Severity.OFF))
    return keys if len(keys) <= MOST_KEYS else None


def violation_key(one: Violation) -> str:
    """Tells it from others, and is the same in the next run although lines and figures have changed."""
    parts = (one.code, one.tier or "", one.nodeid or "", one.location.file if one.location else "")
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def plain_delta(delta: Delta | None) -> dict[str, Any]:
    """The key "delta", or nothing when there is nothing to compare with."""
    if delta is None:
        return {}
    new = delta.new_violations
    return {
        "delta": {
            "commit": delta.commit,
            "new_failures": list(delta.new_failures),
            "fixed": list(delta.fixed),
            "new_violations": None if new is None else list(new),
        }
    }


def delta_from(whole: Entry) -> Delta | None:
    """The delta of a report, None when it has no such key. Raises ValueError for a value of the wrong kind."""
    if not whole.has("delta"):
        return None
    entry = whole.entry("delta")
    known = entry.values.get("new_violations") is not None
    return Delta(
        commit=entry.text_or_none("commit"),
        new_failures=entry.texts("new_failures"),
        fixed=entry.texts("fixed"),
        new_violations=entry.texts("new_violations") if known else None,
    )
