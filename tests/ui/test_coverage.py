"""Coverage by tier in real runs: whoever measures, with workers and without, and never at the user's cost."""

from __future__ import annotations

import json
import random
import site
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from coverage import CoverageData

from tests.harness import FOLDERS, NOTHING, Result, Suite, environment

SHOP = """\
def add(a, b):
    if a > 100:
        return "many"
    return a + b


def tax(x):
    return x * 1.2


class Till:
    def pay(self, x):
        if x:
            return tax(x)
        return 0

    def never(self):
        return 1
"""
SUITE = (
    NOTHING.with_file("shop/__init__.py", "")
    .with_file("shop/cart.py", SHOP)
    .with_file("tests/conftest.py", "import shop.cart\n")
    .with_file("tests/unit/test_u.py", "from shop.cart import add\ndef test_add():\n    assert add(1, 2) == 3\n")
    .with_file(
        "tests/service/test_s.py",
        "from shop.cart import Till, add\ndef test_pay():\n    assert Till().pay(1)\n"
        "def test_same():\n    assert add(1, 2) == 3\n",
    )
    .with_file(
        "tests/e2e/test_e.py",
        "from shop.cart import Till, add\ndef test_zero():\n    assert Till().pay(0) == 0\n"
        "def test_many():\n    assert add(1000, 0)\n",
    )
    .with_file(".coveragerc", "[run]\nsource = shop\n")
)
EXPECTED = {
    "unit": {"own": 2, "alone": 7, "cumulative": 7, "new": 2, "exclusive": 0},
    "service": {"own": 5, "alone": 10, "cumulative": 10, "new": 3, "exclusive": 2},
    "ui": {"own": 4, "alone": 9, "cumulative": 12, "new": 2, "exclusive": 2},
}
"""Of thirteen statements, five of which import executes; lines 13 and 14 are the pay and tax of the till."""

WORKERS = pytest.mark.parametrize("workers", ["0", "2"])


def counts(result: Result) -> dict[str, dict[str, int]]:
    """The lines of every part by tier."""
    return {
        row["name"]: {part: value["lines"] for part, value in row["coverage"].items() if isinstance(value, Mapping)}
        for row in result.report["tiers"]
    }


def under_coverage(folder: Path, before: Sequence[str], *arguments: str) -> Result:
    """The result of `coverage run … -m pytest --pyramid --pyramid-cov`."""
    SUITE.write(folder)
    without = [word for name in ("randomly", "django", "asyncio") for word in ("-p", f"no:{name}")]
    ours = ["--pyramid", "--pyramid-cov", "--pyramid-report=json:report.json"]
    command = [sys.executable, "-m", "coverage", "run", *before, "-m", "pytest", *without, *ours, *arguments]
    done = subprocess.run(
        command, cwd=folder, env=environment({}), capture_output=True, timeout=60, check=False, text=True
    )
    assert "INTERNALERROR" not in done.stdout + done.stderr
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return Result(status=done.returncode, report=report, output=done.stdout, errors=done.stderr)


@WORKERS
@pytest.mark.parametrize("how", [(), ("--cov", "--cov-report="), ("--cov=shop", "--cov-branch", "--cov-report=")])
def test_each_tier_has_its_lines(tmp_path: Path, workers: str, how: tuple[str, ...]) -> None:
    """Alone or beside pytest-cov, in one process or in workers, lines or branches: the same figures."""
    result = SUITE.run(tmp_path, "--pyramid-cov", "-n", workers, *how)
    assert result.status == 0
    assert counts(result) == EXPECTED
    coverage: dict[str, Any] = result.report["coverage"]
    assert coverage["source"] == ("pytest-cov" if how else "pytest-test-pyramid")
    assert (coverage["total"]["lines"], coverage["imported"]["lines"], coverage["incomplete"]) == (13, 5, [])
    assert coverage["branch"] is ("--cov-branch" in how)
    assert not list(tmp_path.glob(".coverage.*"))
    assert "5 lines are covered only from above unit: shop/cart.py 5" in result.output


@WORKERS
@pytest.mark.parametrize("patch", ["", "patch = subprocess\n"])
def test_coverage_run_is_measured_too(tmp_path: Path, workers: str, patch: str) -> None:
    """Also its workers, which it does not measure by itself."""
    rc = tmp_path / "rc"
    rc.write_text(f"[run]\nsource = shop\n{patch}", encoding="utf-8")
    result = under_coverage(tmp_path, [f"--rcfile={rc}"], "-n", workers)
    assert counts(result) == EXPECTED
    assert result.report["coverage"]["source"] == "coverage run"


