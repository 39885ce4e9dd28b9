"""How soon a notice is out after the first confirmed failure, and what receivers that misbehave cost a run.

    python -m tests.performance.andon_delay --runs 50

Every run has two workers, one unit test that fails at once and others that go on for a second and a half. The clock
starts when the test fails and stops when the notice has reached a receiver on this machine.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

from tests.harness import NOTHING, WITHOUT
from tests.receiver import Receiver, receiving

CONFIGURATION = """
    [tool.pytest_pyramid.andon]
    notify = ["{}"]
    command = ["{}", "-c", "import sys, urllib.request as u; u.urlopen(sys.argv[1], sys.stdin.buffer.read())", "{}"]
"""
TESTS = """
    import pathlib, time, pytest

    def test_fails():
        pathlib.Path("failed").write_text(str(time.time()))
        assert False

    @pytest.mark.parametrize("number", range(6))
    def test_slow(number):
        time.sleep(0.5)
        pathlib.Path("went_on").write_text(str(time.time()))
"""
KINDS = ("command", "apprise")
BEHAVIOURS = ("well", "dead", "slow", "500", "redirecting")


def run(folder: Path, environment: Mapping[str, str]) -> float:
    """The seconds of one run."""
    command = [sys.executable, "-m", "pytest", *WITHOUT, "--pyramid", "-n2", "-q"]
    begun = time.perf_counter()
    subprocess.run(command, cwd=folder, env={**os.environ, **environment}, capture_output=True, check=False)
    return time.perf_counter() - begun


@contextmanager
def project(kind: str, receiver: Receiver) -> Iterator[Path]:
    """A suite in a temporary folder that tells the receiver by a notifier of this kind."""
    with tempfile.TemporaryDirectory() as name:
        text = CONFIGURATION.format(kind, sys.executable, f"http://{receiver.address}")
        NOTHING.with_file("pyproject.toml", text).with_file("tests/unit/test_a.py", TESTS).write(Path(name))
        yield Path(name)
        time.sleep(1)  # the last messenger may still be at work


def delays(kind: str, runs: int) -> tuple[list[float], int]:
    """Seconds from failure to notice, run by run, and in how many runs other tests went on afterwards."""
    found, meanwhile = [], 0
    with receiving() as receiver, project(kind, receiver) as folder:
        for number in range(runs):
            run(folder, _environment(f"branch-{number}", f"json://{receiver.address}"))
            told = receiver.posts[number].at
            found.append(told - float((folder / "failed").read_text()))
            meanwhile += float((folder / "went_on").read_text()) > told
    return found, meanwhile


def costs(runs: int) -> dict[str, list[float]]:
    """Seconds of runs that tell nobody (""), and of runs whose receiver behaves so, in turns."""
    found: dict[str, list[float]] = {name: [] for name in ("", *BEHAVIOURS)}
    with receiving() as receiver, project("apprise", receiver) as folder:
        for number in range(runs):
            for name, seconds in found.items():
                receiver.delay = 30.0 if name == "slow" else 0.0
                receiver.status = {"500": 500, "redirecting": 302}.get(name, 200)
                receiver.location = f"http://{receiver.address}/again" if name == "redirecting" else ""
                address = "127.0.0.1:9" if name == "dead" else receiver.address
                environment = _environment(f"{name}-{number}", f"json://{address}")
                seconds.append(run(folder, {**environment, "CI": "true" if name else ""}))
    return found


def _environment(branch: str, url: str) -> dict[str, str]:
    return {"CI": "true", "GITHUB_REF_NAME": branch, "APPRISE_URLS": url}


def main() -> None:
    """Print both."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--turns", type=int, default=5)
    arguments = parser.parse_args()
    for kind in KINDS:
        found, meanwhile = delays(kind, arguments.runs)
        p95 = quantiles(found, n=20)[-1]
        print(f"{kind}: median {median(found):.2f} s, p95 {p95:.2f} s, most {max(found):.2f} s; "
              f"tests went on in {meanwhile} of {len(found)} runs", flush=True)  # fmt: skip
    found_costs = costs(arguments.turns)
    quiet = median(found_costs.pop(""))
    print(f"tells nobody: {quiet:.2f} s")
    for name, seconds in found_costs.items():
        print(f"receiver {name}: {median(seconds):.2f} s, {median(seconds) / quiet:.2f} times")


if __name__ == "__main__":
    main()
