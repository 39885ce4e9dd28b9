"""What defaults.toml says, in Python: to parse and check that file took a twelfth of what we add to a start.

The file is what people read and copy from. A test holds that both say the same.
"""

from __future__ import annotations

from pytest_pyramid.core.andon_settings import AndonEntry
from pytest_pyramid.core.layers import Layer, Request, TierEntry
from pytest_pyramid.core.tiers import Action, Resource

DEFAULTS = "defaults.toml"
"""The file, as sources of settings name it."""


def shipped() -> Layer:
    """The weakest layer: every setting that has a default."""
    return Layer(source=DEFAULTS, values={}, section=True, request=_REQUEST)


_UNIT = dict.fromkeys(Resource, Action.ERROR) | {Resource.TEMPFILES: Action.ALLOW}
_ANYTHING = dict.fromkeys(Resource, Action.ALLOW)
_SERVICE = _ANYTHING | {
    Resource.NETWORK: Action.ERROR,
    Resource.SLEEP: Action.WARN,
    Resource.FILES: Action.WARN,
}

_TIERS = (
    TierEntry(
        name="unit",
        markers=("unit", "small"),
        paths=("**/unit/**", "**/units/**", "**/unittests/**", "**/unit_tests/**"),
        workers="auto",
        guard=tuple(_UNIT.items()),
        side=False,
    ),
    TierEntry(
        name="service",
        markers=("service", "integration", "functional", "component", "contract", "api", "medium"),
        paths=(
            "**/integration/**",
            "**/integration_tests/**",
            "**/integ/**",
            "**/functional/**",
            "**/func/**",
            "**/tests/service/**",
            "**/test/service/**",
        ),
        workers="auto",
        guard=tuple(_SERVICE.items()),
    ),
    TierEntry(
        name="ui",
        markers=(
            "ui",
            "e2e",
            "end2end",
            "end_to_end",
            "acceptance",
            "system",
            "browser",
            "large",
            "gui",
            "selenium",
            "playwright",
        ),
        paths=(
            "**/ui/**",
            "**/e2e/**",
            "**/end2end/**",
            "**/end_to_end/**",
            "**/browser/**",
            "**/selenium/**",
            "**/playwright/**",
        ),
        workers="auto",
        guard=tuple(_ANYTHING.items()),
    ),
    TierEntry(
        name="performance",
        markers=("performance", "nonfunctional", "benchmark"),
        paths=("**/tests/performance/**", "**/test/performance/**", "**/benchmarks/**"),
        workers=1,
        guard=tuple(_ANYTHING.items()),
        side=True,
    ),
)

_REQUEST = Request(
    default_tier="none",
    gate="strict",
    order="lazy-longest-first",
    fences="auto",
    guard="warn",
    guard_level="residue",
    strict=False,
    max_unclassified=0.2,
    history="auto",
    history_runs=50,
    history_days=90,
    main_branch="auto",
    baseline="",
    cov="off",
    transport="batched",
    report=(),
    select=(),
    ignore=(),
    tiers=_TIERS,
    stages=(("commit", ("unit",)), ("acceptance", ("service", "ui")), ("performance", ("performance",))),
    resources=(),
    severity=(),
    rules=(),
    andon=AndonEntry(
        notify=(),
        when="ci",
        branches=(),
        shards="merge",
        seconds=10.0,
        wait_seconds=0.0,
        report_link="",
        state="auto",
        apprise_urls_from=("APPRISE_URLS",),
        command=(),
        github_token_from="GITHUB_TOKEN",  # noqa: S106  # the name of a variable, not its value
    ),
)
