"""What the reports of one test add up to; the sequences are those that pytest and its plugins were seen to make."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_pyramid.core.attempts import CRASH, Phase, settle
from pytest_pyramid.core.facts import Result

SETUP, CALL, TEARDOWN = Phase("setup", "passed"), Phase("call", "passed"), Phase("teardown", "passed")
FAILED_CALL = Phase("call", "failed", message="assert 1 == 2")
FAILED_SUBTEST = FAILED_CALL._replace(subtest=True, message="assert 3 == 4")
RERUN_CALL = Phase("call", "rerun", message="assert 1 == 2")
PASS = [SETUP, CALL, TEARDOWN]


def failed(when: str) -> Phase:
    """A phase that failed."""
    return Phase(when, "failed", message=f"{when} broke")


def rerun(when: str) -> Phase:
    """A phase that failed, and that a rerun plugin turned into a new attempt."""
    return Phase(when, "rerun", message=f"{when} broke")


def skipped(when: str, *, xfail: bool = False) -> Phase:
    """A phase that was skipped, or failed as expected."""
    return Phase(when, "skipped", xfail=xfail, message="why")


CASES = {
    "pass": (PASS, Result.PASSED),
    "fail": ([SETUP, FAILED_CALL, TEARDOWN], Result.FAILED),
    "setup error": ([failed("setup"), TEARDOWN], Result.ERROR),
    "teardown error after a pass": ([SETUP, CALL, failed("teardown")], Result.ERROR),
    "teardown error after a failure": ([SETUP, FAILED_CALL, failed("teardown")], Result.FAILED),
    "teardown error after a skip": ([SETUP, skipped("call"), failed("teardown")], Result.ERROR),
    "a postponed teardown error alone": ([failed("teardown")], Result.ERROR),
    "skip by mark": ([skipped("setup"), TEARDOWN], Result.SKIPPED),
    "skip in the call": ([SETUP, skipped("call"), TEARDOWN], Result.SKIPPED),
    "xfail": ([SETUP, skipped("call", xfail=True), TEARDOWN], Result.XFAILED),
    "xfail, run=False": ([skipped("setup", xfail=True), TEARDOWN], Result.XFAILED),
    "xfail in a fixture": ([skipped("setup", xfail=True), TEARDOWN], Result.XFAILED),
    "xpass": ([SETUP, Phase("call", "passed", xfail=True), TEARDOWN], Result.XPASSED),
    "strict xpass": ([SETUP, Phase("call", "failed", message="[XPASS(strict)] why"), TEARDOWN], Result.FAILED),
    "rerun in the call": ([SETUP, RERUN_CALL, TEARDOWN, *PASS], Result.PASSED),
    "rerun in setup": ([rerun("setup"), TEARDOWN, *PASS], Result.PASSED),
    "rerun in teardown": ([SETUP, CALL, rerun("teardown"), *PASS], Result.PASSED),
    "rerun in the call, no teardown": ([SETUP, RERUN_CALL, *PASS], Result.PASSED),
    "rerun in setup, no teardown": ([rerun("setup"), *PASS], Result.PASSED),
    "rerun, no teardown, then a failure": ([SETUP, RERUN_CALL, SETUP, FAILED_CALL, TEARDOWN], Result.FAILED),
    "rerun twice": ([SETUP, RERUN_CALL, TEARDOWN, rerun("setup"), TEARDOWN, *PASS], Result.PASSED),
    "rerun, then a failure": ([SETUP, RERUN_CALL, TEARDOWN, SETUP, FAILED_CALL, TEARDOWN], Result.FAILED),
    "rerun, then an error": ([SETUP, RERUN_CALL, TEARDOWN, failed("setup"), TEARDOWN], Result.ERROR),
    "core subtest, parent passed in-process": ([FAILED_SUBTEST, SETUP, CALL, TEARDOWN], Result.FAILED),
    "core subtest, parent failed through xdist": ([FAILED_SUBTEST, SETUP, FAILED_CALL, TEARDOWN], Result.FAILED),
    "unittest subtest, parent passed": ([SETUP, FAILED_SUBTEST, CALL, TEARDOWN], Result.FAILED),
    "subtest, rerun, then a pass": ([FAILED_SUBTEST, SETUP, RERUN_CALL, TEARDOWN, *PASS], Result.PASSED),
    "subtest, rerun, then a subtest": (
        [FAILED_SUBTEST, SETUP, RERUN_CALL, TEARDOWN, FAILED_SUBTEST, SETUP, CALL, TEARDOWN],
        Result.FAILED,
    ),
    "subtests that passed": ([CALL._replace(subtest=True), SETUP, CALL, TEARDOWN], Result.PASSED),
    "a skipped subtest": ([skipped("call")._replace(subtest=True), SETUP, CALL, TEARDOWN], Result.PASSED),
    "a subtest that failed as expected": (
        [skipped("call", xfail=True)._replace(subtest=True), SETUP, CALL, TEARDOWN],
        Result.PASSED,
    ),
    "xfail whose subtest passed": (
        [Phase("call", "passed", xfail=True, subtest=True), SETUP, skipped("call", xfail=True), TEARDOWN],
        Result.XFAILED,
    ),
    "crash": ([Phase(CRASH, "failed", message="worker 'gw0' crashed")], Result.FAILED),
    "manual": ([Phase("setup", "skipped", message="call the bank", own="manual")], Result.MANUAL),
    "withheld": ([Phase("setup", "skipped", message="the gate was closed", own="withheld")], Result.WITHHELD),
}


@pytest.mark.parametrize("case", CASES)
def test_every_known_sequence_has_its_result(case: str) -> None:
    """Each case of the table of outcomes comes to the one result that the contract names."""
    phases, expected = CASES[case]
    found = settle(phases)
    assert found is not None
    assert found[0] is expected


UNFINISHED = {
    "refused": [],
    "to be run again": [SETUP, RERUN_CALL, TEARDOWN],
    "crashed, to be run again": [Phase(CRASH, "rerun")],
    "interrupted before the call ended": [SETUP],
    "interrupted while it ran again": [SETUP, RERUN_CALL, TEARDOWN, SETUP],
}


@pytest.mark.parametrize("case", UNFINISHED)
def test_nothing_final_is_no_result(case: str) -> None:
    """A test that was refused, interrupted or is to be run again has no result, least of all a pass."""
    assert settle(UNFINISHED[case]) is None


MESSAGES = {
    "of the call before that of the teardown": ([SETUP, FAILED_CALL, failed("teardown")], "assert 1 == 2"),
    "of the first failing subtest": ([FAILED_SUBTEST, SETUP, FAILED_CALL, TEARDOWN], "assert 3 == 4"),
    "of the setup": ([failed("setup"), TEARDOWN], "setup broke"),
    "of the last attempt": ([SETUP, RERUN_CALL, TEARDOWN, SETUP, CALL, failed("teardown")], "teardown broke"),
    "why it was skipped": ([skipped("setup"), TEARDOWN], "why"),
    "the steps of a manual test": ([Phase("setup", "skipped", message="call the bank", own="manual")], "call the bank"),
    "none for a pass": (PASS, None),
}


@pytest.mark.parametrize("case", MESSAGES)
def test_the_message_is_that_of_what_decided(case: str) -> None:
    """The message belongs to the phase that decided the result."""
    phases, expected = MESSAGES[case]
    found = settle(phases)
    assert found is not None
    assert found[1] == expected


attempts = st.sampled_from([phases for phases, _ in CASES.values() if not any(phase.own for phase in phases)])
dropped = st.sampled_from([UNFINISHED["to be run again"], [rerun("setup"), TEARDOWN], [SETUP, CALL, rerun("teardown")]])


@given(before=st.lists(dropped, max_size=3), last=attempts)
def test_attempts_that_were_dropped_leave_no_trace(before: list[list[Phase]], last: list[Phase]) -> None:
    """Any number of attempts that a rerun plugin dropped changes nothing about the last one."""
    assert settle([phase for attempt in before for phase in attempt] + last) == settle(last)


def test_a_failed_teardown_does_not_hide_a_failed_call() -> None:
    """The call decides whichever of the two was reported first."""
    assert settle([SETUP, failed("teardown"), failed("call")]) == (Result.FAILED, "call broke")


def test_of_two_failed_calls_the_first_is_told() -> None:
    """What followed may be its consequence."""
    assert settle([SETUP, FAILED_SUBTEST, FAILED_CALL, TEARDOWN]) == (Result.FAILED, "assert 3 == 4")


def test_an_own_result_gives_way_to_a_failure() -> None:
    """What this plugin put on a report never hides what went wrong."""
    own = Phase("setup", "skipped", message="look at it", own="manual")
    assert settle([own, failed("teardown")]) == (Result.ERROR, "teardown broke")


def test_an_own_result_wins_over_the_skip_that_carries_it() -> None:
    """A manual test is reported as skipped and is none."""
    own = Phase("setup", "skipped", message="look at it", own="manual")
    assert settle([own, TEARDOWN]) == (Result.MANUAL, "look at it")


def test_the_message_of_a_first_attempt_is_forgotten() -> None:
    """A test that passed in the end has nothing to say."""
    assert settle([SETUP, RERUN_CALL, TEARDOWN, *PASS]) == (Result.PASSED, None)
