"""The built-in classifiers answer through the same hook as those of projects."""

from __future__ import annotations

import pytest

from pytest_pyramid.classifiers import BUILTIN, SUGGESTING
from pytest_pyramid.core.evidence import Evidence, Suggesting, Suggestion, weighed
from pytest_pyramid.core.facts import Placement, TestFacts
from pytest_pyramid.core.placing import Classifier
from pytest_pyramid.core.setting_tree import Settings


class _BuiltinClassifier:
    """Answers for one built-in classifier, after those of projects."""

    def __init__(self, classifier: Classifier) -> None:
        self._classifier = classifier

    @pytest.hookimpl(trylast=True)
    def pytest_pyramid_classify(self, test: TestFacts) -> Placement | None:
        return self._classifier.classify(test)


class _BuiltinSuggestion:
    """Suggests for one built-in classifier."""

    def __init__(self, classifier: Suggesting) -> None:
        self._classifier = classifier

    @pytest.hookimpl
    def pytest_pyramid_suggest(self, evidence: Evidence) -> Suggestion | None:
        return self._classifier.suggest(evidence)


def register_classifiers(config: pytest.Config, settings: Settings) -> None:
    """Let the built-in classifiers answer, in their order, after those of projects."""
    for made in BUILTIN:
        config.pluginmanager.register(_BuiltinClassifier(made(settings.pyramid)), f"pyramid-{made.__name__}")
    for suggests in SUGGESTING:
        part = _BuiltinSuggestion(suggests(settings.pyramid))
        config.pluginmanager.register(part, f"pyramid-suggestion-{suggests.__name__}")


def suggestions(config: pytest.Config, settings: Settings, evidence: Evidence) -> tuple[Suggestion, ...]:
    """What all classifiers make of the evidence, the strongest first."""
    found = config.hook.pytest_pyramid_suggest(evidence=evidence)
    return weighed(found, settings.pyramid)


def has_own_classifiers(config: pytest.Config) -> bool:
    """True when the project or a plugin classifies too, so that an answer may depend on anything about a test."""
    return len(config.hook.pytest_pyramid_classify.get_hookimpls()) > len(BUILTIN)
