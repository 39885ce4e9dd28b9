"""By fixture: what a test asks for tells what it needs, where neither a mark nor a folder says it.

Only names that told the right tier for at least four of five tests that ask for them place a test; `client`, `db` or a
lone `page` mean too many things. The names are those of pytest's plugins for browsers, containers and servers.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import NamedTuple

from pytest_pyramid.core.facts import Placement, TestFacts
from pytest_pyramid.core.tiers import Pyramid


class Evidence(NamedTuple):
    """Fixture names that speak for a tier."""

    words: tuple[str, ...]
    """A tier called or marked by one of these is the one they speak for."""
    names: tuple[str, ...]
    """Globs; the first that fits is told as the reason."""


TABLE = (
    Evidence(words=("performance", "nonfunctional", "benchmark"), names=("benchmark", "benchmark_weave")),
    Evidence(
        words=("ui", "e2e", "browser", "selenium", "playwright"),
        names=("browser", "selenium", "*_driver", "*chrome_options", "dash_duo"),
    ),
    Evidence(
        words=("service", "integration", "functional"),
        names=(
            *("docker", "docker_*", "compose", "compose_*", "postgresql", "postgresql_*", "mysql", "mysql_*"),
            *("redis", "redis_*", "redisdb", "mongodb", "kafka", "kafka_*", "rabbitmq", "rabbitmq_*"),
            *("celery_*worker", "live_server", "httpserver", "*_server"),
        ),
    ),
)
"""The strongest evidence first: a test in a browser needs a server too, and what is measured may need either."""


class ByFixture:
    """Places a test by the fixtures that it asks for, itself or through others."""

    def __init__(self, pyramid: Pyramid) -> None:
        self._rows = [(tier, row.names) for row in TABLE if (tier := _tier_of(row, pyramid)) is not None]
        self._known: dict[tuple[str, ...], Placement | None] = {}

    def classify(self, test: TestFacts) -> Placement | None:
        """The placement that the fixtures tell, None when none of them is telling."""
        if test.fixtures not in self._known:
            self._known[test.fixtures] = self._place(test.fixtures)
        return self._known[test.fixtures]

    def _place(self, fixtures: tuple[str, ...]) -> Placement | None:
        for tier, globs in self._rows:
            for glob in globs:
                for name in fixtures:
                    if fnmatchcase(name, glob):
                        return Placement(tier=tier, source="fixture", reason=f"fixture {name}")
        return None


def _tier_of(row: Evidence, pyramid: Pyramid) -> str | None:
    """The tier that the row speaks for; None in a pyramid where no tier goes by one of its words."""
    return next((tier.name for tier in pyramid if not {tier.name, *tier.markers}.isdisjoint(row.words)), None)