MATRIX = {
    "a report": ("--cov=shop", "--cov-report=term-missing"),
    "branches": ("--cov=shop", "--cov-branch", "--cov-report=json:cov.json"),
    "appended": ("--cov=shop", "--cov-append", "--cov-report=term"),
    "a limit that is kept": ("--cov=shop", "--cov-fail-under=90", "--cov-report=term"),
    "a limit that is missed": ("--cov=shop", "--cov-fail-under=99", "--cov-report=term"),
    "no report": ("--cov=shop", "--cov-report="),
    "a context for every test": ("--cov=shop", "--cov-context=test", "--cov-report="),
    "everything": ("--cov", "--cov-report=xml:cov.xml"),
    "switched off": ("--cov=shop", "--no-cov"),
}


def left_behind(folder: Path) -> dict[str, Any]:
    """What the user's data file says: contexts, and the lines and arcs of every file by context."""
    data = CoverageData(str(folder / ".coverage"))
    data.read()
    found: dict[str, Any] = {
        "branch": data.has_arcs(),
        "files": sorted(Path(file).name for file in data.measured_files()),
    }
    for context in sorted(data.measured_contexts()):
        data.set_query_context(context)
        lines = {Path(file).name: sorted(data.lines(file) or []) for file in sorted(data.measured_files())}
        arcs = {Path(file).name: sorted(data.arcs(file) or []) for file in sorted(data.measured_files())}
        found[context] = {file: (lines[file], arcs[file]) for file in lines if lines[file] or arcs[file]}
    return found


def printed(output: str) -> list[str]:
    """The lines of pytest-cov's tables and of its limit."""
    return [line for line in output.splitlines() if line.startswith(("shop/", "TOTAL", "Required", "FAIL Req"))]


@WORKERS
@pytest.mark.parametrize("options", MATRIX)
def test_what_the_user_gets_from_pytest_cov_is_the_same_with_us(tmp_path: Path, workers: str, options: str) -> None:
    """The same data file to the last line, arc and context, the same table, the same exit status."""
    found = []
    for name, more in (("without", ()), ("with", ("--pyramid-cov",))):
        folder = tmp_path / name
        result = SUITE.run(folder, "-n", workers, *MATRIX[options], *more)
        data = left_behind(folder) if (folder / ".coverage").exists() else {}
        found.append((result.status, data, printed(result.output), sorted(path.name for path in folder.iterdir())))
    assert found[0] == found[1]
    assert ("coverage" in result.report) is (options != "switched off")
    if options == "switched off":
        assert "coverage by tier is off: --no-cov" in result.output
    else:
        assert counts(result)["service"]["own"] == 5


@WORKERS
def test_contexts_of_pytest_cov_are_enough_for_us(tmp_path: Path, workers: str) -> None:
    """With `--cov-context=test` nobody else may switch; tiers come from the names of the tests."""
    result = SUITE.run(
        tmp_path, "-n", workers, "--cov=shop", "--cov-context=test", "--cov-report=", "--pyramid-cov=test"
    )
    assert counts(result) == EXPECTED
    service, ui = result.report["coverage"]["redundancy"]
    assert service["redundant"] == ["tests/service/test_s.py::test_same"]
    assert (ui["redundant"], ui["new"]) == ([], 2)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="sys.monitoring is there from Python 3.12 on")
@WORKERS
@pytest.mark.parametrize("detail", ["tier", "test"])
def test_sys_monitoring_gives_every_tier_all_its_lines(tmp_path: Path, workers: str, detail: str) -> None:
    """It tells of a place only once, unless it is started again; and no warning of it becomes an error."""
    how = (f"--pyramid-cov={detail}", "-n", workers, "-W", "error", "--cov=shop", "--cov-report=")
    result = SUITE.run(tmp_path, *how, env={"COVERAGE_CORE": "sysmon"})
    assert result.status == 0
    assert counts(result) == EXPECTED
    assert left_behind(tmp_path).keys() == {"branch", "files", ""}


CONFIGURATIONS = {
    "relative files": "relative_files = true\n",
    "a static context": "context = ci\n",
    "parallel data": "parallel = true\n",
    "a data file elsewhere": "data_file = out/cov\n",
    "branches": "branch = true\n",
}


@WORKERS
@pytest.mark.parametrize("how", [(), ("--cov=shop", "--cov-report=")])
@pytest.mark.parametrize("setting", CONFIGURATIONS)
def test_the_users_configuration_changes_nothing(
    tmp_path: Path, workers: str, how: tuple[str, ...], setting: str
) -> None:
    """However coverage.py is configured, the figures are the same."""
    suite = SUITE.with_file(".coveragerc", f"[run]\nsource = shop\n{CONFIGURATIONS[setting]}").with_file("out/x", "")
    result = suite.run(tmp_path, "--pyramid-cov", "-n", workers, *how)
    assert counts(result) == EXPECTED
    assert result.report["coverage"]["incomplete"] == []


