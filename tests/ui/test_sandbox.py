"""The sandbox: what it tells and refuses, alike with and without workers, and that nothing hangs when it breaks."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.harness import NOTHING, Result, Suite

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a sandbox")
WORKERS = pytest.mark.parametrize("workers", ["0", "4"])
ON = NOTHING.with_file("pytest.ini", "[pytest]\n[pytest_pyramid]\nguard-level = sandbox\n")


def run(suite: Suite, folder: Path, *arguments: str) -> Result:
    """A run with the sandbox; skips the test where the kernel lets there be none."""
    result = suite.run(folder, *arguments)
    if "sandbox" not in result.report["run"]["guard_layers"]:
        pytest.skip("; ".join(result.report["notes"]))
    return result


NATIVE = """
    import ctypes
    import pytest

    LIBC = ctypes.CDLL(None)

    def write(name):
        LIBC.fopen(name.encode(), b"w")

    @pytest.fixture
    def own():
        write("setup.txt")
        yield
        write("teardown.txt")

    @pytest.fixture(scope="module")
    def of_module():
        write("module.txt")
        yield
        write("module-end.txt")

    @pytest.fixture(scope="session")
    def of_session():
        write("session.txt")

    def test_call():
        write("call.txt")

    def test_own(own):
        pass

    def test_module(of_module):
        pass

    def test_session(of_module, of_session):
        pass

    @pytest.mark.pyramid_allow("files", reason="it is about files")
    def test_allowed():
        write("allowed.txt")

    def test_quiet(tmp_path):
        LIBC.fopen(bytes(tmp_path / "a.txt"), b"w")
        (tmp_path / "b.txt").write_text("x")
"""
SEEN = {
    ("test_call", "call", "write call.txt", None): 1,
    ("test_own", "setup", "write setup.txt", None): 1,
    ("test_own", "teardown", "write teardown.txt", None): 1,
    ("test_module", "setup", "write module.txt", "of_module"): 1,
    ("test_session", "setup", "write module.txt", "of_module"): 1,
    ("test_session", "setup", "write session.txt", "of_session"): 1,
}


def seen(result: Result) -> Counter[tuple[str, str, str, str | None]]:
    """What the sandbox told, but for the teardown of wide fixtures, which goes to the first test of theirs."""
    return Counter(
        (test["nodeid"].partition("::")[2], one["phase"], one["detail"], one["fixture"])
        for test in result.tests
        for one in test["touches"]
        if one["layer"] == "sandbox" and "end" not in one["detail"]
    )


@WORKERS
def test_every_phase_and_every_scope_is_told(tmp_path: Path, workers: str) -> None:
    """With the line in the user's code, although the call is made in C; nothing fails in warn mode."""
    result = run(ON.with_file("tests/unit/test_native.py", NATIVE), tmp_path, "-n", workers)
    assert seen(result) == SEEN
    assert (result.status, result.counts) == (0, {"passed": 6})
    assert result.test("test_call")["touches"][0]["file"] == "tests/unit/test_native.py"
    assert result.test("test_call")["touches"][0]["line"] == 8
    assert (tmp_path / "call.txt").exists()
    assert "guard warn (by hook, residue, sandbox)" in result.output


@WORKERS
def test_an_error_is_refused_where_it_is_a_tests_own(tmp_path: Path, workers: str) -> None:
    """A wide fixture is never refused anything; its tests fail for it."""
    suite = ON.with_file("tests/unit/test_native.py", NATIVE)
    result = run(suite, tmp_path, "-n", workers, "--pyramid-guard=error")
    passed = [name for name, outcome in result.outcomes.items() if outcome == "passed"]
    assert passed == ["test_allowed", "test_quiet"]
    assert {path.stem for path in tmp_path.glob("*.txt")} >= {"allowed", "module", "session", "module-end"}
    assert not {path.stem for path in tmp_path.glob("*.txt")} & {"call", "setup", "teardown"}
    assert "touched files: write call.txt, which the sandbox refused" in result.output


CHILDREN = """
    import subprocess, sys

    def reach(host):
        code = f"import socket; s = socket.socket(); s.settimeout(0.2); print(s.connect_ex(({host!r}, 9)))"
        return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()

    def test_here():
        assert reach("127.0.0.1") == "111"

    def test_far():
        assert reach("192.0.2.1") == "1"
"""


