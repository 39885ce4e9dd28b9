"""The order in which violations are shown."""

from __future__ import annotations

from pytest_pyramid.core.facts import Location
from pytest_pyramid.core.violations import Severity, Violation, in_order


def violation(code: str, severity: Severity = Severity.WARNING, file: str = "", line: int | None = None) -> Violation:
    """A violation of that rule at that place."""
    place = Location(file=file, line=line) if file else None
    return Violation(code=code, name="n", severity=severity, message="m", hint="h", location=place)


def test_errors_come_before_warnings() -> None:
    """What fails the run is read first, whatever its code."""
    warning, error = violation("PYR101"), violation("PYR501", Severity.ERROR)
    assert in_order((warning, error)) == (error, warning)


def test_codes_are_in_order_inside_a_severity() -> None:
    """The same rules always stand in the same order."""
    late, early = violation("PYR203"), violation("PYR101")
    assert in_order((late, early)) == (early, late)


def test_places_are_in_order_inside_a_code() -> None:
    """By file, then by line as a number."""
    places = [("b.py", 1), ("a.py", 10), ("a.py", 9)]
    shown = in_order(tuple(violation("PYR202", file=file, line=line) for file, line in places))
    assert [(v.location.file, v.location.line) for v in shown if v.location] == [("a.py", 9), ("a.py", 10), ("b.py", 1)]


def test_a_violation_without_a_place_comes_first() -> None:
    """What concerns the whole suite stands above its tests."""
    whole, one = violation("PYR401"), violation("PYR401", file="a.py", line=3)
    assert in_order((one, whole)) == (whole, one)


def test_tests_are_in_order_where_nothing_else_tells_them_apart() -> None:
    """The same run gives the same lines."""
    late, early = (violation("PYR401")._replace(nodeid=nodeid) for nodeid in ("b.py::t", "a.py::t"))
    assert in_order((late, early)) == (early, late)


def test_nothing_is_lost_in_ordering() -> None:
    """Equal violations stay as many as they were."""
    same = (violation("PYR101"),) * 3
    assert in_order(same) == same
