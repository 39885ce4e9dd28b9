"""The pyramid as a picture of text: centred bars by share of functions beside aligned columns."""

from __future__ import annotations

from typing import NamedTuple

from pytest_pyramid.core.report import TierRow
from pytest_pyramid.core.styled_text import (
    BOLD,
    DIM,
    GREEN,
    RED,
    YELLOW,
    Line,
    cells,
    cut_end,
    cut_middle,
    line,
    safe,
)
from pytest_pyramid.core.tiers import Share

MOST_LINES = 12
WIDEST_NAME = 18
NARROWEST_BAR, WIDEST_BAR = 12, 36
GAP = "  "
OUTCOMES = (
    ("failed", RED), ("error", RED), ("withheld", YELLOW), ("lost", YELLOW), ("passed", GREEN), ("xpassed", YELLOW),
    ("xfailed", DIM), ("skipped", DIM), ("manual", DIM),
)  # fmt: skip
"""The order in which outcomes are shown: what needs a person first."""


class Glyphs(NamedTuple):
    """The characters that a picture is made of."""

    full: str
    left: str
    right: str
    apart: str
    tick: str
    mark: str
    """Stands for what was cut away."""
    unicode: bool


UNICODE = Glyphs(full="█", left="▐", right="▌", apart="·", tick="✓", mark="…", unicode=True)
ASCII = Glyphs(full="#", left="#", right="#", apart=".", tick="", mark="...", unicode=False)


class Columns(NamedTuple):
    """One row of the table as text, not yet aligned."""

    bar: float | None
    """The width of the bar as a part (0-1) of the widest one; None for no bar."""
    name: str
    tests: str
    share: str
    time: str
    outcomes: tuple[tuple[str, str], ...] = ()
    """(text, style), the most important first."""
    style: str = DIM
    bar_style: str = ""
    detail: tuple[str, str] = ("", "")
    """(text, style) of the row's second line, where there is room for one."""


class Widths(NamedTuple):
    """The cells that each column takes."""

    bar: int
    name: int
    tests: int
    share: int
    time: int
    outcomes: int


def duration(seconds: float) -> str:
    """A length of time for people, with about three digits: "0.80 s", "12.3 s", "210 s", "35 min", "2.5 h"."""
    if seconds < 9.995:
        return f"{seconds:.2f} s"
    if seconds < 99.95:
        return f"{seconds:.1f} s"
    if seconds < 599.5:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:,.1f} h"


def percent(share: float) -> str:
    """A share (0-1) in whole per cent; what is more than nothing is never shown as 0."""
    return "<1 %" if 0 < share <= 0.005 else f"{share:.0%}".replace("%", " %")


def picture(rows: tuple[TierRow, ...], *, width: int, glyphs: Glyphs) -> tuple[Line, ...]:
    """The rows as at most twelve lines: top tier first, base last, then those that are no storey, and the total."""
    tiers = sorted((row for row in rows if row.rank is not None and not row.side), key=lambda row: -(row.rank or 0))
    aside = [row for row in rows if row.side]
    loose = [row for row in rows if row.rank is None and row.tests]
    if not tiers:
        return ()
    widest = max(row.share for row in tiers) or 1.0
    stack = [_columns(row, row.share / widest, glyphs) for row in tiers]
    below = [_columns(row, None, glyphs) for row in loose] + [_aside(row, glyphs) for row in aside]
    below.append(_total([*tiers, *loose, *aside]))
    height = 2 if 2 * len(stack) + len(below) < MOST_LINES else 1
    shown = _without_middle(stack, MOST_LINES - 1 - len(below), glyphs)
    widths = _widths([HEAD, *shown, *below], width)
    lines = [_line(HEAD, widths, glyphs)]
    for each in shown:
        lines.append(_line(each, widths, glyphs))
        lines.extend(_second_line(each, widths, width, glyphs) for _ in range(height - 1))
    return (*lines, *(_line(each, widths, glyphs) for each in below))


HEAD = Columns(bar=None, name="tier", tests="tests", share="share", time="time")


def _columns(row: TierRow, bar: float | None, glyphs: Glyphs) -> Columns:
    return Columns(
        bar=bar,
        name=safe(row.name, unicode=glyphs.unicode),
        tests=f"{row.tests:,}",
        share=percent(row.share),
        time=duration(row.seconds) if row.seconds else "-",
        outcomes=_outcomes(dict(row.outcomes), glyphs),
        style=BOLD if bar is not None else DIM,
        bar_style=_health(dict(row.outcomes)),
        detail=_detail(row),
    )


def _aside(row: TierRow, glyphs: Glyphs) -> Columns:
    """The row of a tier beside the shape, which has no share."""
    columns = _columns(row, None, glyphs)
    return columns._replace(share="-", outcomes=(*columns.outcomes, ("not part of the shape", DIM)))


def _health(counts: dict[str, int]) -> str:
    """Red for a row with failures, dim for one of which nothing ran, green for the rest."""
    if counts.get("failed") or counts.get("error"):
        return RED
    idle = {"withheld", "lost", "manual"}
    return GREEN if any(count for result, count in counts.items() if result not in idle) else DIM


