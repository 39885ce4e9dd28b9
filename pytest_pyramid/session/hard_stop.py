"""Hanging tests are stopped by pytest-timeout: tests get the seconds of their tier as its own mark."""

from __future__ import annotations

import pytest

from pytest_pyramid.core.setting_tree import Settings
from pytest_pyramid.session.collecting import Collecting

PLUGIN = "timeout"
"""What pytest-timeout is registered as, and its mark."""


def limits(settings: Settings) -> dict[str, float]:
    """The seconds after which tests are stopped, by tier, for the tiers that have such a limit."""
    return {tier.name: tier.timeout_seconds for tier in settings.pyramid if tier.timeout_seconds is not None}


def lack(config: pytest.Config, settings: Settings) -> str | None:
    """The sentence that says which limits are idle, None when there are none or pytest-timeout is there."""
    idle = ", ".join(f"tiers.{name}.timeout-seconds" for name in limits(settings))
    if not idle or config.pluginmanager.hasplugin(PLUGIN):
        return None
    return f"{idle} has no effect: pytest-timeout is not installed"


def take_up(config: pytest.Config, settings: Settings, collecting: Collecting) -> None:
    """Stop hanging tests in this process, where some tier wants that and pytest-timeout can."""
    if limits(settings) and config.pluginmanager.hasplugin(PLUGIN):
        config.pluginmanager.register(HardStop(settings, collecting), "pyramid-hard-stop")


class HardStop:
    """Puts the mark on tests that have none."""

    def __init__(self, settings: Settings, collecting: Collecting) -> None:
        self._limits = limits(settings)
        self._collecting = collecting

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """When nobody selects by marks any more, and the tests of this run are known."""
        tiers = self._collecting.tiers_of(list(session.items))
        for item, tier in zip(session.items, tiers, strict=True):
            seconds = self._limits.get(tier)
            if seconds is not None and item.get_closest_marker(PLUGIN) is None:
                item.add_marker(pytest.mark.timeout(seconds))
