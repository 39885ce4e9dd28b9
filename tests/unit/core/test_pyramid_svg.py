"""The pyramid as SVG: links, outlines, and pictures of very little."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from pytest_pyramid.core.pyramid_svg import WIDEST, pyramid_svg
from pytest_pyramid.core.report import RunReport
from pytest_pyramid.core.tiers import UNCLASSIFIED, Share
from tests.unit.canonical import Level, cone_report, full_report, open_report, passed, report_of

SVG = "{http://www.w3.org/2000/svg}"


def drawn(report: RunReport, *, links: bool = False) -> ET.Element:
    """The parsed picture."""
    return ET.fromstring(pyramid_svg(report, links=links))  # noqa: S314  # our own text


def widths(report: RunReport, kind: str) -> list[float]:
    """The widths of the boxes of one kind, top first."""
    return [float(box.get("width") or 0) for box in drawn(report).iter(f"{SVG}rect") if box.get("class") == kind]


def legend(report: RunReport) -> str:
    """What the last line explains."""
    return next(text.text or "" for text in drawn(report).iter(f"{SVG}text") if text.get("class") == "legend")


def test_a_picture_with_links_is_no_image() -> None:
    """What is inside an image cannot be reached with a keyboard."""
    assert drawn(open_report()).get("role") == "img"
    assert drawn(open_report(), links=True).get("role") == "group"
    assert not list(drawn(open_report()).iter(f"{SVG}a"))


def test_each_row_leads_to_its_own_tests() -> None:
    """A name of several words is quoted, and encoded as part of an address."""
    made = report_of({"unit": passed(3), "end to end": passed(1)})
    assert [link.get("href") for link in drawn(made, links=True).iter(f"{SVG}a")] == [
        "#q=tier:%22end%20to%20end%22",
        "#q=tier:unit",
    ]


def test_a_row_without_tests_has_no_width_and_a_small_one_can_be_seen() -> None:
    """One test in a thousand is two units wide, which is not nothing."""
    small, base = widths(report_of({"unit": passed(999), "ui": passed(1)}), "bar")
    assert (small, base) == (2.0, WIDEST)
    assert widths(report_of({"unit": passed(1), "ui": Level(results={})}), "bar")[0] == 0.0


def test_the_widest_outline_sets_the_scale() -> None:
    """A target above what the tier has is drawn inside the picture too."""
    wide = Level(results=passed(1).results, target=Share(min=0.9))
    made = report_of({"unit": wide, "ui": passed(1)})
    assert widths(made, "target") == [WIDEST]
    assert widths(made, "bar") == pytest.approx([WIDEST * 5 / 9] * 2, abs=0.1)


def test_a_target_is_told_by_its_own_bound() -> None:
    """An upper bound alone is "at most"; of two the lower one is drawn."""
    told = {share: pyramid_svg(report_of({"unit": replace(passed(2), target=share)})) for share in (
        Share(max=0.1), Share(min=0.7, max=0.9),
    )}  # fmt: skip
    assert "target: at most 10 % of the functions" in told[Share(max=0.1)]
    assert "target: at least 70 % of the functions" in told[Share(min=0.7, max=0.9)]


def test_the_legend_explains_only_what_is_drawn() -> None:
    """A target, and the last green run of those that are known."""
    assert legend(cone_report()) == "width: tests · inner bar: seconds"
    assert legend(open_report()).endswith("dashed: target")
    assert legend(full_report()).endswith("dashed: target · dotted: last green run")


def test_unclassified_tests_stand_at_the_bottom_or_nowhere() -> None:
    """The row is drawn below the base, and only when it has tests."""
    rows = [text.text for text in drawn(cone_report()).iter(f"{SVG}text") if text.get("font-weight")]
    assert rows == ["ui", "service", "unit", UNCLASSIFIED]
    empty = report_of({"unit": passed(1), UNCLASSIFIED: Level(results={})})
    assert len(widths(empty, "bar")) == 1
