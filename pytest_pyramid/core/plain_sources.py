"""What can be executed in a file as plain data, and back: sets of lines are hexadecimal numbers, bit n is line n."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pytest_pyramid.core.source_lines import Source

VERSION = 1
"""Of this form; what another one wrote is not read."""


def plain_source(source: Source) -> dict[str, Any]:
    """The object for one file; pairs follow one another in one flat list."""
    return {
        "statements": f"{source.statements:x}",
        "headers": f"{source.headers:x}",
        "continued": [line for pair in source.continued for line in pair],
        "branches": [line for arc in sorted(source.branches) for line in arc],
        "functions": [list(function) for function in source.functions],
    }


def source_of(plain: Any) -> Source:
    """The same again. Raises ValueError for other data."""
    try:
        return Source(
            statements=int(plain["statements"], 16),
            continued=tuple(_pairs(plain["continued"])),
            branches=frozenset(_pairs(plain["branches"])),
            headers=int(plain["headers"], 16),
            functions=tuple((int(first), int(last), str(name)) for first, last, name in plain["functions"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"no source: {error}") from error


def _pairs(flat: Sequence[Any]) -> list[tuple[int, int]]:
    numbers = [int(one) for one in flat]
    return list(zip(numbers[::2], numbers[1::2], strict=True))
