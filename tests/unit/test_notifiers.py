"""The notifiers that come with the plugin: found by name, and careful with what they say."""

from __future__ import annotations

import pytest

from pytest_pyramid.core.andon_settings import AndonSettings
from pytest_pyramid.core.incidents import Incident, State
from pytest_pyramid.core.notices import Notice, NotSentError, notice_of
from pytest_pyramid.notifiers import BUILTIN, Notifier, github
from pytest_pyramid.testing import check_notifier

NOTICE = notice_of(
    Incident(id="1", tier="unit", branch="main", nodeid="a::b", message="@all `x`", pulled=0), State.PULLED
)


@pytest.mark.parametrize("notifier", BUILTIN, ids=lambda one: one.name)
def test_every_notifier_is_well_made(notifier: Notifier) -> None:
    """A name of its own, a module that can be imported, and a function that sends."""
    check_notifier(notifier)
    assert [one.name for one in BUILTIN].count(notifier.name) == 1


@pytest.mark.parametrize(
    ("notifier", "words"),
    [
        (Notifier("Bad Name", "pytest_pyramid.notifiers.command"), "kebab-case"),
        (Notifier("none", "pytest_pyramid.notifiers.nowhere"), "cannot be imported"),
        (Notifier("settings", "pytest_pyramid.core.andon_settings"), "no function send"),
    ],
)
def test_what_is_wrong_with_a_notifier_is_told(notifier: Notifier, words: str) -> None:
    """For authors of their own."""
    with pytest.raises(AssertionError, match=words):
        check_notifier(notifier)


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({}, "GITHUB_TOKEN is not set"),
        ({"GITHUB_TOKEN": "t"}, "GITHUB_REPOSITORY is not set"),
        ({"GITHUB_TOKEN": "t", "GITHUB_REPOSITORY": "o/r"}, "the commit is not known"),
    ],
)
def test_github_says_what_it_lacks(environment: dict[str, str], words: str) -> None:
    """Without asking anybody."""
    with pytest.raises(NotSentError, match=words):
        github.send(NOTICE, AndonSettings(), environment)


def test_an_address_that_is_none_is_refused() -> None:
    """A file is no API."""
    incident = Incident(id="1", tier="unit", branch="", nodeid="a", message="", pulled=0, commit="c0ffee")
    notice = Notice(kind=State.PULLED, incident=incident, title="t", lines=("x",))
    environment = {"GITHUB_TOKEN": "t", "GITHUB_REPOSITORY": "o/r", "GITHUB_API_URL": "file:///etc"}
    with pytest.raises(NotSentError, match="no address"):
        github.send(notice, AndonSettings(), environment)
