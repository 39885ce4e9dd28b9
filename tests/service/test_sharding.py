"""Shards of a real collection: cut the same way in every process, counted honestly, never judged for shape."""

from __future__ import annotations

import json
import re

import pytest

from tests.service.conftest import REPORT, Project

FILES = {
    "tests/unit/test_u.py": "import pytest\n@pytest.mark.parametrize('n', range(9))\ndef test_u(n): pass\n",
    "tests/service/test_s.py": "def test_s1(): pass\ndef test_s2(): pass\ndef test_s3(): pass\n",
    "tests/ui/test_e.py": "def test_e(): pass\n",
}


@pytest.mark.parametrize("of", [1, 2, 4, 20])
def test_every_test_is_in_exactly_one_shard(project: Project, of: int) -> None:
    """Also with more shards than tests."""
    project.files(FILES)
    whole = project.collected()
    parts = [project.collected(f"--pyramid-shard={number}/{of}") for number in range(1, of + 1)]
    assert sorted(nodeid for part in parts for nodeid in part) == sorted(whole)
    assert max(map(len, parts)) <= -(-len(whole) // of) + 3


@pytest.mark.parametrize("workers", ["0", "2"])
def test_the_report_says_which_part_of_what(project: Project, workers: str) -> None:
    """A shard is a partial run, its counts are its own, and the plan is that of every other shard and process."""
    project.files(FILES)
    one, two = (project.report(f"--pyramid-shard={number}/2", f"-n{workers}") for number in (1, 2))
    shards = [report["run"]["shard"] for report in (one, two)]
    assert [(shard["number"], shard["of"], shard["tests"], shard["by"]) for shard in shards] == [
        (1, 2, 13, "tests"),
        (2, 2, 13, "tests"),
    ]
    assert shards[0]["plan"] == shards[1]["plan"]
    assert one["run"]["partial_reason"] == "shard 1/2"
    assert not one["shape"]["judged"]
    assert len(one["tests"]) + len(two["tests"]) == 13


def test_workers_cut_as_a_single_process_does(project: Project) -> None:
    """From a history that was named, as well."""
    project.files(FILES)
    project.pytest("--pyramid", "--pyramid-history=shared.sqlite3")
    arguments = ("--pyramid-shard=2/3", "--pyramid-history=shared.sqlite3")
    alone, together = (project.report(*arguments, f"-n{workers}") for workers in (0, 2))
    assert alone["run"]["shard"] == together["run"]["shard"]
    assert alone["run"]["shard"]["by"] == "seconds"
    assert [test["nodeid"] for test in alone["tests"]] == [test["nodeid"] for test in together["tests"]]


def test_a_shard_leaves_the_shared_history_alone(project: Project) -> None:
    """Else the second shard on this machine would be cut from another one than the first."""
    project.files(FILES)
    project.pytest("--pyramid", "--pyramid-history=shared.sqlite3")
    plans = [
        project.report(f"--pyramid-shard={number}/3", "--pyramid-history=shared.sqlite3")["run"]["shard"]["plan"]
        for number in (1, 2, 3)
    ]
    assert len(set(plans)) == 1


def test_pytest_counts_what_other_shards_run_as_deselected(project: Project) -> None:
    """Its last line is honest, and so is our summary."""
    result = project.files(FILES).pytest("--pyramid", "--pyramid-shard=1/2")
    counts = result.parseoutcomes()
    assert counts["passed"] + counts["deselected"] == 13
    result.stdout.re_match_lines([r"shard: 1/2 of 13 tests, balanced by tests, plan [0-9a-f]{16}; name one"])


def test_a_shard_without_tests_is_well(project: Project) -> None:
    """A job of a matrix that is too wide for the suite is not red."""
    project.files({"test_a.py": "def test_a(): pass\n"})
    statuses = sorted(int(project.pytest("--pyramid", f"--pyramid-shard={number}/2").ret) for number in (1, 2))
    assert statuses == [0, 0]
    assert project.pytest("--pyramid", "--pyramid-shard=1/2", "-k", "nothing").ret == 5


def test_the_only_shard_is_the_whole_suite(project: Project) -> None:
    """1/1 is judged for shape."""
    assert project.files(FILES).report("--pyramid-shard=1/1")["shape"]["judged"]


def test_what_was_left_out_of_all_shards_is_told(project: Project) -> None:
    """-k is a reason of its own."""
    found = project.files(FILES).report("--pyramid-shard=1/2", "-k", "test_s")["run"]
    assert found["partial_reason"] == "shard 1/2, -k test_s"
    assert found["shard"]["partial_reason"] == "-k test_s"
    assert found["shard"]["tests"] == 3


def test_the_build_system_is_asked(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """With auto."""
    monkeypatch.setenv("CI_NODE_INDEX", "2")
    monkeypatch.setenv("CI_NODE_TOTAL", "3")
    assert project.files(FILES).report("--pyramid-shard=auto")["run"]["shard"]["number"] == 2


@pytest.mark.parametrize(
    ("word", "said"), [("0/3", "must be I/N"), ("4/3", "must be I/N"), ("x", "must be I/N"), ("auto", "no variable")]
)
def test_what_names_no_shard_is_a_usage_error(
    project: Project, monkeypatch: pytest.MonkeyPatch, word: str, said: str
) -> None:
    """Before anything is collected."""
    for name in ("CI_NODE_INDEX", "CI_NODE_TOTAL", "CIRCLE_NODE_INDEX", "BUILDKITE_PARALLEL_JOB"):
        monkeypatch.delenv(name, raising=False)
    result = project.files(FILES).pytest("--pyramid", f"--pyramid-shard={word}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert re.search(f"shard.*{said}", result.stderr.str())


def test_a_report_of_a_shard_can_be_read_again(project: Project) -> None:
    """With everything that merging needs."""
    from pytest_pyramid.core.plain_report import from_plain, to_plain

    project.files(FILES).report("--pyramid-shard=1/2")
    plain = json.loads((project.path / REPORT).read_text(encoding="utf-8"))
    report = from_plain(plain)
    assert report.part is not None
    assert len(report.part.positions) == len(report.tests)
    assert json.loads(json.dumps(to_plain(report))) == plain
