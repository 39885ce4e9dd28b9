"""Evidence for tests that neither a mark nor a path nor a strong fixture places: asked for, weighed, remembered."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from pytest_pyramid.core.evidence import STRONG, Evidence, Suggestion
from pytest_pyramid.core.facts import Placement, TestFacts
from pytest_pyramid.core.placing import by_default
from pytest_pyramid.core.setting_tree import Settings
from pytest_pyramid.session.classifying import suggestions
from pytest_pyramid.session.code_uses import CodeReader


class Evident(NamedTuple):
    """What the evidence comes to."""

    placements: tuple[Placement, ...]
    """Of the strongest suggestion when it is strong enough, else of the default tier; empty without one."""
    hints: tuple[Suggestion, ...]
    """The suggestions that place nothing, the strongest first."""


class Weighing:
    """Reads the code of tests; one answer serves all cases of a function."""

    def __init__(self, config: pytest.Config, settings: Settings) -> None:
        self._config = config
        self._settings = settings
        self._reader = CodeReader(config.rootpath)
        self._known: dict[str, Evident] = {}

    def evident(self, bare: TestFacts, item: pytest.Item) -> Evident:
        """What the code of the test comes to."""
        known = self._known.get(bare.function)
        if known is None:
            known = self._known[bare.function] = self._weigh(self.suggestions(bare, item))
        return known

    def suggestions(self, bare: TestFacts, item: pytest.Item) -> tuple[Suggestion, ...]:
        """What the code of the test speaks for, the strongest first."""
        return suggestions(self._config, self._settings, Evidence(bare, uses=self._reader.uses(item)))

    def _weigh(self, found: tuple[Suggestion, ...]) -> Evident:
        if found and found[0].confidence >= STRONG:
            return Evident((found[0].placement,), found[1:])
        return Evident(by_default(self._settings.pyramid, self._settings.default_tier), found)