def test_dynamic_contexts_of_the_user_are_left_alone(tmp_path: Path) -> None:
    """There is no room for tiers then; the message says so, and no test fails for it."""
    suite = SUITE.with_file(".coveragerc", "[run]\nsource = shop\ndynamic_context = test_function\n")
    result = suite.run(tmp_path, "--pyramid-cov", "--cov=shop", "--cov-report=")
    assert result.status == 0
    assert "dynamic_context = test_function leaves no room for tiers" in result.output
    assert result.report["tiers"][0]["coverage"] is None


@WORKERS
def test_a_tier_without_tests_and_one_withheld_say_what_they_are(tmp_path: Path, workers: str) -> None:
    """No test, no lines of its own; what was withheld covers nothing and is not judged."""
    settings = "".join(
        f'[[tool.pytest_pyramid.tiers]]\nname = "{name}"\nmin-coverage = 0.9\n' for name in ("unit", "service", "ui")
    )
    suite = SUITE.with_file("tests/service/test_s.py", "def test_broken():\n    assert 0\n")
    suite = suite.with_file("pyproject.toml", f'[tool.pytest_pyramid]\ncov = "tier"\n{settings}')
    result = suite.run(tmp_path, "-n", workers)
    assert [result.of_tier("ui"), counts(result)["ui"]["own"]] == [{"withheld": 2}, 0]
    assert counts(result)["service"]["own"] == 0
    missed = [one["tier"] for one in result.report["violations"] if one["code"] == "PYR601"]
    assert missed == ["unit", "service"]
    none = suite.with_file("tests/service/test_s.py", "").run(tmp_path / "none", "-n", workers)
    assert counts(none)["service"] == {**EXPECTED["unit"], "own": 0, "alone": 5, "new": 0}


def test_missing_sources_are_named(tmp_path: Path) -> None:
    """Code that was made while tests ran has no file any more."""
    text = """
        import pathlib, runpy

        def test_made(tmp_path):
            path = pathlib.Path("shop/made.py")
            path.write_text("x = 1\\n")
            runpy.run_path(str(path))
            path.unlink()
        """
    result = SUITE.with_file("tests/unit/test_made.py", text).run(tmp_path, "--pyramid-cov")
    assert counts(result) == EXPECTED
    assert "coverage: no readable source of shop/made.py" in result.output


@pytest.mark.skipif(
    not any(list(Path(folder).glob("*coverage.pth")) for folder in site.getsitepackages()),
    reason="coverage.py starts itself in children only from a .pth file in this environment",
)
@WORKERS
def test_children_count_for_the_tier_that_started_them(tmp_path: Path, workers: str) -> None:
    """With coverage.py's own patch; their data is the user's again afterwards, without our labels."""
    text = """
        import subprocess, sys

        def test_child():
            subprocess.run([sys.executable, "-c", "from shop.cart import Till; Till().never()"], check=True)
        """
    suite = SUITE.with_file("tests/e2e/test_child.py", text)
    suite = suite.with_file(".coveragerc", "[run]\nsource = shop\npatch = subprocess\n")
    for folder, how in (("own", ()), ("cov", ("--cov=shop", "--cov-report=term"))):
        result = suite.run(tmp_path / folder, "--pyramid-cov", "-n", workers, *how)
        ui = counts(result)["ui"]
        assert (ui["new"], ui["exclusive"]) == (3, 3)
        assert not list((tmp_path / folder).glob(".coverage.*"))
    assert left_behind(tmp_path / "cov").keys() == {"branch", "files", ""}
    assert printed(result.output)[-1].split()[-1] == "100%"


def test_a_crashed_worker_makes_coverage_unknown_and_not_low(tmp_path: Path) -> None:
    """Nothing is judged, the run says why, and pytest-cov's live data of the other workers survives."""
    text = "import os\ndef test_crash():\n    os._exit(3)\n"
    settings = '[[tool.pytest_pyramid.tiers]]\nname = "unit"\nmin-coverage = 1.0\n'
    suite = SUITE.with_file("tests/unit/test_crash.py", text).with_file("pyproject.toml", settings)
    result = suite.run(tmp_path, "-n", "2", "--pyramid-cov", "--cov=shop", "--cov-report=", "--pyramid-gate=off")
    assert result.report["coverage"]["incomplete"]
    assert "coverage incomplete: worker gw" in result.output
    assert "PYR601" not in result.codes


@pytest.mark.parametrize("how", [(), ("--cov=shop", "--cov-report=")])
def test_a_crash_loses_the_last_moments_only(tmp_path: Path, how: tuple[str, ...]) -> None:
    """What a worker executed before is counted: in lower tiers, and in its own tier more than a second before."""
    crash = """
        import os, time
        from shop.cart import Till

        def test_a_long():
            Till().never()
            time.sleep(1.1)

        def test_b_crash():
            os._exit(3)
        """
    suite = SUITE.with_file("tests/e2e/test_crash.py", crash)
    result = suite.run(tmp_path, "-n", "1", "--pyramid-cov", "--pyramid-gate=off", *how)
    found = counts(result)
    assert (found["unit"]["own"], found["service"]["own"]) == (EXPECTED["unit"]["own"], EXPECTED["service"]["own"])
    assert found["ui"]["exclusive"] == 3
    assert "coverage incomplete: worker gw0 crashed: what its last test executed" in result.output


