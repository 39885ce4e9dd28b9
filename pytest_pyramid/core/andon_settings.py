"""Settings of the andon: whom to tell when a gate closes, and how. Secrets are named here and never given."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from fnmatch import fnmatchcase
from typing import Annotated, Any, Literal, NamedTuple

from pytest_pyramid.core.problems import nearest
from pytest_pyramid.core.reading import Bounds

When = Literal["ci", "always"]
Shards = Literal["merge", "each"]
Limit = Annotated[float, Bounds(above=0, most=300)]
Wait = Annotated[float, Bounds(least=0, most=300)]

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CREDENTIALS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/\s@]*@")
"""A user name or password before the host of an address (RFC 3986, section 3.2.1)."""


class AndonEntry(NamedTuple):
    """The table `andon` as it stands in a source; None for what it leaves out."""

    notify: tuple[str, ...] | None = None
    when: When | None = None
    branches: tuple[str, ...] | None = None
    shards: Shards | None = None
    seconds: Limit | None = None
    wait_seconds: Wait | None = None
    report_link: str | None = None
    state: str | None = None
    apprise_urls_from: tuple[str, ...] | str | None = None
    command: tuple[str, ...] | None = None
    github_token_from: str | None = None


class AndonSettings(NamedTuple):
    """Whom to tell, when, and how; nobody is told while `notify` is empty."""

    notify: tuple[str, ...] = ()
    """Names of notifiers."""
    when: When = "ci"
    """"ci": only where a build server runs the tests."""
    branches: tuple[str, ...] = ()
    """Globs of the branches that count; every branch when empty."""
    shards: Shards = "each"
    """"each": every shard tells at once, and has incidents of its own; "merge": they tell nobody, and merging them does."""
    seconds: float = 10.0
    """So long a notifier may take."""
    wait_seconds: float = 0.0
    """So long the end of a run may wait for a notice that is on its way."""
    report_link: str = ""
    """An address for the notice; without it the page of the job, as the build server tells it."""
    state: str = "auto"
    """Where incidents are kept: a path, or "auto" for beside the history."""
    apprise_urls_from: tuple[str, ...] = ("APPRISE_URLS",)
    """Names of environment variables that hold Apprise URLs."""
    command: tuple[str, ...] = ()
    github_token_from: str = "GITHUB_TOKEN"  # noqa: S105  # the name of a variable, not its value


def counts(andon: AndonSettings, branch: str, *, on_build_server: bool) -> bool:
    """True when an incident is news: on a build server, unless always, and on a branch that matters."""
    if andon.when == "ci" and not on_build_server:
        return False
    return not andon.branches or any(fnmatchcase(branch, glob) for glob in andon.branches)


def andon_of(given: AndonEntry | None, defaults: AndonEntry | None) -> AndonSettings:
    """What was given, completed by the defaults."""
    found: dict[str, Any] = {}
    for name in AndonSettings._fields:
        value = next((v for one in (given, defaults) if (v := getattr(one, name, None)) is not None), None)
        if value is not None:
            found[name] = (value,) if name == "apprise_urls_from" and isinstance(value, str) else value
    return AndonSettings(**found)


def faults(andon: AndonSettings, notifiers: Collection[str] | None) -> Iterator[tuple[str, str, str | None]]:
    """(key, what is wrong, the near name) for everything that cannot be. A value that may be a secret is not repeated.

    `notifiers` are the known names, None when they are not to be judged.
    """
    for name in andon.notify:
        if notifiers is not None and name not in notifiers:
            yield "notify", f"is {_quoted(name)}, must be of {', '.join(notifiers)}", nearest(name, notifiers)
    keys = [("apprise-urls-from", one) for one in andon.apprise_urls_from]
    for key, name in (*keys, ("github-token-from", andon.github_token_from)):
        if not _VARIABLE.fullmatch(name):
            yield key, "is no name of an environment variable; put the secret into one, and name that one here", None
    for key, text in (*(("command", word) for word in andon.command), ("report-link", andon.report_link)):
        if _CREDENTIALS.search(text):
            yield key, "holds an address with a user name or password; secrets belong into environment variables", None
    if "command" in andon.notify and not andon.command:
        yield "command", "is empty, but notify names it", None
    if "apprise" in andon.notify and not andon.apprise_urls_from:
        yield "apprise-urls-from", "is empty, but notify names apprise", None


def andon_rows(andon: AndonSettings) -> Iterator[tuple[str, object]]:
    """(dotted key, value) of every setting."""
    for name, value in andon._asdict().items():
        yield f"andon.{name.replace('_', '-')}", "none" if value in ("", ()) else value


def _quoted(name: str) -> str:
    return "an address" if "://" in name else f"'{name}'"
