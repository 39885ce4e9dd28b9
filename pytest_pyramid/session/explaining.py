"""Why a test is in its tier: the claim, what other evidence says, and the limits that apply."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from pytest_pyramid.core.evidence import Stance, Suggestion, stance
from pytest_pyramid.core.facts import Placement, TestFacts
from pytest_pyramid.core.setting_tree import Settings
from pytest_pyramid.core.tiers import UNCLASSIFIED, Pyramid, Tier


def explained(
    test: TestFacts, settings: Settings, *, used: Collection[str], found: Sequence[Suggestion] = ()
) -> Iterable[str]:
    """The lines that say why a test is in its tier and which limits apply to it.

    `used` are the tiers that have tests, `found` is all evidence, the strongest first.
    """
    yield test.nodeid
    yield f"  tier     {test.tier}   because: {test.classified_by}"
    for other in test.placements[1:]:
        yield f"  also     {_spoken(other)}"
    for name in test.placements[0].also if test.placements else ():
        yield f"  also     the marks at the same level name {name}; the higher tier is taken"
    for one in found:
        yield f"  evidence {one.reason} speaks for {one.tier} ({one.confidence:.0%} sure)"
    yield f"  verdict  {_verdict(test, found, settings.pyramid)}"
    if test.tier == UNCLASSIFIED:
        base = settings.pyramid.base.name
        yield f"  runs     with {base}, and gates like it, but is never counted as {base}"
        yield f"  mend     mark it (@pytest.mark.{base}), or move it to a folder that a tier names"
    tier = settings.pyramid.named(test.tier)
    sources = dict(settings.sources)
    for label, value, key in _limits(test, tier):
        origin = sources.get(f"tiers.{test.tier}.{key}", "the test's own mark" if key == "mark" else "defaults")
        yield f"  {label:<8} {value}   from: {origin}"
    yield f"  gate     {_gate(test, settings.pyramid, settings.gate, used)}"


def _verdict(test: TestFacts, found: Sequence[Suggestion], pyramid: Pyramid) -> str:
    """How claim and evidence stand to each other, and what to do about it."""
    told = found[0].tier if found else ""
    return {
        Stance.SILENT: "nothing is known that speaks for or against it",
        Stance.ALONE: f"nobody has said where it belongs; the evidence speaks for {told}",
        Stance.AGREES: "claim and evidence agree",
        Stance.HIGHER: f"the evidence speaks for a higher tier: move it to {told}, or replace what it uses",
        Stance.LOWER: f"the evidence speaks for a lower tier: look whether it belongs to {told}",
    }[stance(test, found, pyramid)]


def _limits(test: TestFacts, tier: Tier | None) -> Iterable[tuple[str, str, str]]:
    if test.max_seconds is not None:
        yield "seconds", f"at most {test.max_seconds:g} s", "mark"
    elif tier is not None and tier.max_seconds is not None:
        yield "seconds", f"at most {tier.max_seconds:g} s", "max-seconds"
    if tier is not None and tier.timeout_seconds is not None:
        yield "timeout", f"stopped after {tier.timeout_seconds:g} s, by pytest-timeout", "timeout-seconds"
    if tier is not None and tier.workers is not None:
        yield "workers", f"at most {tier.workers} at once", "workers"
    if test.needs:
        yield "needs", ", ".join(test.needs), "mark"


def _gate(test: TestFacts, pyramid: Pyramid, mode: str, used: Collection[str]) -> str:
    rank = pyramid.rank_of(test.tier)
    below = ", ".join(tier.name for tier in pyramid.below(rank))
    above = ", ".join(tier.name for tier in pyramid.tiers[rank + 1 :] if not tier.side or tier.name in used)
    alone = "; alone on the machine, after all others" if pyramid.tiers[rank].side else ""
    if mode == "off":
        return f"off: nothing is withheld{alone}"
    waits = (
        f"waits for {below}" if below and mode == "strict" else f"is withheld by a failure in {below}" if below else ""
    )
    holds = f"a failure withholds {above}" if above else ""
    return f"{mode}: {'; '.join(part for part in (waits, holds) if part) or 'nothing above, nothing below'}{alone}"


def _spoken(placement: Placement) -> str:
    return f"{placement.reason} speaks for {placement.tier}"
