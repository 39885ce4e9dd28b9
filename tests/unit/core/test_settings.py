"""Layers become settings: precedence, tiers made whole, every problem at once, and the way to another process."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_pyramid.core.andon_settings import AndonSettings
from pytest_pyramid.core.settings import Layer, Problem, ReportTarget, Settings, describe, problems_text, resolve
from pytest_pyramid.core.tiers import Action, Pyramid, Resource, Share, Tier

FORMATS = ("json", "html", "markdown", "junit")

GUARD = {"network": "error", "sleep": "error", "files": "error"}

DEFAULTS = Layer(
    source="defaults",
    section=True,
    values={
        "default-tier": "none",
        "gate": "strict",
        "order": "lazy-longest-first",
        "fences": "auto",
        "guard": "warn",
        "guard-level": "residue",
        "strict": False,
        "max-unclassified": 0.2,
        "history": "auto",
        "history-runs": 50,
        "history-days": 90,
        "main-branch": "auto",
        "baseline": "",
        "cov": False,
        "transport": "batched",
        "report": [],
        "select": [],
        "ignore": [],
        "tiers": [
            {"name": "unit", "markers": ["unit", "small"], "paths": ["**/unit/**"], "guard": GUARD},
            {
                "name": "service",
                "markers": ["service", "integration"],
                "paths": ["**/integration/**"],
                "guard": {"network": "error", "sleep": "warn"},
            },
            {"name": "ui", "markers": ["ui", "e2e"], "paths": ["**/ui/**"]},
        ],
        "stages": {"commit": ["unit"], "acceptance": ["service", "ui"]},
        "resources": {},
        "severity": {},
        "rules": {},
        "andon": {"notify": [], "when": "ci", "seconds": 10.0},
    },
)


def section(**values: Any) -> Layer:
    """A section of a project's file; underscores in keys stand for dashes."""
    return Layer(source="file", section=True, values={key.replace("_", "-"): value for key, value in values.items()})


def line(**values: Any) -> Layer:
    """What one run asks for."""
    return Layer(source="line", values={key.replace("_", "-"): value for key, value in values.items()})


def settled(*layers: Layer) -> Settings:
    """The settings of good layers over the defaults."""
    settings, problems = resolve([*layers, DEFAULTS], formats=FORMATS)
    assert problems == ()
    assert settings is not None
    return settings


def refused(*layers: Layer) -> tuple[Problem, ...]:
    """The problems of bad layers over the defaults."""
    settings, problems = resolve([*layers, DEFAULTS], formats=FORMATS)
    assert settings is None
    return problems


def tier(name: str, settings: Settings) -> Tier:
    """One tier of the settings."""
    found = settings.pyramid.named(name)
    assert found is not None
    return found


def test_the_defaults_alone_are_settings() -> None:
    """Without any other layer the shipped values hold, each with the defaults as its source."""
    settings = settled()
    assert settings.pyramid.names == ("unit", "service", "ui")
    assert (settings.gate, settings.guard, settings.default_tier, settings.only) == ("strict", "warn", "none", ())
    assert settings.stages == (("commit", ("unit",)), ("acceptance", ("service", "ui")))
    assert {source for _, source in settings.sources} == {"defaults"}


def test_the_strongest_layer_wins_key_by_key() -> None:
    """Command line over ini key over section over defaults; a weaker layer still fills what a stronger leaves out."""
    ini = Layer(source="ini", values={"gate": "soft", "guard": "off"})
    settings = settled(line(gate="off"), ini, section(gate="strict", guard="error", history="h.db"))
    assert (settings.gate, settings.guard, settings.history) == ("off", "off", "h.db")
    sources = dict(settings.sources)
    assert [sources[key] for key in ("gate", "guard", "history", "cov")] == ["line", "ini", "file", "defaults"]


