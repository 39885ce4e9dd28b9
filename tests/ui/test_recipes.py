"""The pipelines of the documentation, done step by step by real processes in a folder for each job."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.harness import CHECKOUT, Suite
from tests.recipes import github, gitlab, jenkins
from tests.recipes.jobs import Job
from tests.recipes.server import Done, Server, committed

RECIPES = CHECKOUT / "docs" / "how-to" / "recipes"
SUITE = Suite(unit=12, service=8, ui=4)


def jobs_of(name: str) -> tuple[Job, ...]:
    """The jobs of the recipe."""
    text = (RECIPES / name).read_text(encoding="utf-8")
    if name == "Jenkinsfile":
        return jenkins.jobs_of(text)
    yaml = pytest.importorskip("yaml")
    content = yaml.safe_load(text)
    return github.jobs_of(content) if name.startswith("github") else gitlab.jobs_of(content)


def only(folder: Path, pattern: str) -> Path:
    """The one kept file that matches."""
    (found,) = folder.glob(f"*/{pattern}")
    return found


def cut(done: Done) -> set[tuple[str, str]]:
    """Fingerprint of the partition, and what balanced it, as the shards tell."""
    parts = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(done.kept.glob("*/part*.json"))]
    assert len(parts) == 4
    return {(part["run"]["shard"]["plan"], part["run"]["shard"]["by"]) for part in parts}


@pytest.mark.parametrize("name", ["github-shards.yml", "gitlab-shards.yml", "Jenkinsfile"])
def test_shards_end_in_one_verdict_and_one_history(name: str, tmp_path: Path) -> None:
    """Green; and red in the next pipeline, where one shard is, and where all shards cut by the first one's seconds."""
    repository = committed(SUITE, tmp_path / "suite")
    server = Server(repository, tmp_path / "server")
    first = server.run(jobs_of(name))
    committed(SUITE.failing("unit", 3), repository)
    second = server.run(jobs_of(name))

    _, shards, merged = first.statuses.values()
    assert (shards, merged) == ([0] * 4, [0])
    _, shards, merged = second.statuses.values()
    assert (sorted(shards, key=str), merged) == ([0, 0, 0, 1], [1])
    assert [[by for _, by in cut(done)] for done in (first, second)] == [["tests"], ["seconds"]]
    assert "test_unit_3" in only(second.kept, "pyramid.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["github-stages.yml", "gitlab-stages.yml"])
@pytest.mark.parametrize(("broken", "ended"), [(None, [0, 0]), ("unit", [1, None]), ("ui", [0, 1])])
def test_the_second_stage_follows_a_green_first_one(
    name: str, broken: str | None, ended: list[int | None], tmp_path: Path
) -> None:
    """And asks for its verdict, which the first one handed on."""
    suite = SUITE if broken is None else SUITE.failing(broken)
    done = Server(committed(suite, tmp_path / "suite"), tmp_path / "server").run(jobs_of(name))

    assert [*done.statuses["commit"], *done.statuses["acceptance"]] == ended
