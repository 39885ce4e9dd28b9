"""What the history promises, measured: a million results, eight runs at once, fifty killed processes.

python -m tests.performance.history_figures
"""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from statistics import median

from pytest_pyramid.core.history import Lesson, estimates
from pytest_pyramid.core.past_runs import Limits, PastResult, PastRun
from pytest_pyramid.stores import history

FILES, PER_FILE = 200, 50
NODEIDS = {
    f"tests/unit/test_{file}.py": [f"tests/unit/test_{file}.py::test_case_{number}" for number in range(PER_FILE)]
    for file in range(FILES)
}
WRITER = """
import sys
from pathlib import Path
from tests.performance.history_figures import keep
for number in range(int(sys.argv[3])):
    keep(Path(sys.argv[1]), f"{sys.argv[2]}-{number}", files=4)
    print(f"{sys.argv[2]}-{number}", flush=True)
"""


def keep(path: Path, key: str, *, started: int = 1_790_000_000, files: int = FILES) -> None:
    """Keep one run with noisy durations of the tests in so many files."""
    noise = random.Random(key)  # durations, no secrets
    lessons, results = {}, []
    for file, nodeids in list(NODEIDS.items())[:files]:
        seconds = {nodeid: noise.lognormvariate(-5, 0.3) for nodeid in nodeids}
        lessons[file] = Lesson(seconds)
        results += [
            PastResult(nodeid, "unit", "passed", 0.0, taken, 0.0, 1.0, "gw0") for nodeid, taken in seconds.items()
        ]
    run = PastRun(key=key, started=started, seconds=60.0, exit_status=0, workers=4, tests=len(results))
    history.add(path, [history.NewRun(run, results, lessons, set(lessons))], Limits(runs=1000, days=10_000))


def million(folder: Path) -> None:
    """A hundred runs of ten thousand tests: the time of one question about all tests, and the size of the file."""
    path = folder / "million.sqlite3"
    writing = []
    for number in range(100):
        begun = time.perf_counter()
        keep(path, str(number), started=1_790_000_000 + number)
        writing.append(time.perf_counter() - begun)
    asking = []
    for _ in range(15):
        begun = time.process_time()  # of this process alone, whatever else the machine does
        known = history.memories(path, list(NODEIDS))
        found = sum(1 for memory in known.values() for _ in estimates(memory))
        asking.append(time.process_time() - begun)
    print(f"{100 * FILES * PER_FILE:,} results: {path.stat().st_size / 1e6:.1f} MB; {found:,} estimates in "
          f"{min(asking) * 1000:.0f} to {median(asking) * 1000:.0f} ms of processor time (least, median); a run is kept in {median(writing) * 1000:.0f} ms")  # fmt: skip


def side_by_side(folder: Path, writers: int = 8, runs: int = 10) -> None:
    """So many processes keep runs in one file at once; none that was kept may be missing."""
    path = folder / "together.sqlite3"
    processes = [_writer(path, f"writer{number}", runs) for number in range(writers)]
    kept = {line for process in processes for line in process.communicate()[0].split()}
    missing = kept - {run.key for run in history.runs(path)}
    print(f"{writers} processes, {runs} runs each: {len(kept)} kept, {len(missing)} missing")


def killed(folder: Path, times: int = 50) -> None:
    """Kill a process that keeps runs at random moments: the file stays whole, and what was kept stays kept."""
    path, kept, broken = folder / "killed.sqlite3", set[str](), 0
    moments = random.Random(1)  # moments, no secrets
    for number in range(times):
        process = _writer(path, f"killed{number}", 10_000)
        time.sleep(moments.uniform(0.1, 0.5))
        process.send_signal(signal.SIGKILL)
        kept |= set(process.communicate()[0].splitlines())
        if path.exists():
            with closing(sqlite3.connect(path)) as connection:
                broken += connection.execute("PRAGMA integrity_check").fetchone()[0] != "ok"
    keep(path, "last", files=4)
    missing = kept - {run.key for run in history.runs(path)}
    print(f"{times} kills: {broken} damaged, {len(kept)} runs kept, {len(missing)} missing")


def _writer(path: Path, name: str, runs: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(path), name, str(runs)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        million(Path(name))
        side_by_side(Path(name))
        killed(Path(name))