@pytest.mark.parametrize("word", ["tier", "test", "off", "true", "false"])
def test_the_ini_key_says_the_same_as_the_option(tmp_path: Path, word: str) -> None:
    """And the option is stronger."""
    suite = SUITE.with_file("pytest.ini", f"[pytest]\npyramid_cov = {word}\n")
    expected = {"off": None, "false": None, "true": "tier"}.get(word, word)
    found = suite.run(tmp_path).report.get("coverage")
    assert (found and found["detail"]) == expected
    assert "coverage" not in suite.run(tmp_path, "--pyramid-cov=off").report


@pytest.mark.parametrize(("option", "detail"), [("", "tier"), ("=tier", "tier"), ("=test", "test")])
def test_a_path_behind_the_option_is_a_path(tmp_path: Path, option: str, detail: str) -> None:
    """Unlike with `--cov`, nobody has to write the option last; a word that it does not know is refused."""
    result = SUITE.run(tmp_path, f"--pyramid-cov{option}", "tests")
    assert result.report["coverage"]["detail"] == detail
    wrong = SUITE.run(tmp_path, "--pyramid-cov=line")
    assert (wrong.status, "'line'" in wrong.errors) == (4, True)


def seeded(seed: int, functions: int = 40, tests: int = 120) -> tuple[Suite, set[str]]:
    """A suite whose upper tests call functions at random, and those of them that add nothing to the tiers below.

    Every function has two ways through it; a test that takes another way than the tiers below adds a branch.
    """
    chance = random.Random(seed)
    code = "\n\n".join(f"def f{n}(x):\n    y = x\n    if x:\n        y += {n}\n    return y" for n in range(functions))
    known = {(n, chance.random() < 0.5) for n in range(functions) if chance.random() < 0.7}
    texts = {"unit": ["def test_base():\n" + "".join(f"    code.f{n}({way})\n" for n, way in sorted(known))]}
    redundant: set[str] = set()
    for tier, folder in (("service", "tests/service"), ("ui", "tests/e2e")):
        found = set()
        texts[tier] = []
        for number in range(tests):
            pool = sorted(known) if chance.random() < 0.5 else [(n, w) for n in range(functions) for w in (False, True)]
            calls = chance.sample(pool, 3)
            body = "".join(f"    code.f{n}({way})\n" for n, way in calls)
            texts[tier].append(f"def test_{tier}_{number}():\n{body}")
            if set(calls) <= known:
                redundant.add(f"{folder}/test_{tier}.py::test_{tier}_{number}")
            found |= set(calls)
        known |= found
    suite = NOTHING.with_file("code_/__init__.py", code + "\n").with_file(
        ".coveragerc", "[run]\nsource = code_\nbranch = 1\n"
    )
    for tier, folder in FOLDERS:
        suite = suite.with_file(f"{folder}/test_{tier}.py", "import code_ as code\n\n" + "\n".join(texts[tier]))
    return suite, redundant


@WORKERS
@pytest.mark.parametrize("seed", [1, 2])
def test_redundant_tests_are_found_and_no_others(tmp_path: Path, workers: str, seed: int) -> None:
    """Precision and recall of at least 0.95 on a suite whose answers are known; and the kept tests suffice."""
    suite, true = seeded(seed)
    result = suite.run(tmp_path, "--pyramid-cov=test", "-n", workers)
    tiers = result.report["coverage"]["redundancy"]
    found = {nodeid for one in tiers for nodeid in one["redundant"]}
    assert len(true) > 40
    assert len(found & true) / len(found) >= 0.95
    assert len(found & true) / len(true) >= 0.95
    assert all(not set(one["kept"]) & true for one in tiers)


def test_the_baseline_keeps_coverage_from_sinking(tmp_path: Path) -> None:
    """It is recorded with the rest, and a later run that covers less is not passed."""
    how = ("--pyramid-cov", "--pyramid-baseline=base.toml")
    assert SUITE.run(tmp_path, *how, "--pyramid-update-baseline").status == 0
    assert "[coverage]" in (tmp_path / "base.toml").read_text(encoding="utf-8")
    assert SUITE.run(tmp_path, *how).codes == []
    less = SUITE.with_file("tests/unit/test_u.py", "def test_add():\n    pass\n")
    result = less.run(tmp_path, *how)
    assert (result.status, result.codes) == (1, ["PYR705"])
