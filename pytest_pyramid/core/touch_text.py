"""What a test is told that touched what its tier may not: what, where, why it counts, and the ways out."""

from __future__ import annotations

from typing import NamedTuple

from pytest_pyramid.core.facts import Touch
from pytest_pyramid.core.tiers import Action, Pyramid, Resource, Tier

PORTS = {
    "1433": "SQL Server",
    "3306": "MySQL",
    "5432": "PostgreSQL",
    "5672": "RabbitMQ",
    "6379": "Redis",
    "9042": "Cassandra",
    "9092": "Kafka",
    "9200": "Elasticsearch",
    "11211": "memcached",
    "27017": "MongoDB",
}
"""What usually answers there."""

REMEDIES = {
    Resource.NETWORK: "give the code a fake of what is out there",
    Resource.LOCALHOST: "give the code a fake of the service",
    Resource.PROCESS: "call the code itself, or pass a fake runner",
    Resource.DATABASE: "pass a fake repository, or a database in memory",
    Resource.SLEEP: "pass the clock or the pause in, and wait for nothing",
    Resource.FILES: "write below tmp_path",
    Resource.TEMPFILES: "write below tmp_path",
}
_SWALLOWED = {
    False: ", and the code under test swallowed the error",
    True: ", which the sandbox refused",
}


class Circumstances(NamedTuple):
    """Everything about one touch that the message tells."""

    nodeid: str
    tier: Tier
    classified_by: str
    touch: Touch
    function: str | None = None
    """The function that the touch's line stands in."""
    test_line: str | None = None
    """ "tests/unit/test_orders.py:17 in test_total", where that is another line."""
    client: str | None = None
    """The package that did it."""
    fixture: str | None = None
    """ "'db' scope=session in tests/conftest.py:12", when a fixture did it."""
    swallowed: bool = False


def message(case: Circumstances, pyramid: Pyramid) -> str:
    """The message, its first line for summaries and the rest for the failure itself."""
    resource = case.touch.resource
    swallowed = _SWALLOWED[case.touch.layer == "sandbox"] if case.swallowed else ""
    first = f"{case.tier.name} test touched {resource.value}: {told(case.touch.detail, case.client)}{swallowed}"
    rows = [("test", f"{case.nodeid}  [{case.tier.name}: by {case.classified_by}]")]
    place = case.touch.location
    if place is not None:
        inside = f" in {case.function}" if case.function else ""
        rows.append(("at", f"{_place(place.file, place.line)}{inside}"))
    if case.test_line:
        rows.append(("from", case.test_line))
    rows.append(("phase", f"{case.touch.phase}, fixture {case.fixture}" if case.fixture else case.touch.phase))
    rows.append(("fix", f"{REMEDIES[resource]}{_upwards(resource, case.tier, pyramid)}"))
    key = f"[tiers.{case.tier.name}] guard.{resource.value}"
    rows.append(("allow", f'@pytest.mark.pyramid_allow("{resource.value}", reason="...")   or   {key} = "warn"'))
    return "\n".join([first, *(f"  {name:<7} {text}" for name, text in rows)])


def told(detail: str, client: str | None) -> str:
    """The act, with what usually answers at its port and the package that did it."""
    known = PORTS.get(detail.rpartition(":")[2])
    hints = [f"looks like {known}" if known else "", f"via {client}" if client else ""]
    words = ", ".join(hint for hint in hints if hint)
    return f"{detail} ({words})" if words else detail


def _place(file: str, line: int | None) -> str:
    return file if line is None else f"{file}:{line}"


def _upwards(resource: Resource, tier: Tier, pyramid: Pyramid) -> str:
    """The way out for a test that stands too low: the first tier above that may touch the resource."""
    for above in pyramid.above(tier.rank):
        if dict(above.guard).get(resource, Action.ALLOW) is not Action.ERROR:
            marker = above.markers[0] if above.markers else None
            return f", or move the test up: @pytest.mark.{marker}" if marker else f", or move the test to {above.name}"
    return ""
