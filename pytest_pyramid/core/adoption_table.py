"""What was found in a repository, for people: which evidence puts how many tests into which tier, and what is left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pytest_pyramid.core.facts import TestFacts
from pytest_pyramid.core.placing import is_told
from pytest_pyramid.core.survey import Survey
from pytest_pyramid.core.tier_words import marker_word, why_no_tier
from pytest_pyramid.core.tiers import UNCLASSIFIED, Pyramid
from pytest_pyramid.core.wording import counted

HEAD = ("files", "functions", "tier", "evidence")
MOST_ROWS = 12
"""So many rows of one tier are shown, those with the most tests first."""

Row = tuple[str, str, str, str]


def evidence_rows(placed: Sequence[TestFacts], survey: Survey, pyramid: Pyramid) -> list[Row]:
    """The rows of the table, base first; then markers that look like a kind of test and name no tier."""
    found: list[Row] = []
    for tier in pyramid.rows:
        inside = [test for test in placed if test.tier == tier]
        reasons = _by_reason(inside)
        shown = sorted(reasons, key=lambda reason: (-len(reasons[reason]), reason))
        found += [_row(reasons[reason], tier, reason) for reason in shown[:MOST_ROWS]]
        if rest := [test for reason in shown[MOST_ROWS:] for test in reasons[reason]]:
            found.append(_row(rest, tier, f"{len(shown) - MOST_ROWS} more folders, markers and fixtures"))
    return [*found, *_without_a_tier(placed, survey, pyramid)]


def evidence_by_tier(placed: Sequence[TestFacts], pyramid: Pyramid) -> Mapping[str, tuple[str, ...]]:
    """What the tests of each tier were found by, the commonest first; only tiers that have tests."""
    found: dict[str, tuple[str, ...]] = {}
    for tier in pyramid.names:
        reasons = _by_reason([test for test in placed if test.tier == tier and is_told(test)])
        if reasons:
            found[tier] = tuple(sorted(reasons, key=lambda reason: (-len(reasons[reason]), reason)))
    return found


def remarks(placed: Sequence[TestFacts], survey: Survey, pyramid: Pyramid, most: float) -> Iterator[str]:
    """Sentences about what a person should know; `most` is the share (0-1) that may be without a tier."""
    for problem in survey.unread:
        yield f"not read: {problem}"
    markers = {marker for tier in pyramid for marker in tier.markers}
    for marker in sorted((survey.used & markers) - set(survey.registered) - set(pyramid.names)):
        yield f"marker {marker} is in use and not registered: add it to `markers` of pytest's settings"
    for file, marker in survey.put_on:
        if marker in markers:
            yield f"{file} names marker {marker}: which tests it puts it on, only a run can tell"
    bare = sum(test.tier == UNCLASSIFIED for test in placed)
    if bare > most * len(placed):
        functions = counted(bare, "test function")
        yield (
            f"{functions} of {len(placed):,} {'says' if bare == 1 else 'say'} no tier, so that the shape is not judged: "
            "mark them or move them, or set default-tier if you know where they belong"
        )


def _by_reason(tests: Sequence[TestFacts]) -> dict[str, list[TestFacts]]:
    found: dict[str, list[TestFacts]] = {}
    for test in tests:
        found.setdefault(test.classified_by.replace("path ", "folder ", 1), []).append(test)
    return found


def _row(tests: Sequence[TestFacts], tier: str, reason: str) -> Row:
    return (f"{len({test.location.file for test in tests}):,}", f"{len(tests):,}", tier, reason)


def _without_a_tier(placed: Sequence[TestFacts], survey: Survey, pyramid: Pyramid) -> Iterator[Row]:
    known = {marker for tier in pyramid for marker in tier.markers}
    for marker in sorted((survey.used | set(survey.registered)) - known):
        reason = why_no_tier(marker)
        carriers = [test for test in placed if any(marker in level for level in test.marks)]
        if reason is not None:
            yield _row(carriers, "-", f"marker {marker}: it {reason}")
        elif marker_word(marker) is not None and not carriers:
            yield _row(carriers, "-", f"marker {marker}: registered, and on no test")