def test_programs_that_a_test_starts_are_judged_by_their_sockets(tmp_path: Path) -> None:
    """A service test may reach this machine through them, and no other one."""
    suite = ON.with_file("tests/integration/test_children.py", CHILDREN)
    result = run(suite, tmp_path, "--pyramid-guard=error")
    assert result.outcomes == {"test_here": "passed", "test_far": "failed"}
    assert [one["detail"] for one in result.test("test_far")["touches"] if one["action"] == "error"] == [
        "connect 192.0.2.1:9"
    ]


KILLER = """
    import ctypes, os, pathlib, signal, subprocess, time

    def helpers():
        for place in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                words = (place / "cmdline").read_bytes().split(b"\\0")
                parent = int((place / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            if b"-I" in words and str(os.getpid()).encode() in words:
                yield int(place.name), parent

    def test_kill():
        found = dict(helpers())
        (judging,) = [one for one, parent in found.items() if parent in found]
        os.kill(judging, signal.SIGKILL)
        time.sleep(0.2)

    def test_life_goes_on():
        ctypes.CDLL(None).fopen(b"after.txt", b"w")
        assert os.path.exists("after.txt")
"""


def test_a_helper_that_dies_hangs_nothing(tmp_path: Path) -> None:
    """Its stand-in lets everything pass, and the report says so."""
    result = run(ON.with_file("tests/integration/test_killer.py", KILLER), tmp_path, "--pyramid-guard=error")
    assert result.counts == {"passed": 2}
    assert any("the sandbox ended early" in note for note in result.report["notes"])


INNER = """
    import subprocess, sys

    def test_inner(tmp_path, pytestconfig):
        (tmp_path / "pytest.ini").write_text("[pytest]\\n[pytest_pyramid]\\nguard-level = sandbox\\n")
        (tmp_path / "test_a.py").write_text("def test_a():\\n    pass\\n")
        plugin = [] if pytestconfig.pluginmanager.has_plugin("pyramid") else ["-p", "pytest_pyramid.plugin"]
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *plugin, "--pyramid"]
        said = subprocess.run([*command, str(tmp_path)], capture_output=True, text=True, cwd=tmp_path)
        assert said.returncode == 0, said.stdout + said.stderr
        assert "no sandbox: a sandbox of a run around this one watches this process already" in said.stdout
"""


def test_a_run_inside_a_run_goes_on_without(tmp_path: Path) -> None:
    """The kernel gives a process one listener; the inner run says why it has none."""
    result = run(ON.with_file("tests/integration/test_inner.py", INNER), tmp_path)
    assert result.counts == {"passed": 1}


FORBIDDING = """
    import contextlib, os
    from pytest_pyramid.core.seccomp_filter import EQUAL, GO_ON, LOAD, RETURN, Instruction
    from pytest_pyramid.core.syscalls import MACHINES
    from pytest_pyramid.session.sandbox.kernel import Kernel

    machine = MACHINES[os.uname().machine]
    steps = [(LOAD, 0, 0, 0), (EQUAL, 0, 1, machine.numbers["seccomp"]), (RETURN, 0, 0, 0x00050001), (RETURN, 0, 0, GO_ON)]
    with contextlib.suppress(PermissionError):  # a worker has it from its controller
        os.close(Kernel(machine).install([Instruction(*step) for step in steps]))
"""


@WORKERS
def test_a_container_that_forbids_filters_is_told(tmp_path: Path, workers: str) -> None:
    """The run goes on with the other layers, and the reason of all workers is told once."""
    suite = ON.with_file("tests/unit/test_a.py", "import os\n\ndef test_a():\n    os.mkdir('made')\n")
    result = suite.with_file("conftest.py", FORBIDDING).run(tmp_path, "-n", workers)
    assert result.report["run"]["guard_layers"] == ["hook", "residue"]
    told = "no sandbox: a security profile of this machine or container forbids filters"
    assert [note for note in result.report["notes"] if "sandbox" in note] == [told]
    assert result.counts == {"passed": 1}
    assert [one["layer"] for one in result.tests[0]["touches"]] == ["hook"]
