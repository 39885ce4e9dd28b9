"""By import: what a test's code calls, imports and inherits tells what it needs, where its authors do not say it.

The confidences follow a count over 42 public suites with tiers of their own where the sign occurs there, and are estimates
for the rest. What a test calls tells more than what its file imports: `subprocess` is imported as often to be patched,
and browser tests are filed in every tier.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import NamedTuple

from pytest_pyramid.core.evidence import (
    SERVICE_WORDS,
    UI_WORDS,
    UNIT_WORDS,
    Evidence,
    Suggestion,
    Use,
    tier_for,
    weighed,
)
from pytest_pyramid.core.tiers import Pyramid


class Sign(NamedTuple):
    """Uses that speak for a tier."""

    words: tuple[str, ...]
    kind: str
    names: tuple[str, ...]
    """Globs of dotted names, where the things are defined."""
    confidence: float


_PROCESSES = ("Popen", "run", "call", "check_call", "check_output", "getoutput", "getstatusoutput")
_REQUESTS = ("get", "post", "put", "patch", "delete", "head", "options", "request")

TABLE = (
    Sign(UI_WORDS, "call", ("selenium.webdriver.*", "playwright.*_api.*", "splinter.browser.*"), 0.9),
    Sign(UI_WORDS, "base", ("django.contrib.staticfiles.testing.StaticLiveServerTestCase",), 0.9),
    Sign(SERVICE_WORDS, "call", ("testcontainers.*", "docker.client.*", "docker.api.*"), 0.9),
    Sign(SERVICE_WORDS, "call", tuple(f"subprocess.{name}" for name in _PROCESSES), 0.8),
    Sign(SERVICE_WORDS, "call", ("asyncio.subprocess.*", "os.fork", "posix.fork", "pty.*"), 0.8),
    Sign(SERVICE_WORDS, "call", tuple(f"requests.{part}{name}" for name in _REQUESTS for part in ("", "api.")), 0.8),
    Sign(
        SERVICE_WORDS,
        "call",
        ("httpx.get", "httpx.post", "httpx._api.*", "urllib.request.urlopen", "http.server.*", "socketserver.*"),
        0.7,
    ),
    Sign(SERVICE_WORDS, "call", ("psycopg*.connect", "psycopg.Connection*", "pymysql.*", "redis.client.Redis"), 0.7),
    Sign(SERVICE_WORDS, "import", ("testcontainers", "docker"), 0.6),
    Sign(SERVICE_WORDS, "base", ("django.test.testcases.*", "django_webtest.*"), 0.65),
    Sign(UNIT_WORDS, "base", ("unittest.case.TestCase",), 0.6),
    Sign(UNIT_WORDS, "import", ("hypothesis", "responses", "requests_mock", "respx"), 0.6),
)
"""The rows with their confidence: the share of tests, 0-1, that are filed under that tier, counted or estimated."""


class ByImport:
    """Suggests a tier by the strongest of what the test's code uses."""

    def __init__(self, pyramid: Pyramid) -> None:
        self._pyramid = pyramid
        self._rows = [(tier, sign) for sign in TABLE if (tier := tier_for(sign.words, pyramid)) is not None]
        self._known: dict[Use, Suggestion | None] = {}

    def suggest(self, evidence: Evidence) -> Suggestion | None:
        """The tier that the uses speak for, None when none of them is telling."""
        found = weighed((one for use in evidence.uses if (one := self._of(use)) is not None), self._pyramid)
        return found[0] if found else None

    def _of(self, use: Use) -> Suggestion | None:
        if use not in self._known:
            self._known[use] = self._read(use)
        return self._known[use]

    def _read(self, use: Use) -> Suggestion | None:
        for tier, sign in self._rows:
            if sign.kind == use.kind and any(fnmatchcase(use.name, glob) for glob in sign.names):
                return Suggestion(tier, use.kind, use.name, sign.confidence)
        return None
