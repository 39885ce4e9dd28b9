"""Settings of the andon, and that no secret is ever shown."""

from __future__ import annotations

import pytest

from pytest_pyramid.core.andon_settings import AndonEntry, AndonSettings, andon_of, andon_rows, faults
from pytest_pyramid.core.build_server import branch_told, is_build_server, job_link
from pytest_pyramid.core.errand import Errand, errand_of, plain_errand
from pytest_pyramid.core.hints import shown

KNOWN = ("apprise", "command", "github")
SECRET = "https://ada:hunter2@chat.example.org/hook"  # noqa: S105  # this is what must not be shown


def test_what_is_left_out_comes_from_the_defaults() -> None:
    """Key by key."""
    made = andon_of(AndonEntry(notify=("command",), apprise_urls_from="ONE"), AndonEntry(when="always", seconds=3.0))
    assert (made.notify, made.when, made.seconds, made.apprise_urls_from) == (("command",), "always", 3.0, ("ONE",))
    assert andon_of(None, None) == AndonSettings()


@pytest.mark.parametrize(
    ("andon", "key", "words"),
    [
        (AndonSettings(notify=("aprise",)), "notify", "'aprise', must be of apprise, command, github"),
        (AndonSettings(notify=(SECRET,)), "notify", "an address"),
        (AndonSettings(apprise_urls_from=(SECRET,)), "apprise-urls-from", "no name of an environment variable"),
        (AndonSettings(github_token_from="ghp_1-2"), "github-token-from", "no name of an environment variable"),  # noqa: S106
        (AndonSettings(command=("curl", SECRET)), "command", "user name or password"),
        (AndonSettings(report_link=SECRET), "report-link", "user name or password"),
        (AndonSettings(notify=("command",)), "command", "is empty"),
        (AndonSettings(notify=("apprise",), apprise_urls_from=()), "apprise-urls-from", "is empty"),
    ],
)
def test_what_cannot_be_is_told_without_repeating_a_secret(andon: AndonSettings, key: str, words: str) -> None:
    """The key, what is wrong, and nothing of the value where it may be a secret."""
    ((where, message, near),) = faults(andon, KNOWN)
    assert where == key
    assert words in message
    assert not any(part in f"{message}{near}" for part in ("hunter2", "ghp_", "chat.example"))


@pytest.mark.parametrize("andon", [AndonSettings(), AndonSettings(notify=KNOWN, command=("x", "https://example.org"))])
def test_what_is_well_has_no_fault(andon: AndonSettings) -> None:
    """An address without a password is no secret."""
    assert list(faults(andon, KNOWN)) == []
    assert list(faults(AndonSettings(notify=("mine",)), None)) == []


def test_every_setting_has_a_row() -> None:
    """Empty ones say so."""
    rows = dict(andon_rows(AndonSettings()))
    assert (rows["andon.notify"], rows["andon.seconds"], len(rows)) == ("none", 10.0, 11)


def test_of_an_address_only_the_beginning_is_shown() -> None:
    """A problem with a value of the wrong kind must not tell the world what it was."""
    assert shown(("discord://123/token",)) == "['discord://...']"
    assert "hunter2" not in shown(SECRET)


def test_every_shard_of_a_branch_heals_alone() -> None:
    """The green shard of one job says nothing about the red one of another."""
    errand = Errand(andon=AndonSettings(), notifiers=(), state="s", branch="main")
    assert (errand.line, errand._replace(shard="2/5").line) == ("main", "main (shard 2/5)")
    assert errand._replace(branch="", shard="2/5").line == "(shard 2/5)"


def test_an_errand_survives_the_way_to_its_process() -> None:
    """Word for word; another version is refused."""
    errand = Errand(
        andon=AndonSettings(notify=("x",)), notifiers=(("x", "m"),), state="s", cord=("unit", "t", "m"), withheld=3
    )
    assert errand_of(plain_errand(errand)) == errand
    with pytest.raises(ValueError, match="version"):
        errand_of({**plain_errand(errand), "errand": 2})


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({}, False),
        ({"CI": ""}, False),
        ({"CI": "false"}, False),
        ({"CI": "true"}, True),
        ({"CI": "1"}, True),
        ({"JENKINS_URL": "x"}, True),
        ({"TF_BUILD": "True"}, True),
    ],
)
def test_a_build_server_is_known_by_its_variables(environment: dict[str, str], told: bool) -> None:
    """CI as most set it, and those that do not."""
    assert is_build_server(environment) is told


@pytest.mark.parametrize(
    ("environment", "branch"),
    [
        ({}, None),
        ({"GITHUB_HEAD_REF": "", "GITHUB_REF_NAME": "main"}, "main"),
        ({"GITHUB_HEAD_REF": "topic", "GITHUB_REF_NAME": "7/merge"}, "topic"),
        ({"CI_COMMIT_REF_NAME": "dev"}, "dev"),
        ({"BRANCH_NAME": "dev", "CHANGE_BRANCH": "pr"}, "pr"),
    ],
)
def test_the_branch_is_the_one_that_was_pushed(environment: dict[str, str], branch: str | None) -> None:
    """Of a pull request its source."""
    assert branch_told(environment) == branch


def test_the_page_of_the_job_is_found() -> None:
    """On GitHub it is put together."""
    github = {"GITHUB_RUN_ID": "7", "GITHUB_REPOSITORY": "o/r"}
    assert job_link(github) == "https://github.com/o/r/actions/runs/7"
    assert job_link({"BUILD_URL": "https://j/1"}) == "https://j/1"
    assert job_link({}) == ""
