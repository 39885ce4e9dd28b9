"""A badge as SVG: the shape, or the gate that closed."""

from __future__ import annotations

from pytest_pyramid.core.markup import one_line, shortened, xml
from pytest_pyramid.core.report import RunReport
from pytest_pyramid.core.wording import shape_words

name = "badge"
LABEL = "tests"
GOOD, POOR, BAD, UNKNOWN = "#0a7f4f", "#8a6d00", "#b3401a", "#5f6670"
"""White text on each has a contrast of more than 4.5 (WCAG 2.2, 1.4.3)."""
LETTER, PADDING, HEIGHT = 6.6, 8.0, 20
LONGEST = 40


def render(report: RunReport) -> str:
    """One badge: "gate unit closed", "not passed", or the name of the shape."""
    said, colour = _said(report)
    said = shortened(one_line(said), LONGEST).partition(" … (")[0]
    left, right = _room(LABEL), _room(said)
    title = xml(f"{LABEL}: {said}")
    size = f'width="{left + right:.0f}" height="{HEIGHT}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{title}">',
            f"<title>{title}</title>",
            f'<rect {size} rx="3" fill="#404750"/>',
            f'<path d="M{left:.0f} 0h{right - 3:.0f}q3 0 3 3v14q0 3 -3 3h-{right - 3:.0f}z" fill="{colour}"/>',
            '<g fill="#ffffff" font-family="Verdana, DejaVu Sans, sans-serif" font-size="11" text-anchor="middle">',
            _text(LABEL, left / 2, left),
            _text(said, left + right / 2, right),
            "</g>",
            "</svg>",
            "",
        ]
    )


def _said(report: RunReport) -> tuple[str, str]:
    closed = next((gate.tier for gate in report.gates if gate.state == "closed"), None)
    if closed is not None:
        return f"gate {closed} closed", BAD
    if report.run.exit_status:
        return "not passed", BAD
    if not report.shape.judged:
        return "passed, shape not judged", UNKNOWN
    return shape_words(report.shape.name), GOOD if report.shape.name == "pyramid" else POOR


def _room(text: str) -> float:
    return 2 * PADDING + LETTER * len(text)


def _text(text: str, x: float, room: float) -> str:
    """The text, stretched or squeezed to its room, since fonts differ."""
    return f'<text x="{x:.1f}" y="14" textLength="{room - 2 * PADDING:.1f}">{xml(text)}</text>'
