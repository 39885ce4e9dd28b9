"""From layers to settings: the strongest source of every key wins, and every problem is told at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TypeVar

from pytest_pyramid.core.andon_settings import andon_of
from pytest_pyramid.core.cross_checks import (
    TierNames,
    check_andon,
    check_codes,
    check_names,
    read_reports,
    read_selection,
)
from pytest_pyramid.core.layers import Cov, Layer, Merged, merge
from pytest_pyramid.core.problems import Problem, problems_text
from pytest_pyramid.core.setting_tree import ReportTarget, Settings, describe, rows
from pytest_pyramid.core.tier_table import TierTable, tabulate
from pytest_pyramid.core.tiers import Pyramid

__all__ = ["Layer", "Problem", "ReportTarget", "Settings", "describe", "problems_text", "resolve"]

T = TypeVar("T")


def resolve(
    layers: Sequence[Layer], *, formats: Collection[str] | None, notifiers: Collection[str] | None = None
) -> tuple[Settings | None, tuple[Problem, ...]]:
    """The settings that `layers`, strongest first, give, or None with everything that is wrong in them.

    The weakest layer holds the shipped defaults: every key that a file may give. `formats` are the names of the
    known reports and `notifiers` those of the known notifiers, None where they are not to be judged. Raises ValueError when the defaults are missing.
    """
    merged = merge(layers)
    table = _tiers(merged)
    stages = _stages(merged, table.pyramid)
    names = TierNames(pyramid=table.pyramid, sure=not merged.dropped and len(table.pyramid) > 0)
    reports, wrong_reports = read_reports(merged, formats)
    wrong_names = list(check_names(merged, names, stages))
    # A selection can only be judged when every name in it means something.
    judged = names.sure and not wrong_names
    only, wrong_selection = read_selection(merged, table.pyramid, stages) if judged else ((), [])
    wrong_names += wrong_selection
    andon = andon_of(merged.values.andon, merged.defaults.andon)
    wrong_names += check_andon(merged, andon, notifiers)
    problems = (*merged.problems, *table.problems, *wrong_names, *check_codes(merged), *wrong_reports)
    if problems:
        return None, problems
    settings = _settings(merged, table.pyramid, stages, reports, only)._replace(andon=andon)
    return settings._replace(sources=_sources(settings, merged, table)), ()


def _tiers(merged: Merged) -> TierTable:
    source = merged.sources.get("tiers", merged.defaults_source)
    return tabulate(_given(merged.values.tiers), source, _given(merged.defaults.tiers), merged.defaults_source)


def _stages(merged: Merged, pyramid: Pyramid) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The configured stages; with own tiers and no own stages, the base and the rest under the shipped names."""
    if not _stages_follow_tiers(merged):
        return _given(merged.values.stages)
    names = tuple(tier.name for tier in pyramid.storeys)
    aside = tuple(tier.name for tier in pyramid if tier.side)
    return (("commit", names[:1]), ("acceptance", names[1:]), *([("performance", aside)] if aside else []))


def _stages_follow_tiers(merged: Merged) -> bool:
    return merged.is_default("stages") and not merged.is_default("tiers")


def _settings(
    merged: Merged,
    pyramid: Pyramid,
    stages: tuple[tuple[str, tuple[str, ...]], ...],
    reports: tuple[ReportTarget, ...],
    only: tuple[str, ...],
) -> Settings:
    values = merged.values
    strict = _given(values.strict)
    return Settings(
        pyramid=pyramid,
        default_tier=_given(values.default_tier),
        gate=_given(values.gate),
        order=_given(values.order),
        fences=_given(values.fences),
        guard="error" if strict else _given(values.guard),
        guard_level=_given(values.guard_level),
        strict=strict,
        stages=stages,
        resources=_given(values.resources),
        select=_given(values.select),
        ignore=_given(values.ignore),
        severity=_given(values.severity),
        rules=_given(values.rules),
        reports=reports,
        max_unclassified=_given(values.max_unclassified),
        history=_given(values.history),
        history_runs=_given(values.history_runs),
        history_days=_given(values.history_days),
        main_branch=_given(values.main_branch),
        baseline=_given(values.baseline),
        cov=_detail(_given(values.cov)),
        transport=_given(values.transport),
        only=only,
        shard=values.shard or "",
    )


def _detail(cov: bool | Cov) -> Cov:  # noqa: FBT001  # files may say true and false
    """How far apart coverage is recorded; true means by tier."""
    if isinstance(cov, bool):
        return "tier" if cov else "off"
    return cov


def _sources(settings: Settings, merged: Merged, table: TierTable) -> tuple[tuple[str, str], ...]:
    """The source of every row of the settings, in their order."""
    known: Mapping[str, str] = {**merged.sources, **dict(table.sources)}
    special: dict[str, str] = {}
    if settings.strict:
        special["guard"] = f"strict in {known['strict']}"
    if _stages_follow_tiers(merged):
        special |= {f"stages.{name}": f"the tiers in {known['tiers']}" for name, _ in settings.stages}
    if settings.shard:
        special["shard"] = known["shard"]
    if settings.only:
        keys = [key for key in ("tier", "upto", "stage") if key in known]
        special["only"] = " and ".join(dict.fromkeys(known[key] for key in keys))
    if merged.values.andon is not merged.defaults.andon:
        given = merged.values.andon._asdict() if merged.values.andon is not None else {}
        left_out = [key.replace("_", "-") for key, value in given.items() if value is None]
        special |= {f"andon.{key}": merged.defaults_source for key in left_out}
    found = []
    for key, _ in rows(settings):
        source = special.get(key, known.get(key, known.get(key.split(".")[0], merged.defaults_source)))
        found.append((key, source))
    return tuple(found)


def _given(value: T | None) -> T:
    """A value that the shipped defaults always give."""
    if value is None:
        raise ValueError("the shipped defaults leave a setting out")
    return value
