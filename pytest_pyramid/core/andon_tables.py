"""Incidents for people: tables of what is open, what was, and for how long a gate was closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pytest_pyramid.core.drawing import duration, percent
from pytest_pyramid.core.incidents import Incident, Incidents, red_seconds
from pytest_pyramid.core.past_tables import Rows

HEAD = ("id", "state", "gate", "branch", "pulled (UTC)", "red for", "runs", "owner", "pulled by")
WEEKS_HEAD = ("until (UTC)", "incidents", "longest", "time red", "share")
WEEK = 7 * 86400


def rows(incidents: Sequence[Incident], dates: Mapping[int, str], now: int) -> Rows:
    """One row for each incident, the newest first; `dates` are texts by time."""
    return [
        (
            one.id,
            f"{one.state.value} by {one.acknowledged_by}"
            if one.acknowledged_by and not one.cleared
            else one.state.value,
            one.tier,
            one.branch or "-",
            dates[one.pulled],
            duration(lasted(one, now)),
            str(one.runs),
            ", ".join(one.owners) or "-",
            one.nodeid,
        )
        for one in sorted(incidents, key=lambda one: one.pulled, reverse=True)
    ]


def weeks(incidents: Incidents, dates: Mapping[int, str], now: int) -> Rows:
    """One row for each week up to now, the newest last: how long some gate was closed. `dates` are texts by time."""
    found = []
    for until in week_ends(incidents, now):
        since = until - WEEK
        begun = [one for one in incidents if since < one.pulled <= until]
        red = red_seconds(tuple(one for one in incidents if one.pulled <= until), since, until)
        longest = max((lasted(one, now) for one in begun), default=0)
        found.append(
            (dates[until], str(len(begun)), duration(longest) if begun else "-", duration(red), percent(red / WEEK))
        )
    return found


def week_ends(incidents: Incidents, now: int, most: int = 8) -> list[int]:
    """The ends of the weeks that are told, the newest last: back to the first incident, at most eight."""
    first = min((one.pulled for one in incidents), default=now)
    count = min(most, max(1, -(-(now - first) // WEEK)))
    return [now - WEEK * back for back in reversed(range(count))]


def lasted(one: Incident, now: int) -> int:
    """For how many seconds the incident was open."""
    return max(0, (now if one.cleared is None else one.cleared) - one.pulled)
