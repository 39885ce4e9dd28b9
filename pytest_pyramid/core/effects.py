"""Settings that are checked and shown but change nothing in this version, so that nobody trusts them by mistake."""

from __future__ import annotations

from pytest_pyramid.core.setting_tree import Settings

WITHOUT_EFFECT = ("min-coverage",)
"""The last or first part of the dotted keys; what judges by them is not built yet."""


def without_effect(settings: Settings, *, defaults: str) -> tuple[str, ...]:
    """The keys that somebody configured and that change nothing; `defaults` is the source of what nobody did."""
    found: list[str] = []
    for key, source in settings.sources:
        parts = key.split(".")
        if source != defaults and not source.startswith("strict in"):
            found.extend(".".join(parts[: n + 1]) for n, part in enumerate(parts) if part in WITHOUT_EFFECT)
    return tuple(dict.fromkeys(found))
