"""Evidence of a test's tier beside what its authors said: what its code uses, and how it behaved in past runs."""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple, Protocol

from pytest_pyramid.core.behaviour import Behaviour
from pytest_pyramid.core.facts import Placement, TestFacts
from pytest_pyramid.core.placing import is_told
from pytest_pyramid.core.tiers import Pyramid

STRONG = 0.8
"""Evidence that can be taken to tell the right tier for at least this share (0-1) of tests places a test by itself."""

UI_WORDS = ("ui", "e2e", "browser", "selenium", "playwright")
SERVICE_WORDS = ("service", "integration", "functional")
UNIT_WORDS = ("unit", "small")
"""A tier that is called or marked by one of these words is the one that such evidence speaks for."""


class Use(NamedTuple):
    """Something outside the test's own code that the test uses."""

    kind: str
    """call (a function or class that the test, its fixtures or its own helpers name), import (a package that the test's
    file imports), base (a class that the test's class inherits), fixture or mark."""
    name: str
    """The dotted name, where the thing was defined: "subprocess.Popen"; of an import the top-level package."""


class Evidence(NamedTuple):
    """What there is to go by about one test; empty parts mean that nothing is known."""

    test: TestFacts
    uses: tuple[Use, ...] = ()
    behaviour: Behaviour = Behaviour()
    seconds: float | None = None
    """What the test lasts as a rule, None when no past run is known."""


class Suggestion(NamedTuple):
    """The tier that a piece of evidence speaks for, and how far it can be trusted."""

    tier: str
    kind: str
    """The kind of evidence: call, import, base, fixture, mark, history."""
    what: str
    """The evidence itself, for people."""
    confidence: float
    """The share (0-1) of tests for which such evidence tells the right tier, counted or estimated."""

    @property
    def reason(self) -> str:
        """For people: "call subprocess.Popen"."""
        return f"{self.kind} {self.what}"

    @property
    def placement(self) -> Placement:
        """The same as a classifier's answer."""
        return Placement(tier=self.tier, source=self.kind, reason=self.reason)


class Sign(NamedTuple):
    """Uses that speak for a tier."""

    words: tuple[str, ...]
    """A tier called or marked by one of these is the one they speak for."""
    kind: str
    names: tuple[str, ...]
    """Globs."""
    confidence: float = STRONG
    """The share (0-1) of tests that are filed under that tier, counted or estimated."""


class SignTable:
    """Signs as a pyramid reads them. What a use tells is found out once: many tests have most of their uses in common."""

    def __init__(self, signs: Iterable[Sign], pyramid: Pyramid) -> None:
        self._pyramid = pyramid
        self._rows = [(tier, sign) for sign in signs if (tier := tier_for(sign.words, pyramid)) is not None]
        self._known: dict[Use, Suggestion | None] = {}

    def strongest(self, uses: Iterable[Use]) -> Suggestion | None:
        """What the strongest of the uses speaks for, None when none of them is telling."""
        found = weighed((one for use in uses if (one := self._of(use)) is not None), self._pyramid)
        return found[0] if found else None

    def _of(self, use: Use) -> Suggestion | None:
        if use not in self._known:
            told = (
                Suggestion(tier, use.kind, use.name, sign.confidence)
                for tier, sign in self._rows
                if sign.kind == use.kind and any(fnmatchcase(use.name, glob) for glob in sign.names)
            )
            self._known[use] = next(iter(weighed(told, self._pyramid)), None)
        return self._known[use]


class Suggesting(Protocol):
    """One kind of evidence that may be weak, made once per run for a pyramid."""

    def suggest(self, evidence: Evidence) -> Suggestion | None:
        """The tier that the evidence speaks for, or None when it says nothing."""
        ...


class Stance(enum.Enum):
    """How the evidence stands to the tier that a test is in."""

    SILENT = "silent"
    AGREES = "agrees"
    HIGHER = "higher"
    """It speaks for a tier above."""
    LOWER = "lower"
    """It speaks for a tier below."""
    ALONE = "alone"
    """Nobody has said where the test belongs."""


def stance(test: TestFacts, found: Sequence[Suggestion], pyramid: Pyramid) -> Stance:
    """How the strongest suggestion stands to the test's tier; `found` has the strongest first."""
    if not found:
        return Stance.SILENT
    if not is_told(test):
        return Stance.ALONE
    claimed, told = pyramid.rank_of(test.tier), pyramid.rank_of(found[0].tier)
    return Stance.AGREES if claimed == told else Stance.HIGHER if told > claimed else Stance.LOWER


def weighed(found: Iterable[Suggestion], pyramid: Pyramid) -> tuple[Suggestion, ...]:
    """The suggestions, the strongest first; of two that are as strong the one for the higher tier.

    Those for a tier that does not exist are left out.
    """
    known = [one for one in found if one.tier in pyramid.names]
    return tuple(sorted(known, key=lambda one: (-one.confidence, -pyramid.rank_of(one.tier))))


def tier_for(words: Collection[str], pyramid: Pyramid) -> str | None:
    """The tier that is called or marked by one of the words; None in a pyramid that has no such tier."""
    return next((tier.name for tier in pyramid if not {tier.name, *tier.markers}.isdisjoint(words)), None)
