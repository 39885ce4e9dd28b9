"""What honest unit tests do, and what runs beside them, must not be taken for a touch."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.harness import NOTHING, Result, Suite

HELPER = """
    def total(prices):
        assert prices
        return sum(prices)
"""

HONEST = """
    import asyncio, email.utils, importlib.resources, io, logging, multiprocessing.shared_memory, os, platform, sys
    import ctypes.util, socket, subprocess, tempfile, threading, uuid, warnings

    import pytest

    def test_lazy_import_of_a_rewritten_module():
        import helper
        assert helper.total([1, 2]) == 3

    def test_lazy_import_of_a_plain_module():
        import plain_module
        assert plain_module.VALUE == 1

    def test_asyncio():
        async def main():
            await asyncio.sleep(0)
            return await asyncio.gather(asyncio.sleep(0, 1), asyncio.to_thread(int))
        assert asyncio.run(main()) == [1, 0]

    def test_waiting_for_ever_is_no_pause():
        async def main():
            task = asyncio.ensure_future(asyncio.sleep(float("inf")))
            await asyncio.sleep(0)
            task.cancel()
        asyncio.run(main())

    def test_threads():
        assert isinstance(threading.main_thread(), threading.Thread)
        thread = threading.Thread(target=int)
        thread.start()
        thread.join()

    def test_devnull():
        with open(os.devnull, "w") as sink:
            print("x", file=sink)

    def test_package_data():
        assert importlib.resources.files("email").joinpath("mime").is_dir()

    def test_tmp_path(tmp_path, monkeypatch):
        (tmp_path / "a").mkdir()
        (tmp_path / "a" / "b.txt").write_text("x")
        (tmp_path / "a").rename(tmp_path / "c")
        monkeypatch.chdir(tmp_path)
        open("relative.txt", "w").close()

    def test_output(capsys, caplog):
        print("x")
        logging.getLogger("a").warning("x")
        assert capsys.readouterr().out == "x\\n"

    def test_output_of_descriptors(capfd):
        os.write(1, b"x")
        assert capfd.readouterr().out == "x"

    def test_recorded_warnings(recwarn):
        warnings.warn("x")

    def test_faked_program(monkeypatch):
        monkeypatch.setattr(subprocess, "run", lambda *a, **k: 0)
        assert subprocess.run(["true"]) == 0

    def test_faked_sleep(monkeypatch):
        import time
        monkeypatch.setattr(time, "sleep", lambda seconds: None)
        time.sleep(10)

    def test_identity():
        platform.uname(), platform.node(), platform.processor(), uuid.uuid1(), uuid.uuid4()
        ctypes.util.find_library("c")
        assert email.utils.make_msgid() and socket.gethostname() and socket.getfqdn()

    def test_shared_memory():
        memory = multiprocessing.shared_memory.SharedMemory(create=True, size=10)
        memory.close()
        memory.unlink()

    def test_shared_number():
        assert multiprocessing.Value("B").value == 0

    def test_temporary_file():
        with tempfile.TemporaryFile() as file:
            file.write(b"x")

    def test_temporary_folder():
        with tempfile.TemporaryDirectory() as folder:
            os.makedirs(os.path.join(folder, "a", "b"))
            open(os.path.join(folder, "a", "c.txt"), "w").close()

    def test_database_in_memory():
        import sqlite3
        sqlite3.connect(":memory:").execute("create table a (b)")
"""

SERVICE = """
    import subprocess, sys

    def test_program():
        assert subprocess.run([sys.executable, "-c", "pass"]).returncode == 0
"""

HYPOTHESIS = """
    import pytest
    from hypothesis import given, strategies as st

    @given(st.integers())
    def test_property(number):
        assert number == number

    @pytest.mark.xfail(strict=True)
    @given(st.integers())
    def test_counterexample_is_kept(number):
        assert number < 100
"""

PRETENDED = """
    import os, pathlib, shutil

    def test_pretended_files(fs):
        fs.create_file("/home/ada/a.txt")
        pathlib.Path("/home/ada/b.txt").write_text("x")
        shutil.copy("/home/ada/b.txt", "/home/ada/c.txt")
        os.mkdir("/made")
        with open("/made/d.txt", "w") as file:
            file.write("x")
        os.remove("/home/ada/a.txt")
        assert sorted(os.listdir("/home/ada")) == ["b.txt", "c.txt"]
"""

PLAIN = (
    NOTHING.with_file("tests/unit/test_honest.py", HONEST)
    .with_file("tests/unit/conftest.py", 'import pytest\n\npytest.register_assert_rewrite("helper")\n')
    .with_file("tests/unit/helper.py", HELPER)
    .with_file("tests/unit/plain_module.py", "VALUE = 1\n")
    .with_file("tests/integration/test_program.py", SERVICE)
)

SANDBOX = NOTHING.with_file("pytest.ini", "[pytest]\n[pytest_pyramid]\nguard-level = sandbox\n")
BELOW = replace(PLAIN, files=(*SANDBOX.files, *PLAIN.files))
"""The same, with the sandbox where there can be one."""

BESIDE: dict[str, tuple[Suite, tuple[str, ...]]] = {
    "alone": (PLAIN, ()),
    "with workers": (PLAIN, ("-n", "2")),
    "with coverage": (PLAIN, ("--cov", "--cov-report=xml")),
    "with coverage and workers": (PLAIN, ("--cov", "-n", "2")),
    "with hypothesis": (NOTHING.with_file("tests/unit/test_property.py", HYPOTHESIS), ()),
    "with the sandbox": (BELOW, ()),
    "with the sandbox and workers": (BELOW, ("-n", "2")),
    "with the sandbox and coverage": (BELOW, ("--cov", "--cov-report=xml")),
    "with the sandbox and hypothesis": (SANDBOX.with_file("tests/unit/test_property.py", HYPOTHESIS), ()),
    "with a temporary folder of its own": (PLAIN, ("--basetemp=mine",)),
}


def errors(result: Result) -> list[tuple[str, str, str]]:
    """Every touch that is not allowed."""
    return [
        (test["nodeid"], one["resource"], one["detail"])
        for test in result.tests
        for one in test["touches"]
        if one["action"] != "allow"
    ]


def test_files_that_are_only_pretended_are_no_files(tmp_path: Path) -> None:
    """pyfakefs keeps them in memory."""
    pytest.importorskip("pyfakefs")
    result = NOTHING.with_file("tests/unit/test_pretended.py", PRETENDED).run(tmp_path, "--pyramid-guard=error")
    assert errors(result) == []
    assert result.counts == {"passed": 1}


@pytest.mark.parametrize("company", BESIDE)
def test_nothing_honest_is_a_touch(tmp_path: Path, company: str) -> None:
    """Every test passes while a touch would be an error, whatever else runs."""
    suite, options = BESIDE[company]
    result = suite.run(tmp_path, "--pyramid-guard=error", *options)
    assert errors(result) == []
    assert set(result.counts) <= {"passed", "xfailed"}
    assert result.status == 0
