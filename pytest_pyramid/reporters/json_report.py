"""The JSON report: every fact of a run in the published schema."""

from __future__ import annotations

import json
import re

from pytest_pyramid.core.report import RunReport

name = "json"
LONE_SURROGATE = "[\ud800-\udfff]"


def render(report: RunReport) -> str:
    """The report as JSON text that can always be encoded as UTF-8, with a line break at its end."""
    from pytest_pyramid.core.plain_report import to_plain  # noqa: PLC0415  # only who asks for the report pays for it

    # A value per line, for people and for diff; asked to indent, Python would leave its quick encoder.
    text = json.dumps(to_plain(report), ensure_ascii=False, separators=(",\n", ": "), allow_nan=False)
    if text.isascii():
        return f"{text}\n"
    # A node id may hold half a character; JSON can hold it as an escape, UTF-8 cannot hold it at all.
    return re.sub(LONE_SURROGATE, lambda found: f"\\u{ord(found.group()):04x}", text) + "\n"
