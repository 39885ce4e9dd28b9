"""Layers of configuration: what each source gives, and which source wins for every key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, NamedTuple, TypeVar

from pytest_pyramid.core.andon_settings import AndonEntry
from pytest_pyramid.core.problems import Problem
from pytest_pyramid.core.reading import Bounds, read
from pytest_pyramid.core.tiers import Action, Resource

T = TypeVar("T")

Gate = Literal["strict", "soft", "off"]
Guard = Literal["error", "warn", "off"]
GuardLevel = Literal["hook", "residue", "sandbox"]
OrderPolicy = Literal["lazy-longest-first", "longest-first", "collection"]
Fences = Literal["auto", "never"]
Transport = Literal["batched", "stock"]
Cov = Literal["off", "tier", "test"]
Weight = Literal["error", "warning", "off"]
Fraction = Annotated[float, Bounds(least=0, most=1)]
Seconds = Annotated[float, Bounds(above=0)]
Count = Annotated[int, Bounds(least=1)]
Options = tuple[tuple[str, object], ...]


class Layer(NamedTuple):
    """One source of settings: `values` by kebab-case key, as in `[tool.pytest_pyramid]`; None is not given."""

    source: str
    """For people: "pyproject.toml [tool.pytest_pyramid]", "command line --pyramid-gate"."""
    values: Mapping[str, object]
    text: bool = False
    """True when the values are text that the type of each key decides about, as in ini files."""
    section: bool = False
    """True for a section of a file, which lasts: it may not choose what one run selects (tier, upto, stage, shard)."""


class TierEntry(NamedTuple):
    """One configured tier as it stands in a source; None for what it leaves out."""

    name: str
    markers: tuple[str, ...] | None = None
    paths: tuple[str, ...] | None = None
    share: tuple[tuple[Literal["min", "max"], Fraction], ...] | None = None
    max_seconds: Seconds | None = None
    budget_seconds: Seconds | None = None
    timeout_seconds: Seconds | None = None
    workers: Literal["auto"] | Count | None = None
    guard: tuple[tuple[Resource, Action], ...] | None = None
    allow: tuple[tuple[Literal["hosts", "paths", "commands"], tuple[str, ...]], ...] | None = None
    min_coverage: Fraction | None = None
    side: bool | None = None


class Request(NamedTuple):
    """What one source asks for, in the order of defaults.toml; None for what it leaves out."""

    default_tier: str | None = None
    gate: Gate | None = None
    order: OrderPolicy | None = None
    fences: Fences | None = None
    guard: Guard | None = None
    guard_level: GuardLevel | None = None
    strict: bool | None = None
    max_unclassified: Fraction | None = None
    history: str | None = None
    history_runs: Count | None = None
    history_days: Count | None = None
    main_branch: str | None = None
    baseline: str | None = None
    cov: bool | Cov | None = None
    transport: Transport | None = None
    report: tuple[str, ...] | None = None
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] | None = None
    tiers: tuple[TierEntry, ...] | None = None
    stages: tuple[tuple[str, tuple[str, ...]], ...] | None = None
    resources: tuple[tuple[str, Count], ...] | None = None
    severity: tuple[tuple[str, Weight], ...] | None = None
    rules: tuple[tuple[str, Options], ...] | None = None
    andon: AndonEntry | None = None
    tier: tuple[str, ...] | None = None
    upto: str | None = None
    stage: str | None = None
    shard: str | None = None


_OF_A_RUN = ("tier", "upto", "stage", "shard")
"""What only a run may choose, and no section of a file."""

_TABLES = ("resources", "severity", "rules")
"""Tables that layers add to row by row; every other key is taken whole from the strongest layer that gives it."""


class Merged(NamedTuple):
    """The strongest value of every key, and its source by dotted key ("gate", "resources.db")."""

    values: Request
    sources: Mapping[str, str]
    defaults: Request
    """What the weakest layer says by itself."""
    defaults_source: str
    dropped: bool = False
    """True when a configured tier could not be read at all, so that the tiers' names are not known for sure."""
    problems: tuple[Problem, ...] = ()

    def is_default(self, key: str) -> bool:
        """True when the weakest layer decides `key`."""
        return self.sources.get(key, self.defaults_source) == self.defaults_source


def merge(layers: Sequence[Layer]) -> Merged:
    """The layers, strongest first, as one; the last one holds the shipped defaults. Raises ValueError for no layer."""
    if not layers:
        raise ValueError("the layer of shipped defaults is missing")
    given, problems = _read_all(layers)
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for key in Request._fields:
        found = [(layer.source, getattr(request, key)) for layer, request in zip(layers, given, strict=True)]
        found = [(source, value) for source, value in found if value is not None]
        name = key.replace("_", "-")
        if found:
            sources[name], values[key] = found[0]
        if key in _TABLES:
            values[key] = _rows(name, found, sources)
    return Merged(
        values=Request(**values),
        sources=sources,
        defaults=given[-1],
        defaults_source=layers[-1].source,
        dropped=any(_lost_a_tier(layer, request) for layer, request in zip(layers, given, strict=True)),
        problems=problems,
    )


def _read_all(layers: Sequence[Layer]) -> tuple[list[Request], tuple[Problem, ...]]:
    """Every layer read with its types, and all problems of all layers."""
    given: list[Request] = []
    problems: list[Problem] = []
    for layer in layers:
        closed = _OF_A_RUN if layer.section else ()
        found, wrong = read(Request, layer.values, source=layer.source, text=layer.text, closed=closed)
        given.append(found or Request())
        problems.extend(wrong)
    return given, tuple(problems)


def _rows(name: str, found: list[tuple[str, Any]], sources: dict[str, str]) -> tuple[tuple[str, Any], ...]:
    """One table of all layers, a stronger row over a weaker one; the options of a rule are rows themselves."""
    rows: dict[str, Any] = {}
    for source, table in reversed(found):
        for key, value in table:
            if name == "rules":
                sources.update({f"{name}.{key}.{option}": source for option, _ in value})
                rows[key] = tuple({**dict(rows.get(key, ())), **dict(value)}.items())
            else:
                sources[f"{name}.{key}"] = source
                rows[key] = value
    return tuple(rows.items())


def _lost_a_tier(layer: Layer, request: Request) -> bool:
    """True when the layer speaks of tiers and not all of them could be read."""
    raw = layer.values.get("tiers")
    return raw is not None and (not isinstance(raw, list | tuple) or len(raw) != len(request.tiers or ()))
