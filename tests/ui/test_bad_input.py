"""Bad input: a clear message, the right exit status, no traceback of ours, and no lost result."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness import NOTHING, Suite

SECTION = "[tool.pytest_pyramid]\n"

OPTIONS = {
    "--pyramid-gate=strickt": "strict",
    "--pyramid-tier=unti": "unit",
    "--pyramid-upto=servise": "service",
    "--pyramid-stage=comit": "commit",
    "--pyramid-report=jsno:x.json": "json",
    "--pyramid-report=x.json": "FORMAT:PATH",
    "--dist=each": "--dist=load",
}


@pytest.mark.parametrize("workers", ["0", "2"])
@pytest.mark.parametrize("option", OPTIONS)
def test_a_bad_option_is_refused_with_what_would_be_right(tmp_path: Path, option: str, workers: str) -> None:
    """The message names what is valid, no test runs, and the status is that of a usage error."""
    tx = ["--tx=popen"] if option == "--dist=each" else []
    result = Suite().run(tmp_path, "-n", workers, *tx, option)
    said = result.output + result.errors
    if workers == "0" and tx and result.status == 0:  # newer xdist starts no workers then, whatever --dist says
        assert result.counts == {"passed": 6}
        return
    assert result.status == 4
    assert OPTIONS[option] in said
    assert "Traceback" not in said
    assert "passed" not in said


FILES = {
    'gat = "strict"\n': ("gat", "'gate'"),
    'gate = "sotf"\n': ("gate", "'soft'"),
    'default-tier = "unti"\n': ("default-tier", "'unit'"),
    "[tool.pytest_pyramid.stages]\nsmoke = ['servic']\n": ("stages.smoke", "'service'"),
    "[[tool.pytest_pyramid.tiers]]\nname = 'unit'\nmax-secnds = 3\n": ("max-secnds", "'max-seconds'"),
    "[[tool.pytest_pyramid.tiers]]\nname = 'unit'\nshare = { min = 7 }\n": ("share.min", "7"),
    "[tool.pytest_pyramid.severity]\nPYR999 = 'error'\n": ("PYR999", "no rule"),
}


@pytest.mark.parametrize("text", FILES)
def test_a_bad_setting_is_refused_with_its_place(tmp_path: Path, text: str) -> None:
    """The message names file, key and the nearest valid name; the status is that of a usage error."""
    result = Suite().with_file("pyproject.toml", SECTION + text).run(tmp_path)
    said = result.output + result.errors
    assert result.status == 4
    assert "Traceback" not in said
    assert all(word in said for word in ("pyproject.toml", *FILES[text]))


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    """Two bad keys of the file and two bad options are one error with four lines."""
    suite = Suite().with_file("pyproject.toml", SECTION + 'gat = "strict"\ndefault-tier = "unti"\n')
    result = suite.run(tmp_path, "--pyramid-gate=strickt", "--pyramid-report=jsno:x")
    said = result.output + result.errors
    assert result.status == 4
    assert all(word in said for word in ("4 problems", "gat:", "unti", "strickt", "jsno"))


@pytest.mark.parametrize("workers", ["0", "2"])
def test_two_tiers_on_a_test_are_a_violation_and_the_run_goes_on(tmp_path: Path, workers: str) -> None:
    """The higher tier is taken, PYR202 names the test, everything runs, and the status is 1."""
    text = "import pytest\n\n@pytest.mark.unit\n@pytest.mark.ui\ndef test_both():\n    pass\n"
    result = Suite().with_file("test_both.py", text).run(tmp_path, "-n", workers)
    assert (result.test("test_both")["tier"], result.counts, result.status) == ("ui", {"passed": 7}, 1)
    (violation,) = result.report["violations"]
    assert (violation["code"], violation["nodeid"]) == ("PYR202", "test_both.py::test_both")


def test_the_closest_mark_wins(tmp_path: Path) -> None:
    """A module marked unit with a function marked service has tests of both tiers and breaks no rule."""
    text = """
        import pytest

        pytestmark = pytest.mark.unit

        def test_low():
            pass

        @pytest.mark.service
        def test_middle():
            pass
    """
    result = NOTHING.with_file("test_mixed.py", text).run(tmp_path, "-n", "2")
    assert {name: result.test(name)["tier"] for name in ("test_low", "test_middle")} == {
        "test_low": "unit",
        "test_middle": "service",
    }
    assert (result.status, result.codes) == (0, [])


def test_a_report_that_cannot_be_written_is_refused_before_the_run(tmp_path: Path) -> None:
    """A folder in the place of the file, and a file in the place of the folder."""
    suite = Suite().with_file("folder/kept", "").with_file("file", "")
    for path in ("folder", "file/report.json"):
        result = suite.pytest(tmp_path, "--pyramid", f"--pyramid-report=json:{path}")
        said = result.output + result.errors
        assert result.status == 4
        assert f"json:{path} cannot be written" in said
        assert "Traceback" not in said


def test_a_report_that_cannot_be_written_at_the_end_loses_nothing(tmp_path: Path) -> None:
    """A test that puts a folder in the report's place: the run ends as it would, and the summary says what is missing."""
    suite = Suite().with_file("tests/unit/test_block.py", "import os\n\ndef test_block():\n    os.mkdir('late.json')\n")
    result = suite.pytest(tmp_path, "--pyramid", "--pyramid-report=json:late.json")
    assert result.status == 0
    assert "late.json was not written" in result.output
    assert "7 passed" in result.output


