"""What the words that teams use for kinds of tests say: names of folders and of markers, in the spellings they have.

The words and how far they may be trusted come from a count of folders and markers in public repositories.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

UNIT, SERVICE, UI = "unit", "service", "ui"
"""The shipped tiers that the words speak for."""


class Word(NamedTuple):
    """The tier that a word speaks for."""

    tier: str
    sure: bool = True
    """False for a word that is as often a part of the product; something else has to speak for it too."""


_FOLDERS: Mapping[str, Word] = {
    **dict.fromkeys(("unit", "units"), Word(UNIT)),
    **dict.fromkeys(("integration", "integ", "functional", "func"), Word(SERVICE)),
    **dict.fromkeys(("e2e", "end2end", "end_to_end", "ui", "browser", "selenium", "playwright"), Word(UI)),
    **dict.fromkeys(("component", "contract", "api", "service"), Word(SERVICE, sure=False)),
    **dict.fromkeys(("system", "acceptance"), Word(UI, sure=False)),
}
_MARKERS: Mapping[str, Word] = {
    **{word: Word(found.tier) for word, found in _FOLDERS.items()},
    **dict.fromkeys(("network", "internet", "online", "docker", "remote_data"), Word(SERVICE)),
}
_NO_TIER: Mapping[str, str] = {
    **dict.fromkeys(("slow", "nightly", "long", "expensive"), "says what a test costs, not its tier"),
    **dict.fromkeys(("smoke", "sanity", "regression"), "says when a test is run, not its tier"),
    **dict.fromkeys(("flaky", "serial"), "says how a test is run, not its tier"),
    **dict.fromkeys(("django_db", "db", "database"), "stands on unit tests as often as on others"),
}
_NO_PACKAGES = ("unit", "units", "integration", "integ", "e2e", "end2end", "end_to_end")
_TEST = re.compile(r"^tests?_|_?tests?$")
_NEED = re.compile(r"^(needs?|requires?|uses?)_")


def folder_word(name: str) -> Word | None:
    """What the name of one folder says, "integration-tests" like "integration"; None for every other name."""
    word = _FOLDERS.get(_plain(name))
    if word is not None and word.sure and _mirrors_a_package(name):
        return word._replace(sure=False)
    return word


def marker_word(name: str) -> Word | None:
    """What a marker's name says, "needs_network" like "network"; None for every other name."""
    return _MARKERS.get(_NEED.sub("", _plain(name)))


def why_no_tier(name: str) -> str | None:
    """Why a marker that looks like a kind of test names no tier; None for markers that do not look so."""
    return _NO_TIER.get(_NEED.sub("", _plain(name)))


def _mirrors_a_package(name: str) -> bool:
    """True for "test_ui": as often the tests of a package `ui` as tests through a user interface."""
    return name.startswith(("test_", "tests_")) and _plain(name) not in _NO_PACKAGES


def _plain(name: str) -> str:
    """The word without "test" around it, in lower case, with "_" between its parts."""
    lower = re.sub(r"[-.\s]+", "_", name.lower())
    return _TEST.sub("", _TEST.sub("", lower, count=1), count=1) or lower
