"""The pyramid as SVG: area by tests, a second outline by seconds, the target, and the last green run behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pytest_pyramid.core.colours import tier_colour
from pytest_pyramid.core.drawing import duration, percent
from pytest_pyramid.core.markup import one_line, shortened, xml
from pytest_pyramid.core.report import RunReport, TierRow
from pytest_pyramid.core.trend import TrendRun, last_green
from pytest_pyramid.core.wording import counted, shape_words

WIDTH, STEP, BAR, TOP = 720.0, 44.0, 34.0, 8.0
MIDDLE, WIDEST = 300.0, 340.0
TEXT_AT, NAME_ROOM = 490.0, 18
INK = "#6b7280"
"""Readable on white and on black, for readers of the file that apply no styles."""


class Band(NamedTuple):
    """One row, top first; parts are shares (0–1) of the whole run."""

    row: TierRow
    tests: float
    seconds: float
    target: float | None
    before: float | None
    """Its part of the tests of the last green run."""


def pyramid_svg(report: RunReport, *, links: bool = False) -> str:
    """The picture as one `svg` element; with `links` each row leads to `#q=tier:NAME`.

    All rows have one height, so that width and area both stand for the number of tests. The outline by seconds has a
    scale of its own: it shows where the time goes, however long the run was.
    """
    bands = _bands(report)
    widest = max((part for band in bands for part in (band.tests, band.target, band.before) if part), default=1.0)
    longest = max((band.seconds for band in bands if band.seconds), default=1.0)
    role = 'role="group"' if links else 'role="img"'  # what is a picture has no links inside
    height = 2 * TOP + STEP * len(bands) + 26
    title = f"Pyramid of {counted(sum(row.tests for row in report.tiers), 'test')}: {shape_words(report.shape.name)}"
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {height:.0f}" class="pyramid" '
    opening += f'{role} aria-label="{xml(title)}" font-family="system-ui, sans-serif" font-size="13" fill="{INK}">'
    lines = [opening, f"<title>{xml(title)}</title>"]
    for number, band in enumerate(bands):
        lines += _band(band, TOP + number * STEP, (widest, longest), links=links)
    lines += _legend(bands, height - 8)
    return "\n".join([*lines, "</svg>"])


def _bands(report: RunReport) -> list[Band]:
    rows = sorted((row for row in report.tiers if _is_storey(row)), key=lambda row: -(row.rank or 0))
    rows += [row for row in report.tiers if row.rank is None and row.tests]
    tests, seconds = sum(row.tests for row in rows), sum(row.seconds for row in rows)
    rows += [row for row in report.tiers if row.side]
    green = last_green(report.trend)
    return [
        Band(
            row=row,
            tests=0.0 if row.side else _part(row.tests, tests),
            seconds=0.0 if row.side else _part(row.seconds, seconds),
            target=row.target_min if row.target_min is not None else row.target_max,
            before=None if row.side else _before(green, row.name),
        )
        for row in rows
    ]


def _is_storey(row: TierRow) -> bool:
    return row.rank is not None and not row.side


def _before(green: TrendRun | None, name: str) -> float | None:
    row = green.row(name) if green else None
    return _part(row.tests, green.tests) if green and row else None


def _part(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _band(band: Band, y: float, scales: tuple[float, float], *, links: bool) -> Iterator[str]:
    row, (widest, longest) = band.row, scales
    colour = tier_colour(row.name, row.rank)
    if links:
        yield f'<a href="#q={xml(_token(row.name))}" data-tier="{xml(row.name)}">'
    yield f"<g><title>{xml(_told(band))}</title>"
    width = _width(band.tests, widest) if row.tests and not row.side else 0.0
    yield _box("bar", width, y, BAR, f'fill="{colour}"')
    if band.before is not None:
        yield _box("ghost", _width(band.before, widest), y + 3, BAR - 6, _line(INK, "1 3"))
    if band.target is not None:
        yield _box("target", _width(band.target, widest), y - 2, BAR + 4, _line(INK, "7 4"))
    if not row.side:
        yield _box("seconds", _width(band.seconds, longest), y + BAR / 2 - 5, 10, _line("#111827", "", "#ffffff"))
    yield f'<text x="112" y="{y + 22:.0f}" text-anchor="end" font-weight="600">{xml(_name(row.name))}</text>'
    part = "beside the shape" if row.side else percent(band.tests)
    count = f"{counted(row.tests, 'test')} · {part} · {duration(row.seconds)}"
    yield f'<text x="{TEXT_AT:.0f}" y="{y + 22:.0f}">{xml(count)}</text></g>'
    if links:
        yield "</a>"


def _told(band: Band) -> str:
    row = band.row
    if row.side:
        return f"{row.name}: {counted(row.tests, 'test')}, {duration(row.seconds)}, not part of the shape"
    parts = [f"{row.name}: {counted(row.tests, 'test')} ({percent(band.tests)})"]
    parts.append(f"{counted(row.functions, 'function')} ({percent(row.share)})")
    parts.append(f"{duration(row.seconds)} ({percent(band.seconds)} of the seconds)")
    if band.target is not None:
        bound = "at least" if row.target_min is not None else "at most"
        parts.append(f"target: {bound} {percent(band.target)} of the functions")
    if band.before is not None:
        parts.append(f"last green run: {percent(band.before)} of the tests")
    return ", ".join(parts)


def _name(name: str) -> str:
    return shortened(one_line(name), NAME_ROOM).partition(" … (")[0]


def _token(name: str) -> str:
    """The filter that shows a tier, with quotes where the name needs them; as part of a URL."""
    plain = f"tier:{name}" if name.replace("-", "").replace("_", "").isalnum() else f'tier:"{name}"'
    return "".join(one if one.isalnum() or one in ":-_" else _percent_encoded(one) for one in plain)


def _percent_encoded(one: str) -> str:
    return "".join(f"%{byte:02X}" for byte in one.encode("utf-8", "replace"))


def _width(part: float, widest: float) -> float:
    return max(2.0, WIDEST * part / widest)


def _box(kind: str, width: float, y: float, height: float, style: str) -> str:
    x = MIDDLE - width / 2
    return f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.0f}" rx="2" {style}/>'


def _line(colour: str, dashes: str, fill: str = "none") -> str:
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'fill="{fill}" stroke="{colour}" stroke-width="1.4"{dashed}'


def _legend(bands: Sequence[Band], y: float) -> Iterator[str]:
    kinds = [("", "width: tests"), ("seconds", "inner bar: seconds")]
    kinds += [("target", "dashed: target")] if any(band.target is not None for band in bands) else []
    kinds += [("ghost", "dotted: last green run")] if any(band.before is not None for band in bands) else []
    text = " · ".join(words for _, words in kinds)
    yield f'<text class="legend" x="{MIDDLE:.0f}" y="{y:.0f}" text-anchor="middle" font-size="11">{text}</text>'
