"""Incidents: a gate of a branch closed, until it opens again. What happens to them is a new value each time."""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

KEPT = 200
"""So many incidents are kept; those that are open always are."""
MOST_TELLINGS = 40
STALE_SECONDS = 60
"""A notice that was begun so long ago and has no end was begun by a process that was killed."""


class State(enum.Enum):
    """What is done about an incident."""

    PULLED = "pulled"
    ACKNOWLEDGED = "acknowledged"
    CLEARED = "cleared"


class Told(enum.Enum):
    """How a notice ended."""

    BEGUN = "begun"
    SENT = "sent"
    FAILED = "failed"
    UNSURE = "unsure"
    """It took too long; it may have arrived."""


class Commit(NamedTuple):
    """One commit that may have done it."""

    id: str
    author: str
    subject: str


class Telling(NamedTuple):
    """One notice by one notifier, about the pull or about its end."""

    kind: State
    notifier: str
    told: Told
    at: int
    """Seconds since 1970-01-01 UTC, like all times here."""
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Who pulled the cord of which gate, where and when, and what became of it."""

    id: str
    tier: str
    branch: str
    """Empty where nobody could tell."""
    nodeid: str
    """The first test that failed, or the file that could not be collected."""
    message: str
    pulled: int
    host: str = ""
    commit: str = ""
    green: str = ""
    """The commit of the last green run on the branch, as far as the history knows one."""
    commits: tuple[Commit, ...] = ()
    """Those since then, the newest first; only the one checked out when there is no green run."""
    owners: tuple[str, ...] = ()
    withheld: int = 0
    """How many tests the closed gate kept from running."""
    link: str = ""
    runs: int = 1
    """How many runs found the gate closed."""
    acknowledged: int | None = None
    acknowledged_by: str = ""
    note: str = ""
    cleared: int | None = None
    cleared_by: str = ""
    """The commit of the green run, or the person that cleared it."""
    tellings: tuple[Telling, ...] = ()

    @property
    def state(self) -> State:
        """Pulled, acknowledged or cleared."""
        if self.cleared is not None:
            return State.CLEARED
        return State.PULLED if self.acknowledged is None else State.ACKNOWLEDGED


Incidents = tuple[Incident, ...]


def open_at(incidents: Incidents, tier: str, branch: str) -> Incident | None:
    """The incident of this gate on this branch that is not cleared, or None."""
    return next(
        (one for one in reversed(incidents) if one.cleared is None and (one.tier, one.branch) == (tier, branch)), None
    )


def pulled(incidents: Incidents, new: Incident) -> tuple[Incidents, Incident]:
    """The incidents after one more red run, and the one it belongs to: `new`, or the open one of the same gate."""
    known = open_at(incidents, new.tier, new.branch)
    if known is None:
        return _kept((*incidents, new)), new
    again = replace(known, runs=known.runs + 1)
    return changed(incidents, again), again


def opened(
    incidents: Incidents, tiers: Collection[str], branch: str, *, at: int, by: str
) -> tuple[Incidents, Incidents]:
    """The incidents after a run in which these gates were open, and those of them that are cleared by it."""
    done = tuple(
        replace(one, cleared=at, cleared_by=by)
        for tier in tiers
        if (one := open_at(incidents, tier, branch)) is not None
    )
    for one in done:
        incidents = changed(incidents, one)
    return incidents, done


def changed(incidents: Incidents, new: Incident) -> Incidents:
    """The incidents with the one of the same id replaced."""
    return tuple(new if one.id == new.id else one for one in incidents)


def completed(one: Incident, found: Mapping[str, Any]) -> Incident:
    """The incident with what was found out about it: commits, owners, the last green commit."""
    return replace(one, **found)


def found(incidents: Incidents, beginning: str) -> Incident:
    """The one incident whose id begins so; without a beginning the only open one. Raises ValueError for none or more."""
    fits = [one for one in incidents if (one.id.startswith(beginning) if beginning else one.cleared is None)]
    if len(fits) == 1:
        return fits[0]
    what = f"whose id begins with {beginning!r}" if beginning else "that is open"
    raise ValueError(f"there {'is no incident' if not fits else f'are {len(fits)} incidents'} {what}")


def due(incident: Incident, kind: State, notifiers: Sequence[str], now: int) -> tuple[str, ...]:
    """The notifiers that have to tell it: each once, again only where it failed or was killed at it.

    That all is well again is told by those that may have told that it was not.
    """
    return tuple(name for name in notifiers if _is_due(incident, kind, name, now))


def noted(incident: Incident, telling: Telling) -> Incident:
    """The incident with the newest word on one notice instead of the one before."""
    others = [one for one in incident.tellings if (one.kind, one.notifier) != (telling.kind, telling.notifier)]
    return replace(incident, tellings=(*others, telling)[-MOST_TELLINGS:])


def red_spans(incidents: Incidents, now: int) -> Iterator[tuple[int, int]]:
    """(from, to) of the times when at least one incident was open, in order and apart from each other."""
    start = end = None
    for one in sorted(incidents, key=lambda incident: incident.pulled):
        until = now if one.cleared is None else max(one.cleared, one.pulled)
        if start is None or end is None:
            start, end = one.pulled, until
        elif one.pulled <= end:
            end = max(end, until)
        else:
            yield start, end
            start, end = one.pulled, until
    if start is not None and end is not None:
        yield start, end


def red_seconds(incidents: Incidents, since: int, until: int) -> int:
    """For how many seconds between these moments some gate was closed."""
    return sum(max(0, min(end, until) - max(start, since)) for start, end in red_spans(incidents, until))


def _is_due(incident: Incident, kind: State, name: str, now: int) -> bool:
    last = {one.kind: one for one in incident.tellings if one.notifier == name}
    if kind is State.CLEARED and (State.PULLED not in last or last[State.PULLED].told is Told.FAILED):
        return False
    before = last.get(kind)
    if before is None or before.told is Told.FAILED:
        return True
    return before.told is Told.BEGUN and now - before.at > STALE_SECONDS


def _kept(incidents: Incidents) -> Incidents:
    gone = len(incidents) - KEPT
    old = [one.id for one in incidents if one.cleared is not None][: max(0, gone)]
    return tuple(one for one in incidents if one.id not in old)
