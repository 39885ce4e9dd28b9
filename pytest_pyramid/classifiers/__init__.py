"""Classifiers: each turns one kind of evidence into a placement or a suggestion."""

from __future__ import annotations

from pytest_pyramid.classifiers.by_fixture import ByFixture
from pytest_pyramid.classifiers.by_history import ByHistory
from pytest_pyramid.classifiers.by_import import ByImport
from pytest_pyramid.classifiers.by_marker import ByMarker
from pytest_pyramid.classifiers.by_path import ByPath

BUILTIN = (
    ByMarker,
    ByPath,
    ByFixture,
)
"""Those that place a test; their order here is their priority."""

SUGGESTING = (
    ByFixture,
    ByImport,
    ByHistory,
)
"""Those that are asked about a test that nothing has placed; the confidence of what they suggest decides."""
