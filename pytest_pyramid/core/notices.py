"""What people are told of an incident: a title and a few lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pytest_pyramid.core.drawing import duration
from pytest_pyramid.core.incidents import Incident, State, Told
from pytest_pyramid.core.markup import one_line, shortened
from pytest_pyramid.core.wording import counted

MOST_COMMITS = 10
LONGEST = 300
_MENTION = re.compile(r"@(?=\w)|<(?=[!@#])")


class NotSentError(Exception):
    """A notice could not be sent; the text says why and holds no secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One notice; `kind` is PULLED or CLEARED."""

    kind: State
    incident: Incident
    title: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines)


def notice_of(incident: Incident, kind: State) -> Notice:
    """The notice about the pull, or about its end. Text from tests and commits is visible, short and calls nobody."""
    lines = _cleared(incident) if kind is State.CLEARED else _pulled(incident)
    said = "open again" if kind is State.CLEARED else "closed"
    branch = f" on {_tame(incident.branch)}" if incident.branch else ""
    by = "" if kind is State.CLEARED else f" by {_tame(incident.nodeid)}"
    title = f"gate {_tame(incident.tier)} {said}{branch}{by}"
    return Notice(kind=kind, incident=incident, title=title, lines=tuple(lines))


def _pulled(one: Incident) -> Iterator[str]:
    yield _tame(one.message) or "no message"
    yield f"where: {_where(one)}"
    if one.withheld:
        yield f"withheld: {counted(one.withheld, 'test')} of the tiers above"
    if one.owners:
        yield f"owner: {', '.join(map(one_line, one.owners))}"
    yield from _commits(one)
    if one.link:
        yield f"report: {one_line(one.link)}"
    yield f"to take it: pytest-pyramid andon acknowledge {one.id}"


def _cleared(one: Incident) -> Iterator[str]:
    red = duration(max(0, (one.cleared or one.pulled) - one.pulled))
    yield f"it was closed for {red}, in {counted(one.runs, 'run')}, since {_tame(one.nodeid)} failed"
    if one.cleared_by:
        yield f"green at: {_tame(one.cleared_by)[:10]}"
    if one.acknowledged_by:
        yield f"thanks to: {_tame(one.acknowledged_by)}"


def _commits(one: Incident) -> Iterator[str]:
    if not one.commits:
        return
    base = f"since the last green run ({one.green[:10]})" if one.green else "checked out (no green run is known)"
    authors = dict.fromkeys(_tame(commit.author) for commit in one.commits)
    yield f"{counted(len(one.commits), 'commit')} {base} by {', '.join(authors)}:"
    for commit in one.commits[:MOST_COMMITS]:
        yield f"  {commit.id[:10]} {_tame(commit.author)}: {_tame(commit.subject)}"
    if len(one.commits) > MOST_COMMITS:
        yield f"  … and {len(one.commits) - MOST_COMMITS} more"


def _where(one: Incident) -> str:
    parts: Iterable[str] = (
        _tame(one.host),
        f"branch {_tame(one.branch)}" if one.branch else "",
        f"commit {one.commit[:10]}" if one.commit else "",
    )
    return ", ".join(part for part in parts if part) or "unknown"


def _tame(text: str) -> str:
    """One short visible line in which no chat service finds a name to call."""
    return _MENTION.sub(lambda sign: f"{sign.group()}\u200b", shortened(one_line(text), LONGEST))


def note_of(incident: Incident, kind: State) -> str:
    """One line for the summary of the run: what stands about the incident, and how the notices went."""
    head = f"andon: gate {_tame(incident.tier)}"
    if kind is State.CLEARED:
        said = f"{head} is open again"
    elif incident.runs == 1:
        said = f"{head} closed, incident {incident.id}"
    else:
        said = f"{head} closed in {counted(incident.runs, 'run')}, incident {incident.id}"
        said += f", {_tame(incident.acknowledged_by)} is at it" if incident.acknowledged is not None else ""
    return "; ".join([said, *_endings(incident, kind)])


def on_the_way(kind: State) -> str:
    """One line for the summary of a run that is over before its messenger has said a word."""
    said = "a gate that was closed is open again" if kind is State.CLEARED else "a gate closed"
    return f"andon: {said}; who is to be told will be: pytest-pyramid andon state"


def _endings(incident: Incident, kind: State) -> Iterator[str]:
    words = {Told.SENT: "told by", Told.BEGUN: "a notice is on its way by"}
    told = [one for one in incident.tellings if one.kind is kind]
    for state, said in words.items():
        names = [one.notifier for one in told if one.told is state]
        if names:
            yield f"{said} {', '.join(names)}"
    for one in told:
        if one.told in (Told.FAILED, Told.UNSURE):
            yield f"{one.notifier} failed: {_tame(one.error)}"
