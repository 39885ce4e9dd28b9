"""Tells chat services, mail, telephones and whatever else Apprise knows; its URLs come from environment variables."""

from __future__ import annotations

import importlib.util
import logging
import time
from collections.abc import Mapping

from pytest_pyramid.core.andon_settings import AndonSettings
from pytest_pyramid.core.incidents import State
from pytest_pyramid.core.notices import Notice, NotSentError

PATIENCE = 4.0
"""Seconds after which Apprise gives a service up that does not answer (its `rto`); the notice may have arrived."""


def obstacle() -> str | None:
    """The library that is missing, None when it is there."""
    found = importlib.util.find_spec("apprise")
    return None if found else "Apprise is not installed: pip install pytest-test-pyramid[notify]"


def send(notice: Notice, andon: AndonSettings, environment: Mapping[str, str]) -> None:
    """Tell all URLs of the named variables; those that take it have it even when others fail.

    Raises NotSentError, or TimeoutError when one did not answer. Apprise's own log is left out, because it may show parts of the URLs.
    """
    import apprise  # noqa: PLC0415  # only the process that sends needs it

    logging.getLogger("apprise").disabled = True
    unset = [name for name in andon.apprise_urls_from if not environment.get(name, "").strip()]
    if unset:
        raise NotSentError(f"the environment variable {unset[0]} is not set")
    services = apprise.Apprise()
    known = [services.add(environment[name]) for name in andon.apprise_urls_from]  # all, also after one that is not
    if not len(services):
        raise NotSentError(f"{', '.join(andon.apprise_urls_from)} holds no URL that Apprise knows")
    begun = time.monotonic()
    kind = apprise.NotifyType.SUCCESS if notice.kind is State.CLEARED else apprise.NotifyType.FAILURE
    sent = services.notify(
        body=notice.text, title=notice.title, notify_type=kind, body_format=apprise.NotifyFormat.TEXT
    )
    if not sent and time.monotonic() - begun >= PATIENCE:
        raise TimeoutError
    if not sent:
        raise NotSentError("a service did not take it")
    if not all(known):
        raise NotSentError(
            f"Apprise does not know every URL in {', '.join(andon.apprise_urls_from)}; the others took it"
        )
