"""Where settings come from, who wins, and what is refused."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import pytest

from pytest_pyramid.__main__ import main
from tests.service.conftest import Project

SECTION = "\n[pytest_pyramid]\ngate = off\n"


def gate(project: Project, *arguments: str) -> tuple[str, str]:
    """The gate's mode and its source, as --pyramid-show-config prints them."""
    lines = project.pytest("--pyramid-show-config", *arguments).outlines
    (row,) = [line.split(None, 2) for line in lines if line.startswith("gate ")]
    return row[1], row[2]


def test_the_default_is_the_weakest(project: Project) -> None:
    """Without any setting the shipped one holds."""
    assert gate(project) == ("strict", "defaults.toml")


def test_each_source_beats_the_next(project: Project) -> None:
    """Command line, then -o, then ini key, then section; each is named."""
    project.files({"pytest.ini": f"[pytest]\n{SECTION}"})
    assert gate(project) == ("off", "pytest.ini [pytest_pyramid]")
    project.files({"pytest.ini": f"[pytest]\npyramid_gate = soft\n{SECTION}"})
    assert gate(project) == ("soft", "pytest.ini pyramid_* keys")
    assert gate(project, "-o", "pyramid_gate=strict") == ("strict", "-o pyramid_* keys")
    assert gate(project, "-o", "pyramid_gate=strict", "--pyramid-gate=off") == ("off", "command line")


def test_an_override_leaves_other_ini_keys_to_the_file(project: Project) -> None:
    """One key given with -o does not hide what the file says of another."""
    project.files({"pytest.ini": "[pytest]\npyramid_gate = soft\npyramid_strict = true\n"})
    lines = project.pytest("--pyramid-show-config", "-o", "pyramid_gate=off").outlines
    rows = [line.split(None, 2) for line in lines if line.startswith(("gate ", "strict "))]
    assert rows == [["gate", "off", "-o pyramid_* keys"], ["strict", "true", "pytest.ini pyramid_* keys"]]


