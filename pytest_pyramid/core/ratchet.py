"""The ratchet: which violations of a run the baseline knows, which entries have had their day, and the baseline renewed."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from pytest_pyramid.core.baseline import TOUCH_CODES, UNFIT, Baseline, Entry, Key
from pytest_pyramid.core.coverage_ratchet import recordable
from pytest_pyramid.core.facts import Outcome, Result, Suite, TestFacts
from pytest_pyramid.core.shapes import judged_census
from pytest_pyramid.core.tiers import Action
from pytest_pyramid.core.violations import Violation

AMOUNTS = {"PYR201": "functions"}
"""Rules that give one violation for any number of things, and where its data says how many."""
UNSTEADY = ("PYR4", "PYR702")
"""Beginnings of the codes that tell of time or chance: one good run does not prove that anything was mended."""

_WELL = (Result.PASSED, Result.XPASSED)
_TOUCHES = frozenset(TOUCH_CODES.values())


class Found(NamedTuple):
    """What the run found with one key."""

    amount: int
    layer: str | None = None
    """What saw the touches, when all of them were seen by it alone and it proves little."""


class Stale(NamedTuple):
    """An entry that allows more than there is."""

    entry: Entry
    amount: int
    """How many violations there still are, fewer than the entry counts."""


class Ratchet(NamedTuple):
    """What the baseline says beside what the run found, for the rules about the baseline."""

    file: str
    """The baseline file, for people."""
    stale: tuple[Stale, ...] = ()
    shares: tuple[tuple[str, float], ...] = ()
    """The recorded share (0-1) of all functions by tier."""
    coverage: tuple[tuple[str, float], ...] = ()
    """The recorded share (0-1) of lines that each tier covers with all below it."""


class Sight(NamedTuple):
    """What a run saw: its facts, its violations, and the codes that were judged in it."""

    suite: Suite
    violations: tuple[Violation, ...]
    judged: Collection[str]


def judged_codes(asked: Iterable[str], suite: Suite) -> frozenset[str]:
    """Of the codes that were asked those that had something to look at: a run sees nothing of what it does not watch."""
    blind: tuple[str, ...] = ()
    if not suite.guard_layers:
        blind += (*_TOUCHES, "PYR390", "PYR701")
    if suite.coverage is None:
        blind += ("PYR6",)
    if not suite.past:
        blind += ("PYR701", "PYR702")
    return frozenset(code for code in asked if not code.startswith(blind))


def flagged(baseline: Baseline, sight: Sight, today: str) -> tuple[Violation, ...]:
    """The violations, with `baseline` true for those that the baseline knows; `today` as 2027-01-31.

    Touches were compared where they were seen, because what is known fails no test; they keep what was found there.
    """
    function_of = _functions(sight)
    entries = {entry.key: entry for entry in baseline.known}
    used: dict[Key, int] = {}
    made = []
    for one in sight.violations:
        key = _key(one, function_of)
        entry = entries.get(key)
        used[key] = used.get(key, 0) + _amount(one)
        if entry is None or one.baseline:
            made.append(one)
        elif entry.is_expired(today):
            made.append(_hinted(one, f"its entry in the baseline expired on {entry.expires}"))
        elif one.code in _TOUCHES:
            made.append(one)
        elif used[key] <= entry.count:
            made.append(one._replace(baseline=True))
        else:
            made.append(_hinted(one, f"the baseline knows {entry.count} of these, there are more"))
    return tuple(made)


def stale(baseline: Baseline, sight: Sight) -> tuple[Stale, ...]:
    """The entries that allow more than there is, as far as the run proves it; nothing for a part of the suite."""
    if sight.suite.partial_reason is not None:
        return ()
    found, proof = _found(sight), _Proof.of(baseline, sight)
    leftover = []
    for entry in baseline.known:
        amount = found.get(entry.key, Found(0)).amount
        steady = not entry.code.startswith(UNSTEADY) and entry.layer is None
        if amount < entry.count and steady and proof.settles(entry):
            leftover.append(Stale(entry, amount))
    return tuple(leftover)


def renewed(baseline: Baseline, sight: Sight, today: str) -> Baseline:
    """The baseline after the run: what is new is added, what is proved to be gone is dropped, in the order of the file.

    Entries that stay keep reason and last day. What the run did not see stays as it is, the shares too.
    """
    found, proof = _found(sight), _Proof.of(baseline, sight)
    entries: dict[Key, Entry] = {}
    for entry in baseline.known:
        met, settled = found.pop(entry.key, None), proof.settles(entry)
        if met is not None:
            count = met.amount if settled else max(met.amount, entry.count)
            layer = entry.layer if met.layer else None
            entries[entry.key] = dataclasses.replace(entry, count=count, layer=layer)
        elif not settled:
            entries[entry.key] = entry
    for key, met in found.items():
        layer = "residue" if met.layer else None
        entries[key] = Entry(**key._asdict(), count=met.amount, layer=layer, reason=f"known since {today}")
    census = judged_census(sight.suite)
    shares = baseline.shares
    if census is not None:
        shares = tuple((row.name, round(census.share_of_functions(row.name), 4)) for row in census.tiers)
    coverage = tuple({**dict(baseline.coverage), **recordable(sight.suite)}.items())
    return Baseline(shares=shares, coverage=coverage, known=tuple(entries[key] for key in sorted(entries, key=_place)))


def _place(key: Key) -> tuple[str, ...]:
    return (key.code, key.test or "", key.file or "", key.tier or "")


def _functions(sight: Sight) -> dict[str, TestFacts]:
    """The facts by node id, for the tests that something is said of."""
    named = {one.nodeid for one in sight.violations} | {one.nodeid for one in sight.suite.outcomes if one.touches}
    return {test.nodeid: test for test in sight.suite.tests if test.nodeid in named}


def _key(one: Violation, function_of: Mapping[str, TestFacts]) -> Key:
    if one.nodeid is not None:
        known = function_of.get(one.nodeid)
        return Key(one.code, one.tier, known.function if known else one.nodeid)
    return Key(one.code, one.tier, None, one.location.file if one.location else None)


def _amount(one: Violation) -> int:
    amount = dict(one.data).get(AMOUNTS.get(one.code, ""))
    return amount if isinstance(amount, int) and amount > 0 else 1


def _hinted(one: Violation, text: str) -> Violation:
    return one._replace(hint=f"{text}; {one.hint}")


def _found(sight: Sight) -> dict[Key, Found]:
    """What the run found by key; every test that touched what it may not is found by itself, however often it did."""
    function_of = _functions(sight)
    amounts: dict[Key, int] = {}
    for one in sight.violations:
        if one.code not in _TOUCHES and not one.code.startswith(UNFIT):
            key = _key(one, function_of)
            amounts[key] = amounts.get(key, 0) + _amount(one)
    layers: dict[Key, set[str]] = {}
    for key, layer in _touched(sight, function_of):
        layers.setdefault(key, set()).add(layer)
    weak = {key: "residue" if layers[key] == {"residue"} else None for key in layers}
    return {key: Found(amount) for key, amount in amounts.items()} | {key: Found(1, weak[key]) for key in weak}


def _touched(sight: Sight, function_of: Mapping[str, TestFacts]) -> Iterator[tuple[Key, str]]:
    for outcome in sight.suite.outcomes:
        for touch in outcome.touches:
            test, code = function_of.get(outcome.nodeid), TOUCH_CODES[touch.resource]
            if test is not None and touch.action is not Action.ALLOW and code in sight.judged:
                yield Key(code, test.tier, test.function), touch.layer


class _Proof(NamedTuple):
    """What the run can prove about entries that nothing was found for."""

    sight: Sight
    cases: Mapping[str, Sequence[Outcome]]
    """The outcomes of the functions that entries name."""
    uncollected: frozenset[str]
    """The files that could not be collected."""
    whole: bool
    """True when the whole suite was judged and every test of it ran."""

    @classmethod
    def of(cls, baseline: Baseline, sight: Sight) -> _Proof:
        suite = sight.suite
        named = {entry.test for entry in baseline.known if entry.test is not None}
        cases: dict[str, list[Outcome]] = {}
        ended = {outcome.nodeid: outcome for outcome in suite.outcomes}
        for test in suite.tests:
            if test.function in named and test.nodeid in ended:
                cases.setdefault(test.function, []).append(ended[test.nodeid])
        broken = frozenset(error.nodeid.partition("::")[0] for error in suite.collection_errors)
        ran = not broken and not any(outcome.result.is_missing for outcome in suite.outcomes)
        return cls(sight, cases, broken, whole=ran and judged_census(suite) is not None)

    def settles(self, entry: Entry) -> bool:
        """True when the run proves that it saw everything that the entry is about."""
        layers, partial = self.sight.suite.guard_layers, self.sight.suite.partial_reason is not None
        if entry.code not in self.sight.judged or (entry.layer is not None and entry.layer not in layers):
            return False
        if entry.test is None:
            return self.whole
        cases = self.cases.get(entry.test)
        if not cases:
            gone = not partial and bool(self.sight.suite.tests)
            return gone and entry.test.partition("::")[0] not in self.uncollected and not self._is_folder_broken(entry)
        if partial and any(case.nodeid != entry.test for case in cases):
            return False  # other cases of the function may have been left out
        return all(case.result in _WELL for case in cases)

    def _is_folder_broken(self, entry: Entry) -> bool:
        """True when a folder above the entry's test could not be collected."""
        return any((entry.test or "").startswith(f"{folder}/") for folder in self.uncollected)
