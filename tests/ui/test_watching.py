"""What a long run says meanwhile, on a real terminal and in a log."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness import NOTHING, WITHOUT, environment

SLOW = """
    import time, pytest

    @pytest.mark.parametrize("number", range(4))
    def test_slow(number):
        time.sleep(0.25)
"""
IMPATIENT = """
    from pytest_pyramid.core import passage
    from pytest_pyramid.session import watching

    passage.FIRST_SECONDS = 0.4
    watching.TICK_SECONDS = 0.1
"""
LONG = "import time\n\ndef test_long():\n    time.sleep(1.2)\n"
SUITE = (
    NOTHING.with_file("tests/unit/test_a.py", SLOW)
    .with_file("tests/e2e/test_b.py", LONG)
    .with_file("conftest.py", IMPATIENT)
)


def lines(output: str) -> list[str]:
    """What we said."""
    return [line for line in output.splitlines() if line.startswith("pyramid: ")]


@pytest.mark.parametrize("arguments", [("-n", "0"), ("-n", "2"), ("-n", "2", "-v"), ("-s",), ("--tb=no", "-n", "2")])
def test_a_log_has_a_line_for_each_tier_that_takes_long(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """Nothing is drawn over, and pytest's own lines stay whole."""
    result = SUITE.run(tmp_path, *arguments)
    said = lines(result.output)
    assert [line.split(" done")[0] for line in said] == ["pyramid: unit", "pyramid: ui"]
    assert "; ui begins: 1 test" in said[0]
    assert "\r" not in result.output.replace("\r\n", "\n")
    assert result.said == {"passed": 5}
    assert result.output.rfind("[100%]") < result.output.index("pyramid: ui done")  # with -s pytest says no share
    again = lines(SUITE.run(tmp_path, *arguments).output)
    assert again[0].startswith("pyramid: unit begins: 4 tests, about ")
    assert "left" in again[1]


@pytest.mark.parametrize("arguments", [("-q",), ("-qq", "-n", "2"), ("-p", "no:terminal"), ("--co",)])
def test_who_wants_quiet_has_it(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """No line about the passage."""
    output = SUITE.run(tmp_path, *arguments).output
    assert not any(" done: " in line or " begins: " in line for line in lines(output))


TOUCHY = """
    import os, sys, time

    def test_long(capsys):
        time.sleep(1.0)
        print("mine")
        assert capsys.readouterr().out == "mine\\n"

    def test_waits_for_its_children():
        if os.fork() == 0:
            os._exit(0)
        os.wait()
        try:
            os.wait()
        except ChildProcessError:
            pass

    def test_speaks_itself(capfd):
        with capfd.disabled():
            time.sleep(1.0)
            os.write(1, b"own words\\n")
"""


def on_terminal(folder: Path, *arguments: str) -> str:
    """What a run that passes writes to a terminal, without colours."""
    import pty

    master, slave = pty.openpty()
    command = [sys.executable, "-m", "pytest", *WITHOUT, "--pyramid", *arguments]
    own = environment({"COLUMNS": "150", "TERM": "xterm"})
    process = subprocess.Popen(command, cwd=folder, stdin=slave, stdout=slave, stderr=slave, env=own)
    os.close(slave)
    output = b""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:
            break
        if not part:
            break
        output += part
    os.close(master)
    text = output.decode("utf-8", "replace").replace("\r\n", "\n")
    assert process.wait(60) == 0, text
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


@pytest.mark.skipif(sys.platform == "win32", reason="it has no such terminals")
@pytest.mark.parametrize("workers", ["0", "2"])
def test_on_a_terminal_the_long_test_is_named_while_it_runs(tmp_path: Path, workers: str) -> None:
    """Every line of ours begins at the beginning of a line and is whole, though nothing else happens meanwhile."""
    SUITE.run(tmp_path)
    text = on_terminal(tmp_path, "-n", workers)
    said = lines(text)
    assert any("unit " in line and "/4" in line for line in said)
    assert text.count("pyramid: ") == len(said)
    assert any("ui 0/1" in line for line in said)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nobody knows whether a test is captured")
@pytest.mark.parametrize("arguments", [(), ("-v",)])
def test_a_test_does_not_notice_that_it_is_told_of(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """No child, no warning about forks beside threads, nothing in what it wrote, no line while it speaks itself; pytest begins its line anew."""
    suite = NOTHING.with_file("tests/unit/test_a.py", TOUCHY).with_file("conftest.py", IMPATIENT)
    suite.write(tmp_path)
    said = on_terminal(tmp_path, "-W", "error", *arguments).splitlines()
    at = [number for number, line in enumerate(said) if line.startswith("pyramid: unit 0/3")]
    assert at
    assert said[at[-1] + 1].startswith(
        "tests/unit/test_a.py::test_long PASSED" if arguments else "tests/unit/test_a.py ."
    )
    assert "own words" in "\n".join(said[at[-1] + 1 :])
    assert not any(line.startswith("pyramid: unit 2/3") for line in said)
