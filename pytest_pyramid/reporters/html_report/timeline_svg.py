"""The timeline of the workers as SVG: tests by tier, idle time hatched, failures, gates and the lower bound."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator

from pytest_pyramid.core.colours import FAILED, tier_colour
from pytest_pyramid.core.drawing import duration
from pytest_pyramid.core.markup import one_line, shortened, visible, xml
from pytest_pyramid.core.report import RunReport
from pytest_pyramid.core.timeline import Lane, Stretch, end_of, lanes, lower_bound, marks
from pytest_pyramid.core.wording import counted

WIDTH, LEFT, RIGHT, TOP = 1000.0, 64.0, 12.0, 34.0
LANE, STEP = 18.0, 24.0
NEAREST = 0.6
"""Tests that are nearer than so many units are drawn as one."""
MOST_FLAGS = 100
TICKS = 8
LONGEST_NAME = 1_000
INK = "#6b7280"
HATCH = (
    '<defs><pattern id="idle" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<path d="M0 0v6" stroke="{INK}" stroke-width="1" stroke-opacity="0.45"/></pattern></defs>'
)


def timeline_svg(report: RunReport) -> str:
    """The picture as one `svg` element whose data attributes tell the page's script where times and lanes are."""
    made = lanes(report)
    end = end_of(report) or 1.0
    scale = (WIDTH - LEFT - RIGHT) / end
    height = TOP + STEP * len(made) + 24
    colours = {row.name: tier_colour(row.name, row.rank) for row in report.tiers}
    lines = [_opening(len(made), end, scale, height), HATCH]
    lines += _axis(end, scale, height)
    for number, lane in enumerate(made):
        lines += _lane(lane, TOP + number * STEP, scale, end, colours)
    lines += _moments(report, scale, height)
    return "\n".join([*lines, "</svg>"])


def _opening(workers: int, end: float, scale: float, height: float) -> str:
    box = f'viewBox="0 0 {WIDTH:.0f} {height:.0f}" font-size="11" fill="{INK}" tabindex="0" role="img"'
    told = f'aria-label="Timeline of {counted(workers, "worker")} over {duration(end)}"'
    places = f'data-left="{LEFT}" data-scale="{scale:.6f}" data-top="{TOP}" data-step="{STEP}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" id="timeline" class="timeline" {box} {told} {places}>'


def _axis(end: float, scale: float, height: float) -> Iterator[str]:
    step = _round_step(end / TICKS)
    for number in range(int(end / step) + 1):
        x = LEFT + number * step * scale
        yield f'<path d="M{x:.1f} {TOP - 4:.0f}V{height - 20:.0f}" stroke="{INK}" stroke-opacity="0.25"/>'
        yield f'<text x="{x:.1f}" y="{height - 6:.0f}" text-anchor="middle">{number * step:g} s</text>'


def _round_step(least: float) -> float:
    """1, 2 or 5 times a power of ten, not less than `least`."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= least * 0.999)


def _lane(lane: Lane, y: float, scale: float, end: float, colours: dict[str, str]) -> Iterator[str]:
    name = shortened(one_line(lane.worker), 8).partition(" …")[0]
    worker = shortened(visible(lane.worker), LONGEST_NAME)
    yield f'<text x="{LEFT - 8:.0f}" y="{y + 13:.0f}" text-anchor="end" data-lane="{xml(worker)}">{xml(name)}</text>'
    yield f'<rect class="idle" x="{LEFT}" y="{y}" width="{end * scale:.1f}" height="{LANE}" fill="url(#idle)"/>'
    by_tier: dict[str, list[Stretch]] = defaultdict(list)
    for stretch in lane.stretches:
        by_tier[stretch.tier].append(stretch)
    for tier, stretches in by_tier.items():
        path = "".join(
            f"M{x:.1f} {y:.0f}h{width:.1f}v{LANE:.0f}h-{width:.1f}z" for x, width in _spans(stretches, scale)
        )
        yield f'<path d="{path}" fill="{colours.get(tier, INK)}"><title>{xml(one_line(tier))}</title></path>'
    failed = [one for one in lane.stretches if one.result.pulls_the_cord]
    for one in failed[:MOST_FLAGS]:
        x = LEFT + one.start * scale
        yield f'<path class="flag" d="M{x:.1f} {y - 3:.0f}l5 -0l-5 9z" fill="{FAILED}" stroke="#000" stroke-width="0.6"/>'


def _spans(stretches: Iterable[Stretch], scale: float) -> Iterator[tuple[float, float]]:
    """Left edge and width of every box; neighbours that the eye cannot part are one."""
    start = last = -1.0
    for one in stretches:
        x, right = LEFT + one.start * scale, LEFT + one.end * scale
        if start >= 0 and x - last < NEAREST:
            last = max(last, right)
            continue
        if start >= 0:
            yield start, max(NEAREST, last - start)
        start, last = x, right
    if start >= 0:
        yield start, max(NEAREST, last - start)


def _moments(report: RunReport, scale: float, height: float) -> Iterator[str]:
    """Vertical lines: closed and opened gates, and the end that no schedule can be before."""
    for number, (when, gate) in enumerate(marks(report)):
        closed = gate.state == "closed"
        tier = shortened(one_line(gate.tier), 12).partition(" …")[0]
        text = f"{'✗' if closed else '✓'} {tier} {gate.state}"
        y = 12 + 12 * (number % 2)  # neighbours stand on two lines
        yield from _moment(LEFT + when * scale, y, height, text, colour=FAILED if closed else INK)
    bound = lower_bound(report)
    if bound:
        yield from _moment(LEFT + bound * scale, 24, height, "lower bound", colour=INK, dashes="3 3")


def _moment(x: float, y: float, height: float, text: str, *, colour: str, dashes: str = "") -> Iterator[str]:
    anchor = "end" if x > WIDTH * 0.85 else "start"
    yield f'<path class="moment" d="M{x:.1f} {y:.0f}V{height - 20:.0f}" stroke="{colour}" stroke-dasharray="{dashes}"/>'
    offset = -3 if anchor == "end" else 3
    yield f'<text x="{x + offset:.1f}" y="{y:.0f}" text-anchor="{anchor}" fill="{colour}">{xml(text)}</text>'
