"""A judgement beside a baseline: what is known told apart, and what the rules about the baseline itself find."""

from __future__ import annotations

import dataclasses

from pytest_pyramid.core.baseline import Recorded
from pytest_pyramid.core.facts import Suite
from pytest_pyramid.core.ratchet import Ratchet, Sight, flagged, judged_codes, stale
from pytest_pyramid.core.ruling import Judgement, RuleBook, Stage, judge


def seen(book: RuleBook, suite: Suite, found: Judgement) -> Sight:
    """What the run saw: its facts, its violations, and the codes of the rules that were asked and could tell."""
    asked = {rule.code for rule, _ in book.entries} - set(found.unasked)
    return Sight(suite, found.violations, judged_codes(asked, suite))


def with_baseline(book: RuleBook, suite: Suite, found: Judgement, recorded: Recorded) -> Judgement:
    """What was found, with what is known told apart, and what the rules about the baseline add."""
    baseline, sight = recorded.baseline, seen(book, suite, found)
    ratchet = Ratchet(recorded.file, stale(baseline, sight), baseline.shares, baseline.coverage)
    more = judge(book, dataclasses.replace(suite, ratchet=ratchet), Stage.BASELINE)
    return Judgement.joined([found._replace(violations=flagged(baseline, sight, recorded.day)), more])
