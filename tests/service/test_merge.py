"""Shards that were merged tell what one run tells, and what does not fit together is refused."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from pytest_pyramid.__main__ import main
from tests.service.conftest import Project

FILES = {
    # Without residue: on a busy machine it may see one run wait for the disk and the other not.
    "pytest.ini": "[pytest]\n[pytest_pyramid]\nguard-level = hook\n[pytest_pyramid:severity]\nPYR201 = error\n",
    "tests/unit/test_u.py": (
        "import pytest\n"
        "@pytest.mark.parametrize('n', range(9))\ndef test_u(n): pass\n"
        "@pytest.mark.skip(reason='why')\ndef test_skipped(): pass\n"
        "@pytest.mark.xfail(reason='known')\ndef test_xfailed(): assert 0\n"
        "@pytest.mark.unit\n@pytest.mark.ui\ndef test_of_both(): pass\n"
        "@pytest.mark.pyramid_allow('process')\ndef test_allowed(): pass\n"
        "@pytest.mark.pyramid(max_seconds=1e-9)\ndef test_slow(): pass\n"
        "@pytest.mark.manual('look at it')\ndef test_manual(): pass\n"
    ),
    "tests/service/test_s.py": "def test_s1(): pass\ndef test_s2(tmp_path): (tmp_path / 'x').write_text('')\n",
    "tests/ui/test_e.py": "def test_e1(): assert 0, 'e1'\ndef test_e2(): pass\ndef test_e3(): pass\n",
    "test_none.py": "def test_nowhere(): pass\n",
}
TIMES = {"seconds", "setup_seconds", "call_seconds", "teardown_seconds", "start", "worker", "started", "finished"}
OF_THE_RUN = {"workers", "command", "first_failure_seconds"}


def told(value: Any) -> Any:
    """A report without times and workers, and without the seconds in sentences."""
    if isinstance(value, dict):
        return {key: told(each) for key, each in value.items() if key not in TIMES | OF_THE_RUN}
    if isinstance(value, list):
        return [told(each) for each in value]
    return re.sub(r"[\d.e-]+ s\b|its (setup|call|teardown) took", "", value) if isinstance(value, str) else value


def shards(project: Project, of: int, *arguments: str) -> list[str]:
    """The report files of all shards."""
    names = [f"part{number}.json" for number in range(1, of + 1)]
    for number, name in enumerate(names, start=1):
        project.pytest("--pyramid", f"--pyramid-shard={number}/{of}", f"--pyramid-report=json:{name}", *arguments)
    return names


def merge(project: Project, *arguments: str) -> tuple[int, dict[str, Any]]:
    """The exit status of a merge, and its report."""
    whole = project.path / "whole.json"
    whole.unlink(missing_ok=True)
    status = main(["merge", *arguments, f"--report=json:{whole}"])
    return status, json.loads(whole.read_text(encoding="utf-8")) if whole.exists() else {}


@pytest.mark.parametrize(("of", "arguments"), [(1, ()), (3, ()), (3, ("-n2",)), (2, ("-k", "test_u or test_s"))])
def test_merged_shards_are_the_unsharded_run(project: Project, of: int, arguments: tuple[str, ...]) -> None:
    """Key by key, apart from times and workers: tests, tiers, gates, violations, shape and exit status."""
    project.files(FILES)
    alone = project.report(*arguments)
    status, together = merge(project, *shards(project, of, *arguments))
    assert status == alone["run"]["exit_status"]
    assert told(together) == told(alone)


def stages(project: Project, commit: tuple[str, ...], above: tuple[str, ...], *arguments: str) -> list[str]:
    """The report files of two stages, in one run or in shards as the arguments of each say."""
    names = []
    for stage, cuts in (("commit", commit), ("acceptance", above)):
        for cut in cuts or ("",):
            name = f"{stage}{cut.replace('/', 'of')}.json"
            shard = (f"--pyramid-shard={cut}",) if cut else ()
            project.pytest("--pyramid", f"--pyramid-stage={stage}", f"--pyramid-report=json:{name}", *shard, *arguments)
            names.append(name)
    return names


@pytest.mark.parametrize(
    ("commit", "above", "arguments"),
    [
        ((), (), ()),
        (("1/2", "2/2"), (), ()),
        (("1/2", "2/2"), ("1/3", "2/3", "3/3"), ("-n2",)),
        ((), (), ("-k", "test_u or test_s")),
    ],
)
def test_merged_stages_are_the_run_without_stages(
    project: Project, commit: tuple[str, ...], above: tuple[str, ...], arguments: tuple[str, ...]
) -> None:
    """Key by key, apart from times and workers, whether a stage was one run or cut into shards."""
    project.files(FILES)
    alone = project.report(*arguments)
    status, together = merge(project, *stages(project, commit, above, *arguments))
    assert status == alone["run"]["exit_status"]
    assert told(together) == told(alone)


@pytest.mark.parametrize("cut", ["shards", "stages"])
def test_a_baseline_is_compared_with_the_whole(project: Project, cut: str) -> None:
    """What it knows stays known, and an entry is stale that nothing was found for: as in the run that nobody cut."""
    project.files(FILES | {"tests/unit/test_gone.py": FILES["tests/unit/test_u.py"]})
    project.pytest("--pyramid", "--pyramid-baseline=b.toml", "--pyramid-update-baseline")
    (project.path / "tests/unit/test_gone.py").unlink()
    (project.path / "tests/unit/test_new.py").write_text(FILES["tests/unit/test_u.py"], encoding="utf-8")
    arguments = ("--pyramid-baseline=b.toml",)
    alone = project.report(*arguments)
    parts = shards(project, 3, *arguments) if cut == "shards" else stages(project, (), ("1/2", "2/2"), *arguments)
    status, together = merge(project, *parts)
    assert (status, told(together)) == (alone["run"]["exit_status"], told(alone))
    assert {(one["code"] == "PYR703", one["baseline"]) for one in alone["violations"]} >= {
        (True, False),
        (False, True),
        (False, False),
    }


def test_a_stage_that_is_missing_leaves_the_shape_unjudged(project: Project) -> None:
    """Nobody knows what it holds; the report says what there is."""
    project.files(FILES)
    names = stages(project, ("1/2", "2/2"), ())
    _, whole = merge(project, *names[:2])
    assert whole["run"]["partial_reason"] == "only unit"
    assert whole["run"]["only"] == ["unit"]
    assert {test["tier"] for test in whole["tests"]} <= {"unit", "unclassified"}


def test_a_stage_begins_when_the_one_below_has_ended(project: Project) -> None:
    """So that a timeline shows them one after the other."""
    project.files(FILES)
    names = stages(project, (), ())
    first, second = (json.loads((project.path / name).read_text(encoding="utf-8"))["run"]["seconds"] for name in names)
    _, whole = merge(project, *names)
    starts = [test["start"] for test in whole["tests"] if test["tier"] == "ui" and test["start"] is not None]
    assert whole["run"]["seconds"] == pytest.approx(first + second, abs=1e-3)
    assert min(starts) > first


def test_tests_that_a_shard_ran_in_another_order_stand_where_they_were_collected(project: Project) -> None:
    """A single process starts with files that the history says failed."""
    project.files(FILES | {"tests/unit/test_z.py": "def test_z1(): assert 0\ndef test_z2(): pass\n"})
    alone = project.report("--pyramid-gate=off")
    project.pytest("--pyramid", "--pyramid-gate=off", "--pyramid-history=shared.sqlite3")
    names = shards(project, 2, "--pyramid-gate=off", "--pyramid-history=shared.sqlite3")
    _, together = merge(project, *names)
    assert [test["nodeid"] for test in together["tests"]] == [test["nodeid"] for test in alone["tests"]]


def test_the_order_of_the_files_does_not_matter(project: Project) -> None:
    """Shards know their numbers."""
    names = shards(project.files(FILES), 3)
    assert merge(project, *names) == merge(project, *reversed(names))


def test_a_gate_that_closed_in_one_shard_is_closed(project: Project) -> None:
    """What the other shards ran above it stays told; what was withheld is counted."""
    project.files(FILES | {"tests/unit/test_b.py": "def test_b(): assert 0\n"})
    status, whole = merge(project, *shards(project, 3))
    gates = {gate["tier"]: gate for gate in whole["gates"]}
    assert status == 1
    assert (gates["unit"]["state"], gates["unit"]["pulled_by"]) == ("closed", ["tests/unit/test_b.py::test_b"])
    withheld = [test for test in whole["tests"] if test["outcome"] == "withheld"]
    assert gates["unit"]["withheld"] == len(withheld)
    assert gates["service"]["state"] in {"open", "not reached"}


def test_a_file_that_cannot_be_collected_is_told_once(project: Project) -> None:
    """Every shard collects it."""
    project.files(FILES | {"tests/ui/test_broken.py": "import nothing_of_that_name\n"})
    status, whole = merge(project, *shards(project, 2, "--continue-on-collection-errors"))
    assert status == 1
    assert [error["nodeid"] for error in whole["collection_errors"]] == ["tests/ui/test_broken.py"]


def test_the_whole_run_is_entered_into_the_history(project: Project) -> None:
    """Which shards do not do; the next run is cut by it."""
    project.files(FILES)
    status, _ = merge(project, *shards(project, 2), "--history", str(project.path / "shared.sqlite3"))
    assert status == 1
    found = project.report("--pyramid-shard=1/2", "--pyramid-history=shared.sqlite3")
    assert found["run"]["shard"]["by"] == "seconds"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda names, _: names[:-1], "shard 3/3 is missing"),
        (lambda names, _: names[:1], "shards 2/3, 3/3 are missing"),
        (lambda names, _: [*names, names[0]], "shard 1/3 is there 2 times"),
        (lambda names, alter: [*names[:2], alter("tool", "version", "9.9")], "was written by version 9.9"),
        (lambda names, alter: [*names[:2], alter("run", "commit", "abc")], "tested abc"),
        (lambda names, alter: [*names[:2], alter("run", "shard", None)], "is not the report of a shard"),
        (lambda names, alter: [*names[:2], alter("schema_version", "", 2)], "schema_version 2"),
    ],
)
def test_what_is_no_whole_run_is_refused(
    project: Project, capsys: pytest.CaptureFixture[str], change: Any, said: str
) -> None:
    """With the reason, and exit status 4."""

    def alter(key: str, inner: str, value: object) -> str:
        plain = json.loads((project.path / "part3.json").read_text(encoding="utf-8"))
        if inner:
            plain[key][inner] = value
        else:
            plain[key] = value
        (project.path / "altered.json").write_text(json.dumps(plain), encoding="utf-8")
        return "altered.json"

    names = shards(project.files(FILES), 3)
    capsys.readouterr()
    assert merge(project, *change(names, alter))[0] == 4
    assert said in capsys.readouterr().err


def test_shards_that_were_cut_from_other_histories_are_refused(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """Tests that ran twice and tests that ran nowhere are counted."""
    project.files(FILES)
    project.pytest("--pyramid", "--pyramid-history=shared.sqlite3")
    names = shards(project, 2)
    project.pytest(
        "--pyramid", "--pyramid-shard=2/2", "--pyramid-report=json:part2.json", "--pyramid-history=shared.sqlite3"
    )
    capsys.readouterr()
    assert merge(project, *names)[0] == 4
    told = capsys.readouterr().err
    assert "different plans" in told


def test_shards_of_other_settings_are_refused(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """They were not judged by one measure."""
    project.files(FILES)
    names = shards(project, 2)
    project.pytest("--pyramid", "--pyramid-shard=2/2", "--pyramid-report=json:part2.json", "--pyramid-gate=off")
    capsys.readouterr()
    assert merge(project, *names)[0] == 4
    assert "other settings than part1.json: gate" in capsys.readouterr().err
