"""The recipes for one's own machine: tox, and the hooks of pre-commit, each run by the real tool where it is installed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness import CHECKOUT, OTHERS, Suite, environment, is_installed
from tests.recipes.server import Server, committed

RECIPES = CHECKOUT / "docs" / "how-to" / "recipes"
HOOKS = ".pre-commit-hooks.yaml"
SUITE = Suite(unit=3, service=2, ui=1)


def on_path(folder: Path) -> dict[str, str]:
    """The environment of somebody who has the plugin, and nothing of this run."""
    server = Server(folder, folder.parent / "server")
    server.place.mkdir(exist_ok=True)
    off = "" if is_installed() else " -p pytest_pyramid.plugin"
    without = " ".join(f"-p no:{name}" for name in OTHERS) + off
    home = {"HOME": str(folder.parent), "GIT_CONFIG_NOSYSTEM": "1", "PRE_COMMIT_HOME": str(folder.parent / "hooks")}
    names = {f"GIT_{who}_{what}": "reader@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    return environment({"PATH": server.path(), "PYTEST_ADDOPTS": without, **home, **names})


@pytest.mark.parametrize(("broken", "green"), [(None, ["commit", "acceptance"]), ("unit", [])])
def test_tox_runs_one_stage_after_the_other(broken: str | None, green: list[str], tmp_path: Path) -> None:
    """With the plugin of this checkout instead of a released one; a red first stage is the end, with its reason."""
    pytest.importorskip("tox", reason="tox is not installed here")
    suite = (SUITE if broken is None else SUITE.failing(broken)).with_file(
        "tox.ini", (RECIPES / "tox.ini").read_text(encoding="utf-8")
    )
    folder = committed(suite, tmp_path / "suite")
    here = ("-x", "testenv.deps=", "-x", "testenv.allowlist_externals=pytest", "-x", "testenv.pass_env=*")
    command = [sys.executable, "-m", "tox", "run", *here, "-x", "testenv.package=skip"]
    done = subprocess.run(command, cwd=folder, env=on_path(folder), capture_output=True, text=True, check=False)

    sys.stdout.write(done.stdout + done.stderr)
    assert (done.returncode == 0) is (broken is None)
    assert [name for name in ("commit", "acceptance") if f"  {name}: OK" in done.stdout] == green
    assert ("commit.verdict: the run of unit that" in done.stderr) is (broken is not None)


def hooks(folder: Path) -> Path:
    """A repository with our hooks, as pre-commit clones it; a checkout without git, or with changes, would not do."""
    folder.mkdir()
    shutil.copy(CHECKOUT / HOOKS, folder)
    for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "The hooks"]):
        subprocess.run(["git", *words], cwd=folder, env=on_path(folder), check=True)
    return folder


@pytest.mark.parametrize(("hook", "broken"), [("pyramid-commit", "unit"), ("pyramid-push", "ui")])
def test_each_hook_can_be_tried_from_its_repository(hook: str, broken: str, tmp_path: Path) -> None:
    """`pre-commit try-repo` is green for a green suite, and red with the summary of a red one."""
    pytest.importorskip("pre_commit", reason="pre-commit is not installed here")
    repository = hooks(tmp_path / "ours")
    found = []
    for suite in (SUITE, SUITE.failing(broken)):
        folder = committed(suite, tmp_path / "suite")
        stage = "pre-commit" if hook == "pyramid-commit" else "pre-push"
        words = ("try-repo", str(repository), hook, "--all-files", "--hook-stage", stage)
        command = [sys.executable, "-m", "pre_commit", *words]
        done = subprocess.run(command, cwd=folder, env=on_path(folder), capture_output=True, text=True, check=False)
        sys.stdout.write(done.stdout + done.stderr)
        found.append((done.returncode, f"gate {broken} closed" in done.stdout))

    assert found == [(0, False), (1, True)]


def test_a_commit_with_a_red_base_is_refused_and_one_with_a_red_top_is_not_pushed(tmp_path: Path) -> None:
    """With the hooks installed in git, as the recipe's configuration asks."""
    pytest.importorskip("pre_commit", reason="pre-commit is not installed here")
    repository = hooks(tmp_path / "ours")
    env = on_path(repository)
    rev = subprocess.run(["git", "rev-parse", "HEAD"], cwd=repository, capture_output=True, text=True, check=True)
    recipe = (RECIPES / "pre-commit-config.yaml").read_text(encoding="utf-8")
    place = recipe.split("repo: ")[1].split(" ")[0]
    config = recipe.replace(place, str(repository)).replace("v0.1.0", rev.stdout.strip())
    folder = committed(SUITE.with_file(".pre-commit-config.yaml", config), tmp_path / "suite")
    far = tmp_path / "far.git"

    def status(*command: str) -> int:
        done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
        sys.stdout.write(done.stdout + done.stderr)
        return done.returncode

    assert status(sys.executable, "-m", "pre_commit", "install") == 0
    assert status("git", "init", "-q", "--bare", str(far)) == 0
    assert status("git", "push", "-q", str(far), "main") == 0
    SUITE.failing("ui").write(folder)
    assert status("git", "commit", "-q", "-am", "A red top") == 0
    assert status("git", "push", "-q", str(far), "main") == 1
    SUITE.failing("unit").write(folder)
    assert status("git", "commit", "-q", "-am", "A red base") == 1
