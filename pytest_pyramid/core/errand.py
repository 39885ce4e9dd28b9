"""An errand: what the process that tells people has to know, as one value that crosses to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, cast

from pytest_pyramid.core import plain_values
from pytest_pyramid.core.andon_settings import AndonSettings

VERSION = 1


class Errand(NamedTuple):
    """Where things stand, whom to tell, and what has happened: a pulled cord, or else gates that were open."""

    andon: AndonSettings
    notifiers: tuple[tuple[str, str], ...]
    """(name, module) of those that are wanted."""
    state: str
    """The file of the incidents."""
    history: str = ""
    """The history file, empty for none."""
    root: str = "."
    branch: str = ""
    shard: str = ""
    """The part of the suite that the run is, such as "2/5"; empty for the whole."""
    commit: str = ""
    host: str = ""
    link: str = ""
    cord: tuple[str, ...] = ()
    """(tier, node id, message) of the cord, empty when none was pulled."""
    withheld: int = 0
    open_tiers: tuple[str, ...] = ()
    """The tiers whose gate a whole run found open."""
    python_path: str = ""
    """PYTHONPATH as the user has set it."""

    @property
    def line(self) -> str:
        """What incidents are told apart by besides the gate: the branch, and the shard, each of which heals alone."""
        return f"{self.branch} (shard {self.shard})".strip() if self.shard else self.branch


def plain_errand(errand: Errand) -> dict[str, Any]:
    """The errand as plain data."""
    return {"errand": VERSION, **plain_values.to_plain(errand)}


def errand_of(plain: Mapping[str, Any]) -> Errand:
    """The errand that `plain_errand` gave; raises KeyError or ValueError for anything else."""
    if plain["errand"] != VERSION:
        raise ValueError("an errand of another version")
    return cast(Errand, plain_values.from_plain(Errand, plain))