def test_tables_are_added_row_by_row() -> None:
    """Rows of resources, severity and rule options come from every layer, a stronger row over a weaker one."""
    low = section(resources={"db": 2, "gpu": 1}, severity={"PYR201": "off"}, rules={"PYR401": {"a": 1, "b": 2}})
    high = line(resources={"db": 5}, severity={"PYR4": "error"}, rules={"PYR401": {"b": 3}})
    settings = settled(high, low)
    assert settings.resources == (("db", 5), ("gpu", 1))
    assert settings.severity == (("PYR201", "off"), ("PYR4", "error"))
    assert settings.rules == (("PYR401", (("a", 1), ("b", 3))),)
    sources = dict(settings.sources)
    assert sources["resources.db"] == sources["rules.PYR401.b"] == "line"
    assert sources["resources.gpu"] == sources["rules.PYR401.a"] == "file"


def test_configured_tiers_replace_the_shipped_ones() -> None:
    """The user's list is the whole pyramid, in the user's order."""
    settings = settled(section(tiers=[{"name": "fast", "workers": 2, "share": {"min": 0.5}}, {"name": "slow"}]))
    assert settings.pyramid.names == ("fast", "slow")
    fast = tier("fast", settings)
    assert (fast.rank, fast.workers, fast.share) == (0, 2, Share(min=0.5))
    assert (fast.markers, fast.paths) == (("fast",), ("**/fast/**",))
    assert settings.stages == (("commit", ("fast",)), ("acceptance", ("slow",)))


def test_a_tier_named_like_a_shipped_one_keeps_what_it_leaves_out() -> None:
    """Markers, paths and guard come from the shipped tier of the name; limits do not."""
    settings = settled(section(tiers=[{"name": "unit", "max-seconds": 1}]))
    unit, shipped = tier("unit", settings), tier("unit", settled())
    assert (unit.markers, unit.paths, unit.guard) == (shipped.markers, shipped.paths, shipped.guard)
    sources = dict(settings.sources)
    assert (sources["tiers.unit.markers"], sources["tiers.unit.max-seconds"]) == ("defaults", "file")


def test_given_markers_and_paths_replace_the_shipped_ones() -> None:
    """A configured tier replaces its aliases."""
    unit = tier("unit", settled(section(tiers=[{"name": "unit", "markers": ["quick"], "paths": ["t/*.py"]}])))
    assert (unit.markers, unit.paths) == (("quick",), ("t/*.py",))


def test_a_guard_is_completed_resource_by_resource() -> None:
    """To loosen one resource does not loosen the others."""
    settings = settled(section(tiers=[{"name": "unit", "guard": {"sleep": "warn"}}]))
    guard = dict(tier("unit", settings).guard)
    assert (guard[Resource.SLEEP], guard[Resource.NETWORK]) == (Action.WARN, Action.ERROR)
    assert dict(settings.sources)["tiers.unit.guard.sleep"] == "file"
    assert dict(settings.sources)["tiers.unit.guard.network"] == "defaults"


def test_a_new_tier_has_the_guard_of_the_nearest_shipped_one_below() -> None:
    """A tier put between two shipped ones guards like the lower, with what was configured there."""
    mine = [{"name": "unit", "guard": {"files": "warn"}}, {"name": "module"}, {"name": "part"}, {"name": "ui"}]
    settings = settled(section(tiers=mine))
    assert tier("module", settings).guard == tier("part", settings).guard == tier("unit", settings).guard
    assert dict(settings.sources)["tiers.part.guard.files"] == "tier unit below"
    between = settled(section(tiers=[{"name": "unit"}, {"name": "service"}, {"name": "remote"}]))
    assert tier("remote", between).guard == tier("service", between).guard != tier("unit", between).guard


def test_a_new_tier_with_no_shipped_one_below_allows_everything() -> None:
    """Nothing is known about such a tier, so nothing is forbidden."""
    fast = tier("fast", settled(section(tiers=[{"name": "fast"}, {"name": "unit"}])))
    assert fast.guard == tuple((resource, Action.ALLOW) for resource in Resource)


