"""What every row of the pyramid executes of one file, as sets, so that several runs can be joined."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from pytest_pyramid.core.source_lines import Source


class FileCover(NamedTuple):
    """What each row executes of one file, as sets of statements and of branches by number."""

    source: Source
    branches: int
    """How many branches the source has; they are numbered in the order of their lines."""
    imported: tuple[int, int]
    rows: Mapping[str, tuple[int, int]]

    def upto(self, rows: Iterable[str]) -> tuple[int, int]:
        """What import and these rows execute together."""
        lines, branches = self.imported
        for row in rows:
            more = self.rows.get(row, (0, 0))
            lines, branches = lines | more[0], branches | more[1]
        return lines, branches

    def joined(self, other: FileCover) -> FileCover:
        """What both runs execute of the same source."""
        names = dict.fromkeys((*self.rows, *other.rows))
        rows = {name: _union(self.rows.get(name, (0, 0)), other.rows.get(name, (0, 0))) for name in names}
        return self._replace(imported=_union(self.imported, other.imported), rows=rows)

    def is_of_same_source(self, other: FileCover) -> bool:
        """True when the numbers of both mean the same lines and branches."""
        return self.source.statements == other.source.statements and self.branches == other.branches


def _union(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return one[0] | other[0], one[1] | other[1]
