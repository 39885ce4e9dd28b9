"""The JSON report: every fact of a run in the published schema."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from pytest_pyramid.core.facts import Outcome, TestFacts
from pytest_pyramid.core.plain_entry import DIGITS
from pytest_pyramid.core.report import RunReport

name = "json"
LONE_SURROGATE = "[\ud800-\udfff]"
# A value per line, for people and for diff; asked to indent, Python would leave its quick encoder.
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",\n", ": "), allow_nan=False)

_JOINED = ",\n"


def render(report: RunReport) -> str:
    """The report as JSON text that can always be encoded as UTF-8, with a line break at its end."""
    from pytest_pyramid.core.plain_report import to_plain  # noqa: PLC0415  # only who asks for the report pays for it

    parts = {key: _ENCODER.encode(value) for key, value in to_plain(report, tests=False).items()}
    parts["tests"] = f"[{_JOINED.join(_tests(report))}]"
    text = f"{{{_JOINED.join(f'{_ENCODER.encode(key)}: {part}' for key, part in parts.items())}}}\n"
    if text.isascii():
        return text
    # A node id may hold half a character; JSON can hold it as an escape, UTF-8 cannot hold it at all.
    return re.sub(LONE_SURROGATE, lambda found: f"\\u{ord(found.group()):04x}", text)


class _Words(dict[str | None, str]):
    """Texts as JSON, each encoded once: most tests share file, tier and worker with others."""

    def __missing__(self, word: str | None) -> str:
        self[word] = found = _ENCODER.encode(word)
        return found


def _tests(report: RunReport) -> Iterator[str]:
    """The object of each test. What nothing happened to is written without building it first, in a third of the time."""
    from pytest_pyramid.core.plain_outcome import is_quiet, plain_test  # noqa: PLC0415  # as above

    words = _Words()
    for fact, outcome in zip(report.tests, report.outcomes, strict=True):
        if is_quiet(fact, outcome):
            yield _quiet(fact, outcome, words)
        else:
            yield _ENCODER.encode(plain_test(fact, outcome))


def _quiet(fact: TestFacts, outcome: Outcome, words: _Words) -> str:
    """What the encoder makes of `plain_test`, of a test that is quiet."""
    setup, call = round(outcome.setup_seconds, DIGITS), round(outcome.call_seconds, DIGITS)
    teardown = round(outcome.teardown_seconds, DIGITS)
    start = "null" if outcome.start is None else repr(round(outcome.start, DIGITS))
    nodeid = _ENCODER.encode(fact.nodeid)
    function = nodeid if fact.function == fact.nodeid else words[fact.function]
    line = "null" if fact.location.line is None else fact.location.line
    return (
        f'{{"nodeid": {nodeid},\n"tier": {words[fact.tier]},\n"classified_by": {words[fact.classified_by]},\n'
        f'"outcome": {words[outcome.result.value]},\n"seconds": {round(setup + call + teardown, DIGITS)!r},\n'
        f'"setup_seconds": {setup!r},\n"call_seconds": {call!r},\n"teardown_seconds": {teardown!r},\n'
        f'"start": {start},\n"worker": {words[outcome.worker]},\n"file": {words[fact.location.file]},\n'
        f'"line": {line},\n"message": null,\n"touches": [],\n"function": {function}}}'
    )
