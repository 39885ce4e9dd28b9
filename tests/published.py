"""What those who read our files have published about their formats, as checks that raise AssertionError."""

from __future__ import annotations

import json
import os
from pathlib import Path

import html5lib
import jsonschema
import xmlschema

GOLDEN = Path(__file__).parent / "golden"
JUNIT = xmlschema.XMLSchema(GOLDEN / "junit.xsd")
"""Narrower than junit-10.xsd of Jenkins' xUnit plugin, which takes whatever this one takes."""
FOREIGN_JUNIT = os.environ.get("PYRAMID_JUNIT_SCHEMA", "")
"""A file with somebody else's schema of JUnit that every JUnit file has to fulfil as well."""


def _validator(name: str) -> jsonschema.Draft202012Validator:
    schema = json.loads((GOLDEN / name).read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


GITLAB, TRACE = _validator("gitlab.schema.json"), _validator("trace.schema.json")


def check_junit(text: str) -> None:
    """The file is valid against the schema, and against the one of others that was named."""
    JUNIT.validate(text)
    if FOREIGN_JUNIT:
        xmlschema.XMLSchema(FOREIGN_JUNIT).validate(text)


def check_html(text: str) -> None:
    """A strict HTML5 parser finds no error, and nothing is fetched from elsewhere."""
    html5lib.HTMLParser(strict=True).parse(text)
    assert 'src="http' not in text


def check_gitlab(text: str) -> None:
    """The array is valid against the schema; no fingerprint stands for two entries."""
    entries = json.loads(text)
    GITLAB.validate(entries)
    assert len({entry["fingerprint"] for entry in entries}) == len(entries)


def check_trace(text: str) -> None:
    """The events are valid against the schema; spans that were begun end."""
    trace = json.loads(text)
    TRACE.validate(trace)
    begun, over = (sorted(event["id"] for event in trace["traceEvents"] if event["ph"] == phase) for phase in "be")
    assert begun == over


CHECKS = {"junit": check_junit, "html": check_html, "gitlab": check_gitlab, "trace": check_trace}
"""By format."""
