"""What crosses processes arrives as it was sent."""

from __future__ import annotations

import json
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_pyramid.core.facts import Location, Placement, TestFacts, Touch
from pytest_pyramid.core.settings import Layer, resolve
from pytest_pyramid.core.tiers import Action, Allowance, Resource
from pytest_pyramid.session.wire import (
    Manifest,
    WireError,
    pack_late,
    pack_manifest,
    pack_settings,
    unpack_late,
    unpack_manifest,
    unpack_settings,
)
from pytest_pyramid.stores.config_files import read_layers

text = st.text(max_size=6)
words = st.lists(text, max_size=3).map(tuple)
optional = st.none() | text
places = st.builds(Location, file=text, line=st.none() | st.integers(1, 10**6))
placements = st.builds(Placement, tier=text, source=text, reason=text, also=words)
seconds = st.none() | st.floats(min_value=0, allow_nan=False)
allowances = st.builds(Allowance, resource=text, reason=optional, place=text)
touches = st.builds(
    Touch,
    resource=st.sampled_from(Resource),
    phase=text,
    detail=text,
    location=st.none() | places,
    action=st.sampled_from(Action),
    fixture=optional,
    layer=text,
    count=st.integers(1, 9),
)
tests = st.builds(
    TestFacts,
    nodeid=text,
    function=text,
    location=places,
    marks=st.lists(words, max_size=3).map(tuple),
    fixtures=words,
    needs=words,
    shares=optional,
    max_seconds=seconds,
    allowances=st.lists(allowances, max_size=2).map(tuple),
    manual=optional,
    tier=text,
    placements=st.lists(placements, max_size=2).map(tuple),
)


@st.composite
def manifests(draw: st.DrawFn) -> Manifest:
    """Any manifest; half of the functions are the beginning of their node ids, as real ones are."""
    found = draw(st.lists(tests, max_size=6))
    found = [test._replace(function=test.nodeid[:-1]) if draw(st.booleans()) else test for test in found]
    pins = draw(st.lists(optional, min_size=len(found), max_size=len(found)))
    marks = draw(st.lists(places, max_size=2))
    return Manifest(
        tests=tuple(found), pins=tuple(pins), deselected=draw(st.integers(0, 9)), conftest_marks=tuple(marks)
    )


@given(manifests())
def test_a_manifest_arrives_as_it_was_sent(manifest: Manifest) -> None:
    """Every fact of every test survives the trip, beside the node ids, which xdist sends."""
    assert unpack_manifest(pack_manifest(manifest), [test.nodeid for test in manifest.tests]) == manifest


def test_settings_arrive_as_they_were_sent() -> None:
    """A worker acts by the very settings of the controller."""
    layer = Layer(source="here", values={"gate": "soft", "tier": ["unit"], "severity": {"PYR201": "off"}})
    settings, problems = resolve((layer, *read_layers(Path("nowhere"), None)[0]), formats=())
    assert problems == ()
    assert settings is not None
    assert unpack_settings(pack_settings(settings)) == settings


@given(st.lists(st.tuples(text, touches), max_size=3), st.lists(text, max_size=2))
def test_late_touches_arrive_as_they_were_sent(late: list[tuple[str, Touch]], notes: list[str]) -> None:
    """What a worker's guard saw when its tests had ended."""
    assert unpack_late(pack_late(late, notes, ["sandbox"])) == (late, notes, ["sandbox"])


@pytest.mark.parametrize("ids", [[], ["t.py::a", "t.py::b"]])
def test_a_description_of_another_number_of_tests_is_refused(ids: list[str]) -> None:
    """A manifest that does not fit the node ids would give tests the tiers of their neighbours."""
    test = TestFacts(nodeid="t.py::a", function="t.py::a", location=Location(file="t.py"))
    with pytest.raises(WireError, match=f"described 1 tests and collected {len(ids)}"):
        unpack_manifest(pack_manifest(Manifest(tests=(test,), pins=(None,))), ids)


@pytest.mark.parametrize("data", [b"", b"nonsense", zlib.compress(b"nonsense"), zlib.compress(b'{"version": 0}')])
def test_another_version_is_refused(data: bytes) -> None:
    """Whatever another version may send, it is told as one."""
    with pytest.raises(WireError, match="another version of pytest-test-pyramid answers"):
        unpack_manifest(data, [])
    with pytest.raises(WireError, match="another version"):
        unpack_settings(json.dumps({"version": 0}))


def test_what_tests_share_is_sent_once() -> None:
    """A big suite costs little on the wire."""
    file = Location(file="tests/unit/test_a_long_name_of_a_file.py", line=3)
    marks, fixtures = (("parametrize", "unit"),), ("request", "database", "settings")
    ids = [f"{file.file}::test_many[{number}]" for number in range(5000)]
    many = tuple(TestFacts(nodeid=one, function=one[:51], location=file, marks=marks, fixtures=fixtures) for one in ids)
    assert len(pack_manifest(Manifest(tests=many, pins=(None,) * len(many)))) < 20_000
