"""What can be executed in a file, as plain data and back."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_pyramid.core.plain_sources import plain_source, source_of
from pytest_pyramid.core.source_lines import Source

lines = st.integers(0, 5000)
bits = st.sets(lines, max_size=20).map(lambda found: sum(1 << line for line in found))
pairs = st.lists(st.tuples(lines, lines), max_size=9)
arcs = st.frozensets(st.tuples(st.integers(-5000, 5000), st.integers(-5000, 5000)), max_size=9)
functions = st.lists(st.tuples(lines, lines, st.text(max_size=9)), max_size=5)


@given(st.builds(Source, bits, pairs.map(tuple), arcs, bits, functions.map(tuple)))
def test_nothing_is_lost(source: Source) -> None:
    """Through JSON, too."""
    assert source_of(json.loads(json.dumps(plain_source(source)))) == source


@pytest.mark.parametrize(
    "plain",
    [
        None,
        [],
        {},
        {**plain_source(Source(6)), "statements": "x"},
        {**plain_source(Source(6)), "continued": [1]},
        {**plain_source(Source(6)), "functions": [[1, 2]]},
        {**plain_source(Source(6)), "branches": ["a", "b"]},
    ],
)
def test_other_data_is_refused(plain: object) -> None:
    """Whatever is wrong with it."""
    with pytest.raises(ValueError, match="no source"):
        source_of(plain)
