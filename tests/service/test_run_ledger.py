"""The ledger file: one sealed line per run, whoever else writes."""

from __future__ import annotations

import errno
import json
import threading
from pathlib import Path

import pytest

from pytest_pyramid.stores import run_ledger
from pytest_pyramid.stores.locking import locked


def test_lines_follow_each_other_and_can_be_verified(tmp_path: Path) -> None:
    """Every record continues the chain; text of any kind survives."""
    path = tmp_path / "new" / "ledger.jsonl"
    seals = [run_ledger.append(path, {"command": text}) for text in ("-n 4", "-k 'ü \u2028 \ud800'", "x" * 100_000)]
    assert run_ledger.verify(path) == (3, ())
    assert run_ledger.seals(path) == frozenset(seals)
    assert json.loads(path.read_text(encoding="utf-8").splitlines()[1])["command"] == "-k 'ü \u2028 \ud800'"


def test_runs_that_end_at_once_keep_the_chain(tmp_path: Path) -> None:
    """Eight writers, ten lines each."""
    path = tmp_path / "ledger.jsonl"

    def write(worker: int) -> None:
        for number in range(10):
            run_ledger.append(path, {"worker": worker, "number": number})

    threads = [threading.Thread(target=write, args=(worker,)) for worker in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert run_ledger.verify(path) == (80, ())


def test_a_run_waits_for_another_that_is_writing(tmp_path: Path) -> None:
    """While one holds the lock, nothing is appended; as soon as it lets go, the line is written."""
    path = tmp_path / "ledger.jsonl"
    writer = threading.Thread(target=run_ledger.append, args=(path, {"run": 1}))
    with locked(path):
        writer.start()
        writer.join(0.3)
        assert writer.is_alive()
        assert not path.exists() or not path.read_bytes()
    writer.join(20)
    assert run_ledger.verify(path) == (1, ())


@pytest.mark.parametrize("torn", ['{"previous": "00', '{"previous": "00\n', "\x00\x00\x00"])
def test_a_torn_line_is_told_and_the_next_starts_a_line_of_its_own(tmp_path: Path, torn: str) -> None:
    """What a killed machine left half done costs one fault, and no record after it."""
    path = tmp_path / "ledger.jsonl"
    run_ledger.append(path, {"run": 1})
    with path.open("a", encoding="utf-8") as file:
        file.write(torn)
    run_ledger.append(path, {"run": 2})
    run_ledger.append(path, {"run": 3})
    lines, faults = run_ledger.verify(path)
    assert (lines, [fault.line for fault in faults]) == (4, [2])


def test_a_changed_ledger_is_found(tmp_path: Path) -> None:
    """One digit in the middle."""
    path = tmp_path / "ledger.jsonl"
    for number in range(3):
        run_ledger.append(path, {"exit_status": number})
    path.write_text(path.read_text().replace('"exit_status": 1', '"exit_status": 0'))
    assert [fault.line for fault in run_ledger.verify(path)[1]] == [2]


def test_a_disk_that_is_full_leaves_no_half_line(tmp_path: Path) -> None:
    """What was taken of the line is given back."""
    path = Path("/dev/full")
    if not path.exists():
        pytest.skip("there is no disk that is always full")
    link = tmp_path / "ledger.jsonl"
    link.symlink_to(path)
    with pytest.raises(OSError, match="space") as caught:
        run_ledger.append(link, {"run": 1})
    assert caught.value.errno == errno.ENOSPC
