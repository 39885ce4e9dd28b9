"""The JSON report: every fact of a run in the published schema."""

from __future__ import annotations

import json
import re

from pytest_pyramid.core.plain_report import to_plain
from pytest_pyramid.core.report import RunReport

name = "json"
LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def render(report: RunReport) -> str:
    """The report as JSON text that can always be encoded as UTF-8, with a line break at its end."""
    text = json.dumps(to_plain(report), ensure_ascii=False, indent=1, allow_nan=False)
    # A node id may hold half a character; JSON can hold it as an escape, UTF-8 cannot hold it at all.
    return LONE_SURROGATE.sub(lambda found: f"\\u{ord(found.group()):04x}", text) + "\n"
