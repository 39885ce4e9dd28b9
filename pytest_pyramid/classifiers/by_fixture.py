"""By fixture: what a test asks for tells what it needs, where neither a mark nor a folder says it.

Only names that told the right tier for at least four of five tests that ask for them place a test; `client`, `db` or a
lone `page` mean too many things, and only suggest. The names are those of pytest's plugins for browsers, containers and
servers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import NamedTuple

from pytest_pyramid.core.evidence import (
    SERVICE_WORDS,
    STRONG,
    UI_WORDS,
    UNIT_WORDS,
    Evidence,
    Suggestion,
    tier_for,
    weighed,
)
from pytest_pyramid.core.facts import Placement, TestFacts
from pytest_pyramid.core.tiers import Pyramid


class Sign(NamedTuple):
    """Fixture names that speak for a tier."""

    words: tuple[str, ...]
    """A tier called or marked by one of these is the one they speak for."""
    names: tuple[str, ...]
    """Globs; the first that fits is told as the reason."""
    confidence: float = STRONG
    """The share of tests, 0-1, that were filed under that tier."""


TABLE = (
    Sign(words=("performance", "nonfunctional", "benchmark"), names=("benchmark", "benchmark_weave")),
    Sign(
        words=UI_WORDS,
        names=("browser", "selenium", "*_driver", "*chrome_options", "dash_duo"),
    ),
    Sign(
        words=SERVICE_WORDS,
        names=(
            *("docker", "docker_*", "compose", "compose_*", "postgresql", "postgresql_*", "mysql", "mysql_*"),
            *("redis", "redis_*", "redisdb", "mongodb", "kafka", "kafka_*", "rabbitmq", "rabbitmq_*"),
            *("celery_*worker", "live_server", "httpserver", "*_server"),
        ),
    ),
)
"""The strongest evidence first: a test in a browser needs a server too, and what is measured may need either."""

WEAK = (
    Sign(UI_WORDS, ("page",), 0.7),
    Sign(SERVICE_WORDS, ("transactional_db", "django_db_reset_sequences", "mark:django_db"), 0.65),
    Sign(SERVICE_WORDS, ("server", "pytester", "testdir", "script_runner", "cli_runner"), 0.6),
    Sign(SERVICE_WORDS, ("client", "app", "session", "db", "engine"), 0.5),
    Sign(UNIT_WORDS, ("mocker", "responses", "requests_mock", "respx_mock"), 0.6),
)
"""What only suggests; a name behind "mark:" is a mark, which pytest-django turns into fixtures."""


class ByFixture:
    """Places a test by the fixtures that it asks for, itself or through others."""

    def __init__(self, pyramid: Pyramid) -> None:
        self._pyramid = pyramid
        self._rows = [(tier, row.names) for row in TABLE if (tier := tier_for(row.words, pyramid)) is not None]
        self._known: dict[tuple[str, ...], Placement | None] = {}

    def classify(self, test: TestFacts) -> Placement | None:
        """The placement that the fixtures tell, None when none of them is telling."""
        if test.fixtures not in self._known:
            self._known[test.fixtures] = self._place(test.fixtures)
        return self._known[test.fixtures]

    def suggest(self, evidence: Evidence) -> Suggestion | None:
        """The tier that the weaker names speak for, and those that place a test; None when none of them is telling."""
        test = evidence.test
        marks = {f"mark:{mark}" for level in test.marks for mark in level}
        found = weighed(_suggestions({*test.fixtures, *marks}, self._pyramid), self._pyramid)
        return found[0] if found else None

    def _place(self, fixtures: tuple[str, ...]) -> Placement | None:
        for tier, globs in self._rows:
            for glob in globs:
                for name in fixtures:
                    if fnmatchcase(name, glob):
                        return Placement(tier=tier, source="fixture", reason=f"fixture {name}")
        return None


def _suggestions(names: Iterable[str], pyramid: Pyramid) -> Iterator[Suggestion]:
    for sign in (*TABLE, *WEAK):
        tier = tier_for(sign.words, pyramid)
        told = next((name for glob in sign.names for name in sorted(names) if fnmatchcase(name, glob)), None)
        if tier is not None and told is not None:
            kind, _, what = told.rpartition(":")
            yield Suggestion(tier, kind or "fixture", what, sign.confidence)
