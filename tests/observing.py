"""A suite with every kind of report, and a plugin that takes down what the controller's hooks are called with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.harness import NOTHING, Result

RECORDER = """
    import json, os, warnings

    import pytest

    KEYS = ("nodeid", "location", "outcome", "when", "sections", "user_properties", "keywords", "worker_id",
            "item_index", "wasxfail", "mine", "duration", "start", "stop", "testrun_uid")

    class Odd:
        def __init__(self, value):
            self.value = value

    def pytest_report_to_serializable(config, report):
        if hasattr(report, "odd"):
            data = {"$report_type": "Odd", "odd": report.odd.value, "nodeid": report.nodeid, "when": report.when}
            return {**data, "duration": report.duration, "location": report.location}

    def pytest_report_from_serializable(config, data):
        if data.get("$report_type") == "Odd":
            report = pytest.TestReport(data["nodeid"], data["location"], {}, "passed", None, data["when"])
            report.odd, report.worker_id, report.item_index = Odd(data["odd"]), data["worker_id"], data["item_index"]
            report.duration = data["duration"]
            return report

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(item, call):
        report = yield
        report.mine = {"phase": call.when, "list": [1, (2, None)]}
        if item.name == "test_odd":
            report.odd = Odd(7)
        return report

    class Recorder:
        def __init__(self):
            self.calls = []

        def pytest_runtest_logstart(self, nodeid, location):
            self.calls.append(["logstart", nodeid, list(location)])

        def pytest_runtest_logfinish(self, nodeid, location):
            self.calls.append(["logfinish", nodeid, list(location)])

        def pytest_runtest_logreport(self, report):
            seen = {key: getattr(report, key) for key in KEYS if hasattr(report, key)}
            seen["type"], seen["text"], seen["node"] = type(report).__name__, report.longreprtext, report.node.gateway.id
            seen["odd"] = report.odd.value if hasattr(report, "odd") else None
            for clock in ("duration", "start", "stop", "testrun_uid"):
                if clock in seen:
                    seen[clock] = type(seen[clock]).__name__
            self.calls.append(["logreport", report.nodeid, seen])

        def pytest_warning_recorded(self, warning_message, when, nodeid, location):
            self.calls.append(["warning", nodeid, when, str(warning_message.message), location and location[1]])

        def pytest_sessionfinish(self, session):
            with open("calls.json", "w") as file:
                json.dump(self.calls, file)

    def pytest_configure(config):
        if not hasattr(config, "workerinput"):
            config.pluginmanager.register(Recorder())
"""
TESTS = """
    import logging, sys, unittest, warnings

    import pytest

    @pytest.mark.parametrize("number", range(40))
    def test_quick(number):
        pass

    def test_says(record_property, capsys):
        record_property("colour", "red")
        sys.stderr.write("noise\\n")
        logging.getLogger().warning("logged")
        print("said \\u00e9\\u4e2d")

    def test_warns():
        warnings.warn(UserWarning("mind the gap", 3))

    def test_fails():
        print("before the fall")
        assert [1, 2] == [1, 3]

    @pytest.mark.skip(reason="not today")
    def test_skipped():
        pass

    @pytest.mark.xfail(reason="known")
    def test_xfails():
        raise ValueError("known")

    @pytest.fixture
    def brittle():
        yield
        raise RuntimeError("at the end")

    def test_teardown(brittle):
        pass

    def test_odd():
        pass

    class TestSub(unittest.TestCase):
        def test_parts(self):
            for part in range(3):
                with self.subTest(part=part):
                    assert part != 1
"""
OBSERVED = NOTHING.with_file("conftest.py", RECORDER).with_file("tests/unit/test_all.py", TESTS)


def calls(folder: Path, *arguments: str, workers: str | None = "1") -> tuple[Result, list[Any]]:
    """The run, and every hook that it called on the controller for tests and warnings, in order."""
    local = () if workers is None else ("-n", workers)
    result = OBSERVED.run(folder, *local, "--pyramid-history=off", *arguments)
    return result, json.loads((folder / "calls.json").read_text())
