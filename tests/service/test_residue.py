"""What a test leaves behind in the accounts of the kernel."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps these accounts"),
    pytest.mark.pyramid_allow("process", reason="the accounts are of child processes"),
]

if sys.platform == "linux":
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
