"""andon: what stands about gates that closed; take an incident on, or put it away."""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path

from pytest_pyramid.commands.project import history_of, settings_here
from pytest_pyramid.core import andon_tables, past_tables
from pytest_pyramid.core.incidents import Incident, Incidents, State, changed, found
from pytest_pyramid.stores import incident_file
from pytest_pyramid.stores.surroundings import user_name
from pytest_pyramid.stores.terminal_text import shown_time, takes_unicode

name = "andon"
summary = "gates that closed: what is open, take one on, put one away"

OPEN = 1
"""The exit status of `state` while a gate is closed."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    where = argparse.ArgumentParser(add_help=False)
    where.add_argument("--file", type=Path, metavar="PATH", help="the incidents; without it those of this project")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    state = actions.add_parser("state", help="what is open, and for how long gates were closed", parents=[where])
    state.add_argument("-n", type=int, default=10, dest="most", metavar="N", help="at most so many incidents (10)")
    for word, text in (("acknowledge", "say that you are at it"), ("clear", "say that it is over, or was none")):
        action = actions.add_parser(word, help=text, parents=[where])
        action.add_argument(
            "id", nargs="?", default="", metavar="ID", help="its id or the beginning; else the open one"
        )
        action.add_argument("--by", default="", metavar="NAME", help="who; without it the user of this machine")
        action.add_argument("--note", default="", metavar="TEXT", help="a word for the others")


def run(arguments: argparse.Namespace) -> int:
    """Exit status 0; 1 from `state` while a gate is closed. Raises ValueError and OSError for what cannot be done."""
    path = arguments.file or _configured()
    if arguments.action == "state":
        return _state(path, arguments.most)
    by = arguments.by or user_name() or "somebody"
    now = int(time.time())

    def act(known: Incidents) -> tuple[Incidents, Incident]:
        one = found(known, arguments.id)
        if arguments.action == "acknowledge" and one.state is not State.CLEARED:
            new = replace(one, acknowledged=now, acknowledged_by=by, note=arguments.note or one.note)
        elif one.state is not State.CLEARED:
            new = replace(one, cleared=now, cleared_by=by, note=arguments.note or one.note)
        else:
            raise ValueError(f"{one.id} is cleared already")
        return changed(known, new), new

    if not path.exists():
        raise ValueError(f"there are no incidents at {path}")
    one = incident_file.change(path, act)
    sys.stdout.write(f"{one.id} is {one.state.value} by {by}\n")
    return 0


def _configured() -> Path:
    settings = settings_here()
    if settings is not None and settings.andon.state != "auto":
        return Path(settings.andon.state).expanduser()
    return incident_file.incidents_beside(history_of(settings))


def _state(path: Path, most: int) -> int:
    known = incident_file.incidents(path)
    if not known:
        sys.stdout.write(f"{path}: no gate has closed\n")
        return 0
    now = int(time.time())
    recent = sorted(known, key=lambda one: (one.cleared is None, one.pulled))[-most:]
    dates = {
        moment: shown_time(moment) for moment in [one.pulled for one in recent] + andon_tables.week_ends(known, now)
    }
    for head, rows in (
        (andon_tables.HEAD, andon_tables.rows(recent, dates, now)),
        (andon_tables.WEEKS_HEAD, andon_tables.weeks(known, dates, now)),
    ):
        sys.stdout.writelines(f"{line}\n" for line in past_tables.table(head, rows, unicode=takes_unicode()))
        sys.stdout.write("\n")
    return OPEN if any(one.cleared is None for one in known) else 0
