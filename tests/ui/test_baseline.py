"""The ratchet from end to end: an old suite begins today, what is new fails, what is mended leaves the file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest

from tests.harness import NOTHING, Result, Suite

FILE = "known.toml"
BASELINE = f"--pyramid-baseline={FILE}"
UPDATE = "--pyramid-update-baseline"
SERVICE = "def test_service():\n    pass\n"
"""A test above, which runs only when the gate of the tests below stays open."""


def sleepers(count: int) -> str:
    """A file of so many unit tests that wait, which no unit test may."""
    return "from time import sleep\n\n" + "\n".join(f"def test_{n}():\n    sleep(0.001)\n" for n in range(count))


def suite(text: str) -> Suite:
    """That file of unit tests, and one test above it."""
    severe = "[tool.pytest_pyramid.severity]\nPYR305 = 'error'\n"  # for runs whose guard only warns
    files = {"tests/unit/test_old.py": text, "tests/service/test_above.py": SERVICE, "pyproject.toml": severe}
    return replace(NOTHING, files=tuple((path, dedent(text)) for path, text in files.items()))


def known(result: Result) -> list[bool]:
    """Which of the violations are of the baseline, without those about the baseline itself."""
    return [one["baseline"] for one in result.report["violations"] if not one["code"].startswith("PYR7")]


def stale(result: Result) -> list[str]:
    """The tests whose entries are asked to go."""
    return [one["nodeid"] for one in result.report["violations"] if one["code"] == "PYR703"]


@pytest.mark.parametrize(("workers", "mode"), [("0", "warn"), ("0", "error"), ("4", "error")])
def test_an_old_suite_with_fifty_violations(tmp_path: Path, workers: str, mode: str) -> None:
    """Recorded they pass, one more fails, one mended asks for its entry to go, and an expired one fails."""
    arguments = ("-n", workers, f"--pyramid-guard={mode}", BASELINE)
    recorded = suite(sleepers(50)).run(tmp_path, *arguments, UPDATE)
    assert (recorded.status, recorded.counts) == (0, {"passed": 51})
    text = (tmp_path / FILE).read_text(encoding="utf-8")
    assert text.count("[[known]]") == 50

    same = suite(sleepers(50)).run(tmp_path, *arguments)
    assert (same.status, same.counts, set(known(same)), stale(same)) == (0, {"passed": 51}, {True}, [])

    new = suite(sleepers(51)).run(tmp_path, *arguments)
    wanted = {"error": {"failed": 1, "passed": 50, "withheld": 1}, "warn": {"passed": 52}}
    assert (new.status, new.counts) == (1, wanted[mode])
    assert known(new).count(False) == {"error": 2, "warn": 1}[mode]  # the touch, and the gate that it closed

    mended = suite(sleepers(49) + "\ndef test_49():\n    pass\n").run(tmp_path, *arguments)
    assert (mended.counts, stale(mended)) == ({"passed": 51}, ["tests/unit/test_old.py::test_49"])

    entry = 'test = "tests/unit/test_old.py::test_7"\n'
    (tmp_path / FILE).write_text(text.replace(entry, f"{entry}expires = 2020-01-31\n"), encoding="utf-8")
    expired = suite(sleepers(50)).run(tmp_path, *arguments)
    assert (expired.status, expired.outcomes["test_7"]) == (1, {"error": "failed", "warn": "passed"}[mode])
    assert "expired on 2020-01-31" in expired.output


FIXTURES = """
    from time import sleep
    import pytest

    @pytest.fixture(scope="module", autouse=True)
    def wide():
        sleep(0.001)
        yield
        sleep(0.001)

    @pytest.mark.parametrize("day", [1, 2])
    def test_cases(day):
        sleep(0.001)

    def test_own():
        pass
