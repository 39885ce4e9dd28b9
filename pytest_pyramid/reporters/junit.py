"""JUnit XML: one suite per tier and reason, in the form that Jenkins, GitLab and the Ant schema agree on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import count

from pytest_pyramid.core.facts import CollectionError, Outcome, Result, TestFacts
from pytest_pyramid.core.markup import shortened, xml
from pytest_pyramid.core.report import RunReport

name = "junit"
LONGEST = 20_000
"""Characters of one message; beyond that readers of the file become slow."""

_UNRUN = {Result.SKIPPED: "pytest.skip", Result.XFAILED: "pytest.xfail"}
_ELEMENTS = {Result.FAILED: "failure", Result.ERROR: "error"}
_SILENT = (Result.PASSED, Result.XPASSED)
"""What is a bare test case; an xpass that counts as a failure is a failed test."""

Pair = tuple[TestFacts, Outcome]


def render(report: RunReport) -> str:
    """The whole file.

    A suite's properties `tier`, `reason` and `gate` say where its tests stand and why. Withheld and lost tests are
    skipped with the type "pyramid.withheld" or "pyramid.lost", so that no reader counts them as passed.
    """
    suites: dict[tuple[str, str], list[Pair]] = defaultdict(list)
    for test, outcome in zip(report.tests, report.outcomes, strict=True):
        suites[test.tier, test.classified_by].append((test, outcome))
    numbers = count()
    lines = ['<?xml version="1.0" encoding="utf-8"?>', "<testsuites>"]
    for (tier, reason), pairs in suites.items():
        lines += _suite(report, next(numbers), tier, reason, pairs)
    if report.collection_errors:
        lines += _uncollected(report, next(numbers))
    return "\n".join([*lines, "</testsuites>", ""])


def _suite(report: RunReport, number: int, tier: str, reason: str, pairs: list[Pair]) -> Iterator[str]:
    results = [outcome.result for _, outcome in pairs]
    skipped = sum(result not in _ELEMENTS and result not in _SILENT for result in results)
    counts = {
        "tests": len(pairs),
        "failures": results.count(Result.FAILED),
        "errors": results.count(Result.ERROR),
        "skipped": skipped,
    }
    yield _opening(report, number, f"{tier} ({reason})", counts, sum(outcome.seconds for _, outcome in pairs))
    gate = next((row.gate for row in report.tiers if row.name == tier), None)
    yield from _properties({"tier": tier, "reason": reason, "gate": gate or "none", "tool.version": report.version})
    for test, outcome in pairs:
        yield _case(test, outcome)
    yield "<system-out/><system-err/></testsuite>"


def _uncollected(report: RunReport, number: int) -> Iterator[str]:
    """A suite of one erroneous case for each file that could not be collected, as pytest's own JUnit file has it."""
    errors: tuple[CollectionError, ...] = report.collection_errors
    counts = {"tests": len(errors), "failures": 0, "errors": len(errors), "skipped": 0}
    yield _opening(report, number, "not collected", counts, 0.0)
    yield from _properties({"tool.version": report.version})
    for error in errors:
        yield (
            f'<testcase classname="" name="{xml(error.nodeid)}" time="0.000">'
            f"{_element('error', 'pyramid.collection', error.message)}</testcase>"
        )
    yield "<system-out/><system-err/></testsuite>"


def _opening(report: RunReport, number: int, title: str, counts: dict[str, int], seconds: float) -> str:
    numbers = " ".join(f'{key}="{value}"' for key, value in counts.items())
    return (
        f'<testsuite name="{xml(title)}" {numbers} time="{seconds:.3f}" timestamp="{xml(report.run.started.rstrip("Z"))}"'
        f' hostname="{xml(report.run.host or "localhost")}" id="{number}" package="">'
    )


def _properties(values: dict[str, str]) -> Iterator[str]:
    yield "<properties>"
    yield from (f'<property name="{xml(key)}" value="{xml(value)}"/>' for key, value in values.items())
    yield "</properties>"


def _case(test: TestFacts, outcome: Outcome) -> str:
    path, _, rest = test.nodeid.partition("::")
    *classes, own = _names(rest) if rest else [path]
    module = path.removesuffix(".py").replace("/", ".") if rest else ""
    opening = (
        f'<testcase classname="{xml(".".join([module, *classes]))}" name="{xml(own)}" time="{outcome.seconds:.3f}"'
    )
    inside = _inside(outcome)
    return f"{opening}>{inside}</testcase>" if inside else f"{opening}/>"


def _names(rest: str) -> list[str]:
    """The classes and the function; parameters belong to the function, whatever they hold."""
    names, bracket, parameters = rest.partition("[")
    *classes, function = names.split("::")
    return [*classes, function + bracket + parameters]


def _inside(outcome: Outcome) -> str:
    if outcome.result in _SILENT:
        return ""
    message = outcome.message or outcome.result.value
    if outcome.result in _ELEMENTS:
        return _element(_ELEMENTS[outcome.result], f"pytest.{outcome.result.value}", message)
    return _element("skipped", _UNRUN.get(outcome.result, f"pyramid.{outcome.result.value}"), message)


def _element(tag: str, kind: str, message: str) -> str:
    text = shortened(message, LONGEST)
    first = text.strip().partition("\n")[0]
    return f'<{tag} type="{kind}" message="{xml(first)}">{xml(text)}</{tag}>'
