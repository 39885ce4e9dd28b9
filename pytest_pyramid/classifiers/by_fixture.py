"""By fixture: what a test asks for tells what it needs, where neither a mark nor a folder says it.

Only names that told the right tier for at least four of five tests that ask for them place a test; `client`, `db` or a
lone `page` mean too many things, and only suggest. The names are those of pytest's plugins for browsers, containers and
servers.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

from pytest_pyramid.core.evidence import (
    SERVICE_WORDS,
    UI_WORDS,
    UNIT_WORDS,
    Evidence,
    Sign,
    SignTable,
    Suggestion,
    Use,
    tier_for,
)
from pytest_pyramid.core.facts import Placement, TestFacts
from pytest_pyramid.core.tiers import Pyramid

TABLE = (
    Sign(("performance", "nonfunctional", "benchmark"), "fixture", ("benchmark", "benchmark_weave")),
    Sign(UI_WORDS, "fixture", ("browser", "selenium", "*_driver", "*chrome_options", "dash_duo")),
    Sign(
        SERVICE_WORDS,
        "fixture",
        (
            *("docker", "docker_*", "compose", "compose_*", "postgresql", "postgresql_*", "mysql", "mysql_*"),
            *("redis", "redis_*", "redisdb", "mongodb", "kafka", "kafka_*", "rabbitmq", "rabbitmq_*"),
            *("celery_*worker", "live_server", "httpserver", "*_server"),
        ),
    ),
)
"""The strongest evidence first: a test in a browser needs a server too, and what is measured may need either."""

WEAK = (
    Sign(UI_WORDS, "fixture", ("page",), 0.7),
    Sign(SERVICE_WORDS, "fixture", ("transactional_db", "django_db_reset_sequences"), 0.65),
    Sign(SERVICE_WORDS, "mark", ("django_db",), 0.65),
    Sign(SERVICE_WORDS, "fixture", ("server", "pytester", "testdir", "script_runner", "cli_runner"), 0.6),
    Sign(SERVICE_WORDS, "fixture", ("client", "app", "session", "db", "engine"), 0.5),
    Sign(UNIT_WORDS, "fixture", ("mocker", "responses", "requests_mock", "respx_mock"), 0.6),
)
"""What only suggests; the mark is one that pytest-django turns into fixtures."""


class ByFixture:
    """Places a test by the fixtures that it asks for, itself or through others."""

    def __init__(self, pyramid: Pyramid) -> None:
        self._signs = SignTable((*TABLE, *WEAK), pyramid)
        self._rows = [(tier, row.names) for row in TABLE if (tier := tier_for(row.words, pyramid)) is not None]
        self._known: dict[tuple[str, ...], Placement | None] = {}

    def classify(self, test: TestFacts) -> Placement | None:
        """The placement that the fixtures tell, None when none of them is telling."""
        if test.fixtures not in self._known:
            self._known[test.fixtures] = self._place(test.fixtures)
        return self._known[test.fixtures]

    def suggest(self, evidence: Evidence) -> Suggestion | None:
        """The tier that the weaker names speak for, and those that place a test; None when none of them is telling."""
        asked = [Use("fixture", name) for name in sorted(evidence.test.fixtures)]
        marks = [Use("mark", name) for level in evidence.test.marks for name in level]
        return self._signs.strongest((*asked, *marks))

    def _place(self, fixtures: tuple[str, ...]) -> Placement | None:
        for tier, globs in self._rows:
            for glob in globs:
                for name in fixtures:
                    if fnmatchcase(name, glob):
                        return Placement(tier=tier, source="fixture", reason=f"fixture {name}")
        return None