"""


@pytest.mark.parametrize("workers", ["0", "4"])
def test_what_is_shielded_is_shielded_in_fixtures_and_cases_too(tmp_path: Path, workers: str) -> None:
    """Wide fixtures, their teardown and other parameters than the recorded ones fail nothing."""
    arguments = ("-n", workers, "--pyramid-guard=error", BASELINE)
    assert suite(FIXTURES).run(tmp_path, "-n", workers, "--pyramid-guard=error").status == 1
    assert suite(FIXTURES).run(tmp_path, *arguments, UPDATE).status == 0
    later = suite(FIXTURES.replace("[1, 2]", "[3, 4, 5]")).run(tmp_path, *arguments)
    assert (later.status, later.counts, set(known(later)), stale(later)) == (0, {"passed": 5}, {True}, [])


def test_a_part_of_the_suite_is_asked_nothing_and_changes_nothing_else(tmp_path: Path) -> None:
    """With -k no entry is stale, and an update keeps the entries of the tests that were left out, with their words."""
    suite(sleepers(3)).run(tmp_path, BASELINE, UPDATE)
    file = tmp_path / FILE
    file.write_text(file.read_text(encoding="utf-8").replace("known since", "ticket 7, known since"), encoding="utf-8")
    part = suite("def test_0():\n    pass\n\n" + sleepers(3).partition("\n\n")[2])
    assert stale(part.run(tmp_path, BASELINE, "-k", "test_0 or test_1")) == []
    before = file.read_text(encoding="utf-8")
    suite(sleepers(2)).run(tmp_path, BASELINE, UPDATE, "-k", "test_1")
    assert file.read_text(encoding="utf-8") == before
    assert before.count("ticket 7") == 3


def test_a_smaller_share_of_the_base_is_an_error(tmp_path: Path) -> None:
    """Ten unit tests and two above are recorded; with six above the share of unit is too small, until it is recorded."""
    above = "".join(f"def test_{n}():\n    pass\n\n" for n in range(6))
    plain = "".join(f"def test_{n}():\n    pass\n\n" for n in range(10))
    old = suite(plain)
    worse = old.with_file("tests/service/test_more.py", above)
    assert old.run(tmp_path, BASELINE, UPDATE).status == 0
    result = worse.run(tmp_path, BASELINE)
    assert (result.status, [code for code in result.codes if code.startswith("PYR7")]) == (1, ["PYR704"])
    assert worse.run(tmp_path, BASELINE, UPDATE).status == 0
    assert worse.run(tmp_path, BASELINE).status == 0


BAD = {
    'schema_version = 1\n[[known]]\ncode = "PYR999"\n': ("known[0].code", "PYR999"),
    'schema_version = 1\n[[known]]\ncode = "PYR301"\ntier = "unti"\n': ("known[0].tier", "'unit'"),
    'schema_version = 1\n[[known]]\ncode = "PYR301"\nexpires = "31.1.2027"\n': ("known[0].expires", "2027-01-31"),
    "schema_version = 1\n[[known]\n": ("not valid TOML", "line 2"),
    "schema_version = 9\n": ("schema_version", "reads 1"),
}


@pytest.mark.parametrize("text", BAD)
def test_a_bad_baseline_is_refused_and_stays_as_it_is(tmp_path: Path, text: str) -> None:
    """The message names the file and the place; nothing is collected, and an update does not write over it either."""
    bad = Suite().with_file(FILE, text)
    for more in ([], [UPDATE]):
        result = bad.run(tmp_path, BASELINE, "-n2", *more)
        said = result.output + result.errors
        assert result.status == 4
        assert all(word in said for word in (FILE, *BAD[text]))
        assert "Traceback" not in said
        assert (tmp_path / FILE).read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("arguments", "words"), [([BASELINE], "--pyramid-update-baseline"), ([UPDATE], "--pyramid-baseline=")]
)
def test_a_missing_file_or_name_is_told_with_the_way_out(tmp_path: Path, arguments: list[str], words: str) -> None:
    """What is missing is named, with what would help, before anything is collected."""
    result = Suite().run(tmp_path, *arguments)
    assert result.status == 4
    assert words in result.output + result.errors


def test_a_place_that_cannot_be_written_costs_nothing_but_a_note(tmp_path: Path) -> None:
    """The run is judged as without the update, the note says why, and no half of a file is left."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    result = suite(sleepers(2)).run(tmp_path, "--pyramid-baseline=file/known.toml", UPDATE, "--pyramid-guard=error")
    assert (result.status, result.counts) == (1, {"failed": 2, "withheld": 1})
    assert any("is not written" in note for note in result.report["notes"])
