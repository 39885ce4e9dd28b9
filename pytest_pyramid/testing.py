"""Checks for authors of extensions: what the built-in parts have to pass, others can pass too."""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Iterator
from typing import Any

from pytest_pyramid.core.acts import Guard, Surroundings
from pytest_pyramid.core.facts import Suite
from pytest_pyramid.core.ruling import Rule, Stage, outdented
from pytest_pyramid.core.violations import Severity, Violation
from pytest_pyramid.notifiers import Notifier

HEADINGS = ("What it does", "Why it matters", "How to fix", "Options", "Example")
"""The headings of a rule's page, in order."""

FAMILIES = {
    "1": "shape",
    "2": "classification",
    "3": "isolation",
    "4": "time",
    "5": "gate",
    "6": "coverage",
    "7": "evidence and history",
    "8": "rules of other projects",
    "9": "configuration",
}
"""What the first digit of a code says."""


def check_rule(rule: type[Rule]) -> None:
    """None when the rule does what it says; raises AssertionError with everything that is wrong with it.

    Looked at are its code and name, its docstring with all of `HEADINGS`, its options, and its examples: with its
    options as they are by default, suites of `good()` give no violation, those of `bad()` at least one, all of its code.
    """
    wrong = [*_name_faults(rule), *_page_faults(rule), *_option_faults(rule)]
    if not wrong:
        wrong = list(_example_faults(rule))
    if wrong:
        raise AssertionError("\n".join(f"{rule.__name__}: {fault}" for fault in wrong))


def check_guard(guard: Guard) -> None:
    """None when the guard does what it says; raises AssertionError with everything that is wrong with it.

    Looked at are its name, its events and trampolines, and its examples: each of `caught` is an act on one of its
    resources with a text of one line, none of `allowed` is an act, and every event has an example that is caught.
    """
    wrong = list(_guard_faults(guard))
    if wrong:
        raise AssertionError("\n".join(f"guard {guard.name}: {fault}" for fault in wrong))


def _guard_faults(guard: Guard) -> Iterator[str]:
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", guard.name):
        yield "its name is not kebab-case"
    if not guard.resources:
        yield "it watches no resource"
    events = dict(guard.events)
    examples = {event for event, _ in guard.caught}
    yield from (f"event {event} has no example that is caught" for event in events if event not in examples)
    yield from (f"an example is of event {event}, which it does not listen to" for event in examples - set(events))
    for event, arguments in guard.caught:
        act = events[event](arguments, Surroundings()) if event in events else None
        if event in events and act is None:
            yield f"{event}{arguments!r} is not caught"
        if act is not None and act.resource not in guard.resources:
            yield f"{event}{arguments!r} is an act on {act.resource.value}, which is none of its resources"
        if act is not None and (not act.detail or "\n" in act.detail):
            yield f"{event}{arguments!r} is told in no line or several"
    for event, arguments in guard.allowed:
        if event in events and events[event](arguments, Surroundings()) is not None:
            yield f"{event}{arguments!r} is caught"


def _name_faults(rule: type[Rule]) -> Iterator[str]:
    if not re.fullmatch(r"PYR[1-9]\d\d", rule.code):
        yield f"code {rule.code!r} is not PYR, the digit of a family ({_families()}) and two digits"
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", rule.name):
        yield f"name {rule.name!r} is not kebab-case"
    if rule.code.startswith("PYR9"):
        yield f"code {rule.code} is of the family {FAMILIES['9']}, which has no rules"
    numbered = re.search(r"\bpyr(\d{3})_(\w+)$", rule.__module__)
    if numbered and f"PYR{numbered[1]} {numbered[2].replace('_', '-')}" != f"{rule.code} {rule.name}":
        yield f"module {rule.__module__} is named for another code or name than {rule.code} {rule.name}"
    given: tuple[object, object] = (rule.stage, rule.default)  # the author's project may not check types
    if not isinstance(given[0], Stage) or not isinstance(given[1], Severity):
        yield "stage and default must be a Stage and a Severity"


def _families() -> str:
    return ", ".join(f"{digit} {family}" for digit, family in FAMILIES.items())


def _page_faults(rule: type[Rule]) -> Iterator[str]:
    text = outdented(rule.__doc__ or "")
    found = tuple(re.findall(r"^## (.+)$", text, re.MULTILINE))
    if found != HEADINGS:
        yield f"the docstring must have the headings {', '.join(HEADINGS)}, it has {', '.join(found) or 'none'}"
    if text.startswith("#") or not text:
        yield "the docstring must begin with one sentence about what is wrong in a suite that breaks the rule"


def _option_faults(rule: type[Rule]) -> Iterator[str]:
    kind: Any = rule
    params = getattr(kind, "__dataclass_params__", None)
    if params is None or not params.frozen:
        yield "it is not a frozen dataclass"
        return
    options = outdented(rule.__doc__ or "").partition("## Options")[2].partition("\n## ")[0]
    for field in dataclasses.fields(kind):
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            yield f"option {field.name} has no default"
        if f"`{field.name.replace('_', '-')}`" not in options:
            yield f"option {field.name.replace('_', '-')} is not told under Options"


def _example_faults(rule: type[Rule]) -> Iterator[str]:
    made = rule()
    for kind in ("good", "bad"):
        examples = getattr(rule, kind, None)
        suites: tuple[Suite, ...] = examples() if callable(examples) else ()
        if not suites:
            yield f"it has no static method {kind}() that gives example suites"
        for number, suite in enumerate(suites):
            violations = tuple(made.check(suite))
            if bool(violations) is not (kind == "bad"):
                yield f"{kind} example {number} gives {len(violations)} violations"
            for one in violations:
                yield from (f"{kind} example {number} {fault}" for fault in _violation_faults(rule, one))


def _violation_faults(rule: type[Rule], one: Violation) -> Iterator[str]:
    if (one.code, one.name) != (rule.code, rule.name):
        yield f"gives a violation of {one.code} {one.name}"
    for part, text in (("message", one.message), ("hint", one.hint)):
        if not text or "\n" in text:
            yield f"gives a violation whose {part} is empty or longer than a line"


def check_notifier(notifier: Notifier) -> None:
    """None when the notifier is well made; raises AssertionError with what is wrong with it.

    Looked at are its name, its module, and that `send` takes a notice, the settings and the environment.
    """
    wrong = []
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", notifier.name):
        wrong.append("its name is not kebab-case")
    try:
        send = getattr(notifier.load(), "send", None)
    except ImportError:
        wrong.append(f"its module {notifier.module} cannot be imported")
    else:
        if not callable(send):
            wrong.append(f"its module {notifier.module} has no function send")
        elif len(inspect.signature(send).parameters) != 3:
            wrong.append("its function send does not take notice, andon and environment")
    if wrong:
        raise AssertionError("\n".join(f"notifier {notifier.name}: {fault}" for fault in wrong))
