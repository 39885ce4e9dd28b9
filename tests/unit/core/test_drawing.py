"""The picture of the pyramid: its outline, its columns, and how it behaves where there is little room."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_pyramid.core.drawing import ASCII, UNICODE, Glyphs, duration, percent, picture
from pytest_pyramid.core.facts import Result
from pytest_pyramid.core.report import RunReport
from pytest_pyramid.core.styled_text import Line
from pytest_pyramid.core.tiers import UNCLASSIFIED, Share
from tests.unit.canonical import Level, closed_report, cone_report, open_report, partial_report, passed, report_of


def drawn(report: RunReport, width: int = 80, glyphs: Glyphs = UNICODE) -> list[str]:
    """The picture's lines without styles."""
    return [line.text for line in picture(report.tiers, width=width, glyphs=glyphs)]


def outline(report: RunReport, width: int = 80) -> list[int]:
    """How many cells of bar each line has, top first, lines without a bar left out."""
    return [count for count in (text.count("#") for text in drawn(report, width, ASCII)) if count]


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_a_pyramid_looks_like_one(width: int) -> None:
    """Each line is at least as wide as the one above it, and the base is much the widest."""
    bars = outline(open_report(), width)
    assert bars == sorted(bars)
    assert bars[-1] > 2 * bars[0]


def test_a_tier_beside_the_shape_is_no_storey() -> None:
    """It has a row below with its tests and without bar and share, and counts in the total of the tests."""
    report = open_report()
    aside = report.tiers[0]._replace(name="speed", rank=9, side=True, tests=5)
    lines = drawn(replace(report, tiers=(*report.tiers, aside)), 120, ASCII)
    row = next(text for text in lines if " speed " in text)
    assert "#" not in row
    assert row.endswith("not part of the shape")
    assert outline(replace(report, tiers=(*report.tiers, aside)), 120) == outline(report, 120)
    assert f"{sum(one.tests for one in report.tiers) + 5:,}" in lines[-1]


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_a_cone_looks_like_one(width: int) -> None:
    """A suite with most tests at the top is drawn on its head."""
    bars = outline(cone_report(), width)
    assert bars == sorted(bars, reverse=True)
    assert bars[0] > 2 * bars[-1]


def test_an_hourglass_is_narrow_in_the_middle() -> None:
    """The middle of the picture is the narrow one when the middle tier is."""
    bars = outline(report_of({"unit": passed(100), "service": passed(10), "ui": passed(80)}))
    assert bars[2] < bars[0] < bars[4]


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
def test_bars_are_centred(glyphs: Glyphs) -> None:
    """The middle of every bar stands in the same column."""
    ink = {glyphs.full, glyphs.left, glyphs.right}
    spans = []
    for text in drawn(open_report(), 80, glyphs)[1:-1]:
        marks = [column for column, one in enumerate(text) if one in ink]
        spans.append(marks[0] + marks[-1])
    assert len(set(spans)) == 1


def test_columns_of_an_open_run() -> None:
    """Name, tests, share, time and outcome stand on the first line of a tier, functions and target on the second."""
    text = drawn(open_report())
    assert text[0].split() == ["tier", "tests", "share", "time"]
    assert text[1].split()[1:] == ["ui", "10", "11", "%", "24.0", "s", "✓", "10"]
    assert text[6].endswith("53 functions, target at least 60 %")
    assert text[7].split() == ["total", "100", "31.0", "s"]


def test_outcomes_show_first_what_needs_a_person() -> None:
    """Failures stand before passes, and a tier that never ran shows what was withheld and no time."""
    text = drawn(closed_report(), 100)
    assert text[5].endswith("3 failed, ✓ 66, 1 skipped")
    assert text[1].endswith("-  12 withheld")
    assert "66 passed" in drawn(closed_report(), 100, ASCII)[5]


def test_colours_tell_the_state_of_a_tier() -> None:
    """A bar is red with failures, green without, and dim when nothing of the tier ran."""
    lines = picture(closed_report().tiers, width=80, glyphs=UNICODE)
    assert [lines[at].segments[0].style for at in (1, 3, 5)] == ["dim", "dim", "red"]
    assert picture(open_report().tiers, width=80, glyphs=UNICODE)[1].segments[0].style == "green"


