"""What a single-process run and its lookout tell each other."""

from __future__ import annotations

import os
import time

import pytest

from pytest_pyramid.core.long_test import LongTest
from pytest_pyramid.core.passage import Tier
from pytest_pyramid.session import lookout_process
from pytest_pyramid.session.lookout_page import SIZE, Page, Said

TEST = LongTest("tests/test_é.py::test_long", 1.0, "unit", unbooked=1)


@pytest.fixture
def page() -> Page:
    """A page on which a test of the only tier is noted."""
    found = Page(bytearray(SIZE))
    found.note_tiers([Tier("unit", 3, 1)], 5.0)
    found.note_test(TEST)
    return found


def look(page: Page, after: float, monkeypatch: pytest.MonkeyPatch) -> str:
    """What is said so many seconds after the beginning."""
    monkeypatch.setattr(time, "perf_counter", lambda: 100.0 + after)
    return lookout_process.look(page, os.getpid(), 100.0, 2.0, unicode=True).decode()


def test_what_is_noted_is_read(page: Page) -> None:
    """The test, the tiers and the time to speak."""
    assert page.read() == (list(TEST), [list(Tier("unit", 3, 1))], 5.0)


def test_nothing_is_read_where_nothing_runs(page: Page) -> None:
    """Before the first test, after the last, and of a name that is longer than the page."""
    assert Page(bytearray(SIZE)).read() is None
    page.note_test(TEST._replace(nodeid="x" * SIZE))
    assert page.read() is None
    page.note_test(None)
    assert page.read() is None


def test_half_a_note_is_no_note() -> None:
    """A reader that comes while the other side writes sees nothing."""
    memory = bytearray(SIZE)
    page = Page(memory)
    page.note_tiers([], 0.0)
    page.note_test(TEST)
    memory[20:30] = bytes(10)
    assert page.read() is None


def test_it_speaks_when_it_is_time_and_then_rests(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not before the test has run for a while, nor before anything is due, and it notes that it has spoken."""
    monkeypatch.setattr(lookout_process, "is_captured", lambda process: True)
    assert look(page, 4.0, monkeypatch) == ""
    assert look(page, 8.0, monkeypatch) == "pyramid: unit 2/3"
    assert page.said() == Said(1, 19)
    assert page.has_said_more(Said(0, 0))
    assert not page.has_said_more(page.said())
    assert look(page, 18.0, monkeypatch) == ""
    assert look(page, 20.0, monkeypatch).endswith(f" · main at {TEST.nodeid} for 19.0 s")


def test_it_is_silent_where_the_test_speaks_to_the_terminal_itself(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a debugger, with capturing suspended, or when the test ends just then."""
    monkeypatch.setattr(lookout_process, "is_captured", lambda process: False)
    assert look(page, 8.0, monkeypatch) == ""
    answers = iter([True, False])
    monkeypatch.setattr(lookout_process, "is_captured", lambda process: next(answers))
    assert look(page, 8.0, monkeypatch) == ""
    assert page.said() == Said(0, 0)


def test_a_process_that_is_gone_captures_nothing() -> None:
    """Nobody is asked twice."""
    assert not lookout_process.is_captured(2**22 + 1)
