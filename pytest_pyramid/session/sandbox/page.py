"""The page that the process with the tests and its helper share: which test runs, and what of it is seen already."""

from __future__ import annotations

import enum
import mmap
import os
from collections.abc import Sequence

from pytest_pyramid.core.tiers import Resource

SIZE = 4096
_WORD = 4
_THREADS = 512
"""At most so many threads are known to be older than the test."""


class Word(enum.IntEnum):
    """The places of the page; each holds one number of 32 bits, which is read and written at once."""

    POLICY = 0
    """The number of the policy in force, 0 for none: between the phases nothing is judged."""
    ONLY_TELL = 1
    """1 while a wide fixture is set up or torn down: what it does is told and never refused."""
    SEEN = 2
    """Bits of the resources that need no second look in this test, as `bit` has them."""
    BEGUN = 3
    """When the test began, in ticks since the machine was started; an older program is none of its."""
    TEST = 4
    """The number of the test, to know that another one runs."""
    TOLD = 5
    """So many acts the helper told of; written by the helper alone."""
    LOST = 6
    """1 when the helper is gone, and everything is let pass; written by its stand-in alone."""
    ASKED = 7
    """So many questions were answered; written by the helper alone."""
    OLDER = 8
    """So many threads are listed behind."""


class Page:
    """The page, as words."""

    def __init__(self, file: int) -> None:
        self._map = mmap.mmap(file, SIZE)
        self.words = memoryview(self._map).cast("I")

    @staticmethod
    def new() -> int:
        """The file descriptor of a new page, all zero. Raises OSError."""
        file = os.memfd_create("pytest-pyramid")
        os.ftruncate(file, SIZE)
        return file

    def list_older(self, threads: Sequence[int]) -> None:
        """Note the threads, by the kernel's numbers, whose acts are not the test's."""
        kept = threads[:_THREADS]
        for place, thread in enumerate(kept, Word.OLDER + 1):
            self.words[place] = thread
        self.words[Word.OLDER] = len(kept)

    def is_older(self, thread: int) -> bool:
        """True for a thread that was listed."""
        words = self.words
        return any(words[place] == thread for place in range(Word.OLDER + 1, Word.OLDER + 1 + words[Word.OLDER]))

    def close(self) -> None:
        """Let go of it."""
        self.words.release()
        self._map.close()


LOOK_UP = 1 << 31
"""The bit for looking up names, which the C library does in many ways."""
_PLACE = {resource: place for place, resource in enumerate(Resource)}


def bit(resource: Resource) -> int:
    """The bit of a resource."""
    return 1 << _PLACE[resource]
