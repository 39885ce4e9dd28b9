"""Classifiers: each turns one kind of evidence into a placement. Their order here is their priority."""

from __future__ import annotations

from pytest_pyramid.classifiers.by_fixture import ByFixture
from pytest_pyramid.classifiers.by_marker import ByMarker
from pytest_pyramid.classifiers.by_path import ByPath

BUILTIN = (
    ByMarker,
    ByPath,
    ByFixture,
)
