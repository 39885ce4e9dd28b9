"""Places at resources: never more holders than places, and all that a test claims or nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_pyramid.core.claims import Claims


def test_what_has_no_capacity_is_free_for_all() -> None:
    """Only configured resources are counted."""
    claims = Claims({})
    claims.bind("a", ("db",))
    assert claims.allows("b", ("db",))
    assert claims.free("a", ("db",)) is False


@pytest.mark.parametrize(("capacity", "allowed"), [(1, False), (2, True)])
def test_a_second_worker_needs_a_second_place(capacity: int, allowed: bool) -> None:
    """One worker holds one place."""
    claims = Claims({"db": capacity})
    claims.bind("a", ("db",))
    assert claims.allows("b", ("db",)) is allowed


def test_a_worker_that_holds_a_place_may_take_more_tests() -> None:
    """It runs one test at a time, so a second test takes no second place."""
    claims = Claims({"db": 1})
    claims.bind("a", ("db",))
    assert claims.allows("a", ("db",))


def test_a_place_is_free_when_the_last_test_is_done() -> None:
    """Two tests hold it together."""
    claims = Claims({"db": 1})
    claims.bind("a", ("db",))
    claims.bind("a", ("db",))
    assert claims.free("a", ("db",)) is False
    assert not claims.allows("b", ("db",))
    assert claims.free("a", ("db",)) is True
    assert claims.allows("b", ("db",))


def test_of_several_claims_all_must_be_free() -> None:
    """Nobody holds one thing while it waits for another."""
    claims = Claims({"db": 1, "net": 1})
    claims.bind("a", ("net",))
    assert not claims.allows("b", ("db", "net"))
    assert claims.allows("b", ("db",))


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from([("x",), ("y",), ("x", "y")])), max_size=30))
def test_there_are_never_more_holders_than_places(wishes: list[tuple[str, tuple[str, ...]]]) -> None:
    """Whoever asks first holds; what is not allowed is not bound."""
    claims, held = Claims({"x": 1, "y": 2}), []
    for worker, keys in wishes:
        if claims.allows(worker, keys):
            claims.bind(worker, keys)
            held.append((worker, keys))
        elif held:
            claims.free(*held.pop(0))
        for key, places in (("x", 1), ("y", 2)):
            assert len({worker for worker, keys in held if key in keys}) <= places


def test_a_capacity_of_nothing_admits_nobody() -> None:
    """A resource with no place is closed."""
    assert not Claims({"db": 0}).allows("a", ("db",))


def test_who_claims_nothing_is_always_allowed() -> None:
    """Full resources are no concern of a test that needs none."""
    claims = Claims({"db": 1})
    claims.bind("b", ("db",))
    assert claims.allows("a", ())


def test_every_key_must_have_a_place() -> None:
    """One full resource is enough to wait, wherever it stands among the keys."""
    claims = Claims({"db": 1, "port": 1})
    claims.bind("b", ("port",))
    assert [claims.allows("a", keys) for keys in (("db", "port"), ("port", "db"), ("db",))] == [False, False, True]


def test_a_place_at_one_of_two_keys_becomes_free() -> None:
    """It is told even when the other key is still held by another test of the worker."""
    claims = Claims({"db": 1, "port": 1})
    claims.bind("a", ("db", "port"))
    claims.bind("a", ("port",))
    assert claims.free("a", ("db", "port")) is True
    assert [claims.allows("b", (key,)) for key in ("db", "port")] == [True, False]


def test_asking_takes_no_place() -> None:
    """Only what is bound is held."""
    claims = Claims({"db": 1})
    assert claims.allows("a", ("db",))
    assert claims.allows("b", ("db",))