def test_a_new_tier_takes_its_name_from_the_shipped_aliases() -> None:
    """A tier named like an alias of another is found by that name alone, without a quarrel over the marker."""
    settings = settled(section(tiers=[{"name": "unit"}, {"name": "integration"}, {"name": "service"}]))
    assert tier("service", settings).markers == ("service",)
    assert tier("service", settings).paths == ()
    assert tier("integration", settings).markers == ("integration",)


def test_a_name_with_a_dash_has_a_marker_that_python_can_write() -> None:
    """The marker of a tier "end-to-end" is end_to_end, its folders are those of both spellings."""
    found = tier("end-to-end", settled(section(tiers=[{"name": "end-to-end"}])))
    assert found.markers == ("end_to_end",)
    assert found.paths == ("**/end-to-end/**", "**/end_to_end/**")


@pytest.mark.parametrize(("given_workers", "expected"), [("auto", None), (1, 1), (8, 8)])
def test_workers_are_a_number_or_auto(given_workers: object, expected: int | None) -> None:
    """The word auto is no limit."""
    assert tier("a", settled(section(tiers=[{"name": "a", "workers": given_workers}]))).workers == expected


def test_configured_stages_replace_the_shipped_ones() -> None:
    """A stages table is taken whole."""
    assert settled(section(stages={"smoke": ["unit", "ui"]})).stages == (("smoke", ("unit", "ui")),)


def test_a_pyramid_of_one_tier_has_an_empty_acceptance_stage() -> None:
    """The derived stages keep their names, however many tiers there are."""
    assert settled(section(tiers=[{"name": "all"}])).stages == (("commit", ("all",)), ("acceptance", ()))


def test_strict_makes_the_guard_an_error() -> None:
    """Strict is stronger than any guard setting, and the source says so."""
    settings = settled(line(strict=True, guard="off"))
    assert (settings.strict, settings.guard) == (True, "error")
    assert dict(settings.sources)["guard"] == "strict in line"


def test_reports_are_format_and_path() -> None:
    """Only the first colon divides, so that a drive letter stays in the path; stdout may be used twice."""
    reports = settled(line(report=[r"json:C:\out.json", "html:-", "markdown:-"])).reports
    assert [(r.format, r.path) for r in reports] == [("json", r"C:\out.json"), ("html", "-"), ("markdown", "-")]


@pytest.mark.parametrize(
    ("request_", "only"),
    [
        ({}, ()),
        ({"tier": ["ui", "unit"]}, ("unit", "ui")),
        ({"upto": "service"}, ("unit", "service")),
        ({"stage": "acceptance"}, ("service", "ui")),
        ({"upto": "service", "stage": "acceptance"}, ("service",)),
        ({"tier": ["service", "ui"], "upto": "service", "stage": "acceptance"}, ("service",)),
        ({"upto": "ui"}, ()),
    ],
)
def test_a_run_selects_what_its_wishes_agree_on(request_: dict[str, Any], only: tuple[str, ...]) -> None:
    """Base first; empty for all tiers, also when every one of them was named."""
    assert settled(line(**request_)).only == only


TWO = [{"name": "unit"}, {"name": "ui"}]