def test_a_pyproject_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    """The file is named, the status is that of a usage error."""
    suite = (
        Suite()
        .with_file("pyproject.toml", "[tool.pytest_pyramid]\ngate = 'str\n")
        .with_file("pytest.ini", "[pytest]\n")
    )
    result = suite.run(tmp_path)
    said = result.output + result.errors
    assert result.status == 4
    assert "pyproject.toml" in said
    assert "Traceback" not in said


def test_the_namesake_is_refused(tmp_path: Path) -> None:
    """The other distribution with our import name beside ours: a message that names both and how to get out."""
    metadata = "Metadata-Version: 2.1\nName: pytest-pyramid\nVersion: 1.0.1\n"
    suite = Suite().with_file("elsewhere/pytest_pyramid-1.0.1.dist-info/METADATA", metadata)
    result = suite.run(tmp_path, env={"PYTHONPATH": str(tmp_path / "elsewhere")})
    said = result.output + result.errors
    assert result.status == 4
    assert all(word in said for word in ("pytest-test-pyramid", "pytest-pyramid (", "Uninstall both"))
    assert suite.pytest(tmp_path, env={"PYTHONPATH": str(tmp_path / "elsewhere")}).status == 0


ODD = r"""
    import pytest

    IDS = ["\udc80", "new\nline", "a::b", "mail@host", "[", "]", "a]b[c", "x" * 300, "nul\0", "", " ", "ä", "%s{}", "a/b"]

    @pytest.mark.parametrize("value", IDS, ids=IDS)
    def test_odd(value):
        assert value != "]"

    @pytest.mark.parametrize("value", [1, 1], ids=["same", "same"])
    def test_twice(value):
        pass

    class TestA:
        def test_inside(self):
            pass
"""


@pytest.mark.parametrize("workers", ["0", "2"])
def test_odd_node_ids_lose_no_result_and_change_no_id(tmp_path: Path, workers: str) -> None:
    """Surrogates, newlines, separators, long and repeated ids: one outcome each, ids as plain pytest gives them."""
    suite = NOTHING.with_file("tests/unit/test_odd.py", ODD).with_file("conftest.py", RECORD)
    suite.pytest(tmp_path)
    plain = (tmp_path / "ids.txt").read_bytes()
    result = suite.run(tmp_path, "-n", workers)
    assert (tmp_path / "ids.txt").read_bytes() == plain
    assert len(plain.splitlines()) == len(result.tests) == 17
    assert (result.counts, result.status) == ({"passed": 16, "failed": 1}, 1)
    assert "Traceback" not in result.errors


RECORD = """
    import pytest

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(session):
        with open(session.config.rootpath / "ids.txt", "w", errors="backslashreplace") as file:
            file.writelines(sorted(ascii(item.nodeid) + "\\n" for item in session.items))
"""


def test_duplicate_node_ids_are_counted_one_by_one(tmp_path: Path) -> None:
    """A file given twice with --keep-duplicates has every node id twice, with and without workers."""
    for workers in ("0", "2"):
        file = "tests/unit/test_unit.py"
        result = Suite(service=0, ui=0).failing("unit").run(tmp_path, "-n", workers, "--keep-duplicates", file, file)
        assert (result.counts, len(result.tests)) == ({"passed": 4, "failed": 2}, 6)


def test_the_printed_id_can_be_pasted_back(tmp_path: Path) -> None:
    """The node id that closed the gate, given to pytest again, runs exactly that test."""
    suite = Suite().failing("unit", at=1)
    (culprit,) = suite.run(tmp_path, "-n", "2").gate("unit")["pulled_by"]
    assert suite.run(tmp_path, culprit).counts == {"failed": 1}
