"""The rule protocol. A rule turns the facts of a suite into violations and makes no text for terminals."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from typing import Protocol

from pytest_pyramid.core.facts import Suite
from pytest_pyramid.core.violations import Severity, Violation


class Stage(enum.Enum):
    """When a rule is asked: as soon as tests are collected, or when outcomes are known."""

    COLLECTION = "collection"
    RUN = "run"


class Rule(Protocol):
    """A frozen dataclass whose fields are its options; `code`, `name`, `stage` and `default` are class attributes."""

    code: str
    name: str
    stage: Stage
    default: Severity

    def check(self, suite: Suite) -> Iterable[Violation]:
        """Every way in which the suite breaks this rule, none when it keeps it."""
        ...
