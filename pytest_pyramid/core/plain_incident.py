"""Incidents as plain data, for their file and for the programs that tell of them, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_pyramid.core.incidents import Commit, Incident, Incidents, State, Telling, Told
from pytest_pyramid.core.plain_entry import Entry, entry_of

VERSION = 1


def plain_incidents(incidents: Incidents) -> dict[str, Any]:
    """The whole file."""
    return {"andon": VERSION, "incidents": [plain_incident(one) for one in incidents]}


def incidents_of(plain: Any) -> Incidents:
    """The incidents of the file. Raises ValueError for another version, a missing key or a value of the wrong kind."""
    whole = entry_of(plain, "")
    if whole.whole("andon") != VERSION:
        raise ValueError(f"it has the format {whole.whole('andon')}, this version reads {VERSION}")
    return tuple(map(incident_of, whole.entries("incidents")))


def plain_incident(one: Incident) -> dict[str, Any]:
    """One incident; times are seconds since 1970-01-01 UTC."""
    return {
        "id": one.id,
        "state": one.state.value,
        "tier": one.tier,
        "branch": one.branch,
        "nodeid": one.nodeid,
        "message": one.message,
        "pulled": one.pulled,
        "host": one.host,
        "commit": one.commit,
        "green": one.green,
        "commits": [commit._asdict() for commit in one.commits],
        "owners": list(one.owners),
        "withheld": one.withheld,
        "link": one.link,
        "runs": one.runs,
        "acknowledged": one.acknowledged,
        "acknowledged_by": one.acknowledged_by,
        "note": one.note,
        "cleared": one.cleared,
        "cleared_by": one.cleared_by,
        "tellings": [
            {**telling._asdict(), "kind": telling.kind.value, "told": telling.told.value} for telling in one.tellings
        ],
    }


def incident_of(entry: Entry | Mapping[str, Any]) -> Incident:
    """The incident that `plain_incident` gave; raises ValueError as `incidents_of` does."""
    entry = entry if isinstance(entry, Entry) else entry_of(entry, "incident")
    return Incident(
        id=entry.text("id"),
        tier=entry.text("tier"),
        branch=entry.text("branch"),
        nodeid=entry.text("nodeid"),
        message=entry.text("message"),
        pulled=entry.whole("pulled"),
        host=entry.text("host"),
        commit=entry.text("commit"),
        green=entry.text("green"),
        commits=tuple(
            Commit(one.text("id"), one.text("author"), one.text("subject")) for one in entry.entries("commits")
        ),
        owners=entry.texts("owners"),
        withheld=entry.whole("withheld"),
        link=entry.text("link"),
        runs=entry.whole("runs"),
        acknowledged=entry.whole_or_none("acknowledged"),
        acknowledged_by=entry.text("acknowledged_by"),
        note=entry.text("note"),
        cleared=entry.whole_or_none("cleared"),
        cleared_by=entry.text("cleared_by"),
        tellings=tuple(map(_telling, entry.entries("tellings"))),
    )


def _telling(entry: Entry) -> Telling:
    return Telling(
        entry.member("kind", State),
        entry.text("notifier"),
        entry.member("told", Told),
        entry.whole("at"),
        entry.text("error"),
    )
