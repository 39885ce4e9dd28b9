"""The andon cord in real runs: told while tests still run, once, and whatever the receiver does."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness import NOTHING, Result, Suite
from tests.receiver import Receiver, receiving

SECRET = "s3cr3t-t0ken"  # noqa: S105  # this is what must not be shown
CONFIGURATION = """
    [tool.pytest_pyramid.andon]
    notify = ["github"]
    github-token-from = "TOKEN"
"""
SLOW = """
    import time, pytest

    @pytest.mark.pyramid_allow("sleep", reason="something has to go on meanwhile")
    def test_slow():
        time.sleep(2.5)
        print(time.time())
"""
STATE = ".pytest_cache/pyramid/history.andon.json"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver on this machine."""
    with receiving() as found:
        yield found


def run(suite: Suite, folder: Path, receiver: Receiver | None, *arguments: str, **environment: str) -> Result:
    """A run on a build server whose GitHub is the receiver; without one nobody listens there."""
    where = {
        "CI": "true",
        "TOKEN": SECRET,
        "GITHUB_REPOSITORY": "o/r",
        "GITHUB_REF_NAME": "main",
        "GITHUB_API_URL": f"http://{receiver.address if receiver else '127.0.0.1:9'}",
    }
    return suite.run(folder, *arguments, env={**where, **environment})


SUITE = (
    Suite(unit=3)
    .failing("unit")
    .with_file("pyproject.toml", CONFIGURATION)
    .with_file(
        "notifying.py", "def send(notice, andon, environment):\n    open('told', 'a').write(notice.title + '\\n')\n"
    )
    .with_file(
        "conftest.py",
        """
        from pytest_pyramid.notifiers import Notifier

        def pytest_pyramid_notifiers():
            return [Notifier("mine", "notifying")]
        """,
    )
)
MINE = SUITE.with_file("pyproject.toml", CONFIGURATION.replace("github", "mine", 1))


@pytest.mark.parametrize("workers", ["0", "2"])
def test_it_is_told_while_tests_still_run(tmp_path: Path, workers: str) -> None:
    """A program is told within two seconds of the failure, before the tier's slow test has ended; the guard is silent."""
    command = 'notify = ["command"]\ncommand = ["sh", "-c", "cat > told.json; date +%s.%N > told"]\n'
    suite = Suite(ui=2).failing("unit").with_file("tests/unit/test_z.py", SLOW)
    suite = suite.with_file("pyproject.toml", f"[tool.pytest_pyramid.andon]\n{command}")
    result = run(suite, tmp_path, None, "-n", workers, "--pyramid-guard=error", "-rP")
    assert result.outcomes["test_unit_0"] == "failed"
    assert result.test("test_unit_0")["touches"] == []
    ended = float(re.findall(r"^(\d{10}\.\d+)$", result.output, re.MULTILINE)[0])
    assert float((tmp_path / "told").read_text()) < ended
    told = json.loads((tmp_path / "told.json").read_text())
    assert (tmp_path / ".pytest_cache" / ".gitignore").exists()
    assert (told["incident"]["withheld"], told["incident"]["branch"]) == (4, "main")
    assert "andon: gate unit closed" in result.output
    assert "told by command" in result.output


@pytest.mark.parametrize("kind", ["dead", "slow", "500", "redirecting"])
def test_whatever_the_receiver_does_the_run_is_the_same(tmp_path: Path, receiver: Receiver, kind: str) -> None:
    """Status, outcomes and time are those of a run that tells nobody; one note says how it went, without the secret."""
    receiver.delay = 30 if kind == "slow" else 0
    receiver.status = {"500": 500, "redirecting": 302}.get(kind, 200)
    receiver.location = f"http://{receiver.address}/again"
    quiet = run(SUITE, tmp_path, receiver, CI="")
    assert receiver.posts == []
    begun = time.monotonic()
    result = run(SUITE, tmp_path, None if kind == "dead" else receiver)
    assert time.monotonic() - begun < 15
    assert (result.status, result.outcomes) == (quiet.status, quiet.outcomes)
    assert result.output.count("andon:") == 1
    assert SECRET not in result.output + result.errors + json.dumps(result.report)
    assert SECRET not in "".join(path.read_text(errors="replace") for path in tmp_path.glob(".pytest_cache/**/*.json"))


@pytest.mark.parametrize("workers", ["0", "2"])
def test_red_runs_are_one_incident_and_a_green_one_its_end(tmp_path: Path, workers: str) -> None:
    """A notifier of the project is told twice in all; a part of the suite ends nothing."""
    for _ in range(3):
        run(MINE, tmp_path, None, "-n", workers, "-o", "addopts=", "--pyramid-gate=strict")
    green = Suite(unit=3, files=MINE.files)
    run(green, tmp_path, None, "-n", workers, "-k", "unit_1 or unit_2")
    _settled(tmp_path)
    assert len((tmp_path / "told").read_text().splitlines()) == 1
    result = run(green, tmp_path, None, "-n", workers, "--pyramid-upto=unit")
    _settled(tmp_path)
    assert (tmp_path / "told").read_text().splitlines() == [
        "gate unit closed on main by tests/unit/test_unit.py::test_unit_0",
        "gate unit open again on main",
    ]
    (incident,) = json.loads((tmp_path / STATE).read_text())["incidents"]
    assert (incident["runs"], incident["state"]) == (3, "cleared")
    assert "andon: " in result.output


def _settled(folder: Path) -> None:
    """Wait until no messenger is on its way."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        path = folder / STATE
        if path.exists() and '"begun"' not in path.read_text():
            return
        time.sleep(0.05)
    raise AssertionError((folder / STATE).read_text() if (folder / STATE).exists() else "nothing was kept")


@pytest.mark.parametrize("arguments", [("-p", "no:cacheprovider"), ("--pyramid-history=off",)])
def test_without_a_history_people_are_told_too(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """The incidents stand where they would stand with one."""
    run(MINE, tmp_path, None, *arguments)
    _settled(tmp_path)
    assert len((tmp_path / "told").read_text().splitlines()) == 1


def test_a_file_that_cannot_be_collected_pulls_the_cord(tmp_path: Path) -> None:
    """It is named like a test."""
    suite = MINE.with_file("tests/unit/test_odd.py", "import no_such_module\n")
    run(Suite(files=suite.files), tmp_path, None, "-n", "2")
    _settled(tmp_path)
    assert "by tests/unit/test_odd.py" in (tmp_path / "told").read_text()


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ('notify = ["githb"]', "did you mean 'github'"),
        ('notify = ["apprise"]\napprise-urls-from = ["json://ada:hunter2@h"]', "no name of an environment variable"),
        ('apprise-url = "json://ada:hunter2@h"', "did you mean 'apprise-urls-from'"),
        ('notify = ["command"]', "is empty, but notify names it"),
    ],
)
def test_a_wrong_table_is_refused_before_any_test(tmp_path: Path, table: str, words: str) -> None:
    """With the status of bad usage, and no secret on the screen."""
    result = NOTHING.with_file("pyproject.toml", f"[tool.pytest_pyramid.andon]\n{table}\n").run(tmp_path)
    said = result.output + result.errors
    assert result.status == 4
    assert words in said
    assert "hunter2" not in said
