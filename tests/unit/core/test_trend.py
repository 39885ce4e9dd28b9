"""Earlier runs of a report."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_pyramid.core.plain_report import from_plain, to_plain
from pytest_pyramid.core.trend import last_green, last_on_main
from tests.unit.canonical import TREND, full_report, open_report


def test_they_come_back_from_plain_data() -> None:
    """The codec loses nothing of them."""
    assert from_plain(to_plain(full_report())).trend == TREND


def test_a_report_without_them_has_no_such_key() -> None:
    """Whoever keeps no history finds the same report as before, and it can be read."""
    plain = to_plain(open_report())
    assert "trend" not in plain
    assert from_plain(plain).trend == ()


def test_what_is_wrong_is_named() -> None:
    """A missing figure is told with its place."""
    plain = to_plain(full_report())
    del plain["trend"][2]["tiers"][1]["tests"]
    with pytest.raises(ValueError, match=r"trend\[2\].tiers\[1\] of the report has no key tests"):
        from_plain(plain)


def test_the_runs_to_compare_with() -> None:
    """The last green run and the last one on the main branch, or none."""
    green, main = last_green(TREND[:10]), last_on_main(TREND[:10])
    assert green is not None
    assert main is not None
    assert (green.commit, main.commit) == ("0000019", "0000019")
    assert (green.tests, green.row("ui"), green.row("none")) == (98, green.tiers[2], None)
    assert last_green([run._replace(exit_status=1) for run in TREND]) is None
    assert last_on_main([run._replace(main=False) for run in TREND]) is None
    assert replace(full_report(), trend=()).trend == ()
