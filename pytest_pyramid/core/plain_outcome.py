"""One test of a report, its facts and its outcome in one object, as plain data and back."""

from __future__ import annotations

from math import isfinite
from typing import Any

from pytest_pyramid.core.evidence import Suggestion
from pytest_pyramid.core.facts import Location, Outcome, Placement, Result, TestFacts, Touch
from pytest_pyramid.core.plain_entry import Entry, plain_place, rounded
from pytest_pyramid.core.tiers import Action, Resource


def plain_test(fact: TestFacts, outcome: Outcome) -> dict[str, Any]:
    """The object of one test.

    The key "manual" is there for tests only that a person does, "hints" for those only that nothing places and weaker
    evidence speaks for. "seconds" is the sum of the three rounded phases, so that the numbers shown always add up.
    """
    phases = [rounded(each) for each in (outcome.setup_seconds, outcome.call_seconds, outcome.teardown_seconds)]
    manual = {} if fact.manual is None else {"manual": fact.manual}
    hints = {"hints": [_plain_hint(one) for one in fact.hints]} if fact.hints else {}
    return {
        "nodeid": fact.nodeid,
        "tier": fact.tier,
        "classified_by": fact.classified_by,
        "outcome": outcome.result.value,
        "seconds": rounded(sum(phase or 0.0 for phase in phases)),
        "setup_seconds": phases[0],
        "call_seconds": phases[1],
        "teardown_seconds": phases[2],
        "start": rounded(outcome.start),
        "worker": outcome.worker,
        **plain_place(fact.location),
        "message": outcome.message,
        "touches": [plain_touch(touch) for touch in outcome.touches],
        "function": fact.function,
        **manual,
        **hints,
    }


def is_quiet(fact: TestFacts, outcome: Outcome) -> bool:
    """True when `plain_test` gives the keys that every test has, no message, no touches, and times that are numbers.

    Who writes such objects without building them first rests on this: a key that only some tests have belongs here.
    """
    if outcome.message is not None or outcome.touches or fact.manual is not None or fact.hints:
        return False
    return isfinite(outcome.setup_seconds + outcome.call_seconds + outcome.teardown_seconds + (outcome.start or 0.0))


def facts_of(entry: Entry) -> TestFacts:
    """The facts of the test that `entry` holds; its reason stands for the classifier that gave it.

    Raises ValueError when a key is missing or of the wrong kind.
    """
    nodeid, tier, reason = entry.text("nodeid"), entry.text("tier"), entry.text("classified_by")
    bare = TestFacts(
        nodeid=nodeid,
        function=entry.text("function", default=nodeid),
        location=Location(file=entry.text("file"), line=entry.whole_or_none("line")),
        manual=entry.text_or_none("manual") if entry.has("manual") else None,
        tier=tier,
        hints=tuple(_hint_of(one) for one in entry.entries("hints")) if entry.has("hints") else (),
    )
    if reason == bare.classified_by:
        return bare
    source = reason.split(" ", 1)[0]
    return bare._replace(placements=(Placement(tier=tier, source=source, reason=reason),))


def _plain_hint(one: Suggestion) -> dict[str, Any]:
    return {"tier": one.tier, "kind": one.kind, "what": one.what, "confidence": one.confidence}


def _hint_of(entry: Entry) -> Suggestion:
    return Suggestion(entry.text("tier"), entry.text("kind"), entry.text("what"), entry.number("confidence"))


def outcome_of(entry: Entry) -> Outcome:
    """The outcome of the test that `entry` holds.

    Raises ValueError when a key is missing or of the wrong kind.
    """
    return Outcome(
        nodeid=entry.text("nodeid"),
        tier=entry.text("tier"),
        result=entry.member("outcome", Result),
        setup_seconds=entry.number("setup_seconds"),
        call_seconds=entry.number("call_seconds"),
        teardown_seconds=entry.number("teardown_seconds"),
        start=entry.number_or_none("start"),
        worker=entry.text_or_none("worker"),
        message=entry.text_or_none("message"),
        touches=tuple(touch_of(one) for one in entry.entries("touches")),
    )


def plain_touch(touch: Touch) -> dict[str, Any]:
    """The object of one touch."""
    return {
        "resource": touch.resource.value,
        "phase": touch.phase,
        "detail": touch.detail,
        **plain_place(touch.location),
        "allowed": touch.action is Action.ALLOW,
        "action": touch.action.value,
        "fixture": touch.fixture,
        "layer": touch.layer,
        "count": touch.count,
        "known": touch.known,
    }


def touch_of(entry: Entry) -> Touch:
    """The touch that `entry` holds. Raises ValueError when a key is missing or of the wrong kind."""
    from_flag = Action.ALLOW if entry.flag("allowed") else Action.WARN
    return Touch(
        resource=entry.member("resource", Resource),
        phase=entry.text("phase"),
        detail=entry.text("detail"),
        location=entry.location(),
        action=entry.member("action", Action) if entry.has("action") else from_flag,
        fixture=entry.text_or_none("fixture") if entry.has("fixture") else None,
        layer=entry.text("layer", default="hook"),
        count=entry.whole("count") if entry.has("count") else 1,
        known=entry.flag("known") if entry.has("known") else False,
    )
