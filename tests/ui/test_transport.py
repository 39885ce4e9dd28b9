"""With workers' events in batches every plugin sees what it sees with stock messages, and a crash loses nothing."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.harness import NOTHING, Suite
from tests.observing import RECORDER, calls


def settled(text: str) -> list[str]:
    """The lines of a terminal, without seconds."""
    return re.sub(r"\d+\.\d+ ?s\b", "… s", text).splitlines()


IN_USE = "def test_it(request): assert request.config.pluginmanager.has_plugin('pyramid-batching')\n"


@pytest.mark.parametrize(("transport", "outcome"), [("batched", "passed"), ("stock", "failed")])
def test_batches_are_in_use_where_they_are_wanted(tmp_path: Path, transport: str, outcome: str) -> None:
    """With every version of pytest-xdist that this project allows; only then do the others compare two things."""
    suite = NOTHING.with_file("tests/unit/test_it.py", IN_USE)
    assert suite.run(tmp_path, "-n1", "-o", f"pyramid_transport={transport}").outcomes == {"test_it": outcome}


@pytest.mark.parametrize("arguments", [(), ("-v",), ("-x",), ("--maxfail=2",), ("-p", "no:terminal")])
def test_a_plugin_sees_the_same_calls_in_the_same_order(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """Call for call with one worker: names, order, and everything in the reports but clocks; and so does the user."""
    stock, expected = calls(tmp_path, "-o", "pyramid_transport=stock", *arguments)
    batched, found = calls(tmp_path, *arguments)
    assert found == expected
    assert len(found) > 200 or "-x" in arguments
    assert batched.status == stock.status
    assert batched.same_everywhere() == stock.same_everywhere()
    assert settled(batched.output) == settled(stock.output)


@pytest.mark.parametrize("arguments", [(), ("--reruns=1",)])
def test_with_two_workers_each_test_has_the_same_calls(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """Call for call by test, in its order, wherever it ran; reruns included."""

    def by_test(found: list[Any]) -> dict[str, list[Any]]:
        place = ("worker_id", "node")
        rows: dict[str, list[Any]] = {}
        for name, nodeid, *rest in found:
            told = [{k: v for k, v in one.items() if k not in place} if isinstance(one, dict) else one for one in rest]
            rows.setdefault(nodeid, []).append(json.loads(re.sub(r"\bgw\d", "gw", json.dumps([name, *told]))))
        return rows

    _, expected = calls(tmp_path, "-o", "pyramid_transport=stock", *arguments, workers="2")
    _, found = calls(tmp_path, *arguments, workers="2")
    assert by_test(found) == by_test(expected)
    for _, _, *rest in found:
        assert all(one["worker_id"] == one["node"] for one in rest if isinstance(one, dict))


def test_durations_and_junit_have_every_phase(tmp_path: Path) -> None:
    """--durations lists setup, call and teardown of every test, and the XML has times, properties and output."""
    result, _ = calls(tmp_path, "--durations=0", "--durations-min=0", "-vv", "--junitxml=junit.xml", workers="2")
    listed = [line for line in result.output.splitlines() if re.search(r"s (setup|call|teardown) +.*test_quick", line)]
    assert len(listed) == 120
    xml = (tmp_path / "junit.xml").read_text(encoding="utf-8")
    assert xml.count("<testcase") >= 48
    assert 'name="colour" value="red"' in xml


CRASH = """
    import os, signal, time

    import pytest

    PLACES = {places}

    @pytest.mark.parametrize("number", range(120))
    def test_quick(number):
        with open("ran.txt", "a") as file:
            file.write(f"{{number}}\\n")
        if number in PLACES:
            {way}
"""


@pytest.mark.parametrize("way", ["os._exit(3)", "os.kill(os.getpid(), signal.SIGKILL)"])
@pytest.mark.parametrize("places", [(3,), (17, 58, 99)])
def test_a_crash_loses_nothing_and_blames_the_right_test(tmp_path: Path, places: tuple[int, ...], way: str) -> None:
    """However quick the tests before it were: each ran once and passed, and only those that crashed have failed."""
    text = CRASH.format(places=places, way=way)
    result = NOTHING.with_file("tests/unit/test_crash.py", text).run(tmp_path, "-n", "2")
    failed = {int(re.search(r"\d+", name)[0]) for name, one in result.outcomes.items() if one == "failed"}  # type: ignore[index]  # each name has its number
    assert failed == set(places)
    assert result.counts == {"passed": 120 - len(places), "failed": len(places)}
    assert sorted(map(int, (tmp_path / "ran.txt").read_text().split())) == list(range(120))


def test_the_crash_itself_looks_as_with_stock_messages(tmp_path: Path) -> None:
    """The controller has seen the crashed test start and its setup pass, and nothing after that but the verdict."""
    suite = NOTHING.with_file("conftest.py", RECORDER.replace("report.node.gateway.id", "str(report.node)"))
    suite = suite.with_file("tests/unit/test_crash.py", CRASH.format(places=(5,), way="os._exit(3)"))
    seen = []
    for transport in ("stock", "batched"):
        choice = ("-o", f"pyramid_transport={transport}", "--pyramid-history=off")
        suite.run(tmp_path, "-n", "1", *choice, "-k", "quick and not 6")
        found = json.loads((tmp_path / "calls.json").read_text())
        seen.append(
            [(name, nodeid, rest[0].get("when") if name == "logreport" else "") for name, nodeid, *rest in found]
        )
    assert seen[0] == seen[1]


MAPPED = """
    from pathlib import Path

    def test_mapped():
        (line,) = [one for one in Path("/proc/self/maps").read_text().splitlines() if "pytest-pyramid-" in one]
        assert line.endswith("(deleted)")
"""


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="only Linux tells what a process has mapped")
def test_the_journal_has_no_name_while_tests_run(tmp_path: Path) -> None:
    """A worker has it mapped, and nobody else can find, fill or leave it behind."""
    assert NOTHING.with_file("tests/unit/test_mapped.py", MAPPED).run(tmp_path, "-n", "2").counts == {"passed": 1}


LONG = """
    import time

    def test_quick():
        pass

    def test_long():
        time.sleep(1.5)

    def test_last():
        pass
"""


def test_a_result_does_not_wait_for_the_long_test_behind_it(tmp_path: Path) -> None:
    """The report of a quick test arrives while the next one runs; its start by the controller's clock tells."""
    result = Suite(unit=0).with_file("tests/unit/test_long.py", LONG).run(tmp_path, "-n", "1", "--pyramid-gate=off")
    quick, long = result.test("test_quick"), result.test("test_long")
    assert quick["start"] + 0.5 < long["start"] + long["seconds"]
    assert abs(quick["start"] - long["start"]) < 0.5
