"""What ends a batch; and its messages come apart as they were put together, also when it was cut short."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_pyramid.core.batches import LENGTH, WAITING, ends_batch, framed, is_known, unframed

MESSAGES = st.lists(st.binary(max_size=300), max_size=8)


def joined(messages: list[bytes]) -> bytes:
    """The messages as one."""
    return b"".join(map(framed, messages))


@given(MESSAGES)
def test_messages_come_out_as_they_went_in(messages: list[bytes]) -> None:
    """Order, number and content are kept, empty messages included."""
    assert list(unframed(joined(messages))) == messages


@given(MESSAGES, st.integers(min_value=0, max_value=400))
def test_what_was_cut_short_is_no_message(messages: list[bytes], lost: int) -> None:
    """However many bytes are missing at the end, what comes out is a beginning of what went in."""
    whole = joined(messages)
    found = list(unframed(whole[: max(0, len(whole) - lost)]))
    assert found == messages[: len(found)]


def test_one_missing_byte_costs_one_message() -> None:
    """Only the message that was cut is lost."""
    assert list(unframed(joined([b"one", b"two"])[:-1])) == [b"one"]


def test_nothing_holds_no_message() -> None:
    """An empty batch is well formed."""
    assert list(unframed(b"")) == []


def test_a_frame_costs_its_length() -> None:
    """The price of a frame is known to those who keep room for it."""
    assert len(framed(b"abc")) == LENGTH + 3


def ends(name: str, *, failed: bool = False, more_known: bool = True, lasting: bool = True) -> bool:
    """True when the event ends a batch of a worker that is in the middle of quick tests that pass."""
    return ends_batch(name, failed=failed, more_known=more_known, lasting=lasting)


@pytest.mark.parametrize("name", sorted(WAITING))
def test_no_event_of_a_quick_test_ends_a_batch(name: str) -> None:
    """While tests pass and more of them are known everything waits."""
    assert not ends(name)


def test_a_failure_ends_the_batch() -> None:
    """The gate has to know, and it closes when the failed test is over."""
    assert ends("testreport", failed=True)
    assert ends("runtest_protocol_complete", failed=True)


def test_the_end_of_the_last_known_test_ends_the_batch() -> None:
    """The worker is about to wait for an answer to what it holds back."""
    assert ends("runtest_protocol_complete", more_known=False)


def test_a_batch_that_does_not_last_ends_where_a_test_starts() -> None:
    """That test may crash, and the ones before it must not be lost."""
    assert ends("logstart", lasting=False)


@pytest.mark.parametrize("name", ["testreport", "logfinish", "warning_recorded", "runtest_protocol_complete"])
def test_a_batch_that_does_not_last_waits_for_the_next_start(name: str) -> None:
    """One message a test is enough."""
    assert not ends(name, lasting=False)


@pytest.mark.parametrize("version", ["3.5.0", "3.6.1", "3.7.0", "3.8.0", "3.8.1.dev3"])
def test_versions_of_xdist_that_we_know_are_served(version: str) -> None:
    """Their events are those that the seam was written for."""
    assert is_known(version)


@pytest.mark.parametrize("version", ["3.4.0", "3.9.0", "4.0", "2.5", "", "unknown"])
def test_other_versions_of_xdist_keep_their_own_messages(version: str) -> None:
    """Older ones, newer ones, and what is no version at all."""
    assert not is_known(version)
