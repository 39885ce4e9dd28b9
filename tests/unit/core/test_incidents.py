"""Incidents: one for each gate and branch until it opens again, told once."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from pytest_pyramid.core.andon_tables import WEEK, lasted, rows, weeks
from pytest_pyramid.core.incidents import (
    KEPT,
    STALE_SECONDS,
    Commit,
    Incident,
    Incidents,
    State,
    Telling,
    Told,
    due,
    found,
    noted,
    open_at,
    opened,
    pulled,
    red_seconds,
    red_spans,
)
from pytest_pyramid.core.plain_incident import incident_of, incidents_of, plain_incident, plain_incidents

NOW = 1_790_000_000


def incident(number: int = 0, tier: str = "unit", branch: str = "main", at: int = NOW) -> Incident:
    """An incident that was just pulled."""
    return Incident(
        id=f"{number:08x}", tier=tier, branch=branch, nodeid="tests/test_a.py::test_x", message="no", pulled=at
    )


def told(one: Incident, how: Told, kind: State = State.PULLED, by: str = "command", at: int = NOW) -> Incident:
    """The incident with a word on a notice."""
    return noted(one, Telling(kind, by, how, at))


def test_twenty_red_runs_are_one_incident() -> None:
    """The first opens it, the others are counted."""
    known: Incidents = ()
    for number in range(20):
        known, one = pulled(known, incident(number))
    assert [each.runs for each in known] == [20]
    assert one.id == incident(0).id


@pytest.mark.parametrize(("tier", "branch"), [("service", "main"), ("unit", "topic"), ("unit", "")])
def test_another_gate_or_branch_is_another_incident(tier: str, branch: str) -> None:
    """They are told apart by both."""
    known, _ = pulled((incident(),), incident(1, tier, branch))
    assert len(known) == 2


def test_a_green_run_clears_only_its_own_gate_and_branch() -> None:
    """With the moment and the commit; other gates stay closed."""
    known = (incident(0), incident(1, "service"), incident(2, "unit", "topic"))
    after, done = opened(known, ["unit", "ui"], "main", at=NOW + 9, by="c0ffee")
    assert [one.id for one in done] == ["00000000"]
    assert [(one.cleared, one.cleared_by) for one in after] == [(NOW + 9, "c0ffee"), (None, ""), (None, "")]
    assert opened(after, ["unit"], "main", at=NOW + 10, by="x") == (after, ())


def test_after_the_clearing_a_failure_is_a_new_incident() -> None:
    """And the old one stays as it was."""
    after, _ = opened((incident(),), ["unit"], "main", at=NOW + 9, by="")
    known, one = pulled(after, incident(5, at=NOW + 20))
    assert (len(known), one.id, one.runs) == (2, "00000005", 1)
    assert open_at(known, "unit", "main") == one


def test_the_state_follows_what_was_done() -> None:
    """Pulled, acknowledged, cleared."""
    one = incident()
    taken = replace(one, acknowledged=NOW, acknowledged_by="ada")
    assert [one.state, taken.state, replace(taken, cleared=NOW).state] == list(State)


@pytest.mark.parametrize(
    ("how", "at", "is_due"),
    [
        (Told.BEGUN, NOW, False),
        (Told.BEGUN, NOW - STALE_SECONDS - 1, True),
        (Told.SENT, NOW, False),
        (Told.FAILED, NOW, True),
        (Told.UNSURE, NOW, False),
    ],
)
def test_a_notice_is_sent_again_only_where_it_surely_was_not(how: Told, at: int, is_due: bool) -> None:
    """One that failed, or whose sender was killed; what may have arrived is left alone."""
    one = told(incident(), how, at=at)
    assert due(one, State.PULLED, ["command"], NOW) == (("command",) if is_due else ())
    assert due(one, State.PULLED, ["other"], NOW) == ("other",)


@pytest.mark.parametrize(("how", "is_due"), [(Told.SENT, True), (Told.UNSURE, True), (Told.FAILED, False)])
def test_the_end_is_told_to_those_who_know_of_the_beginning(how: Told, is_due: bool) -> None:
    """Nobody wants to hear the end of a story that he never heard of."""
    assert bool(due(told(incident(), how), State.CLEARED, ["command"], NOW)) is is_due
    assert due(incident(), State.CLEARED, ["command"], NOW) == ()
    ended = told(told(incident(), how), Told.SENT, State.CLEARED)
    assert due(ended, State.CLEARED, ["command"], NOW) == ()


def test_the_last_word_on_a_notice_replaces_the_one_before() -> None:
    """Of every notifier and kind one is kept."""
    one = told(told(told(incident(), Told.BEGUN), Told.SENT), Told.BEGUN, State.CLEARED)
    assert [(each.kind, each.told) for each in one.tellings] == [
        (State.PULLED, Told.SENT),
        (State.CLEARED, Told.BEGUN),
    ]


def test_an_incident_is_found_by_the_beginning_of_its_id() -> None:
    """Or without one when only one is open."""
    known = (replace(incident(0x10000000), cleared=NOW), incident(0x20000000))
    assert found(known, "1").cleared == NOW
    assert found(known, "").id == "20000000"


@pytest.mark.parametrize(
    ("beginning", "words"), [("3", "no incident whose id begins"), ("", "2 incidents that is open")]
)
def test_what_is_not_one_incident_is_told(beginning: str, words: str) -> None:
    """None or several."""
    with pytest.raises(ValueError, match=words):
        found((incident(0x10000000), incident(0x20000000)), beginning)


def test_what_overlaps_is_red_once() -> None:
    """Two gates that are closed at the same time are one red time."""
    known = (
        replace(incident(0, at=100), cleared=200),
        replace(incident(1, "ui", at=150), cleared=250),
        replace(incident(2, at=300), cleared=310),
        incident(3, at=400),
    )
    assert list(red_spans(known, 500)) == [(100, 250), (300, 310), (400, 500)]
    assert red_seconds(known, 200, 305) == 55
    assert list(red_spans((), 500)) == []


def test_of_old_incidents_only_so_many_are_kept() -> None:
    """The open ones always."""
    known: Incidents = (incident(0, "ui"),)
    for number in range(1, KEPT + 20):
        known, _ = pulled(known, incident(number))
        known, _ = opened(known, ["unit"], "main", at=NOW, by="")
    assert len(known) == KEPT
    assert open_at(known, "ui", "main") is not None


FULL = replace(
    told(incident(), Told.FAILED),
    commits=(Commit("c0ffee", "Ada", "Round"),),
    owners=("@org/core",),
    acknowledged=NOW,
    acknowledged_by="ada",
    cleared=NOW + 1,
)


def test_incidents_survive_their_file() -> None:
    """To plain data, JSON and back."""
    known = (incident(1), FULL)
    assert incidents_of(json.loads(json.dumps(plain_incidents(known)))) == known
    assert incident_of(plain_incident(FULL)) == FULL


@pytest.mark.parametrize("change", [{"id": 5}, {"pulled": "x"}, {"commits": [{}]}, {"tellings": [{"kind": "odd"}]}])
def test_what_is_no_incident_is_refused(change: dict) -> None:
    """With the place and the key."""
    with pytest.raises(ValueError, match="of the report"):
        incidents_of({"andon": 1, "incidents": [{**plain_incident(FULL), **change}]})


@pytest.mark.parametrize("plain", [[], {}, {"andon": 2, "incidents": []}])
def test_another_file_is_refused(plain: object) -> None:
    """A newer format too."""
    with pytest.raises(ValueError, match=r"report|format"):
        incidents_of(plain)


def test_the_table_says_who_is_at_it() -> None:
    """The newest stands first."""
    taken = replace(incident(1, at=NOW + 5), acknowledged=NOW, acknowledged_by="ada")
    made = rows([incident(0), taken], {NOW: "then", NOW + 5: "later"}, NOW + 65)
    assert [row[:3] for row in made] == [
        ("00000001", "acknowledged by ada", "unit"),
        ("00000000", "pulled", "unit"),
    ]
    assert made[0][4:6] == ("later", "60.0 s")


def test_a_week_tells_how_long_it_was_red() -> None:
    """An incident that goes on is red until now; one of the week before does not count twice."""
    old = replace(incident(0, at=NOW - WEEK - 3600), cleared=NOW - WEEK + 3600)
    made = weeks((old, incident(1, at=NOW - 60)), {NOW - WEEK: "a", NOW: "b"}, NOW)
    assert made == [("a", "1", "2.0 h", "60 min", "1 %"), ("b", "1", "60.0 s", "61 min", "1 %")]
    assert lasted(old, NOW) == 7200