def test_every_problem_is_told_at_once(project: Project) -> None:
    """Bad words on the command line, in ini keys and in the section are one usage error, before collection."""
    project.files(
        {
            "pytest.ini": "[pytest]\npyramid_report = jsn:x.json\n[pytest_pyramid]\ndefualt-tier = unit\n",
            "test_a.py": "raise SystemExit('collected')\n",
        }
    )
    result = project.pytest("--pyramid", "--pyramid-gate=strickt")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    told = result.stderr.str() + result.stdout.str()
    assert "3 problems" in told
    for words in ("did you mean 'strict'", "did you mean 'json'", "did you mean 'default-tier'"):
        assert words in told
    assert "collected" not in told


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--pyramid-tier=uint"], "did you mean 'unit'"),
        (["--pyramid-tier="], "tier"),
        (["--pyramid-upto=servce"], "did you mean 'service'"),
        (["--pyramid-stage=comit"], "did you mean 'commit'"),
        (["--pyramid-report=json"], "FORMAT:PATH"),
        (["--dist=each"], "--dist=each"),
        (["-o", "pyramid_gate=open"], "pyramid_* keys: gate"),
        (["-o", "pyramid_strict=maybe"], "pyramid_* keys: strict"),
    ],
)
def test_a_bad_word_is_a_usage_error(project: Project, arguments: list[str], words: str) -> None:
    """What cannot be meant ends the run with exit status 4 and says what would do."""
    result = project.files({"test_a.py": "def test_a(): pass\n"}).pytest("--pyramid", *arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert words in result.stderr.str()
    assert "Traceback" not in result.stderr.str()


def test_the_namesake_is_refused(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the distribution with our import package is installed too, the run says what to do, and names both."""
    metadata = "Metadata-Version: 2.1\nName: pytest-pyramid\nVersion: 1.0\n"
    project.files({"site/pytest_pyramid-1.0.dist-info/METADATA": metadata})
    monkeypatch.setattr(sys, "path", [*sys.path, str(project.path / "site")])
    result = project.pytest("--pyramid")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "pip uninstall pytest-test-pyramid pytest-pyramid" in result.stderr.str()
    assert project.files({"test_a.py": "def test_a(): pass\n"}).pytest().ret == pytest.ExitCode.OK


def test_a_switch_that_is_neither_on_nor_off_is_named(project: Project) -> None:
    """pytest alone would not say which key the bad truth value belongs to."""
    result = project.files({"pytest.ini": "[pytest]\npyramid = perhaps\n"}).pytest()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "pyramid in the ini file or -o: invalid truth value 'perhaps'" in result.stderr.str()


@pytest.mark.parametrize(
    ("ini", "arguments", "acts"),
    [
        ("", [], False),
        ("", ["--pyramid"], True),
        ("pyramid = true", [], True),
        ("pyramid = true", ["--no-pyramid"], False),
        ("pyramid = true", ["--no-pyramid", "--pyramid"], True),
        ("pyramid = false", [], False),
        ("", ["-o", "pyramid=true"], True),
    ],
)
def test_the_plugin_acts_when_it_is_switched_on(project: Project, ini: str, arguments: list[str], acts: bool) -> None:
    """The option decides, the last one given; without it the ini key."""
    project.files({"pytest.ini": f"[pytest]\n{ini}\n", "test_a.py": "def test_a(): pass\n"})
    result = project.pytest(*arguments)
    assert result.ret == pytest.ExitCode.OK
    assert any("pyramid ===" in line for line in result.outlines) is acts


def test_strict_markers_know_the_tiers_while_the_plugin_is_off(project: Project) -> None:
    """Shipped and configured tier marks are registered in every run."""
    section = "[pytest_pyramid]\n[pytest_pyramid:tier:unit]\n[pytest_pyramid:tier:smoke]\nmarkers = puff\n"
    project.files(
        {
            "pytest.ini": f"[pytest]\n{section}",
            "test_a.py": "import pytest\n@pytest.mark.ui\n@pytest.mark.puff\n@pytest.mark.unit\ndef test_a(): pass\n",
        }
    )
    for on in ("--no-pyramid", "--pyramid"):
        project.pytest("--strict-markers", on).assert_outcomes(passed=1)


def test_a_report_that_cannot_be_written_is_told_before_the_run(project: Project) -> None:
    """A run of an hour does not end without its report because of a typing error."""
    project.files({"file": "", "test_a.py": "def test_a(): pass\n"})
    result = project.pytest("--pyramid", "--pyramid-report=json:file/report.json", "--pyramid-report=json:.")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "json:file/report.json cannot be written" in result.stderr.str()
    assert "json:. cannot be written: it is a folder" in result.stderr.str()


def test_a_report_goes_to_the_standard_output(project: Project) -> None:
    """A dash as path prints the report; a path in new folders makes them."""
    project.files({"test_a.py": "def test_a(): pass\n"})
    result = project.pytest("--pyramid", "--pyramid-report=json:-", "--pyramid-report=json:new/folder/r.json")
    assert any('"schema_version": 1' in line for line in result.outlines)
    assert Path(project.path, "new/folder/r.json").is_file()


@pytest.mark.parametrize("command", ["run", "render"])
def test_html_without_jinja2_is_refused_before_the_first_test(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    """The message says what to install, and no report is written."""
    project.files({"test_a.py": "def test_a(): pass\n"}).report()
    # By import, not by name: a run in this process leaves an older module as the package's attribute.
    monkeypatch.setattr(import_module("pytest_pyramid.reporters.html_report"), "find_spec", lambda _: None)
    capsys.readouterr()
    if command == "run":
        status = project.pytest("--pyramid", "--pyramid-report=html:a.html").ret
    else:
        status = main(["render", str(project.path / "report.json"), "--report=html:a.html"])
    assert status == 4
    told = capsys.readouterr()
    assert "html:a.html" in told.err + told.out
    assert "pip install pytest-test-pyramid[html]" in told.err + told.out
    assert not (project.path / "a.html").exists()
