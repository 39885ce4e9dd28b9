"""What the layers of the guard cost, as ratios to the same run with the guard off.

    python tests/performance/guard_cost.py [--tests 1000] [--reps 3] [--instructions]

Every layer runs three suites: empty tests, tests that write files below tmp_path, tests with five fixtures each. Every
repetition runs all layers in turn, and the least processor seconds of each count. `--instructions` counts instructions
with valgrind instead, once each, which a busy machine does not disturb (of the run's own process: the sandbox's helper
is not in it).
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

LAYERS: dict[str, tuple[str, ...]] = {
    "off": ("--pyramid-guard=off",),
    "hook": (),
    "residue": (),
    "sandbox": (),
}
FILES = """
def test_{n}(tmp_path):
    for number in range(10):
        (tmp_path / f"{{number}}.txt").write_text("x")
    for number in range(5):
        (tmp_path / f"{{number}}.txt").unlink()
"""
FIXTURES = "\ndef test_{n}(one, two, three, four, five):\n    pass\n"
MADE = "import pytest\n" + "".join(
    f"\n@pytest.fixture\ndef {name}():\n    yield 1\n" for name in ("one", "two", "three", "four", "five")
)
SUITES = {"empty": "\ndef test_{n}():\n    pass\n", "files": FILES, "fixtures": FIXTURES}
PER_FILE = 100


def write_suite(folder: Path, body: str, tests: int, level: str) -> None:
    """Write so many unit tests, a hundred in a file, with the layers of that level."""
    folder.mkdir()
    (folder / "pytest.ini").write_text(f"[pytest]\n[pytest_pyramid]\nguard-level = {level}\n", encoding="utf-8")
    (folder / "conftest.py").write_text(MADE, encoding="utf-8")
    (folder / "unit").mkdir()
    for place in range(tests // PER_FILE):
        text = "".join(body.format(n=number) for number in range(PER_FILE))
        (folder / f"unit/test_{place}.py").write_text(text, encoding="utf-8")


def cost(folder: Path, options: tuple[str, ...], *, instructions: bool) -> float:
    """Processor seconds of one run, or its instructions."""
    plain = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--pyramid", "--pyramid-history=off"]
    tool = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"] if instructions else []
    before = os.times()
    done = subprocess.run(
        [*tool, *plain, *options],
        cwd=folder,
        check=True,
        capture_output=True,
        env={**os.environ, "PYTHONHASHSEED": "0"},
    )
    after = os.times()
    if instructions:
        found = re.search(r"Collected : (\d+)", done.stderr.decode())
        assert found is not None
        return float(found.group(1))
    return after.children_user + after.children_system - before.children_user - before.children_system


def main() -> None:
    """Run everything and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tests", type=int, default=1000)
    parser.add_argument("--reps", type=int, default=3)
    parser.add_argument("--suites", nargs="*", default=list(SUITES))
    parser.add_argument("--layers", nargs="*", default=list(LAYERS))
    parser.add_argument("--instructions", action="store_true")
    given = parser.parse_args()
    for suite in given.suites:
        least: dict[str, float] = {}
        with tempfile.TemporaryDirectory() as name:
            for layer in given.layers:
                write_suite(Path(name) / layer, SUITES[suite], given.tests, "residue" if layer == "off" else layer)
            for _ in range(1 if given.instructions else given.reps):
                for layer in given.layers:
                    found = cost(Path(name) / layer, LAYERS[layer], instructions=given.instructions)
                    least[layer] = min(found, least.get(layer, found))
        ratios = "  ".join(f"{layer} {least[layer] / least['off']:.3f}" for layer in given.layers)
        sys.stdout.write(f"{suite:9} {given.tests} tests  off = {least['off']:.4g}  {ratios}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
