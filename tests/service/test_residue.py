"""What a test leaves behind in the accounts of the kernel."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps these accounts"),
    pytest.mark.pyramid_allow("process", reason="the accounts are of child processes"),
]

if sys.platform == "linux":
    import resource

    from pytest_pyramid.session.residue import Residue, _busy


@pytest.fixture
def residue() -> Iterator[Residue]:
    """The accounts of this thread, as a test begins."""
    one = Residue()
    one.begin()
    yield one
    one.close()


def details(residue: Residue) -> list[str]:
    """What is found when the test ends, without figures."""
    return [act.detail.partition(" 0.")[0] for act in residue.end()]


def test_a_child_that_ended_is_found(residue: Residue) -> None:
    """Whoever started it, and however."""
    subprocess.run(["true"], check=True)
    assert "a child process ended" in details(residue)


def test_work_is_no_pause_and_what_is_left_out_is_nothing(residue: Residue) -> None:
    """A thread that counts is busy; a child of a wide fixture is not the test's."""
    until = time.perf_counter() + 0.15
    while time.perf_counter() < until:
        pass
    residue.pause()
    subprocess.run(["true"], check=True)
    threading.Event().wait(0.2)
    residue.resume()
    assert details(residue) == []


def test_waiting_for_a_disk_is_no_pause(residue: Residue, tmp_path: Path) -> None:
    """A loaded disk can take longer than any pause."""
    file = os.open(tmp_path / "cold", os.O_RDWR | os.O_CREAT)
    os.write(file, b"x" * 100_000)
    os.fsync(file)
    os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)  # the next one has to come from the disk
    read = resource.getrusage(resource.RUSAGE_THREAD).ru_inblock
    residue.begin()
    os.pread(file, 100_000, 0)
    threading.Event().wait(0.2)
    found = details(residue)
    os.close(file)
    if resource.getrusage(resource.RUSAGE_THREAD).ru_inblock == read:
        pytest.skip("this file system has no disk below it")
    assert found == []


def test_a_pause_without_a_disk_is_found(residue: Residue) -> None:
    """Nothing ran, nothing wanted to, and no disk had to do with it."""
    residue.begin()
    threading.Event().wait(0.2)
    assert details(residue) == ["waited"]


@pytest.mark.parametrize(
    ("before", "after", "seconds"),
    [
        (b"1000000000 0 5\n", b"1500000000 250000000 9\n", 0.75),
        (b"", b"1 2 3", float("inf")),
        (b"1 2 3", b"x", float("inf")),
    ],
)
def test_an_account_is_time_run_and_time_queued(before: bytes, after: bytes, seconds: float) -> None:
    """Where there is none, nothing is ever taken for a pause."""
    assert _busy(before, after) == seconds
