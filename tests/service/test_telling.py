"""The process that tells people of incidents, called as a function: what is kept, what is sent, what goes wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pytest_pyramid.__main__ import main
from pytest_pyramid.commands import telling
from pytest_pyramid.core.andon_settings import AndonSettings
from pytest_pyramid.core.errand import Errand, plain_errand
from pytest_pyramid.core.incidents import Incident, State, Told
from pytest_pyramid.stores import git_log, incident_file
from tests.receiver import Receiver, receiving

SECRET = "s3cr3t-t0ken"  # noqa: S105  # this is what must not be shown
GITHUB = {"GITHUB_TOKEN": SECRET, "GITHUB_REPOSITORY": "o/r"}


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver on this machine."""
    with receiving() as found:
        yield found


@pytest.fixture
def errand(tmp_path: Path) -> Errand:
    """A pulled cord on main, to be told on GitHub."""
    return Errand(
        andon=AndonSettings(notify=("github",), seconds=5.0),
        notifiers=(("github", "pytest_pyramid.notifiers.github"),),
        state=str(tmp_path / "state" / "andon.json"),
        root=str(tmp_path),
        branch="main",
        commit="c0ffee0",
        cord=("unit", "tests/test_a.py::test_x", "assert 1 == 2"),
        withheld=3,
    )


def told(errand: Errand, receiver: Receiver, **environment: str) -> Incident:
    """The newest incident after the errand, with GitHub's place taken by the receiver."""
    telling.run_errand(errand, {**GITHUB, "GITHUB_API_URL": f"http://{receiver.address}", **environment})
    return incident_file.incidents(Path(errand.state))[-1]


def endings(one: Incident) -> list[tuple[State, Told, str]]:
    """How its notices ended."""
    return [(each.kind, each.told, each.error) for each in one.tellings]


def test_a_pull_is_told_once_and_its_end_once(errand: Errand, receiver: Receiver) -> None:
    """Three red runs and two green ones are one incident, one notice, and one more when it is over."""
    for _ in range(3):
        one = told(errand, receiver)
    assert (one.runs, endings(one)) == (3, [(State.PULLED, Told.SENT, "")])
    green = errand._replace(cord=(), open_tiers=("unit", "service"), commit="d00d")
    for _ in range(2):
        one = told(green, receiver)
    assert (one.state, one.cleared_by) == (State.CLEARED, "d00d")
    bodies = [json.loads(post.body)["body"] for post in receiver.posts]
    assert ["unit closed" in body for body in bodies] == [True, False]
    assert {post.path for post in receiver.posts} == {"/repos/o/r/commits/c0ffee0/comments"}
    assert {post.authorization for post in receiver.posts} == {f"Bearer {SECRET}"}


@pytest.mark.parametrize(
    ("status", "words"), [(500, "GitHub answered with status 500"), (302, "GitHub answered with status 302")]
)
def test_what_did_not_arrive_is_tried_again_by_the_next_red_run(
    errand: Errand, receiver: Receiver, status: int, words: str
) -> None:
    """A redirection is not followed: the token is for one address. The reason holds no secret."""
    receiver.status, receiver.location = status, f"http://{receiver.address}/elsewhere"
    one = told(errand, receiver)
    assert endings(one) == [(State.PULLED, Told.FAILED, words)]
    assert SECRET not in Path(errand.state).read_text()
    receiver.status = 201
    assert endings(told(errand, receiver)) == [(State.PULLED, Told.SENT, "")]
    assert len(receiver.posts) == 2


def test_a_dead_receiver_is_told_as_such(errand: Errand, receiver: Receiver) -> None:
    """Nobody listens at that port."""
    one = told(errand, receiver, GITHUB_API_URL="http://127.0.0.1:9")
    assert endings(one) == [(State.PULLED, Told.FAILED, "GitHub could not be reached (URLError)")]


def test_a_slow_receiver_is_given_up_and_not_told_again(errand: Errand, receiver: Receiver) -> None:
    """It may have it already."""
    receiver.delay = 30
    errand = errand._replace(andon=errand.andon._replace(seconds=0.3))
    for _ in range(2):
        one = told(errand, receiver)
    assert endings(one) == [(State.PULLED, Told.UNSURE, "it took longer than 0.3 s")]
    assert len(receiver.posts) == 1


