"""What a guard makes of an audit event: an act on a resource, and the declarations that say which events to look at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from pytest_pyramid.core.tiers import Resource

CONNECT_EVENT = "pytest_pyramid.connect"
"""Raised by trampolines for clients in C, with the client's name and the host or address."""
SLEEP_EVENT = "pytest_pyramid.sleep"
"""Raised by trampolines for sleeps, with the seconds."""


class Beside(NamedTuple):
    """A path that starts in a folder which was opened before, as `dir_fd` has it."""

    path: Any
    folder: int
    """The folder's file descriptor."""


class Act(NamedTuple):
    """One use of a resource, not yet judged."""

    resource: Resource
    verb: str
    """What was done: connect, look up, start, write, sleep …"""
    subject: str = ""
    """What it was done to, as the lists of allowed hosts, paths and commands name it."""
    paths: tuple[Any, ...] = ()
    """Raw paths, or `Beside`; which resource they are, if any, depends on where they lie, and only the shell can see
    that."""
    follow: bool = False
    """True when the system follows a symbolic link at the end of the path."""
    client: str | None = None
    """The package that does it, when that is known by itself."""

    @property
    def detail(self) -> str:
        """The act in a few words."""
        return f"{self.verb} {self.subject}".strip()


class Surroundings(NamedTuple):
    """What a reading has to know about this machine."""

    own_names: frozenset[str] = frozenset()
    """Names of this host, in lower case, besides localhost."""


Reading = Callable[[tuple[Any, ...], Surroundings], "Act | None"]
"""The act that the arguments of an audit event tell of, None when it is nobody's business."""


class Trampoline(NamedTuple):
    """A function without an audit event of its own, which is made to raise one of ours and then called as ever."""

    module: str
    """It is put in as soon as this module is imported, whoever does that."""
    attribute: str
    """The dotted name inside the module."""
    event: str
    subject: Callable[..., tuple[Any, ...] | None]
    """From the call's arguments to those of the event; None raises none."""
    code: bool = False
    """True to exchange the code of a function of Python, which reaches names that were bound before."""
    before: tuple[int, int] | None = None
    """Only on versions of Python before this one; later ones raise an event by themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """One guard: the events and trampolines it listens to, and what it never minds."""

    name: str
    resources: tuple[Resource, ...]
    events: tuple[tuple[str, Reading], ...]
    trampolines: tuple[Trampoline, ...] = ()
    probes: tuple[str, ...] = ()
    """Files of the standard library, as the end of a path, that do such things for themselves and whoever asks first."""
    pardoned: tuple[str, ...] = ()
    """Packages whose own acts of this kind are no test's: the runner, its helpers, debuggers."""
    clients: tuple[str, ...] = ()
    """Packages whose connection to any host is one to the first resource of this guard."""
    caught: tuple[tuple[str, tuple[Any, ...]], ...] = ()
    """Examples, (event, arguments), that are acts."""
    allowed: tuple[tuple[str, tuple[Any, ...]], ...] = ()
    """Examples that are none."""
