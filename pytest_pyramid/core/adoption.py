"""From what a repository holds to the settings that fit it; only what the shipped ones do not say already."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pytest_pyramid.core.facts import TestFacts
from pytest_pyramid.core.globs import ROOT, deepest_match
from pytest_pyramid.core.survey import Survey
from pytest_pyramid.core.tier_words import SERVICE, Word, folder_word, marker_word
from pytest_pyramid.core.tiers import UNCLASSIFIED, Pyramid, Tier

MOST_FOLDERS = 3
"""With more folders of one name a tier gets one glob for all of them."""


class TierDraft(NamedTuple):
    """One tier to write; what is empty is left to the shipped tier of its name."""

    name: str
    markers: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()


class Proposal(NamedTuple):
    """The settings for a repository."""

    tiers: tuple[TierDraft, ...] = ()
    """Base first; empty where the shipped tiers place what is to be placed."""
    default_tier: str = ""
    default_reason: str = ""
    """How the team runs the tests that go there."""
    baseline: str = ""

    def values(self) -> dict[str, object]:
        """The settings by key, as a section of a file holds them."""
        values: dict[str, object] = {}
        if self.default_tier:
            values["default-tier"] = self.default_tier
        if self.baseline:
            values["baseline"] = self.baseline
        if self.tiers:
            values["tiers"] = [_entry(tier) for tier in self.tiers]
        return values


def _entry(tier: TierDraft) -> dict[str, object]:
    lists = {"markers": list(tier.markers), "paths": list(tier.paths)}
    return {"name": tier.name, **{key: words for key, words in lists.items() if words}}


def propose(survey: Survey, placed: tuple[TestFacts, ...], shipped: Pyramid, *, baseline: str) -> Proposal:
    """The settings for what was surveyed; `placed` are its tests as the shipped settings place them."""
    more = _More(survey, shipped)
    markers, folders = more.markers(), more.folders()
    present = {placement.tier for test in placed for placement in test.placements[:1]} | set(markers) | set(folders)
    present |= {word.tier for _, name in survey.put_on if (word := marker_word(name)) is not None}
    tiers: tuple[TierDraft, ...] = ()
    if markers or folders:
        kept = [tier for tier in shipped if tier.rank == 0 or tier.name in present]
        tiers = tuple(_draft(tier, survey, markers.get(tier.name), folders.get(tier.name)) for tier in kept)
    reason = _rest_is_run_alone(survey, placed) if SERVICE in present and any(map(more.is_rest, placed)) else ""
    base = shipped.base.name if reason else ""
    return Proposal(tiers, default_tier=base, default_reason=reason, baseline=baseline)


class _More:
    """The evidence that the shipped tiers do not know."""

    def __init__(self, survey: Survey, shipped: Pyramid) -> None:
        self._survey = survey
        self._shipped = shipped
        self._known = {marker for tier in shipped for marker in tier.markers}
        self._paths = sorted({test.location.file for test in survey.tests})
        folders = {folder for path in self._paths for folder in _folders(path)}
        words = {folder: word for folder in folders if (word := folder_word(_name(folder))) is not None}
        parents = {_parent(folder) for folder, word in words.items() if word.sure}
        self._words: Mapping[str, Word] = {
            folder: word
            for folder, word in words.items()
            if word.sure or _parent(folder) in parents or self._is_run_alone(folder)
        }

    def markers(self) -> dict[str, tuple[str, ...]]:
        """Markers in use that say a tier, by that tier."""
        named = self._survey.used | {marker for _, marker in self._survey.put_on}
        found: dict[str, tuple[str, ...]] = {}
        for marker in sorted(named - self._known):
            word = marker_word(marker)
            if word is not None and marker.isidentifier():
                found[word.tier] = (*found.get(word.tier, ()), marker)
        return found

    def folders(self) -> dict[str, tuple[str, ...]]:
        """For each tier with a folder that its shipped paths miss: all of its folders."""
        missed: set[str] = set()
        found: dict[str, set[str]] = {}
        for path in self._paths:
            theirs = _deepest(self._shipped, path)
            ours = next((folder for folder in _folders(path) if folder in self._words), None)
            if ours is not None and (theirs is None or len(ours) > len(theirs[1])):
                tier = self._words[ours].tier
                missed.add(tier)
                found.setdefault(tier, set()).add(ours)
            elif theirs is not None:
                found.setdefault(theirs[0].name, set()).add(theirs[1])
        return {tier: tuple(sorted(found[tier])) for tier in missed}

    def is_rest(self, test: TestFacts) -> bool:
        """True for a test that neither the shipped tiers nor what is found beside them places."""
        says = any(marker_word(mark) is not None for level in test.marks for mark in level)
        inside = any(folder in self._words for folder in _folders(test.location.file))
        return test.tier == UNCLASSIFIED and not says and not inside

    def _is_run_alone(self, folder: str) -> bool:
        return any(folder in command.alone or _name(folder) in command.alone for command in self._survey.commands)


def _draft(tier: Tier, survey: Survey, markers: tuple[str, ...] | None, folders: tuple[str, ...] | None) -> TierDraft:
    words: tuple[str, ...] = ()
    if markers is not None:
        named = survey.used | set(survey.registered)
        words = (*(word for word in tier.markers if word == tier.name or word in named), *markers)
    return TierDraft(tier.name, words, tuple(_globs(folders or ())))


def _globs(folders: tuple[str, ...]) -> Iterator[str]:
    """A glob for each folder, one for all that share a name where they are many."""
    by_name: dict[str, list[str]] = {}
    for folder in folders:
        by_name.setdefault(_name(folder), []).append(folder)
    for name, same in by_name.items():
        if len(same) > MOST_FOLDERS:
            yield f"**/{_literal(name)}/**"
        else:
            yield from (f"{_literal(folder)}/**" for folder in same)


def _literal(folder: str) -> str:
    """A glob for exactly this folder; a byte of its name that is no text may be any."""
    return re.sub("[\ud800-\udfff]", "?", re.sub(r"([*?[])", r"[\1]", folder))


def _rest_is_run_alone(survey: Survey, placed: tuple[TestFacts, ...]) -> str:
    """How the team runs the tests below its service tests by themselves; empty when it does not."""
    for command in survey.commands:
        if any(_means_service(name, placed) for name in command.left_out):
            options = [f'-m "{command.expression}"'] if command.expression else []
            options += [f"--ignore={folder}" for folder in command.ignored]
            return f"{command.file}: pytest {' '.join(options)}"
    return ""


def _means_service(name: str, placed: tuple[TestFacts, ...]) -> bool:
    """True for a marker or folder that says it, and for a marker whose tests are all known for it."""
    word = marker_word(name) or folder_word(_name(name))
    if word is not None:
        return word.tier == SERVICE
    tiers = {test.tier for test in placed if any(name in level for level in test.marks)}
    return tiers == {SERVICE}


def _deepest(pyramid: Pyramid, path: str) -> tuple[Tier, str] | None:
    """The tier whose glob names the deepest folder of the path, and that folder."""
    found = [
        (tier, folder) for tier in pyramid for glob in tier.paths if (folder := deepest_match(glob, path)) is not None
    ]
    return max(found, key=lambda pair: (0 if pair[1] == ROOT else len(pair[1]), pair[0].rank), default=None)


def _folders(path: str) -> Iterator[str]:
    """The folders above a file, the deepest first."""
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def _name(folder: str) -> str:
    return folder.rpartition("/")[2]


def _parent(folder: str) -> str:
    return folder.rpartition("/")[0]
