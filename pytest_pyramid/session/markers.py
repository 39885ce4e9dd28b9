"""Markers of configured tiers, so that strict markers stay happy."""

from __future__ import annotations

import pytest

from pytest_pyramid.core.setting_tree import Settings


def add_markers(config: pytest.Config, settings: Settings) -> None:
    """Register the markers of every tier that the project gave a name or markers of its own."""
    given = {key for key, source in settings.sources if not source.startswith("default")}
    for tier in settings.pyramid:
        own = tier.markers if f"tiers.{tier.name}.markers" in given else (tier.name,)
        for marker in own:
            config.addinivalue_line("markers", f"{marker}: a test of the {tier.name} tier of the test pyramid")
