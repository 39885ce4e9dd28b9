"""How long it takes to read back what many tests covered, and how much memory, with lines and with arcs.

    python -m tests.performance.coverage_figures [--tests 10000] [--lines 200000] [--each 500]

Every test has a context of its own and executed `--each` lines in five neighbouring files of a thousand lines. The data
file is made first, by coverage.py itself; the time is that of reading it and of putting it together by label.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from coverage import CoverageData

from pytest_pyramid.core.recording import Label
from pytest_pyramid.stores import coverage_data

PER_FILE = 1000
TOUCHED = 5
"""So many files does one test reach."""


def make(path: Path, tests: int, lines: int, each: int, *, arcs: bool) -> None:
    """A data file of so many tests over so many lines."""
    files = max(TOUCHED, lines // PER_FILE)
    data = CoverageData(str(path))
    for test in range(tests):
        data.set_context(f"tests/test_a.py::test_{test}|run")
        first = test * 7 % files
        start = test * 13 % (PER_FILE - each // TOUCHED)
        numbers = range(start + 1, start + 1 + each // TOUCHED)
        names = [f"/src/part_{(first + more) % files}.py" for more in range(TOUCHED)]
        if arcs:
            data.add_arcs({name: [(line - 1, line) for line in numbers] for name in names})
        else:
            data.add_lines(dict.fromkeys(names, numbers))
    coverage_data.close(data)


def read_back(path: Path) -> str:
    """The seconds and the greatest memory of reading the file in this process."""
    began = time.process_time()
    contents = coverage_data.read(path)
    recording = coverage_data.recording_of(contents, lambda text: Label("unit", text), str)
    seconds = time.process_time() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return f"{seconds:.1f} s of processor time, {memory:.0f} MiB, {len(recording.traces):,} tests"


def main() -> None:
    """Print both figures, each from a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tests", type=int, default=10_000)
    parser.add_argument("--lines", type=int, default=200_000)
    parser.add_argument("--each", type=int, default=500)
    parser.add_argument("--read", type=Path, help="only read this file")
    asked = parser.parse_args()
    if asked.read is not None:
        sys.stdout.write(read_back(asked.read) + "\n")
        return
    for arcs in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "coverage")
            make(path, asked.tests, asked.lines, asked.each, arcs=arcs)
            size = path.stat().st_size / 2**20
            command = [sys.executable, "-m", "tests.performance.coverage_figures", "--read", str(path)]
            told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()  # our own
            sys.stdout.write(f"{'arcs' if arcs else 'lines'}: {told}, from {size:.0f} MiB\n")


if __name__ == "__main__":
    main()
