"""The baseline: violations of an old suite that are known and may only get fewer, and what is wrong with such a list."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from pytest_pyramid.core.layers import Count, Fraction
from pytest_pyramid.core.problems import BAD_VALUE, Problem, nearest
from pytest_pyramid.core.reading import read
from pytest_pyramid.core.tiers import Pyramid, Resource

SCHEMA_VERSION = 1

TOUCH_CODES = {
    Resource.NETWORK: "PYR301",
    Resource.LOCALHOST: "PYR302",
    Resource.PROCESS: "PYR303",
    Resource.DATABASE: "PYR304",
    Resource.SLEEP: "PYR305",
    Resource.FILES: "PYR306",
    Resource.TEMPFILES: "PYR307",
}
"""The code that tells of a touch of each resource."""

UNFIT = ("PYR403", "PYR501", "PYR703", "PYR704", "PYR705", "PYR9")
"""Beginnings of the codes that tell of one run, or of the baseline itself: nobody owes them from an earlier day."""


class Key(NamedTuple):
    """What an entry is recognised by. Lines are no part of it: they move with every change above them."""

    code: str
    tier: str | None = None
    test: str | None = None
    """The node id without parameters; None for what is not about one test."""
    file: str | None = None
    """For what is about a file and no test."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One known violation, as it stands in the file."""

    code: str
    tier: str | None = None
    test: str | None = None
    file: str | None = None
    count: Count = 1
    """How many violations there may be with this key."""
    layer: Literal["residue"] | None = None
    """What saw the touch, where only what a test left behind told of it: that it is not seen again proves nothing."""
    reason: str = ""
    expires: str | None = None
    """The last day, as 2027-01-31, on which the entry shields anything; None for no end."""

    @property
    def key(self) -> Key:
        """What the entry is recognised by."""
        return Key(self.code, self.tier, self.test, self.file)

    def is_expired(self, today: str) -> bool:
        """True when its last day is over; `today` as 2027-01-31."""
        return self.expires is not None and self.expires < today


class Baseline(NamedTuple):
    """Everything that a baseline file says."""

    shares: tuple[tuple[str, Fraction], ...] = ()
    """The share (0-1) of all test functions that each tier had when they were recorded."""
    coverage: tuple[tuple[str, Fraction], ...] = ()
    """The share (0-1) of lines that each tier covered with all below it when they were recorded."""
    known: tuple[Entry, ...] = ()


class Recorded(NamedTuple):
    """A baseline as a run compared itself with it, for whoever merges the run with others."""

    file: str
    """The baseline file, for people."""
    day: str
    """The day of the run, as 2027-01-31: what had expired by then shields nothing."""
    baseline: Baseline


class Shield(NamedTuple):
    """Which touches fail no test although the guard's mode is error; it goes to every process that runs tests."""

    known: frozenset[Key] = frozenset()
    """The keys of the entries that count."""
    lapsed: frozenset[Key] = frozenset()
    """The keys of those that have expired."""
    recording: bool = False
    """True in a run that writes the baseline: what is not known yet is about to be."""

    @classmethod
    def of(cls, baseline: Baseline, today: str, *, recording: bool = False) -> Shield:
        """What the entries shield on that day, written as 2027-01-31."""
        touches = [entry for entry in baseline.known if entry.code in TOUCH_CODES.values()]
        lapsed = frozenset(entry.key for entry in touches if entry.is_expired(today))
        return cls(known=frozenset(entry.key for entry in touches) - lapsed, lapsed=lapsed, recording=recording)

    def covers(self, resource: Resource, test: str, tier: str) -> bool:
        """True when a test, by its node id without parameters, may go on after it touched the resource."""
        key = Key(TOUCH_CODES[resource], tier, test)
        return key in self.known or (self.recording and key not in self.lapsed)

    def to_plain(self) -> dict[str, Any]:
        """The shield as text, true, false, None, lists and dicts, for another process."""
        known, lapsed = (sorted(map(list, keys), key=str) for keys in (self.known, self.lapsed))
        return {"known": known, "lapsed": lapsed, "recording": self.recording}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Shield:
        """The shield that `to_plain` gave. Raises KeyError or TypeError for anything else."""
        known, lapsed = (frozenset(Key(*key) for key in plain[name]) for name in ("known", "lapsed"))
        return cls(known=known, lapsed=lapsed, recording=plain["recording"])


class Wanted(NamedTuple):
    """The words that entries may use."""

    pyramid: Pyramid
    codes: Collection[str]
    """Of the rules that exist."""


def read_baseline(values: Mapping[str, object], wanted: Wanted, *, source: str) -> tuple[Baseline, tuple[Problem, ...]]:
    """The baseline that the values of a file give, and everything that is wrong with them; `source` names the file."""
    version, rest = values.get("schema_version"), {key: values[key] for key in values if key != "schema_version"}
    if version != SCHEMA_VERSION:
        said = "is missing" if version is None else f"is {version}"
        message = f"{said}, this version of the plugin reads {SCHEMA_VERSION}"
        return Baseline(), (Problem(code=BAD_VALUE, source=source, key="schema_version", message=message),)
    found, problems = read(Baseline, rest, source=source)
    baseline = found or Baseline()
    faults = [*_share_faults(baseline, wanted), *_entry_faults(baseline, wanted)]
    more = [
        Problem(code=BAD_VALUE, source=source, key=key, message=said, suggestion=near) for key, said, near in faults
    ]
    return baseline, (*problems, *more)


_Fault = tuple[str, str, "str | None"]
"""Key, what is wrong, and the near name."""


def _share_faults(baseline: Baseline, wanted: Wanted) -> Iterator[_Fault]:
    for name, _ in baseline.shares:
        yield from _tier_fault(f"shares.{name}", name, wanted.pyramid.names)
    for name, _ in baseline.coverage:
        yield from _tier_fault(f"coverage.{name}", name, wanted.pyramid.names)


def _entry_faults(baseline: Baseline, wanted: Wanted) -> Iterator[_Fault]:
    seen: set[Key] = set()
    for number, entry in enumerate(baseline.known):
        place = f"known[{number}]"
        if entry.code not in wanted.codes:
            yield f"{place}.code", f"is '{entry.code}', which is no rule's code", nearest(entry.code, wanted.codes)
        elif entry.code.startswith(UNFIT):
            yield f"{place}.code", f"is {entry.code}, which tells of one run and cannot be known beforehand", None
        if entry.tier is not None:
            yield from _tier_fault(f"{place}.tier", entry.tier, wanted.pyramid.rows)
        if entry.test is not None and entry.file is not None:
            yield place, "has a test and a file, must have one of them", None
        if entry.key in seen:
            yield place, f"is there twice: {described(entry.key)}", None
        seen.add(entry.key)


def _tier_fault(key: str, name: str, names: Collection[str]) -> Iterator[_Fault]:
    if name not in names:
        yield key, f"is '{name}', must be one of {', '.join(names)}", nearest(name, names)


def described(key: Key) -> str:
    """The key for people: "PYR301 of tests/unit/test_a.py::test_x"."""
    return f"{key.code} of {key.test or key.file or key.tier or 'the suite'}"
