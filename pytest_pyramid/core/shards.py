"""What a shard is called, where build systems tell it, and what a report says of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

NUMBERED = (
    ("CI_NODE_INDEX", "CI_NODE_TOTAL", 1),  # GitLab, with `parallel:`
    ("CIRCLE_NODE_INDEX", "CIRCLE_NODE_TOTAL", 0),  # CircleCI, with `parallelism:`
    ("BUILDKITE_PARALLEL_JOB", "BUILDKITE_PARALLEL_JOB_COUNT", 0),  # Buildkite, with `parallelism:`
)
"""Variables with the number of a job and the count of its siblings, and the number of the first job."""


class Shard(NamedTuple):
    """One of several parts of a suite, `number` from 1."""

    number: int
    of: int

    def __str__(self) -> str:
        """As in the option: "2/5"."""
        return f"{self.number}/{self.of}"


class Cut(NamedTuple):
    """How the tests of one process were cut out of the whole."""

    plan: str
    tests: int
    by: Literal["seconds", "tests"]
    positions: tuple[int, ...]
    """The place of every kept test in the whole collection."""


class ShardInfo(NamedTuple):
    """What the report of one shard says about the whole of which it is a part."""

    number: int
    of: int
    plan: str
    """The fingerprint of the whole partition: equal for shards that fit together, whatever each machine remembers."""
    tests: int
    """How many tests all shards have together."""
    by: Literal["seconds", "tests"]
    """What the parts were balanced by."""
    partial_reason: str | None = None
    """Why all shards together are only a part of the suite."""

    def __str__(self) -> str:
        """As in the option: "2/5"."""
        return f"{self.number}/{self.of}"


def shard_of(text: str) -> Shard | None:
    """The shard that the text names, None when it names none: "2/5", from 1/5 to 5/5."""
    found = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", text.strip())
    if found is None:
        return None
    shard = Shard(int(found[1]), int(found[2]))
    return shard if 1 <= shard.number <= shard.of else None


def shard_in(environment: Mapping[str, str]) -> str | None:
    """The shard as text, as GitLab, CircleCI or Buildkite tell it; None where none of them does."""
    for number, count, first in NUMBERED:
        index, of = environment.get(number, ""), environment.get(count, "")
        if not index and of == "1":
            return "1/1"  # GitLab says so of a job without `parallel:`
        if index.isdecimal() and of.isdecimal():
            return f"{int(index) + 1 - first}/{int(of)}"
    return None