BAD: list[tuple[str, Layer, list[tuple[str, str, str | None]]]] = [
    ("unknown key", section(gat="soft"), [("PYR901", "gat", "gate")]),
    ("tier in a file", section(tier=[{"name": "a"}]), [("PYR901", "tier", "tiers")]),
    ("upto in a file", section(upto="ui"), [("PYR901", "upto", None)]),
    ("gate", section(gate="sotf"), [("PYR902", "gate", "soft")]),
    ("order", section(order="longest"), [("PYR902", "order", "longest-first")]),
    ("fences", section(fences="nevre"), [("PYR902", "fences", "never")]),
    ("guard", section(guard="warning"), [("PYR902", "guard", "warn")]),
    ("strict", section(strict="yes"), [("PYR902", "strict", None)]),
    ("max-unclassified", section(max_unclassified=20), [("PYR902", "max-unclassified", None)]),
    ("default tier", section(default_tier="unti"), [("PYR902", "default-tier", "unit")]),
    ("default tier by alias", section(default_tier="integration"), [("PYR902", "default-tier", "service")]),
    ("default tier near none", section(default_tier="non"), [("PYR902", "default-tier", "none")]),
    ("no tiers", section(tiers=[]), [("PYR902", "tiers", None)]),
    ("tiers as a table", section(tiers={"unit": {}}), [("PYR902", "tiers", None)]),
    ("a tier without name", section(tiers=[{"markers": ["a"]}]), [("PYR902", "tiers[0].name", None)]),
    ("tier key", section(tiers=[{"name": "a", "marker": ["a"]}]), [("PYR901", "tiers.a.marker", "markers")]),
    ("same name", section(tiers=[{"name": "a"}, {"name": "a"}]), [("PYR902", "tiers.a.name", None)]),
    (
        "unclassified",
        section(tiers=[{"name": "unclassified"}]),
        [("PYR902", "tiers.unclassified.name", "unclassified_tests")],
    ),
    ("none", section(tiers=[{"name": "none"}]), [("PYR902", "tiers.none.name", "none_tests")]),
    ("error", section(tiers=[{"name": "error"}]), [("PYR902", "tiers.error.name", "error_tests")]),
    ("odd name", section(tiers=[{"name": "my tier"}]), [("PYR902", "tiers.my tier.name", "my_tier")]),
    ("empty name", section(tiers=[{"name": "", "markers": ["a"]}]), [("PYR902", "tiers..name", None)]),
    (
        "same marker",
        section(tiers=[{"name": "a", "markers": ["x"]}, {"name": "b", "markers": ["x"]}]),
        [("PYR902", "tiers.b.markers", None)],
    ),
    (
        "marker of a name",
        section(tiers=[{"name": "a"}, {"name": "b", "markers": ["a"]}]),
        [("PYR902", "tiers.b.markers", None)],
    ),
    (
        "same path",
        section(tiers=[{"name": "a", "paths": ["x/**"]}, {"name": "b", "paths": ["x/**"]}]),
        [("PYR902", "tiers.b.paths", None)],
    ),
    ("odd marker", section(tiers=[{"name": "a", "markers": ["a-b"]}]), [("PYR902", "tiers.a.markers", "a_b")]),
    ("backslash", section(tiers=[{"name": "a", "paths": [r"t\u"]}]), [("PYR902", "tiers.a.paths", "t/u")]),
    ("absolute path", section(tiers=[{"name": "a", "paths": ["/t/**"]}]), [("PYR902", "tiers.a.paths", "t/**")]),
    ("empty path", section(tiers=[{"name": "a", "paths": [""]}]), [("PYR902", "tiers.a.paths", None)]),
    ("share", section(tiers=[{"name": "a", "share": {"min": 1.5}}]), [("PYR902", "tiers.a.share.min", None)]),
    ("share key", section(tiers=[{"name": "a", "share": {"mni": 0.5}}]), [("PYR901", "tiers.a.share.mni", "min")]),
    (
        "share order",
        section(tiers=[{"name": "a", "share": {"min": 0.6, "max": 0.5}}]),
        [("PYR902", "tiers.a.share", None)],
    ),
    ("seconds", section(tiers=[{"name": "a", "max-seconds": 0}]), [("PYR902", "tiers.a.max-seconds", None)]),
    ("timeout", section(tiers=[{"name": "a", "timeout-seconds": 0}]), [("PYR902", "tiers.a.timeout-seconds", None)]),
    (
        "timeout below limit",
        section(tiers=[{"name": "a", "max-seconds": 2, "timeout-seconds": 1.5}]),
        [("PYR902", "tiers.a.timeout-seconds", None)],
    ),
    ("budget", section(tiers=[{"name": "a", "budget-seconds": -1}]), [("PYR902", "tiers.a.budget-seconds", None)]),
    ("workers", section(tiers=[{"name": "a", "workers": 0}]), [("PYR902", "tiers.a.workers", None)]),
    ("coverage", section(tiers=[{"name": "a", "min-coverage": 70}]), [("PYR902", "tiers.a.min-coverage", None)]),
    (
        "resource",
        section(tiers=[{"name": "a", "guard": {"netwrk": "warn"}}]),
        [("PYR901", "tiers.a.guard.netwrk", "network")],
    ),
    ("action", section(tiers=[{"name": "a", "guard": {"files": "wran"}}]), [("PYR902", "tiers.a.guard.files", "warn")]),
    ("stage's tier", section(stages={"s": ["e2e"]}), [("PYR902", "stages.s", "ui")]),
    ("shipped tier gone", section(tiers=TWO, stages={"s": ["service"]}), [("PYR902", "stages.s", None)]),
    ("empty stage", section(stages={"s": []}), [("PYR902", "stages.s", None)]),
    ("capacity", section(resources={"db": 0}), [("PYR902", "resources.db", None)]),
    ("severity", section(severity={"PYR201": "warn"}), [("PYR902", "severity.PYR201", "warning")]),
    ("severity of what", section(severity={"PYR-201": "off"}), [("PYR902", "severity.PYR-201", "PYR201")]),
    ("select", section(select=["pyr201"]), [("PYR902", "select", "PYR201")]),
    ("ignore", section(ignore=["Unclassified_Test"]), [("PYR902", "ignore", "unclassified-test")]),
    ("long code", section(ignore=["PYR2011"]), [("PYR902", "ignore", None)]),
    ("rule code", section(rules={"pyr201": {"a": 1}}), [("PYR901", "rules.pyr201", "PYR201")]),
    ("rule prefix", section(rules={"PYR2": {}}), [("PYR901", "rules.PYR2", None)]),
    ("rule table", section(rules={"PYR201": 3}), [("PYR902", "rules.PYR201", None)]),
    ("format", line(report=["htm:x"]), [("PYR902", "report", "html")]),
    ("no format", line(report=["out/x.json"]), [("PYR902", "report", "json:out/x.json")]),
    ("no path", line(report=["json:"]), [("PYR902", "report", None)]),
    ("one file twice", line(report=["json:x", "html:x"]), [("PYR902", "report", None)]),
    ("unknown tier", line(tier=["unit", "servise"]), [("PYR902", "tier", "service")]),
    ("unknown upto", line(upto="browser"), [("PYR902", "upto", None)]),
    ("unknown stage", line(stage="comit"), [("PYR902", "stage", "commit")]),
    ("nothing in common", line(tier=["ui"], upto="service"), [("PYR902", "tier, upto", None)]),
    ("nothing named", line(tier=[]), [("PYR902", "tier", None)]),
]


