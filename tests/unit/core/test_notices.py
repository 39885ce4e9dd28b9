"""What people are told of an incident."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_pyramid.core.incidents import Commit, Incident, State, Telling, Told, noted
from pytest_pyramid.core.notices import MOST_COMMITS, note_of, notice_of

BASE = Incident(
    id="3fa2",
    tier="unit",
    branch="main",
    nodeid="tests/test_a.py::test_x",
    message="assert 1 == 2",
    pulled=1000,
    host="build-7",
    commit="0f3c2a1" * 5,
    green="a1b2c3d" * 5,
    commits=(Commit("0f3c2a1" * 5, "Ada", "Round prices"), Commit("1f3c2a1" * 5, "Bob", "Cut")),
    owners=("@org/core",),
    withheld=37,
    link="https://ci.example.org/7",
)


def test_a_pull_says_who_where_and_what_next() -> None:
    """Title and lines hold everything that somebody needs to act."""
    notice = notice_of(BASE, State.PULLED)
    assert notice.title == "gate unit closed on main by tests/test_a.py::test_x"
    assert notice.lines == (
        "assert 1 == 2",
        "where: build-7, branch main, commit 0f3c2a10f3",
        "withheld: 37 tests of the tiers above",
        "owner: @org/core",
        "2 commits since the last green run (a1b2c3da1b) by Ada, Bob:",
        "  0f3c2a10f3 Ada: Round prices",
        "  1f3c2a11f3 Bob: Cut",
        "report: https://ci.example.org/7",
        "to take it: pytest-pyramid andon acknowledge 3fa2",
    )
    assert notice.text.splitlines() == list(notice.lines)


def test_what_is_not_known_is_left_out() -> None:
    """No empty labels."""
    bare = Incident(id="1", tier="unit", branch="", nodeid="t", message="", pulled=0)
    notice = notice_of(bare, State.PULLED)
    assert notice.title == "gate unit closed by t"
    assert notice.lines == ("no message", "where: unknown", "to take it: pytest-pyramid andon acknowledge 1")


def test_many_commits_are_cut() -> None:
    """With the number of those that are left out."""
    many = replace(BASE, green="", commits=BASE.commits[:1] * (MOST_COMMITS + 2))
    assert "  … and 2 more" in notice_of(many, State.PULLED).lines
    assert "no green run is known" in notice_of(many, State.PULLED).text


def test_the_end_says_how_long_it_took() -> None:
    """And thanks who was at it."""
    ended = replace(BASE, cleared=1090, cleared_by="c0ffee", acknowledged_by="ada", runs=3)
    notice = notice_of(ended, State.CLEARED)
    assert notice.title == "gate unit open again on main"
    assert notice.lines == (
        "it was closed for 90.0 s, in 3 runs, since tests/test_a.py::test_x failed",
        "green at: c0ffee",
        "thanks to: ada",
    )


@pytest.mark.parametrize(
    "hostile", ["@everyone", "<!channel>", "<@U1>", "a\nb", "\x1b[31m", "\u202e", "\udc80", "x" * 9999]
)
def test_hostile_text_calls_nobody_and_hides_nothing(hostile: str) -> None:
    """Names are broken, control characters are visible, lines stay one line, and all is short."""
    one = replace(BASE, message=hostile, nodeid=hostile, commits=(Commit("1", hostile, hostile),))
    notice = notice_of(one, State.PULLED)
    told = f"{notice.title}\n{notice.text}".replace("@org/core", "")
    told.encode()
    assert not any(word in told for word in ("@everyone", "<!c", "<@U", "a\nb", "\x1b", "\u202e"))
    assert len(told) < 3000


def word(how: Told, error: str = "", kind: State = State.PULLED) -> str:
    """The note after one notice that ended so."""
    return note_of(noted(BASE, Telling(kind, "apprise", how, 0, error)), kind)


def test_the_note_of_a_run_says_how_the_notice_went() -> None:
    """In one line."""
    assert word(Told.SENT) == "andon: gate unit closed, incident 3fa2; told by apprise"
    assert word(Told.BEGUN).endswith("a notice is on its way by apprise")
    assert word(Told.FAILED, "no route").endswith("apprise failed: no route")
    assert word(Told.SENT, kind=State.CLEARED) == "andon: gate unit is open again; told by apprise"


def test_the_note_of_a_later_run_says_who_is_at_it() -> None:
    """Nobody is told twice."""
    later = replace(BASE, runs=4, acknowledged=5, acknowledged_by="ada")
    assert note_of(later, State.PULLED) == "andon: gate unit closed in 4 runs, incident 3fa2, ada is at it"
