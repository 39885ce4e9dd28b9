"""The memory that a worker shares with its controller, with both ends in one process."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from pytest_pyramid.core.batches import unframed
from pytest_pyramid.session import journal
from pytest_pyramid.session.journal import ROOM, Journal, held_in, opened

pytestmark = pytest.mark.pyramid_allow("files", reason="a journal lies in shared memory, not below tmp_path")


def left(number_arrived: int, *, sent: int) -> list[bytes]:
    """What is found of a worker that died: it had sent so many batches, of which so many arrived, and begun another."""
    shared = Journal()
    held = held_in(shared.place)
    for batch in range(sent):
        assert held.add(b"batch %d" % batch)
        held.sent()
    held.add(b"held")
    held.add(b"back")
    unsent = shared.unsent(number_arrived)
    return list(unframed(opened(unsent)[1])) if unsent else []


@pytest.mark.parametrize(("arrived", "found"), [(2, [b"held", b"back"]), (3, [])])
def test_what_was_not_sent_is_found_once(arrived: int, found: list[bytes]) -> None:
    """The batch that was being filled is found, but not when it arrived and only its end was not noted."""
    assert left(arrived, sent=2) == found


def test_a_batch_goes_over_the_wire_as_it_stands_in_the_journal() -> None:
    """Number and messages are the same on both ways."""
    shared = Journal()
    held = held_in(shared.place)
    held.add(b"one")
    batch = held.batch()
    assert (opened(batch)[0], list(unframed(opened(batch)[1]))) == (1, [b"one"])
    assert shared.unsent(0) == batch
    assert shared.unsent(0) == b""  # it was closed


@pytest.mark.parametrize("lasting", [True, False])
def test_a_batch_that_is_full_takes_nothing_more(lasting: bool) -> None:
    """What finds no room is refused, and there is room again when the batch was sent."""
    shared = Journal()
    held = held_in(shared.place if lasting else None)
    shared.hide()
    assert held.lasting is lasting
    assert not held
    assert not held.add(bytes(ROOM))
    assert held.add(bytes(ROOM // 2))
    assert not held.add(bytes(ROOM // 2))
    assert held
    held.sent()
    assert not held
    assert held.add(bytes(ROOM // 2))


def test_a_file_of_that_name_on_another_machine_is_not_taken_for_the_journal(tmp_path: Path) -> None:
    """A worker that finds no such file, a short one, or one with another key keeps its messages itself."""
    other, short = tmp_path / "other", tmp_path / "short"
    other.write_bytes(bytes(ROOM))
    short.write_bytes(b"key")
    places = [(str(path), b"k" * 16) for path in (other, short, tmp_path / "missing")]
    assert [held_in(place).lasting for place in places] == [False] * 3
    assert other.read_bytes() == bytes(ROOM)


def test_no_file_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name goes as soon as both ends have opened it, and the memory stays."""
    monkeypatch.setattr(journal, "_SHARED_MEMORY", tmp_path / "none")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    shared = Journal()
    held = held_in(shared.place)
    assert len(list(tmp_path.iterdir())) == 1
    shared.hide()
    assert list(tmp_path.iterdir()) == []
    held.add(b"still here")
    assert b"still here" in shared.unsent(0)


def test_without_a_writable_folder_there_is_no_journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That is an OSError, which the caller lives with."""
    monkeypatch.setattr(journal, "_SHARED_MEMORY", tmp_path / "none")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    with pytest.raises(OSError, match=r"missing|No usable"):
        Journal()
