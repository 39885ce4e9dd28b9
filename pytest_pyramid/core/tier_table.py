"""The configured tiers made whole: what an entry leaves out comes from the built-in tier of its name or from below."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import NamedTuple

from pytest_pyramid.core.layers import TierEntry
from pytest_pyramid.core.problems import BAD_VALUE, Problem
from pytest_pyramid.core.tiers import UNCLASSIFIED, Action, AllowList, Pyramid, Resource, Share, Tier

RESERVED = (UNCLASSIFIED, "none", "error")
"""Words that have a meaning of their own where a tier's name may stand."""

_LIMITS = ("share", "max-seconds", "budget-seconds", "timeout-seconds", "workers")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


class TierTable(NamedTuple):
    """The pyramid of the entries, where every value comes from by dotted key, and what is wrong with the entries."""

    pyramid: Pyramid
    sources: tuple[tuple[str, str], ...]
    problems: tuple[Problem, ...]


def tabulate(
    entries: Sequence[TierEntry], source: str, built_in: Sequence[TierEntry], built_in_source: str
) -> TierTable:
    """The tiers of `entries`, base first, completed from `built_in`; `entries` may be `built_in` itself."""
    known = {entry.name: entry for entry in built_in}
    taken = {
        "markers": {
            word for item in entries for word in _own(item.markers, _own_markers(item), built_in=item.name in known)
        },
        "paths": {word for item in entries for word in _own(item.paths, _own_paths(item), built_in=item.name in known)},
    }
    tiers: list[Tier] = []
    sources: list[tuple[str, str]] = []
    for rank, entry in enumerate(entries):
        maker = _Maker(entry=entry, source=source, known=known, known_source=built_in_source, taken=taken)
        below = next((tier for tier in reversed(tiers) if tier.name in known), None)
        tier, origins = maker.tier(rank, below)
        tiers.append(tier)
        sources.extend(origins)
    problems = check(entries, tiers, source)
    return TierTable(pyramid=Pyramid(tiers=tuple(tiers)), sources=tuple(sources), problems=problems)


def _own(given: tuple[str, ...] | None, by_name: tuple[str, ...], *, built_in: bool) -> tuple[str, ...]:
    """The words that an entry claims by itself, so that no built-in tier keeps them."""
    if given is not None:
        return given
    return () if built_in else by_name


def _own_markers(entry: TierEntry) -> tuple[str, ...]:
    return (entry.name.replace("-", "_"),)


def _own_paths(entry: TierEntry) -> tuple[str, ...]:
    names = dict.fromkeys((entry.name, entry.name.replace("-", "_")))
    return tuple(f"**/{name}/**" for name in names)


