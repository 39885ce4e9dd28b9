"""What the sandbox may decide without asking Python: the guard of one tier, with the allowances of a test applied."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from pytest_pyramid.core.acts import Act
from pytest_pyramid.core.guarding import decide, is_listed
from pytest_pyramid.core.tiers import Action, Allowance, AllowList, Resource, Tier


class Policy(NamedTuple):
    """One way to judge; a run has few, because tests of a tier mostly have the same."""

    actions: tuple[Action, ...]
    """In the order of `Resource`, for an act that no list names."""
    allow: AllowList = AllowList()

    @property
    def is_idle(self) -> bool:
        """True when nothing is restricted that the kernel can see."""
        seen = zip(Resource, self.actions, strict=True)
        return all(action is Action.ALLOW for resource, action in seen if resource is not Resource.SLEEP)

    def action(self, act: Act) -> Action:
        """What to make of the act."""
        action = self.actions[_PLACE[act.resource]]
        return Action.ALLOW if action is not Action.ALLOW and is_listed(act, self.allow) else action

    def to_plain(self) -> dict[str, Any]:
        """The policy as text, lists and dicts, for another process."""
        lists = {"hosts": self.allow.hosts, "paths": self.allow.paths, "commands": self.allow.commands}
        return {"actions": [one.value for one in self.actions], **{key: list(value) for key, value in lists.items()}}

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> Policy:
        """The policy that `to_plain` gave."""
        lists = {key: tuple(plain[key]) for key in ("hosts", "paths", "commands")}
        return cls(tuple(Action(word) for word in plain["actions"]), AllowList(**lists))


_PLACE = {resource: place for place, resource in enumerate(Resource)}


def policy(tier: Tier | None, allowances: Iterable[Allowance], mode: str) -> Policy:
    """How to judge a test of the tier, as `decide` would."""
    allowed = tuple(allowances)
    actions = tuple(decide(Act(resource, ""), tier, allowed, mode) for resource in Resource)
    return Policy(actions, tier.allow if tier is not None else AllowList())
