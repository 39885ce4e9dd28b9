"""The last runs as a row of bars: how long each took, how it ended, and when its first failure was known."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from pytest_pyramid.core.colours import FAILED
from pytest_pyramid.core.drawing import duration
from pytest_pyramid.core.markup import xml
from pytest_pyramid.core.report import RunReport
from pytest_pyramid.core.trend import TrendRow, TrendRun
from pytest_pyramid.core.wording import shape_words

MOST = 30
WIDTH, HEIGHT, FLOOR = 720.0, 130.0, 108.0
ROOM = 96.0
INK, GOOD = "#6b7280", "#0072b2"


def recent(report: RunReport) -> tuple[TrendRun, ...]:
    """The last 29 runs and this one, the oldest first; nothing when there is no earlier one."""
    if not report.trend:
        return ()
    rows = tuple(TrendRow(row.name, row.tests, row.seconds) for row in report.tiers)
    run = report.run
    now = TrendRun(
        run.started, run.seconds, run.exit_status, report.shape.name, run.first_failure_seconds, run.commit, tiers=rows
    )
    return (*report.trend[-MOST + 1 :], now)


def trend_svg(report: RunReport) -> str:
    """The picture as one `svg` element; a failed run's bar has a cross, the dashed line is the median of the others."""
    runs = recent(report)
    longest = max((run.seconds for run in runs), default=0.0) or 1.0
    width = WIDTH / MOST
    told = f'aria-label="Seconds of the last {len(runs)} runs, the latest on the right"'
    box = f'viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" font-size="11" fill="{INK}" role="img"'
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" class="trend" {box} {told}>']
    for number, run in enumerate(runs):
        lines += _bar(run, number * width, width, ROOM / longest)
    middle = median(run.seconds for run in runs)
    y = FLOOR - middle * ROOM / longest
    lines.append(f'<path d="M0 {y:.1f}H{WIDTH:.0f}" stroke="{INK}" stroke-dasharray="5 4"/>')
    lines.append(f'<text x="{WIDTH:.0f}" y="{y - 3:.1f}" text-anchor="end">median {duration(middle)}</text>')
    return "\n".join([*lines, "</svg>"])


def _bar(run: TrendRun, x: float, width: float, scale: float) -> Iterator[str]:
    height = max(1.0, run.seconds * scale)
    failed = run.exit_status != 0
    told = f"{run.started}: {duration(run.seconds)}, {shape_words(run.shape)}, {'not passed' if failed else 'passed'}"
    yield f"<g><title>{xml(told)}</title>"
    yield (
        f'<rect x="{x + 3:.1f}" y="{FLOOR - height:.1f}" width="{width - 6:.1f}" height="{height:.1f}"'
        f' fill="{FAILED if failed else GOOD}"/>'
    )
    if run.first_failure_seconds is not None:
        y = FLOOR - min(run.first_failure_seconds, run.seconds) * scale
        yield f'<circle cx="{x + width / 2:.1f}" cy="{y:.1f}" r="3.5" fill="#fff" stroke="#000"/>'
    sign = "✗" if failed else "✓"
    yield f'<text x="{x + width / 2:.1f}" y="{FLOOR + 14:.0f}" text-anchor="middle">{sign}</text></g>'
