"""Frozen values to plain data and back."""

from __future__ import annotations

import pytest

from pytest_pyramid.core.plain_values import from_plain, to_plain
from pytest_pyramid.core.tiers import Action, Allowance, Resource, Share


def test_a_missing_field_is_a_key_error() -> None:
    """Also one that has a default, since whoever wrote the data wrote every field."""
    with pytest.raises(KeyError, match="max"):
        from_plain(Share, {"min": 0.5})


def test_an_unknown_word_of_an_enum_is_a_value_error() -> None:
    """A value of another version is not guessed at."""
    with pytest.raises(ValueError, match="sandwich"):
        from_plain(Action, "sandwich")


def test_a_pair_has_exactly_two_parts() -> None:
    """A tuple of fixed length is read with its length, one of any length as it comes."""
    rows = ((Resource.SLEEP, Action.WARN),)
    hint = tuple[tuple[Resource, Action], ...]
    assert from_plain(hint, to_plain(rows)) == rows
    assert from_plain(hint, []) == ()
    with pytest.raises(ValueError, match=r"shorter|longer"):
        from_plain(hint, [["sleep"]])


def test_none_comes_back_as_none() -> None:
    """Where a field may be empty, and it is not taken for a text."""
    mark = Allowance(resource="sleep", reason=None, place="t.py")
    assert from_plain(Allowance, to_plain(mark)) == mark
