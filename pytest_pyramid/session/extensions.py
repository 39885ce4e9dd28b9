"""Built-in parts enter through the same hooks as those of third parties; what all of them answered is kept here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import pytest

from pytest_pyramid.core.gating import GatePolicy, Tally, Verdict, decide
from pytest_pyramid.core.ruling import Rule
from pytest_pyramid.core.setting_tree import Settings
from pytest_pyramid.notifiers import BUILTIN as NOTIFIERS
from pytest_pyramid.notifiers import Notifier
from pytest_pyramid.reporters import BUILTIN as REPORTERS
from pytest_pyramid.reporters import Reporter
from pytest_pyramid.rules import BUILTIN as RULES


class Extensions(NamedTuple):
    """Every rule, reporter and notifier of this run, built in or not."""

    rules: tuple[type[Rule], ...]
    reporters: tuple[Reporter, ...]
    notifiers: tuple[Notifier, ...] = ()

    def reporter(self, name: str) -> Reporter:
        """The reporter of that format. Raises KeyError when there is none."""
        return {reporter.name: reporter for reporter in self.reporters}[name]


class _BuiltinParts:
    """Answers for the built-in rules, reporters and notifiers."""

    @pytest.hookimpl(trylast=True)
    def pytest_pyramid_rules(self) -> Iterable[type[Rule]]:
        return RULES

    @pytest.hookimpl(trylast=True)
    def pytest_pyramid_reporters(self) -> Iterable[Reporter]:
        return REPORTERS

    @pytest.hookimpl(trylast=True)
    def pytest_pyramid_notifiers(self) -> Iterable[Notifier]:
        return NOTIFIERS


class _BuiltinGate:
    """Answers with the configured policy, when nobody else decides."""

    def __init__(self, policy: GatePolicy) -> None:
        self._policy = policy

    @pytest.hookimpl(trylast=True)
    def pytest_pyramid_gate(self, tally: Tally) -> Verdict:
        return decide(self._policy, tally)


def gather(config: pytest.Config) -> Extensions:
    """Every part. Raises pytest.UsageError for a code, rule name, format or notifier that exists twice."""
    config.pluginmanager.register(_BuiltinParts(), "pyramid-builtin-parts")
    hook: Any = config.hook
    rules = tuple(rule for answer in reversed(hook.pytest_pyramid_rules()) for rule in answer)
    reporters = tuple(one for answer in reversed(hook.pytest_pyramid_reporters()) for one in answer)
    names = [*(rule.code for rule in rules), *(rule.name for rule in rules)]
    formats = [reporter.name for reporter in reporters]
    notifiers = tuple(one for answer in reversed(hook.pytest_pyramid_notifiers()) for one in answer)
    kinds = ([*names, *formats], [one.name for one in notifiers])
    twice = sorted({name for kind in kinds for name in kind if kind.count(name) > 1})
    if twice:
        raise pytest.UsageError(f"pytest-test-pyramid: registered twice: {', '.join(twice)}")
    return Extensions(rules=rules, reporters=reporters, notifiers=notifiers)


def register_gate(config: pytest.Config, settings: Settings) -> None:
    """Let the configured policy answer where nobody else does."""
    config.pluginmanager.register(_BuiltinGate(GatePolicy(mode=settings.gate)), "pyramid-gate")
