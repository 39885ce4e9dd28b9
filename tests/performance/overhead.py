"""What the plugin costs on trivial tests, as ratios.

    python tests/performance/overhead.py [--tests 10000] [--reps 5]

Each repetition runs every configuration once, forwards and backwards in turn (A B C, C B A), and every ratio is taken
within its repetition, so that a machine that gets slower or faster does not matter. Printed are medians. The plugin has
to be installed; "without" blocks its entry point, which leaves one entry in a list.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CONFIGURATIONS: dict[str, tuple[str, ...]] = {
    "without": ("-p", "no:pyramid"),
    "off": (),
    "on": ("--pyramid",),
    "without -n 2": ("-p", "no:pyramid", "-n", "2", "--dist", "load"),
    "on -n 2": ("--pyramid", "-n", "2"),
}
PAIRS = (("off", "without"), ("on", "without"), ("on -n 2", "without -n 2"))
PER_FILE = 100


def write_suite(folder: Path, tests: int) -> None:
    """Write so many empty unit tests, a hundred in a file."""
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    (folder / "unit").mkdir()
    body = "".join(f"def test_{number}():\n    pass\n\n" for number in range(PER_FILE))
    for number in range(tests // PER_FILE):
        (folder / f"unit/test_{number}.py").write_text(body, encoding="utf-8")


def seconds(folder: Path, options: tuple[str, ...]) -> tuple[float, float]:
    """Wall and processor seconds of one run, its workers included."""
    before, start = os.times(), time.perf_counter()
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    wall, after = time.perf_counter() - start, os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return wall, used


def main() -> None:
    """Run the repetitions and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tests", type=int, default=10_000)
    parser.add_argument("--reps", type=int, default=5)
    arguments = parser.parse_args()
    found: list[dict[str, tuple[float, float]]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_suite(folder, arguments.tests)
        for options in CONFIGURATIONS.values():
            seconds(folder, options)  # compiles, not counted
        for number in range(arguments.reps):
            order = list(CONFIGURATIONS.items())
            found.append({key: seconds(folder, options) for key, options in (order if number % 2 else order[::-1])})
    print(f"{arguments.tests} tests, {arguments.reps} repetitions; median ratio (least to most)")
    for mine, other in PAIRS:
        for kind, unit in ((0, "wall"), (1, "processor")):
            ratios = [row[mine][kind] / row[other][kind] for row in found]
            spread = f"({min(ratios):.3f} to {max(ratios):.3f})"
            print(f"  {mine} / {other}, {unit}: {statistics.median(ratios):.3f} {spread}")


if __name__ == "__main__":
    main()
