"""Which configured settings are said to change nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import pytest

from pytest_pyramid.core.effects import without_effect
from pytest_pyramid.core.setting_tree import Settings


@dataclass(frozen=True)
class Sources:
    """The only part of the settings that matters here."""

    sources: tuple[tuple[str, str], ...]


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("tiers.unit.guard.network", ()),
        ("tiers.unit.min-coverage", ("tiers.unit.min-coverage",)),
        ("resources.db", ()),
        ("guard", ()),
        ("baseline", ()),
        ("history", ()),
        ("tiers.unit.max-seconds", ()),
        ("gate", ()),
    ],
)
def test_a_configured_setting_without_effect_is_named(key: str, said: tuple[str, ...]) -> None:
    """Only keys that somebody gave and that change nothing are named, a table once."""
    given = cast("Settings", Sources(((key, "pyproject.toml"), (key, "pyproject.toml"))))
    assert without_effect(given, defaults="defaults.toml") == said
    shipped = cast("Settings", Sources(((key, "defaults.toml"),)))
    assert without_effect(shipped, defaults="defaults.toml") == ()
