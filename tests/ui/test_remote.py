"""Workers on other machines, by xdist's socket gateways: everything works as with local ones, and hosts may die."""

from __future__ import annotations

import importlib.util
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from importlib import metadata
from pathlib import Path

import pytest

from tests.harness import Suite
from tests.observing import calls

CONFIGURATION = ("pytest.ini", "[pytest]\ntestpaths = tests\n")
SLOW = """
    import pathlib, time, pytest
    @pytest.mark.parametrize("n", range(20))
    def test_slow(n, worker_id):
        pathlib.Path(f"ran-on-{worker_id}").touch()
        time.sleep(0.2)
"""
SUITE = Suite(unit=12, service=3, ui=2).with_file(*CONFIGURATION)


class Host:
    """A machine that offers Python to whoever asks, in a process group of its own."""

    def __init__(self, folder: Path) -> None:
        server = importlib.util.find_spec("execnet.script.socketserver")
        assert server is not None
        assert server.origin is not None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"127.0.0.1:{free.getsockname()[1]}"
        self._process = subprocess.Popen(
            [sys.executable, "-u", server.origin, self.address],
            cwd=folder,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        assert self._process.stdout is not None
        self._process.stdout.readline()  # it listens

    def kill(self) -> None:
        """Take it and everything on it away."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    """A host on the loopback interface."""
    found = Host(tmp_path)
    yield found
    found.kill()


needs_proxies = pytest.mark.skipif(
    tuple(map(int, metadata.version("pytest-xdist").split(".")[:2])) < (3, 7), reason="--px is new in pytest-xdist 3.7"
)


def on(host: Host, folder: Path, workers: int = 2) -> tuple[str, ...]:
    """The options of so many workers on the host."""
    return (
        "--dist=load",
        f"--px=id=far//socket={host.address}//chdir={folder}",
        f"--tx={workers}*popen//via=far//chdir={folder}",
    )


@needs_proxies
def test_workers_behind_a_socket_are_like_local_ones(tmp_path: Path, host: Host) -> None:
    """The same tests, tiers, touches and verdict."""
    suite = SUITE.with_file("tests/unit/test_touch.py", "import socket\ndef test_touch(): socket.socket().close()\n")
    near, far = suite.run(tmp_path, "-n2"), suite.run(tmp_path, *on(host, tmp_path))
    assert far.same_everywhere() == near.same_everywhere()
    assert far.status == near.status == 0


def test_the_gate_holds_for_a_single_socket_gateway(tmp_path: Path, host: Host) -> None:
    """One worker here and one there: a failure below, and nothing above starts anywhere."""
    specs = (f"--tx=socket={host.address}//chdir={tmp_path}", f"--tx=popen//chdir={tmp_path}")
    result = SUITE.failing("unit", at=5).run(tmp_path, "--dist=load", *specs)
    assert result.status == 1
    outcomes = Counter((test["tier"], test["outcome"]) for test in result.tests)
    assert outcomes == {
        ("unit", "passed"): 11,
        ("unit", "failed"): 1,
        ("service", "withheld"): 3,
        ("ui", "withheld"): 2,
    }


def test_a_plugin_sees_the_same_calls_from_another_machine(tmp_path: Path, host: Host) -> None:
    """Call for call with batches, which end before every test there, as with stock messages."""
    far = ("--dist=load", f"--tx=socket={host.address}//chdir={tmp_path}", "-o", "testpaths=tests")
    (_, stock), (_, batched) = (
        calls(tmp_path, *far, "-o", f"pyramid_transport={transport}", workers=None)
        for transport in ("stock", "batched")
    )
    assert batched == stock
    assert len(batched) > 200


def kill_once_it_runs(host: Host, trace: Path) -> None:
    """Kill the host when a test leaves its trace, or after a minute."""
    until = time.monotonic() + 60
    while not trace.exists() and time.monotonic() < until:
        time.sleep(0.02)
    host.kill()


@needs_proxies
@pytest.mark.parametrize("others", [0, 1])
def test_a_host_that_disappears_loses_no_test(tmp_path: Path, host: Host, others: int) -> None:
    """What ran there is blamed, what waited there runs elsewhere or is told as lost, and the counts add up."""
    suite = SUITE.with_file("tests/unit/test_slow.py", SLOW)
    local = (f"--tx=popen//chdir={tmp_path}",) * others
    killer = threading.Thread(target=kill_once_it_runs, args=(host, tmp_path / "ran-on-gw1"))
    killer.start()
    result = suite.run(tmp_path, *on(host, tmp_path), *local, "--pyramid-guard=off")
    killer.join()
    outcomes = Counter(test["outcome"] for test in result.tests)
    assert result.status == 1
    assert sum(outcomes.values()) == 37
    assert outcomes["failed"] >= 1
    assert outcomes["lost"] == 0 or not others
    assert [note for note in result.report["notes"] if "its host far does not answer" in note]
