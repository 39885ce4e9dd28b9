"""By path: what the folder says. Of several matching folders the one closest to the file wins."""

from __future__ import annotations

from pytest_pyramid.core.facts import Placement, TestFacts
from pytest_pyramid.core.globs import ROOT, deepest_match
from pytest_pyramid.core.tiers import Pyramid


class ByPath:
    """Places a test by the globs of the tiers; of two tiers that name the same folder the higher one."""

    def __init__(self, pyramid: Pyramid) -> None:
        self._pyramid = pyramid
        self._known: dict[str, Placement | None] = {}

    def classify(self, test: TestFacts) -> Placement | None:
        """The placement that the test's file tells, None when no tier's glob names it or a folder above it."""
        path = test.location.file
        if path not in self._known:
            self._known[path] = self._place(path)
        return self._known[path]

    def _place(self, path: str) -> Placement | None:
        matches = [
            (0 if folder == ROOT else len(folder.split("/")), tier.rank, tier.name, folder)
            for tier in self._pyramid
            for glob in tier.paths
            if (folder := deepest_match(glob, path)) is not None
        ]
        if not matches:
            return None
        _, _, tier, folder = max(matches)
        return Placement(tier=tier, source="path", reason=f"path {folder}")
