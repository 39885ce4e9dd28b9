"""The project in the working directory, as commands see it: its settings and where its history stands."""

from __future__ import annotations

from pathlib import Path

from pytest_pyramid.core.settings import Settings, resolve
from pytest_pyramid.stores.config_files import read_layers

DEFAULT = ".pytest_cache/pyramid/history.sqlite3"


def settings_here() -> Settings | None:
    """The settings of the project in the working directory, None when they are in disorder."""
    layers, _ = read_layers(Path.cwd(), None)
    return resolve(layers, formats=None)[0]


def history_of(settings: Settings | None) -> Path:
    """Where the history stands; without a configured place where runs usually keep it."""
    given = settings.history if settings is not None else "auto"
    return Path(DEFAULT) if given in ("auto", "off") else Path(given).expanduser()