class _Maker(NamedTuple):
    """Makes one tier of its entry and tells the source of each of its values."""

    entry: TierEntry
    source: str
    known: Mapping[str, TierEntry]
    known_source: str
    taken: Mapping[str, set[str]]

    def tier(self, rank: int, below: Tier | None) -> tuple[Tier, list[tuple[str, str]]]:
        entry = self.entry
        markers, markers_source = self._words("markers", entry.markers, _own_markers(entry))
        paths, paths_source = self._words("paths", entry.paths, _own_paths(entry))
        guard, guard_sources = self._guard(below)
        share = {str(bound): value for bound, value in entry.share or ()}
        tier = Tier(
            name=entry.name,
            rank=rank,
            markers=markers,
            paths=paths,
            share=Share(min=share.get("min"), max=share.get("max")),
            max_seconds=entry.max_seconds,
            budget_seconds=entry.budget_seconds,
            timeout_seconds=entry.timeout_seconds,
            workers=entry.workers if isinstance(entry.workers, int) else None,
            guard=guard,
            allow=AllowList(**{str(kind): words for kind, words in entry.allow or ()}),
            min_coverage=entry.min_coverage,
            side=self._side()[0],
        )
        origins = self._origins(markers_source, paths_source, guard_sources)
        return tier, [(f"tiers.{entry.name}.{key}", origin) for key, origin in origins]

    def _origins(self, markers: str, paths: str, guard: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """The source of every key, in the order of defaults.toml."""
        return [
            ("name", self.source),
            ("markers", markers),
            ("paths", paths),
            *((key, self._given(key)) for key in _LIMITS),
            *guard,
            ("allow", self._given("allow")),
            ("min-coverage", self._given("min-coverage")),
            ("side", self._side()[1]),
        ]

    def _side(self) -> tuple[bool, str]:
        """Whether the tier stands beside the shape, by itself or like the built-in one of its name, and the source."""
        if self.entry.side is not None:
            return self.entry.side, self.source
        built_in = self.known.get(self.entry.name)
        return bool(built_in is not None and built_in.side), self.known_source

    def _given(self, key: str) -> str:
        """The source of a value that nothing but the entry gives."""
        given = getattr(self.entry, key.replace("-", "_")) is not None
        return self.source if given else self.known_source

    def _words(self, kind: str, given: tuple[str, ...] | None, by_name: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
        """Markers or paths of the tier and their source."""
        if given is not None:
            return given, self.source
        built_in = self.known.get(self.entry.name)
        if built_in is None:
            return by_name, f"the tier's name in {self.source}"
        words: tuple[str, ...] = getattr(built_in, kind) or ()
        return tuple(word for word in words if word not in self.taken[kind]), self.known_source

    def _guard(self, below: Tier | None) -> tuple[tuple[tuple[Resource, Action], ...], list[tuple[str, str]]]:
        """The action of every resource: the entry's own, else the built-in tier's, else that of the tier below."""
        own = dict(self.entry.guard or ())
        built_in = self.known.get(self.entry.name)
        if built_in is not None:
            base, origin = dict(built_in.guard or ()), self.known_source
        elif below is not None:
            base, origin = dict(below.guard), f"tier {below.name} below"
        else:
            base, origin = {}, self.known_source
        guard = tuple((item, own.get(item, base.get(item, Action.ALLOW))) for item in Resource)
        return guard, [(f"guard.{item.value}", self.source if item in own else origin) for item in Resource]


def check(entries: Sequence[TierEntry], tiers: Sequence[Tier], source: str) -> tuple[Problem, ...]:
    """What is wrong with the entries beyond the type of each value."""
    found: list[tuple[str, str, str | None]] = []
    names: set[str] = set()
    for entry in entries:
        found.extend(_name_faults(entry.name, names))
        found.extend(_entry_faults(entry))
        names.add(entry.name)
    for kind in ("markers", "paths"):
        found.extend(_repeated(kind, tiers))
    found.extend(_side_faults(tiers))
    return tuple(
        Problem(code=BAD_VALUE, source=source, key=key, message=message, suggestion=suggestion)
        for key, message, suggestion in found
    )


def _name_faults(name: str, seen: set[str]) -> list[tuple[str, str, str | None]]:
    key = f"tiers.{name}.name"
    if name in RESERVED:
        return [(key, f"is '{name}', which has a meaning of its own and names no tier", f"{name}_tests")]
    if not _NAME.fullmatch(name):
        better = re.sub(r"[^A-Za-z0-9_-]+", "_", name).strip("_-")
        usable = bool(_NAME.fullmatch(better))
        return [(key, f"is {name!r}, must be letters, digits, - and _", better if usable else None)]
    return [(key, f"is '{name}' twice, every tier needs its own name", None)] if name in seen else []


def _entry_faults(entry: TierEntry) -> list[tuple[str, str, str | None]]:
    key = f"tiers.{entry.name}"
    found: list[tuple[str, str, str | None]] = []
    for marker in entry.markers or ():
        if not marker.isidentifier():
            better = re.sub(r"\W+", "_", marker).strip("_")
            found.append((f"{key}.markers", f"holds {marker!r}, which cannot be a marker name", better or None))
    for path in entry.paths or ():
        better = path.replace("\\", "/").lstrip("/")
        if better != path or not path:
            wish = "must be a pattern relative to the root folder, with / between folders"
            found.append((f"{key}.paths", f"holds {path!r}, {wish}", better or None))
    if entry.timeout_seconds is not None and entry.timeout_seconds < (entry.max_seconds or 0):
        message = (
            f"is {entry.timeout_seconds:g}, which would stop tests that max-seconds = {entry.max_seconds:g} allows"
        )
        found.append((f"{key}.timeout-seconds", message, None))
    share = dict(entry.share or ())
    least, most = share.get("min"), share.get("max")
    if least is not None and most is not None and least > most:
        found.append((f"{key}.share", f"has min {least} above max {most}", None))
    return found


def _side_faults(tiers: Sequence[Tier]) -> list[tuple[str, str, str | None]]:
    """Tiers beside the shape that others follow or that have what only the shape has, and a pyramid of nothing else."""
    found: list[tuple[str, str, str | None]] = []
    for tier, after in zip_longest(tiers, tiers[1:]):
        if not tier.side:
            continue
        key = f"tiers.{tier.name}"
        if after is not None and not after.side:
            found.append((f"{key}.side", f"is true, but {after.name} follows: tiers beside the shape come last", None))
        if tier.share != Share():
            found.append((f"{key}.share", "is a target of a tier beside the shape, which has no share", None))
        if tier.workers not in (None, 1):
            found.append((f"{key}.workers", f"is {tier.workers}, but a tier beside the shape runs alone", "1"))
    if tiers and all(tier.side for tier in tiers):
        found.append(("tiers", "has only tiers beside the shape, a pyramid has at least one other", None))
    return found


def _repeated(kind: str, tiers: Sequence[Tier]) -> list[tuple[str, str, str | None]]:
    """Markers or paths that stand in two tiers."""
    holder: dict[str, str] = {}
    found: list[tuple[str, str, str | None]] = []
    for tier in tiers:
        words: tuple[str, ...] = getattr(tier, kind)
        for word in words:
            if holder.setdefault(word, tier.name) != tier.name:
                message = f"holds '{word}', which tier {holder[word]} has too"
                found.append((f"tiers.{tier.name}.{kind}", message, None))
    return found
