"""The facts of many tests as columns: nothing is lost, and what tests share stands there once."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from pytest_pyramid.core.evidence import Suggestion
from pytest_pyramid.core.facts import Location, Placement, TestFacts
from pytest_pyramid.core.plain_columns import facts_from_columns, facts_to_columns
from pytest_pyramid.core.tiers import Allowance

word = st.text(max_size=4)
words = st.lists(word, max_size=2).map(tuple)
allowance = st.builds(Allowance, resource=word, reason=st.none() | word, place=word)
placement = st.builds(Placement, tier=word, source=word, reason=word, also=words)
hint = st.builds(Suggestion, word, word, word, st.floats(0, 1))
facts = st.builds(
    TestFacts,
    nodeid=word,
    function=word.filter(bool),
    location=st.builds(Location, file=word, line=st.none() | st.integers(1, 99)),
    marks=st.lists(words, max_size=2).map(tuple),
    fixtures=words,
    needs=words,
    shares=st.none() | word,
    max_seconds=st.none() | st.floats(0, 9),
    allowances=st.lists(allowance, max_size=2).map(tuple),
    manual=st.none() | word,
    tier=word,
    placements=st.lists(placement, max_size=2).map(tuple),
    hints=st.lists(hint, max_size=2).map(tuple),
)


@given(st.lists(facts, max_size=5))
def test_facts_come_back_as_they_were(tests: list[TestFacts]) -> None:
    """Through JSON, apart from the node ids, which the reader knows."""
    plain = json.loads(json.dumps(facts_to_columns(tests)))
    assert facts_from_columns(plain, [test.nodeid for test in tests]) == tuple(tests)


def test_what_tests_share_stands_there_once() -> None:
    """A hundred tests of one file name it once."""
    tests = [TestFacts(f"a.py::test_{n}", f"a.py::test_{n}", Location("a.py", n)) for n in range(100)]
    assert facts_to_columns(tests)["file"]["table"] == ["a.py"]
