"""What those who read our files have published about their formats, as checks that raise AssertionError."""

from __future__ import annotations

import json
from pathlib import Path

import html5lib
import xmlschema

JUNIT = xmlschema.XMLSchema(Path(__file__).parent / "golden" / "junit.xsd")
"""Narrower than junit-10.xsd of Jenkins' xUnit plugin, which takes whatever this one takes."""
SEVERITIES = ("info", "minor", "major", "critical", "blocker")
PHASES = {
    "X": ("ts", "dur", "tid"),
    "i": ("ts", "s"),
    "M": ("args",),
    "b": ("ts", "id", "cat"),
    "e": ("ts", "id", "cat"),
}
"""By phase, the keys that an event must have besides name and pid."""


def check_junit(text: str) -> None:
    """The file is valid against the schema."""
    JUNIT.validate(text)


def check_html(text: str) -> None:
    """A strict HTML5 parser finds no error, and nothing is fetched from elsewhere."""
    html5lib.HTMLParser(strict=True).parse(text)
    assert 'src="http' not in text


def check_gitlab(text: str) -> None:
    """Every entry has what GitLab's page "Code Quality report format" asks for; paths are relative, prints differ."""
    entries = json.loads(text)
    for entry in entries:
        assert all(isinstance(entry[key], str) and entry[key] for key in ("description", "check_name", "fingerprint"))
        assert entry["severity"] in SEVERITIES
        assert not entry["location"]["path"].startswith(("/", "./"))
        assert isinstance(entry["location"]["lines"]["begin"], int)
    assert len({entry["fingerprint"] for entry in entries}) == len(entries)


def check_trace(text: str) -> None:
    """Every event has what the Chrome "Trace Event Format" asks for; begun spans end, no time is below zero."""
    events = json.loads(text)["traceEvents"]
    for event in events:
        wanted = ("name", "pid", *PHASES[event["ph"]])
        assert all(key in event for key in wanted), event
        assert event.get("ts", 0) >= 0
        assert event.get("dur", 0) >= 0
        assert event.get("s", "g") in ("g", "p", "t")
    begun, over = (sorted(event["id"] for event in events if event["ph"] == phase) for phase in "be")
    assert begun == over


CHECKS = {"junit": check_junit, "html": check_html, "gitlab": check_gitlab, "trace": check_trace}
"""By format."""
