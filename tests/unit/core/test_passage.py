"""Lines about a long run."""

from __future__ import annotations

import pytest

from pytest_pyramid.core.passage import Runner, Tier, beginning, boundary, is_long, passage, pause_after, time_left
from pytest_pyramid.core.styled_text import cells

DONE = Tier("unit", 3210, 3210)
HALF = Tier("service", 400, 120, 2)
NEXT = Tier("ui", 35, 0)
SLOW = Runner("gw3", "tests/service/test_checkout.py::test_pays", 12.0, 2.1)


def test_one_line_tells_every_tier_and_the_time_left() -> None:
    """Done, under way, to come."""
    assert passage([DONE, HALF, NEXT], [], 130.0, width=120, unicode=True) == (
        "pyramid: unit ✓ 3,210 · service 120/400 (2 failed) · ui 0/35 · about 2 min left"
    )
    assert passage([DONE, NEXT], [], None, width=120, unicode=False) == "pyramid: unit done 3,210, ui 0/35"


def test_what_is_withheld_is_not_waited_for() -> None:
    """And a tier that ended badly has no mark of success."""
    tiers = [Tier("unit", 9, 9, 1), Tier("ui", 35, 0, withheld=True)]
    assert passage(tiers, [], None, width=99, unicode=True) == "pyramid: unit 9 done (1 failed) · ui 35 withheld"


def test_what_runs_for_long_is_named() -> None:
    """With its worker, its time, and what is usual."""
    text = passage([HALF], [SLOW, Runner("gw1", "a.py::b", 1.0, 0.5)], None, width=120, unicode=True)
    assert text.endswith("gw3 at tests/service/test_checkout.py::test_pays for 12.0 s (usually 2.10 s)")
    assert "gw1" not in text


@pytest.mark.parametrize("width", [50, 79, 100, 200])
@pytest.mark.parametrize("unicode", [True, False])
def test_a_line_is_never_too_long_for_runners(width: int, unicode: bool) -> None:
    """Names are cut; where there is no room for a name nobody is named."""
    text = passage([HALF, NEXT], [SLOW, SLOW._replace(nodeid="x" * 300)], 10.0, width=width, unicode=unicode)
    bare = passage([HALF, NEXT], [], 10.0, width=width, unicode=unicode)
    assert cells(text) <= max(width, cells(bare))
    assert unicode or text.isascii()


def test_hostile_names_disturb_no_terminal() -> None:
    """Control characters are escaped."""
    text = passage([HALF], [SLOW._replace(nodeid="a\x1b[2Jb\n" * 3)], None, width=200, unicode=True)
    assert "\x1b" not in text
    assert "\n" not in text


@pytest.mark.parametrize(
    ("seconds", "usual", "told"),
    [
        (4.9, 0.1, False),
        (5.0, 0.1, True),
        (12.0, 10.0, False),
        (20.0, 10.0, True),
        (14.0, None, False),
        (15.0, None, True),
    ],
)
def test_long_is_many_seconds_and_more_than_usual(seconds: float, usual: float | None, told: bool) -> None:
    """A test that always takes ten seconds is no news after twelve."""
    assert is_long(Runner("gw0", "a", seconds, usual)) is told


def test_lines_become_rarer() -> None:
    """From ten seconds to a minute."""
    assert [pause_after(elapsed) for elapsed in (0, 10, 100, 1000)] == [10.0, 10.0, 25.0, 60.0]


def test_the_end_of_a_tier_names_the_next() -> None:
    """With what it took, what failed, and what is expected."""
    assert boundary(DONE, 65.0, NEXT, 120.0, unicode=True) == (
        "pyramid: unit done: 3,210 tests in 65.0 s; ui begins: 35 tests, about 2 min left"
    )
    failed = Tier("unit", 5, 5, 2)
    assert boundary(failed, 65.0, None, None, unicode=True) == "pyramid: unit done: 5 tests in 65.0 s, 2 failed"
    assert boundary(DONE, 65.0, NEXT, None, unicode=True).endswith("ui begins: 35 tests")


def test_a_long_run_begins_with_what_to_expect() -> None:
    """Once."""
    assert beginning(HALF, 300.0, unicode=True) == "pyramid: service begins: 400 tests, about 5 min in all"


@pytest.mark.parametrize(
    ("left", "said"), [(5.07, "about 5 s left"), (89.0, "about 89 s"), (95.0, "about 2 min"), (7200.0, "about 2.0 h")]
)
def test_an_estimate_has_no_false_digits(left: float, said: str) -> None:
    """Seconds, minutes, hours."""
    assert said in passage([HALF], [], left, width=120, unicode=True)


@pytest.mark.parametrize(
    ("expected", "workers", "left"),
    [
        ([(0, 2.0)] * 8, 4, 4.0),
        ([(0, 2.0)] * 8 + [(1, 30.0), (1, 1.0)], 4, 34.0),
        ([(0, 2.0), (0, 2.0), (0, None), (0, None)], 1, 8.0),
        ([(0, 2.0), (0, None), (0, None)], 1, None),
        ([(0, 0.1)], 1, None),
        ([], 4, None),
    ],
)
def test_the_time_left_is_that_of_tier_after_tier(
    expected: list[tuple[int, float | None]], workers: int, left: float | None
) -> None:
    """The longest test or the even share of each; nothing where too little is known or left."""
    assert time_left(expected, workers) == left