def _detail(row: TierRow) -> tuple[str, str]:
    """How many functions the share is of, and the target when there is one, yellow when it is missed."""
    functions = f"{row.functions:,} function" + ("" if row.functions == 1 else "s")
    bounds = [f"at least {percent(row.target_min)}"] if row.target_min is not None else []
    bounds += [f"at most {percent(row.target_max)}"] if row.target_max is not None else []
    missed = not Share(min=row.target_min, max=row.target_max).allows(row.share)
    return (f"{functions}, target {' and '.join(bounds)}" if bounds else functions, YELLOW if missed else DIM)


def _total(rows: list[TierRow]) -> Columns:
    tests, seconds = sum(row.tests for row in rows), sum(row.seconds for row in rows)
    return Columns(bar=None, name="total", tests=f"{tests:,}", share="", time=duration(seconds))


def _outcomes(counts: dict[str, int], glyphs: Glyphs) -> tuple[tuple[str, str], ...]:
    texts = []
    for result, style in OUTCOMES:
        if counts.get(result):
            ticked = result == "passed" and glyphs.tick
            texts.append((f"{glyphs.tick} {counts[result]:,}" if ticked else f"{counts[result]:,} {result}", style))
    return tuple(texts)


def _without_middle(stack: list[Columns], room: int, glyphs: Glyphs) -> list[Columns]:
    """The rows that fit; where they do not, one row stands for those in the middle."""
    if len(stack) <= room:
        return stack
    upper, lower = (room - 1) // 2, (room - 1) - (room - 1) // 2
    hidden = len(stack) - upper - lower
    gap = Columns(bar=None, name=f"{glyphs.mark} {hidden} more", tests="", share="", time="")
    return [*stack[:upper], gap, *stack[-lower:]]


def _widths(table: list[Columns], width: int) -> Widths:
    """Columns as wide as their texts; the bar takes what is left beside them, within its bounds."""
    name = min(max(cells(each.name) for each in table), WIDEST_NAME, max(8, width // 6))
    tests, share = max(len(each.tests) for each in table), max(len(each.share) for each in table)
    time = max(len(each.time) for each in table)
    wanted = max(cells(", ".join(text for text, _ in each.outcomes)) for each in table)
    fixed = name + tests + share + time + len(GAP) * 6
    bar = max(NARROWEST_BAR, min(WIDEST_BAR, width - fixed - wanted)) // 2 * 2
    return Widths(bar=bar, name=name, tests=tests, share=share, time=time, outcomes=max(0, width - fixed - bar))


def _line(row: Columns, widths: Widths, glyphs: Glyphs) -> Line:
    bar = _bar(row.bar, widths.bar, glyphs)
    name = cut_middle(row.name, widths.name, glyphs.mark)
    numbers = (row.tests.rjust(widths.tests), row.share.rjust(widths.share), row.time.rjust(widths.time))
    padded = GAP + name + " " * (widths.name - cells(name))
    return _trimmed(
        line(
            (GAP + bar, row.bar_style),
            (padded, row.style),
            (GAP + GAP.join(numbers), DIM if row.style == DIM else ""),
            *_fitting(row.outcomes, widths.outcomes, glyphs),
        )
    )


def _second_line(row: Columns, widths: Widths, width: int, glyphs: Glyphs) -> Line:
    text, style = row.detail
    room = width - widths.bar - 2 * len(GAP)
    bar = (GAP + _bar(row.bar, widths.bar, glyphs), row.bar_style)
    return _trimmed(line(bar, (GAP + cut_end(text, room, glyphs.mark), style)))


def _bar(part: float | None, field: int, glyphs: Glyphs) -> str:
    """A bar centred in `field` cells (an even number), drawn to half a cell on either side."""
    if part is None:
        return " " * field
    halves = max(1, round(part * field)) if part > 0 else 0
    body = glyphs.full * (halves // 2 * 2)
    return (glyphs.left + body + glyphs.right if halves % 2 else body).center(field)


def _fitting(outcomes: tuple[tuple[str, str], ...], room: int, glyphs: Glyphs) -> list[tuple[str, str]]:
    """As many outcomes as fit into `room` cells, with commas between; a mark tells that some are missing."""
    parts: list[tuple[str, str]] = []
    for position, (text, style) in enumerate(outcomes):
        lead = ", " if position else GAP
        last = position == len(outcomes) - 1
        reserve = 0 if last else cells(glyphs.mark) + 2
        used = sum(cells(part) for part, _ in parts)
        if used + cells(lead + text) + reserve > room + len(GAP):
            return [*parts, (lead + glyphs.mark, DIM)]
        parts += [(lead, DIM), (text, style)]
    return parts


def _trimmed(whole: Line) -> Line:
    """The line without blanks at its end."""
    parts = [(segment.text, segment.style) for segment in whole.segments]
    while parts and not parts[-1][0].strip():
        parts.pop()
    return line(*parts[:-1], (parts[-1][0].rstrip(), parts[-1][1])) if parts else line()