def test_a_missed_target_is_yellow() -> None:
    """The line with the target is dim when it is kept and yellow when it is not."""
    kept = report_of({"unit": replace(passed(9), target=Share(min=0.5, max=1.0))})
    missed = report_of({"unit": replace(passed(1), target=Share(max=0.5)), "ui": passed(1)})
    assert picture(kept.tiers, width=80, glyphs=UNICODE)[2].segments[-1].style == "dim"
    last = picture(missed.tiers, width=80, glyphs=UNICODE)[4].segments[-1]
    assert (last.text.strip(), last.style) == ("1 function, target at most 50 %", "dim")
    top = picture(report_of({"unit": replace(passed(9), target=Share(max=0.5))}).tiers, width=80, glyphs=UNICODE)
    assert top[2].segments[-1].style == "yellow"


def test_the_unclassified_row_is_no_part_of_the_shape() -> None:
    """It has no bar, stands below the base, and is left out when it is empty."""
    text = drawn(cone_report(), glyphs=ASCII)
    assert text[-2].split()[:2] == [UNCLASSIFIED, "10"]
    assert "#" not in text[-2]
    assert UNCLASSIFIED not in "".join(drawn(report_of({"unit": passed(3), UNCLASSIFIED: passed(0)})))


@pytest.mark.parametrize("tiers", [1, 2, 3, 4, 5, 6, 9, 10, 11, 12, 40])
@pytest.mark.parametrize("loose", [0, 4])
def test_never_more_than_twelve_lines(tiers: int, loose: int) -> None:
    """However many tiers there are, top and base are shown, and a row counts those that are not."""
    levels = {f"level{number}": passed(3) for number in range(tiers)} | {UNCLASSIFIED: passed(loose)}
    text = drawn(report_of(levels))
    assert len(text) <= 12
    assert f"level{tiers - 1} " in text[1]
    shown = sum("level" in each for each in text)
    assert any("level0 " in each for each in text)
    assert shown == tiers or f"… {tiers - shown} more" in "\n".join(text)


def test_a_small_tier_is_never_invisible() -> None:
    """A tier with few tests has a thin bar, a tier without tests has none."""
    made = report_of({"unit": passed(1_000), "service": Level(results={}), "ui": passed(1)})
    text = drawn(made)
    assert "▐▌" in text[1]
    assert "<1 %" in text[1]
    assert "▐" not in text[3]


@pytest.mark.parametrize("width", [60, 61, 79, 80, 133, 200])
@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
def test_a_picture_keeps_to_the_width(width: int, glyphs: Glyphs) -> None:
    """No line is wider than asked for, also with long names and many outcomes."""
    every = Level(results=dict.fromkeys(list(Result)[:3], 111) | dict.fromkeys(list(Result)[3:], 3))
    many = report_of({"a-very-long-name-for-a-tier-of-tests": every, "层层层层层层层层层层层层层层": every})
    for report in (many, open_report(), closed_report(), partial_report()):
        lines: tuple[Line, ...] = picture(report.tiers, width=width, glyphs=glyphs)
        assert max(line.cells for line in lines) <= width


def test_sixty_columns_still_show_what_passed() -> None:
    """The outcome is not given up where the terminal is narrow."""
    assert drawn(cone_report(), 60, ASCII)[1].endswith("60 passed")


def test_no_tiers_no_picture() -> None:
    """Without a tier there is nothing to draw."""
    assert picture((), width=80, glyphs=UNICODE) == ()


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0.0, "0.00 s"), (0.8, "0.80 s"), (9.996, "10.0 s"), (99.96, "100 s"), (210, "210 s"), (599.6, "10 min"),
     (5000, "83 min"), (9000, "2.5 h"), (36_000_000, "10,000.0 h")],
)  # fmt: skip
def test_durations_are_for_people(seconds: float, shown: str) -> None:
    """Three digits are enough, in the unit that people would use."""
    assert duration(seconds) == shown


@pytest.mark.parametrize(
    ("share", "shown"), [(0, "0 %"), (0.001, "<1 %"), (0.005, "<1 %"), (0.0051, "1 %"), (0.7, "70 %"), (1, "100 %")]
)
def test_shares_are_whole_per_cent(share: float, shown: str) -> None:
    """What is more than nothing is never shown as nothing."""
    assert percent(share) == shown