def test_a_notifier_that_breaks_costs_only_its_own_notice(
    errand: Errand, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What its error says is left out: it may hold a secret."""
    (tmp_path / "broken_notifier.py").write_text(
        "def send(notice, andon, environment):\n    raise KeyError('s3cr3t')\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    errand = errand._replace(notifiers=(*errand.notifiers, ("broken", "broken_notifier"), ("gone", "no_such_module")))
    one = told(errand, receiver)
    assert sorted((each.notifier, each.told, each.error) for each in one.tellings if each.error) == [
        ("broken", Told.FAILED, "KeyError"),
        ("gone", Told.FAILED, "ModuleNotFoundError"),
    ]
    assert len(receiver.posts) == 1


SCRIPT = "import json, pathlib, sys; pathlib.Path('got.json').write_text(sys.stdin.read()); sys.exit({})"


@pytest.mark.pyramid_allow("process", reason="the notifier is a program")
@pytest.mark.parametrize(
    ("command", "ending"),
    [
        ((sys.executable, "-c", SCRIPT.format(0)), (Told.SENT, "")),
        ((sys.executable, "-c", SCRIPT.format(3)), (Told.FAILED, f"{sys.executable} ended with status 3")),
        (("no-such-program",), (Told.FAILED, "no-such-program cannot be started: No such file or directory")),
        ((sys.executable, "-c", "import time; time.sleep(30)"), (Told.UNSURE, "it took longer than 2 s")),
    ],
    ids=["well", "status", "missing", "slow"],
)
def test_a_program_gets_the_notice_as_json(
    errand: Errand,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    command: tuple[str, ...],
    ending: tuple[Told, str],
) -> None:
    """On its standard input; its end is what counts."""
    monkeypatch.chdir(tmp_path)
    andon = AndonSettings(notify=("command",), command=command, seconds=2.0)
    errand = errand._replace(andon=andon, notifiers=(("command", "pytest_pyramid.notifiers.command"),))
    one = told(errand, receiver)
    assert endings(one) == [(State.PULLED, *ending)]
    if ending[0] is Told.SENT:
        got = json.loads((tmp_path / "got.json").read_text())
        assert (got["kind"], got["incident"]["withheld"]) == ("pulled", 3)
        assert "assert 1 == 2" in got["text"]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # Apprise's own
def test_apprise_tells_every_url_of_the_variable(errand: Errand, receiver: Receiver) -> None:
    """A service that does not answer well is a failure, without its address."""
    pytest.importorskip("apprise")
    errand = errand._replace(
        andon=errand.andon._replace(notify=("apprise",), seconds=60.0),
        notifiers=(("apprise", "pytest_pyramid.notifiers.apprise"),),
    )
    one = told(errand, receiver)
    assert endings(one) == [(State.PULLED, Told.FAILED, "the environment variable APPRISE_URLS is not set")]
    url = f"json://ada:{SECRET}@{receiver.address}/hook"
    receiver.status = 500
    assert endings(told(errand, receiver, APPRISE_URLS=url)) == [
        (State.PULLED, Told.FAILED, "a service did not take it")
    ]
    receiver.status = 200
    assert endings(told(errand, receiver, APPRISE_URLS=url)) == [(State.PULLED, Told.SENT, "")]
    assert json.loads(receiver.posts[-1].body)["title"].startswith("gate unit closed on main")
    assert SECRET not in Path(errand.state).read_text()
    unknown = errand._replace(branch="other")
    assert "no URL that Apprise knows" in endings(told(unknown, receiver, APPRISE_URLS="nonsense"))[0][2]


def test_who_may_have_done_it_is_told(errand: Errand, receiver: Receiver, tmp_path: Path) -> None:
    """The commits since the green one, and the owners of the file, below a folder of the repository."""
    author = ("-c", "user.name=Ada", "-c", "user.email=a@example.org")

    def git(*words: str) -> str:
        return subprocess.run(["git", *author, *words], cwd=tmp_path, check=True, capture_output=True, text=True).stdout

    git("init", "-q")
    (tmp_path / "CODEOWNERS").write_text("* @all\n/app/tests/ @core\n")
    root = tmp_path / "app"
    root.mkdir()
    for subject in ("green", "Cut | it", "Round it"):
        git("commit", "-q", "--allow-empty", "-m", subject)
    green = git("rev-parse", "HEAD~2").strip()
    found = git_log.commits_since(root, green)
    assert [(one.author, one.subject) for one in found] == [("Ada", "Round it"), ("Ada", "Cut | it")]
    for unknown in ("", "--output=x", "0" * 40):
        assert [one.subject for one in git_log.commits_since(root, unknown)] == ["Round it"]
    one = told(errand._replace(root=str(root)), receiver)
    assert (one.owners, [each.subject for each in one.commits]) == (("@core",), ["Round it"])


def test_without_git_nothing_is_told_of_commits_and_owners(tmp_path: Path) -> None:
    """And nothing fails."""
    assert git_log.commits_since(tmp_path, "") == ()
    assert git_log.owners(tmp_path, "tests/test_a.py") == ()


def test_a_damaged_file_is_put_aside(errand: Errand, receiver: Receiver) -> None:
    """And begun anew; the old one stays for a look."""
    path = Path(errand.state)
    path.parent.mkdir()
    path.write_text("{")
    assert told(errand, receiver).runs == 1
    assert path.with_name("andon.json.unusable").read_text() == "{"


@pytest.mark.pyramid_allow("process", reason="it is about the process that the plugin starts")
def test_the_process_itself_does_an_errand(errand: Errand) -> None:
    """It reads the errand, says each incident as a line of JSON, and gives the user's environment back."""
    order = errand._replace(andon=AndonSettings(), notifiers=(), python_path="mine")
    done = subprocess.run(
        [sys.executable, "-m", "pytest_pyramid.commands.telling"],
        input=json.dumps(plain_errand(order)),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert [json.loads(line)["tier"] for line in done.stdout.splitlines()] == ["unit"]


def said(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> str:
    """What `pytest-pyramid andon` prints."""
    capsys.readouterr()
    assert main(["andon", *arguments]) == status
    return capsys.readouterr().out


def test_the_command_shows_takes_and_clears(
    errand: Errand,
    receiver: Receiver,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """The file is the configured one; a red gate is exit status 1."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text('[tool.pytest_pyramid.andon]\nstate = "state/andon.json"\n')
    assert "no gate has closed" in said(capsys, "state")
    one = told(errand, receiver)
    assert "pulled" in said(capsys, "state", status=1)
    assert f"{one.id} is acknowledged by ada" in said(capsys, "acknowledge", "--by", "ada", "--note", "soon")
    shown = said(capsys, "state", status=1)
    assert "acknowledged by ada" in shown
    assert "time red" in shown
    assert f"{one.id} is cleared by bob" in said(capsys, "clear", one.id[:4], "--by", "bob")
    assert "cleared" in said(capsys, "state")


@pytest.mark.parametrize("words", [("acknowledge",), ("clear", "ffff"), ("clear", "--file", "nowhere.json")])
def test_what_cannot_be_done_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: tuple[str, ...]
) -> None:
    """With the status of bad usage."""
    monkeypatch.chdir(tmp_path)
    said(capsys, *words, status=4)
