"""The built-in classifiers answer through the same hook as those of projects."""

from __future__ import annotations

import pytest

from pytest_pyramid.classifiers import BUILTIN
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


def register_classifiers(config: pytest.Config, settings: Settings) -> None:
    """Let the built-in classifiers answer, in their order, after those of projects."""
    for made in BUILTIN:
        config.pluginmanager.register(_BuiltinClassifier(made(settings.pyramid)), f"pyramid-{made.__name__}")


def has_own_classifiers(config: pytest.Config) -> bool:
    """True when the project or a plugin classifies too, so that an answer may depend on anything about a test."""
    return len(config.hook.pytest_pyramid_classify.get_hookimpls()) > len(BUILTIN)