@pytest.mark.parametrize(("layer", "expected"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_a_bad_setting_is_named_with_its_source(layer: Layer, expected: list[tuple[str, str, str | None]]) -> None:
    """Exactly the one thing that is wrong is told: code, key, near name, and the layer that it stands in."""
    problems = refused(layer)
    assert [(p.code, p.key, p.suggestion) for p in problems] == expected
    assert {p.source for p in problems} == {layer.source}


def test_everything_wrong_is_told_at_once() -> None:
    """Problems of types, tiers, names, codes, reports and selection, from several layers, in one answer."""
    low = section(
        gat="soft",
        default_tier="middle",
        tiers=[{"name": "unit", "max-seconds": -1}, {"name": "ui", "markers": ["unit", "u i"]}],
        stages={"a": ["service"]},
        select=["x y"],
        rules={"201": {}},
    )
    high = line(report=["pdf:x"], upto="uii", stage="b", strict=3)
    told = {(p.source, p.key) for p in refused(high, low)}
    assert told == {
        ("file", "gat"),
        ("file", "default-tier"),
        ("file", "tiers.unit.max-seconds"),
        ("file", "tiers.ui.markers"),
        ("file", "stages.a"),
        ("file", "select"),
        ("file", "rules.201"),
        ("line", "report"),
        ("line", "upto"),
        ("line", "stage"),
        ("line", "strict"),
    }


def test_an_empty_selection_is_told_beside_other_problems() -> None:
    """A typing error elsewhere does not hide that a run would select nothing."""
    assert [p.key for p in refused(line(tier=["ui"], upto="unit"), section(gat=1))] == ["gat", "tier, upto"]


def test_an_unreadable_tier_does_not_make_its_name_unknown() -> None:
    """When a tier cannot be read, the names that refer to it are not judged: one mistake, one problem."""
    broken = section(tiers=[{"nmae": "base"}, {"name": "top"}], stages={"s": ["base"]}, default_tier="base")
    assert [p.key for p in refused(broken)] == ["tiers[0].nmae", "tiers[0].name"]


def test_an_overruled_layer_is_still_checked() -> None:
    """A bad value is told even when a stronger layer decides the key."""
    assert [p.source for p in refused(line(gate="off"), section(gate="of"))] == ["file"]


def test_text_layers_are_typed_by_their_keys() -> None:
    """A section of an ini file says the same as its TOML twin."""
    text = Layer(
        source="tox.ini",
        section=True,
        text=True,
        values={
            "gate": "soft",
            "strict": "no",
            "select": "PYR1, PYR2",
            "tiers": [
                {"name": "unit", "share": "min = 0.6", "max-seconds": "0.5", "workers": "2", "guard": "files: warn"}
            ],
            "resources": {"db": "2"},
            "stages": {"commit": "unit"},
        },
    )
    twin = section(
        gate="soft",
        strict=False,
        select=["PYR1", "PYR2"],
        tiers=[{"name": "unit", "share": {"min": 0.6}, "max-seconds": 0.5, "workers": 2, "guard": {"files": "warn"}}],
        resources={"db": 2},
        stages={"commit": ["unit"]},
    )
    plain, other = settled(text).to_plain(), settled(twin).to_plain()
    assert {**plain, "sources": []} == {**other, "sources": []}


def test_defaults_are_needed() -> None:
    """Without the shipped values there is nothing to fall back on, which is a mistake of the caller."""
    with pytest.raises(ValueError, match="missing"):
        resolve([], formats=FORMATS)
    with pytest.raises(ValueError, match="leave a setting out"):
        resolve([Layer(source="defaults", values={"gate": "soft"})], formats=FORMATS)


def test_describe_has_a_row_and_a_source_for_every_setting() -> None:
    """Rows in the order of the defaults, values as text, and a source in each of them."""
    rows = describe(settled(line(tier=["unit"], report=["json:-"]), section(resources={"db": 2})))
    assert list(dict.fromkeys(key.split(".")[0] for key, _, _ in rows)) == [*DEFAULTS.values, "only"]
    assert ("report", "json:-", "line") in rows
    assert ("resources.db", "2", "file") in rows
    assert ("tiers.unit.share", "not set", "defaults") in rows
    assert ("tiers.unit.guard.network", "error", "defaults") in rows
    assert ("only", "unit", "line") in rows
    assert all(source for _, _, source in rows)


def test_the_andon_is_taken_key_by_key() -> None:
    """What the file leaves out keeps its default, and each key has its own source."""
    made = settled(section(andon={"notify": ["command"], "command": ["tell", "them"]}))
    assert (made.andon.notify, made.andon.command, made.andon.when) == (("command",), ("tell", "them"), "ci")
    sources = {key: source for key, _, source in describe(made)}
    assert (sources["andon.notify"], sources["andon.when"]) == ("file", "defaults")


def test_a_secret_in_the_andon_is_refused_and_not_repeated() -> None:
    """In every key, also in one that does not exist and in one of the wrong kind."""
    secret = "https://ada:hunter2@example.org"  # noqa: S105  # this is what must not be shown
    table = {"apprise-urls-from": secret, "apprise-url": secret, "report-link": secret, "seconds": secret}
    _, problems = resolve([section(andon=table), DEFAULTS], formats=FORMATS)
    assert sorted(problem.key for problem in problems) == [
        "andon.apprise-url",
        "andon.apprise-urls-from",
        "andon.report-link",
        "andon.seconds",
    ]
    assert "hunter2" not in problems_text(problems)


WORDS = st.text(max_size=5)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
SHARES = st.none() | st.floats(0, 1)
LISTS = st.lists(WORDS, max_size=3).map(tuple)
FREE = st.recursive(
    WORDS | st.booleans() | st.integers() | NUMBERS, lambda inner: st.lists(inner, max_size=2).map(tuple), max_leaves=4
)


def pairs(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Rows of a table with such values."""
    return st.lists(st.tuples(WORDS, values), max_size=2).map(tuple)


TIERS = st.builds(
    Tier,
    name=WORDS,
    rank=st.integers(0, 9),
    markers=LISTS,
    paths=LISTS,
    share=st.builds(Share, min=SHARES, max=SHARES),
    max_seconds=st.none() | NUMBERS,
    budget_seconds=st.none() | NUMBERS,
    timeout_seconds=st.none() | NUMBERS,
    workers=st.none() | st.integers(1),
    guard=st.lists(st.tuples(st.sampled_from(Resource), st.sampled_from(Action)), max_size=3).map(tuple),
    min_coverage=SHARES,
)
SETTINGS = st.builds(
    Settings,
    pyramid=st.builds(Pyramid, tiers=st.lists(TIERS, max_size=3).map(tuple)),
    default_tier=WORDS,
    gate=st.sampled_from(["strict", "soft", "off"]),
    guard=st.sampled_from(["error", "warn", "off"]),
    strict=st.booleans(),
    stages=pairs(LISTS),
    resources=pairs(st.integers(1)),
    select=LISTS,
    ignore=LISTS,
    severity=pairs(WORDS),
    rules=pairs(pairs(FREE)),
    reports=st.lists(st.builds(ReportTarget, format=WORDS, path=WORDS), max_size=2).map(tuple),
    max_unclassified=NUMBERS,
    history=WORDS,
    baseline=WORDS,
    cov=st.booleans(),
    andon=st.builds(AndonSettings, seconds=NUMBERS, wait_seconds=NUMBERS),
    only=LISTS,
    sources=pairs(WORDS),
)


def kinds(plain: object) -> set[type]:
    """The types that occur in plain data."""
    inner: list[object] = []
    if isinstance(plain, Mapping):
        inner = list(itertools.chain(plain.keys(), plain.values()))
    elif isinstance(plain, list | tuple):
        inner = list(plain)
    return {type(plain)}.union(*map(kinds, inner))


@given(settings=SETTINGS)
def test_settings_come_back_from_another_process_as_they_went(settings: Settings) -> None:
    """Plain data holds nothing but what any codec can carry, and gives the very same settings, also through JSON."""
    plain = settings.to_plain()
    assert kinds(plain) <= {str, int, float, bool, type(None), list, dict}
    assert Settings.from_plain(plain) == settings
    back = Settings.from_plain(json.loads(json.dumps(plain)))
    assert back == settings
    assert repr(back) == repr(settings)


def test_a_tier_beside_the_shape_has_a_stage_of_its_own() -> None:
    """The stages that follow configured tiers leave it out of commit and acceptance."""
    settings = settled(section(tiers=[{"name": "unit"}, {"name": "ui"}, {"name": "speed", "side": True}]))
    assert [tier.side for tier in settings.pyramid] == [False, False, True]
    assert dict(settings.stages) == {"commit": ("unit",), "acceptance": ("ui",), "performance": ("speed",)}


@pytest.mark.parametrize(
    ("tiers", "expected"),
    [
        ([{"name": "speed", "side": True}, {"name": "unit"}], "tiers.speed.side"),
        ([{"name": "unit"}, {"name": "speed", "side": True, "workers": 2}], "tiers.speed.workers"),
        ([{"name": "unit"}, {"name": "speed", "side": True, "share": {"min": 0.1}}], "tiers.speed.share"),
        ([{"name": "speed", "side": True}], "tiers"),
    ],
)
def test_a_tier_beside_the_shape_is_last_alone_and_without_a_target(tiers: list[Any], expected: str) -> None:
    """Anything else contradicts what it is, and is told with its key."""
    assert [problem.key for problem in refused(section(tiers=tiers))] == [expected]
