"""Notifiers: each tells people of an incident. One module each, and one line in `BUILTIN`.

A notifier works in a process of its own, beside the run: what it imports, waits for or breaks does not reach the tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, Protocol, cast

if TYPE_CHECKING:
    from pytest_pyramid.core.andon_settings import AndonSettings
    from pytest_pyramid.core.notices import Notice


class Notifying(Protocol):
    """What the module of a notifier has."""

    def send(self, notice: Notice, andon: AndonSettings, environment: Mapping[str, str]) -> None:
        """Tell it, in at most `andon.seconds`.

        Raises NotSentError with a reason that holds no secret, or TimeoutError when nobody can say whether it has
        arrived; then it is not sent again.
        """
        ...


class Notifier(NamedTuple):
    """A notifier by its name in `notify` and the module to import; `obstacle()` in that module is optional."""

    name: str
    module: str

    def load(self) -> Notifying:
        """The module. Raises ImportError."""
        return cast("Notifying", import_module(self.module))

    def obstacle(self) -> str | None:
        """Why the notifier cannot work here, such as a library that is not installed; None when it can."""
        module = self.load()
        found: str | None = module.obstacle() if hasattr(module, "obstacle") else None
        return found


BUILTIN = (
    Notifier("apprise", f"{__name__}.apprise"),
    Notifier("command", f"{__name__}.command"),
    Notifier("github", f"{__name__}.github"),
)
"""The notifiers that come with the plugin."""
