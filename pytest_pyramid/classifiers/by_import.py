"""By import: what a test's code calls, imports and inherits tells what it needs, where its authors do not say it.

The confidences follow a count over 42 public suites with tiers of their own where the sign occurs there, and are estimates
for the rest. What a test calls tells more than what its file imports: `subprocess` is imported as often to be patched,
and browser tests are filed in every tier.
"""

from __future__ import annotations

from pytest_pyramid.core.evidence import SERVICE_WORDS, UI_WORDS, UNIT_WORDS, Evidence, Sign, SignTable, Suggestion
from pytest_pyramid.core.tiers import Pyramid

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
"""What a test's code may use, and what that speaks for."""


class ByImport:
    """Suggests a tier by the strongest of what the test's code uses."""

    def __init__(self, pyramid: Pyramid) -> None:
        self._signs = SignTable(TABLE, pyramid)

    def suggest(self, evidence: Evidence) -> Suggestion | None:
        """The tier that the uses speak for, None when none of them is telling."""
        return self._signs.strongest(evidence.uses)
