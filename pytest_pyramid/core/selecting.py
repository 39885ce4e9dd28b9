"""What the settings say about rules, as the rule book wants to hear it."""

from __future__ import annotations

from pytest_pyramid.core.ruling import Selection
from pytest_pyramid.core.setting_tree import Settings
from pytest_pyramid.core.tiers import Pyramid

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


def lacking_storeys(only: tuple[str, ...], pyramid: Pyramid) -> str | None:
    """Why these tiers are not the suite, None when they hold all of its shape; no tiers are all of them."""
    whole = not only or {tier.name for tier in pyramid.storeys}.issubset(only)
    return None if whole else f"only {', '.join(only)}"


def has_shipped_tiers(settings: Settings, *, defaults: str) -> bool:
    """True when nobody configured a tier; `defaults` is the source of what nobody did."""
    return all(source == defaults for key, source in settings.sources if key.startswith("tiers."))
