"""What the settings say about rules, as the rule book wants to hear it."""

from __future__ import annotations

from pytest_pyramid.core.ruling import Selection
from pytest_pyramid.core.setting_tree import Settings

UNCLASSIFIED_TEST = "PYR201"


def selection_of(settings: Settings) -> Selection:
    """The selection that the settings ask for.

    `default-tier = "error"` makes an unclassified test an error, unless a severity says otherwise.
    """
    demanded = ((UNCLASSIFIED_TEST, "error"),) if settings.default_tier == "error" else ()
    return Selection(
        select=settings.select,
        ignore=settings.ignore,
        severity=(*demanded, *settings.severity),
        strict=settings.strict,
        options=settings.rules,
    )


def has_shipped_tiers(settings: Settings, *, defaults: str) -> bool:
    """True when nobody configured a tier; `defaults` is the source of what nobody did."""
    return all(source == defaults for key, source in settings.sources if key.startswith("tiers."))
