"""What a tier's guard makes of an act: allow, warn or error."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable

from pytest_pyramid.core.acts import Act
from pytest_pyramid.core.tiers import Action, Allowance, AllowList, Resource, Tier

CARRIERS = ("xdist", "execnet", "coverage", "pytest_cov", "pydevd", "debugpy", "_pydevd_bundle")
"""Packages that carry or watch the test run, so that nothing they do is a test's."""
RUNNERS = (*CARRIERS, "_pytest", "pluggy", "hypothesis", "pytest_timeout", "pytest_asyncio")
"""And those that keep files of their own while a test runs."""

_WEIGHT = {Action.ALLOW: 0, Action.WARN: 1, Action.ERROR: 2}
_HOSTS = (Resource.NETWORK, Resource.LOCALHOST, Resource.DATABASE)
_PATHS = (Resource.FILES, Resource.TEMPFILES, Resource.DATABASE, Resource.LOCALHOST)


def decide(act: Act, tier: Tier | None, allowances: Iterable[Allowance], mode: str) -> Action:
    """The action for one act of a test of `tier`; None is a test without a tier, which claims nothing and may do all.

    `mode` is the guard of the run: with "warn" nothing is an error.
    """
    if tier is None:
        return Action.ALLOW
    action = dict(tier.guard).get(act.resource, Action.ALLOW)
    if action is Action.ALLOW or is_listed(act, tier.allow):
        return Action.ALLOW
    if any(one.resource == act.resource.value for one in allowances):
        return Action.ALLOW
    return Action.WARN if mode == "warn" else action


def stricter(one: tuple[Act, Action], other: tuple[Act, Action]) -> tuple[Act, Action]:
    """Of two readings of the same act the one that is judged harder, the first when both are alike."""
    return other if _WEIGHT[other[1]] > _WEIGHT[one[1]] else one


def is_listed(act: Act, allow: AllowList) -> bool:
    """True when the tier's lists name what the act was done to."""
    subject = act.subject
    if act.resource in _HOSTS and any(_names_host(glob, subject) for glob in allow.hosts):
        return True
    if act.resource in _PATHS and any(fnmatch.fnmatchcase(subject, glob) for glob in allow.paths):
        return True
    return act.resource is Resource.PROCESS and any(_names_command(glob, subject) for glob in allow.commands)


def _names_host(glob: str, subject: str) -> bool:
    host, colon, port = subject.rpartition(":")
    bare = host.strip("[]") if colon and port.isdigit() else subject
    return fnmatch.fnmatchcase(subject, glob) or fnmatch.fnmatchcase(bare, glob)


def _names_command(glob: str, subject: str) -> bool:
    program = subject.split(" ", 1)[0].replace("\\", "/").rpartition("/")[2]
    return fnmatch.fnmatchcase(subject, glob) or fnmatch.fnmatchcase(program, glob)
