"""What a test is told that touched what its tier may not."""

from __future__ import annotations

from dataclasses import replace

from pytest_pyramid.core.facts import Location, Touch
from pytest_pyramid.core.tiers import Action, Pyramid, Resource, Tier
from pytest_pyramid.core.touch_text import Circumstances, message, told

UNIT = Tier(name="unit", rank=0, guard=((Resource.LOCALHOST, Action.ERROR), (Resource.FILES, Action.ERROR)))
SERVICE = Tier(name="service", rank=1, markers=("service", "api"), guard=((Resource.FILES, Action.ERROR),))
PYRAMID = Pyramid(tiers=(UNIT, SERVICE))
TOUCH = Touch(
    resource=Resource.LOCALHOST,
    phase="call",
    detail="connect 127.0.0.1:5432",
    location=Location(file="src/shop/db.py", line=41),
    action=Action.ERROR,
)
CASE = Circumstances(
    nodeid="tests/unit/test_orders.py::test_total",
    tier=UNIT,
    classified_by="path tests/unit",
    touch=TOUCH,
    function="open_session",
    test_line="tests/unit/test_orders.py:17 in test_total",
    client="psycopg2",
)


def test_the_message_says_what_where_why_and_the_ways_out() -> None:
    """In the form that the documentation promises."""
    assert message(CASE, PYRAMID).splitlines() == [
        "unit test touched localhost: connect 127.0.0.1:5432 (looks like PostgreSQL, via psycopg2)",
        "  test    tests/unit/test_orders.py::test_total  [unit: by path tests/unit]",
        "  at      src/shop/db.py:41 in open_session",
        "  from    tests/unit/test_orders.py:17 in test_total",
        "  phase   call",
        "  fix     give the code a fake of the service, or move the test up: @pytest.mark.service",
        '  allow   @pytest.mark.pyramid_allow("localhost", reason="...")   or   [tiers.unit] guard.localhost = "warn"',
    ]


def test_a_fixture_and_a_swallowed_error_are_told() -> None:
    """Who did it, when it was not the test itself, and that the error did not surface."""
    shown = "'db' scope=session in tests/conftest.py:12"
    text = message(CASE._replace(fixture=shown, swallowed=True, test_line=None), PYRAMID)
    assert "(looks like PostgreSQL, via psycopg2), and the code under test swallowed the error\n" in text
    assert f"  phase   call, fixture {shown}\n" in text
    assert "  from " not in text


def test_no_tier_is_offered_that_may_not_do_it_either() -> None:
    """Moving up helps only where the resource is no error."""
    touch = Touch(resource=Resource.FILES, phase="call", detail="write a.txt", location=None, action=Action.ERROR)
    text = message(CASE._replace(touch=touch, function=None), PYRAMID)
    assert "  fix     write below tmp_path\n" in text
    assert "  at " not in text


def test_an_act_without_hints_is_told_as_it_is() -> None:
    """A port that nothing usual answers at, and no known package."""
    assert told("connect 10.0.0.1:8080", None) == "connect 10.0.0.1:8080"
    assert told("connect 10.0.0.1:6379", None) == "connect 10.0.0.1:6379 (looks like Redis)"


def test_a_client_alone_is_a_hint() -> None:
    """Only the last part behind a colon is a port, and a bare word is none."""
    assert told("connect db:1", "redis") == "connect db:1 (via redis)"
    assert told("6379:x", None) == "6379:x"


def test_a_tier_without_a_marker_is_named() -> None:
    """There is nothing to write above the test, so the tier says where it belongs."""
    bare = Pyramid(tiers=(UNIT, Tier(name="service", rank=1)))
    assert "service, or move the test to service\n" in message(CASE, bare)


def test_at_the_top_there_is_no_way_up() -> None:
    """Only the remedy itself is left."""
    alone = Pyramid(tiers=(UNIT,))
    assert "  fix     give the code a fake of the service\n" in message(CASE, alone)


def test_a_place_without_a_line_is_its_file() -> None:
    """Nothing is invented, neither a line nor a function."""
    touch = replace(TOUCH, location=Location(file="src/shop/db.py"))
    assert "  at      src/shop/db.py\n" in message(CASE._replace(touch=touch, function=None), PYRAMID)
