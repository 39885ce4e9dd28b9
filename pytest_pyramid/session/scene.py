"""The running test, as its guard sees it: its tier and marks, looked up when needed, and what it touched so far."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pytest_pyramid.core.acts import Act
from pytest_pyramid.core.facts import TestFacts, Touch
from pytest_pyramid.core.guarding import decide, stricter
from pytest_pyramid.core.setting_tree import Settings
from pytest_pyramid.core.tiers import Action, Resource, Tier
from pytest_pyramid.core.touch_text import Circumstances, message
from pytest_pyramid.session.collecting import Collecting
from pytest_pyramid.session.fixture_acts import FixtureRecord
from pytest_pyramid.session.tier_violation import TierViolation
from pytest_pyramid.session.witness import Line

if TYPE_CHECKING:
    from pytest_pyramid.core.baseline import Shield

_WAITS = {Resource.SLEEP, Resource.NETWORK, Resource.LOCALHOST, Resource.PROCESS, Resource.DATABASE}
"""What a test that did one of these may have been waiting for."""
MOST = 50
"""So many different touches of one test are kept; a test with more shows nothing new."""


class Scene:
    """One attempt at one test."""

    def __init__(
        self, item: pytest.Item, settings: Settings, collecting: Collecting, shield: Shield | None = None
    ) -> None:
        self.item = item
        self.phase = "setup"
        self.touched = False
        """True when there is something for the next report."""
        self.failure: Circumstances | None = None
        """The first touch of the phase that is an error."""
        self._settings = settings
        self._collecting = collecting
        self._shield = shield
        self._facts: TestFacts | None = None
        self._touches: dict[tuple[object, ...], Touch] = {}
        self._met: set[Resource] = set()

    @property
    def file(self) -> str:
        """The test's own file, as its code names it."""
        return str(self.item.path)

    @property
    def tier(self) -> Tier | None:
        """The tier that the test claims, None for a test without one."""
        return self._settings.pyramid.named(self.facts.tier)

    @property
    def facts(self) -> TestFacts:
        """Everything about the test; asked for only when it touches something."""
        if self._facts is None:
            self._facts = self._collecting.facts_of(self.item)
        return self._facts

    def take_touches(self) -> tuple[Touch, ...]:
        """What was touched since this was asked last."""
        found = tuple(self._touches.values())
        self._touches, self.touched = {}, False
        return found

    def meet(
        self,
        readings: tuple[Act, ...],
        line: Line | None,
        *,
        client: str | None = None,
        test_line: Line | None = None,
        fixture: FixtureRecord | None = None,
        layer: str = "hook",
    ) -> TierViolation | None:
        """Book an act, as the reading of it that the tier judges hardest; the failure to raise when it is an error."""
        tier, facts, mode = self.tier, self.facts, self._settings.guard
        judged = [(act, decide(act, tier, facts.allowances, mode)) for act in readings]
        act, action = judged[0]
        for other in judged[1:]:
            act, action = stricter((act, action), other)
        touch = Touch(
            resource=act.resource,
            phase=self.phase,
            detail=act.detail,
            location=line.place if line else None,
            action=action,
            fixture=fixture.name if fixture else None,
            known=self.is_known(act.resource),
            layer=layer,
        )
        self._book(touch, act.verb)
        if action is not Action.ERROR or tier is None or touch.known:
            return None
        case = Circumstances(
            nodeid=self.item.nodeid,
            tier=tier,
            classified_by=facts.classified_by,
            touch=touch,
            function=line.function if line else None,
            test_line=_shown(test_line) if test_line and test_line != line else None,
            client=client,
            fixture=fixture.shown if fixture else None,
        )
        self.failure = self.failure or case
        return TierViolation(message(case, self._settings.pyramid))

    def explain(self, resource: Resource) -> None:
        """Remember that the resource was touched, rightly, so that what is left of it is no news."""
        self._met.add(resource)

    def find(self, act: Act) -> None:
        """Book what was found out when the test had ended, unless something that was seen explains it."""
        explained = _WAITS if act.resource is Resource.SLEEP else {act.resource}
        if self._met & explained:
            return
        action = decide(act, self.tier, self.facts.allowances, "warn")
        touch = Touch(
            resource=act.resource,
            phase="call",
            detail=act.detail,
            location=None,
            action=action,
            layer="residue",
            known=self.is_known(act.resource),
        )
        self._book(touch, act.verb)

    def take_failure(self) -> tuple[str | None, bool]:
        """The message of the first error of the phase, None without one; and whether it was the kernel that refused.

        It is for a phase that did not fail by it.
        """
        case, self.failure = self.failure, None
        if case is None:
            return None, False
        swallowed = case.fixture is None
        refused = case.touch.layer == "sandbox"
        return message(case._replace(swallowed=swallowed), self._settings.pyramid), refused

    def is_known(self, resource: Resource) -> bool:
        """True when the baseline shields the test as far as this resource goes."""
        return self._shield is not None and self._shield.covers(resource, self.facts.function, self.facts.tier)

    def _book(self, touch: Touch, verb: str) -> None:
        self._met.add(touch.resource)
        self.touched = True
        key = (touch.resource, touch.phase, touch.location, touch.fixture, verb)
        known = self._touches.get(key)
        if known is not None:
            self._touches[key] = replace(known, count=known.count + 1)
        elif len(self._touches) < MOST or touch.action is not Action.ALLOW:
            self._touches[key] = touch


def _shown(line: Line) -> str:
    return f"{line.place.file}:{line.place.line} in {line.function}"
