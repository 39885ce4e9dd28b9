"""The memory that a run shares with its lookout: what runs, how far the tiers are, and how often the lookout spoke.

Shared memory and no pipe: a note costs no call into the system, nobody can be blocked, and a test that closes every
file it finds does not close this. Either side writes its own fields only, and a reader looks twice.
"""

from __future__ import annotations

import json
from collections.abc import MutableSequence
from typing import Any, NamedTuple

SIZE = 1 << 16
_LENGTH = 4
_TEST, _TIERS, _SAID = 0, 1 << 14, (1 << 16) - 16
_MOST = (1 << 14) - _LENGTH


class Said(NamedTuple):
    """What the lookout notes: how often it has spoken, and when it may again, in whole seconds since the beginning."""

    times: int
    due: int


class Page:
    """The notes on a piece of shared memory of SIZE bytes that was all zeros at first."""

    def __init__(self, memory: MutableSequence[int] | Any) -> None:
        self._memory = memory

    def note_test(self, test: tuple[Any, ...] | None) -> None:
        """Note what runs from now on, None for nothing."""
        self._write(_TEST, test)

    def note_tiers(self, tiers: list[Any], due: float) -> None:
        """Note how far each tier is, and when something may be said again."""
        self._write(_TIERS, (tiers, due))

    def read(self) -> tuple[list[Any], list[Any], float] | None:
        """Test, tiers and the time to speak; None while nothing runs, or where a note was just being changed."""
        test, tiers = self._read(_TEST), self._read(_TIERS)
        if not isinstance(test, list) or not isinstance(tiers, list):
            return None
        return test, tiers[0], tiers[1]

    def say(self, said: Said) -> None:
        """Note that the lookout has spoken."""
        self._memory[_SAID : _SAID + 8] = said.times.to_bytes(4, "little") + said.due.to_bytes(4, "little")

    def said(self) -> Said:
        """How often the lookout has spoken, and when it may again."""
        found = self._memory[_SAID : _SAID + 8]
        return Said(int.from_bytes(found[:4], "little"), int.from_bytes(found[4:], "little"))

    def has_said_more(self, heard: Said) -> bool:
        """True when the lookout has spoken since."""
        times: int = self._memory[_SAID]  # the lowest byte; asked with every report
        return times != heard.times & 0xFF

    def _write(self, at: int, value: Any) -> None:
        data = json.dumps(value).encode("ascii")
        if len(data) > _MOST:
            data = b"null"  # a node id of so many characters is told by nobody
        self._memory[at : at + _LENGTH + len(data)] = len(data).to_bytes(_LENGTH, "little") + data

    def _read(self, at: int) -> Any:
        length = int.from_bytes(self._memory[at : at + _LENGTH], "little")
        try:
            return json.loads(bytes(self._memory[at + _LENGTH : at + _LENGTH + min(length, _MOST)]))
        except ValueError:
            return None
