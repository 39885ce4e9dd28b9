"""The only test double of this project: a small suite on disk, run by a real pytest in a process of its own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path
from textwrap import dedent
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[1]
SECONDS = 60.0
"""A run that lasts longer hangs."""
REPORT = "report.json"
FOLDERS = (("unit", "tests/unit"), ("service", "tests/service"), ("ui", "tests/e2e"))
"""Where the tests of each tier stand; by name the highest tier comes first, so that order is never an accident."""
OTHERS = ("asyncio", "benchmark", "django", "hypothesispytest", "pytest_order", "pytest-split", "randomly", "repeat")
"""Plugins that are installed for tests of their own: they change what others collect, or take a second to import."""
WITHOUT = tuple(word for name in OTHERS for word in ("-p", f"no:{name}"))
CONFIGURATIONS = ("pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg")

_FOREIGN = ("PYTEST_", "COV_CORE_", "COVERAGE_", "PYRAMID_", "TOX_")
"""Beside pytest's own and ours: coverage would measure, and tox moves pytest's cache to one place for all folders."""
_CHOICES = ("CI", "BUILD_NUMBER", "PY_COLORS", "FORCE_COLOR", "NO_COLOR", "PYTHONWARNINGS", "PYTHONSAFEPATH")


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a run left behind: its exit status, its JSON report (empty when none was written), and what it printed."""

    status: int
    report: dict[str, Any]
    output: str
    errors: str

    @property
    def tests(self) -> list[dict[str, Any]]:
        """The tests of the report, in collection order."""
        return self.report["tests"]

    @property
    def started(self) -> list[str]:
        """The node ids of the tests that were started, by their start."""
        return [test["nodeid"] for test in self._started()]

    @property
    def started_tiers(self) -> list[str]:
        """The tiers of the tests that were started, by their start."""
        return [test["tier"] for test in self._started()]

    @property
    def counts(self) -> dict[str, int]:
        """How many tests ended in each outcome."""
        return dict(Counter(test["outcome"] for test in self.tests))

    @property
    def outcomes(self) -> dict[str, str]:
        """The outcome of each test by its short name, which is the node id behind the file."""
        return {test["nodeid"].partition("::")[2]: test["outcome"] for test in self.tests}

    @property
    def said(self) -> dict[str, int]:
        """What pytest's own last line counts, with or without the plugin: {"passed": 3, "failed": 1}."""
        found = re.findall(r"(\d+) (passed|failed|errors?|skipped|xfailed|xpassed|deselected|rerun)\b", self._last_line)
        return {"error" if word == "errors" else word: int(count) for count, word in found}

    @property
    def codes(self) -> list[str]:
        """The codes of all violations."""
        return [violation["code"] for violation in self.report["violations"]]

    def of_tier(self, tier: str) -> dict[str, int]:
        """How many tests of the tier ended in each outcome."""
        return dict(Counter(test["outcome"] for test in self.tests if test["tier"] == tier))

    def test(self, name: str) -> dict[str, Any]:
        """The one test whose node id ends in `name`."""
        (found,) = [test for test in self.tests if test["nodeid"].endswith(name)]
        return found

    def gate(self, tier: str) -> dict[str, Any]:
        """The gate of the tier."""
        (found,) = [gate for gate in self.report["gates"] if gate["tier"] == tier]
        return found

    def same_everywhere(self) -> dict[str, Any]:
        """What of the report must not depend on the number of workers, nor on clocks."""
        report = self.report
        kept = ("nodeid", "tier", "classified_by", "outcome", "file", "line", "message", "function")
        rows = ("name", "rank", "tests", "functions", "share", "outcomes", "target", "gate")
        return {
            "status": self.status,
            "tests": [{key: test[key] for key in kept} for test in report["tests"]],
            "tiers": [{key: row[key] for key in rows} for row in report["tiers"]],
            "gates": [(g["tier"], g["state"], sorted(g["pulled_by"]), g["withheld"]) for g in report["gates"]],
            "violations": [(v["code"], v["severity"], v["message"]) for v in report["violations"]],
            "errors": report["collection_errors"],
            "notes": report["notes"],
            "shape": (report["shape"]["name"], report["shape"]["judged"], report["shape"]["reason"]),
            "partial": report["run"]["partial_reason"],
        }

    @property
    def _last_line(self) -> str:
        return next((line for line in reversed(self.output.splitlines()) if re.search(r" in \d+\.\d+s", line)), "")

    def _started(self) -> list[dict[str, Any]]:
        return sorted((test for test in self.tests if test["start"] is not None), key=lambda test: test["start"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """So many passing tests in each tier, and whatever else is added; every method gives a new suite."""

    unit: int = 3
    service: int = 2
    ui: int = 1
    broken: tuple[tuple[str, int], ...] = ()
    files: tuple[tuple[str, str], ...] = ()

    def failing(self, tier: str, at: int = 0) -> Suite:
        """The suite in which the test number `at` of the tier fails."""
        return replace(self, broken=(*self.broken, (tier, at)))

    def with_file(self, path: str, text: str | bytes) -> Suite:
        """The suite with one more file; the text may be indented. Bytes that are not text come back as they were."""
        plain = text.decode("utf-8", "surrogateescape") if isinstance(text, bytes) else dedent(text)
        return replace(self, files=(*self.files, (path, plain)))

    def write(self, folder: Path) -> None:
        """Put the files into the folder, and an empty pytest.ini unless the suite brings its own configuration."""
        files = dict(self.files)
        folder.mkdir(exist_ok=True)
        for tier, place in FOLDERS:
            text = self._tests(tier)
            if text:
                files.setdefault(f"{place}/test_{tier}.py", text)
        if not any(name in files for name in CONFIGURATIONS):
            files["pytest.ini"] = "[pytest]\n"
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode("utf-8", "surrogateescape"))

    def run(self, folder: Path, *arguments: str, env: Mapping[str, str] | None = None) -> Result:
        """The result of `pytest --pyramid` with a JSON report and the arguments, in the folder."""
        return self.pytest(folder, "--pyramid", f"--pyramid-report=json:{REPORT}", *arguments, env=env)

    def pytest(self, folder: Path, *arguments: str, env: Mapping[str, str] | None = None) -> Result:
        """The result of pytest with exactly these arguments; `-p` and a name switches one of OTHERS on.

        Raises AssertionError when it hangs, and when pytest or a plugin breaks down, which no suite may bring about.
        """
        self.write(folder)
        report = folder / REPORT
        report.unlink(missing_ok=True)
        plugin = [] if is_installed() else ["-p", "pytest_pyramid.plugin"]
        without = [word for name in OTHERS if name not in arguments for word in ("-p", f"no:{name}")]
        command = [sys.executable, "-m", "pytest", *without, *plugin, *arguments]
        try:
            done = subprocess.run(
                command, cwd=folder, env=environment(env or {}), capture_output=True, timeout=SECONDS, check=False
            )
        except subprocess.TimeoutExpired as hung:
            said = "\n".join(_text(part) for part in (hung.stdout, hung.stderr))
            raise AssertionError(f"hung for {SECONDS:g} s: {command}\n{said}") from None
        output, errors = _text(done.stdout), _text(done.stderr)
        sys.stdout.write(f"$ {' '.join(command)}\n{output}{errors}")  # shown by pytest when the test fails
        assert "INTERNALERROR" not in output + errors
        found = json.loads(report.read_text(encoding="utf-8")) if report.exists() else {}
        return Result(status=done.returncode, report=found, output=output, errors=errors)

    def _tests(self, tier: str) -> str:
        count: int = getattr(self, tier)
        bodies = ["assert 1 == 2" if (tier, number) in self.broken else "pass" for number in range(count)]
        return "\n".join(f"def test_{tier}_{number}():\n    {body}\n" for number, body in enumerate(bodies))


NOTHING = Suite(unit=0, service=0, ui=0)
"""A suite without tests, to add files to."""


def is_installed() -> bool:
    """True when pytest finds the plugin by itself."""
    return any(entry.value == "pytest_pyramid.plugin" for entry in metadata.entry_points(group="pytest11"))


def environment(extra: Mapping[str, str]) -> dict[str, str]:
    """This process's environment without what would speak to the pytest under test; the checkout where needed."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(_FOREIGN) and key not in _CHOICES}
    paths = [extra.get("PYTHONPATH", ""), "" if is_installed() else str(CHECKOUT)]
    found = {**kept, "COLUMNS": "120", "PYTHONIOENCODING": "utf-8", **extra}
    found["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
    return {key: value for key, value in found.items() if key != "PYTHONPATH" or value}


def _text(data: bytes | None) -> str:
    return (data or b"").decode("utf-8", "replace")
