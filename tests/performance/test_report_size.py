"""How long reports of a very large suite take; the limits are wide, so that only a real loss of speed is seen."""

from __future__ import annotations

import time

from pytest_pyramid.reporters import json_report, terminal
from tests.unit.canonical import passed, report_of


def test_reports_of_a_hundred_thousand_tests() -> None:
    """The JSON text takes less than three seconds, the summary less than a tenth of one."""
    big = report_of({"unit": passed(70_000), "service": passed(20_000), "ui": passed(10_000)})
    began = time.perf_counter()
    text = json_report.render(big)
    rendered = time.perf_counter()
    lines = terminal.lines(big, width=80, unicode=True, verbosity=0)
    shown = time.perf_counter()
    assert text.count('"nodeid"') == 100_000
    assert len(lines) < 20
    assert rendered - began < 3.0
    assert shown - rendered < 0.1
