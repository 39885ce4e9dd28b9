"""The settings of one run as one frozen value, and as rows for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, cast

from pytest_pyramid.core import plain_values
from pytest_pyramid.core.andon_settings import AndonSettings, andon_rows
from pytest_pyramid.core.layers import Cov, Fences, Gate, Guard, GuardLevel, Options, OrderPolicy, Transport
from pytest_pyramid.core.shards import Shard, shard_of
from pytest_pyramid.core.tiers import Action, AllowList, Pyramid, Share, Tier

NOT_SET = "not set"


class ReportTarget(NamedTuple):
    """One report to write; the path "-" is standard output."""

    format: str
    path: str


class Settings(NamedTuple):
    """Everything that was configured, checked; made by `resolve`."""

    pyramid: Pyramid
    default_tier: str
    """Where tests without evidence go: "none", "error" or a tier's name."""
    gate: Gate
    guard: Guard
    """"error" whenever `strict` is true."""
    guard_level: GuardLevel
    strict: bool
    stages: tuple[tuple[str, tuple[str, ...]], ...]
    """Tier names by stage."""
    resources: tuple[tuple[str, int], ...]
    """How many tests may hold a resource at once, by its name."""
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    severity: tuple[tuple[str, str], ...]
    """error, warning or off by code, beginning of a code, or rule name."""
    rules: tuple[tuple[str, Options], ...]
    """Options by rule code, not yet checked: `reading.read(rule, dict(options), text=True, …)` does that."""
    reports: tuple[ReportTarget, ...]
    max_unclassified: float = 0.2
    """Share (0-1) of test functions that may be without a tier before the shape is not judged."""
    history: str = "auto"
    """A path, "auto" or "off"."""
    history_runs: int = 50
    """So many results are kept for each test, on average."""
    history_days: int = 90
    main_branch: str = "auto"
    """Its name, or "auto" for what the build server or git says."""
    baseline: str = ""
    """A path, empty for none."""
    cov: Cov = "off"
    """How far apart coverage is recorded: by tier, or by test above the base."""
    order: OrderPolicy = "lazy-longest-first"
    """The name of the policy that orders the tests of a tier, see `core.ordering`."""
    fences: Fences = "auto"
    """"auto": used unless a plugin would take them for tests; "never": not used."""
    transport: Transport = "batched"
    andon: AndonSettings = AndonSettings()
    only: tuple[str, ...] = ()
    """The tiers that this run selects, base first; empty when it selects all."""
    shard: str = ""
    """The part of the selected tests that this run takes, such as "2/5"; empty when it takes all."""
    sources: tuple[tuple[str, str], ...] = ()
    """The source of every setting by dotted key, in the order of defaults.toml."""

    @property
    def part(self) -> Shard | None:
        """The part that this run takes, None when it takes all."""
        return shard_of(self.shard)

    @property
    def is_parted(self) -> bool:
        """True when other runs take tests that this one leaves out."""
        return self.part is not None and self.part.of > 1

    @property
    def guarded(self) -> bool:
        """True when tests are watched: the guard is on, and some tier may not touch everything."""
        restricted = any(action is not Action.ALLOW for tier in self.pyramid for _, action in tier.guard)
        return self.guard != "off" and restricted

    def guard_layers(self, platform: str) -> tuple[str, ...]:
        """What is to watch the tests on a platform, as `sys.platform` names it; nothing while the guard is off."""
        if not self.guarded:
            return ()
        layers = ("hook", "residue", "sandbox") if platform == "linux" else ("hook",)
        return layers[: layers.index(self.guard_level) + 1] if self.guard_level in layers else layers

    def to_plain(self) -> dict[str, Any]:
        """The settings as text, numbers, true, false, None, lists and dicts, for another process."""
        return cast("dict[str, Any]", plain_values.to_plain(self))

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> Settings:
        """The settings that `to_plain` gave; raises KeyError or ValueError for anything else."""
        return cast(Settings, plain_values.from_plain(cls, plain))


def describe(settings: Settings) -> tuple[tuple[str, str, str], ...]:
    """(key, value, source) of every setting, in the order of defaults.toml, then what the run selects."""
    source = dict(settings.sources)
    return tuple((key, value, source.get(key, "")) for key, value in rows(settings))


def rows(settings: Settings) -> Iterator[tuple[str, str]]:
    """(key, value) of every setting, values as text."""
    yield "default-tier", settings.default_tier
    yield "gate", settings.gate
    yield "order", settings.order
    yield "fences", settings.fences
    yield "guard", settings.guard
    yield "guard-level", settings.guard_level
    yield "strict", _text(settings.strict)
    yield "max-unclassified", _text(settings.max_unclassified)
    yield "history", settings.history
    yield "history-runs", _text(settings.history_runs)
    yield "history-days", _text(settings.history_days)
    yield "main-branch", settings.main_branch
    yield "baseline", settings.baseline or "none"
    yield "cov", settings.cov
    yield "transport", settings.transport
    yield "report", _text(tuple(f"{report.format}:{report.path}" for report in settings.reports))
    yield "select", _text(settings.select)
    yield "ignore", _text(settings.ignore)
    for tier in settings.pyramid:
        yield from _tier_rows(tier)
    yield from _table_rows("stages", settings.stages)
    yield from _table_rows("resources", settings.resources)
    yield from _table_rows("severity", settings.severity)
    options = ((f"{code}.{name}", value) for code, table in settings.rules for name, value in table)
    yield from _table_rows("rules", tuple(options))
    yield from ((key, _text(value)) for key, value in andon_rows(settings.andon))
    if settings.only:
        yield "only", _text(settings.only)
    if settings.shard:
        yield "shard", settings.shard


def _tier_rows(tier: Tier) -> Iterator[tuple[str, str]]:
    key = f"tiers.{tier.name}"
    yield f"{key}.name", tier.name
    yield f"{key}.markers", _text(tier.markers)
    yield f"{key}.paths", _text(tier.paths)
    yield f"{key}.share", _share_text(tier.share)
    yield f"{key}.max-seconds", _text(tier.max_seconds)
    yield f"{key}.budget-seconds", _text(tier.budget_seconds)
    yield f"{key}.timeout-seconds", _text(tier.timeout_seconds)
    yield f"{key}.workers", "auto" if tier.workers is None else _text(tier.workers)
    for resource, action in tier.guard:
        yield f"{key}.guard.{resource.value}", action.value
    yield f"{key}.allow", _allow_text(tier.allow)
    yield f"{key}.min-coverage", _text(tier.min_coverage)
    yield f"{key}.side", _text(tier.side)


def _table_rows(key: str, table: tuple[tuple[str, object], ...]) -> Iterator[tuple[str, str]]:
    if not table:
        yield key, "none"
    for name, value in table:
        yield f"{key}.{name}", _text(value)


def _share_text(share: Share) -> str:
    bounds = [f"{word} {_text(bound)}" for word, bound in (("min", share.min), ("max", share.max)) if bound is not None]
    return ", ".join(bounds) or NOT_SET


def _allow_text(allow: AllowList) -> str:
    kinds = {"hosts": allow.hosts, "paths": allow.paths, "commands": allow.commands}
    return "; ".join(f"{kind} {_text(words)}" for kind, words in kinds.items() if words) or NOT_SET


def _text(value: object) -> str:
    if value is None:
        return NOT_SET
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ", ".join(map(_text, value)) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value)
