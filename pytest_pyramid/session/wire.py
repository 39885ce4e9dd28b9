"""Everything that crosses processes, to plain data and back, under one version number."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from pytest_pyramid.core.facts import Location, TestFacts, Touch
from pytest_pyramid.core.forecast import Estimate, Forecast
from pytest_pyramid.core.plain_columns import column, facts_from_columns, facts_to_columns, values_of
from pytest_pyramid.core.plain_entry import entry_of
from pytest_pyramid.core.plain_outcome import plain_touch, touch_of
from pytest_pyramid.core.setting_tree import Settings
from pytest_pyramid.core.shards import Cut

if TYPE_CHECKING:
    from pytest_pyramid.core.baseline import Shield

WIRE_VERSION = 1
PAYLOAD = "pyramid"
"""The key of `workerinput` under which a worker finds its settings and our channel."""


class WireError(Exception):
    """The other process speaks another version of this plugin."""


class Manifest(NamedTuple):
    """What a process knows about its collection; `tests` and `pins` follow the order of the node ids."""

    tests: tuple[TestFacts, ...]
    pins: tuple[str | None, ...]
    deselected: int = 0
    conftest_marks: tuple[Location, ...] = ()
    cut: Cut | None = None
    """How a shard was cut out of the whole collection, None where all of it is there."""


def pack_settings(settings: Settings) -> str:
    """The settings as text."""
    return json.dumps({"version": WIRE_VERSION, "settings": settings.to_plain()})


def unpack_settings(text: str) -> Settings:
    """The settings again. Raises WireError when another version packed them."""
    return Settings.from_plain(of_this_version(json.loads(text))["settings"])


def pack_shield(shield: Shield | None) -> str | None:
    """What the baseline shields as text, None without a baseline."""
    return None if shield is None else json.dumps({"version": WIRE_VERSION, "shield": shield.to_plain()})


def unpack_shield(text: str | None) -> Shield | None:
    """The same again. Raises WireError when another version packed it."""
    if text is None:
        return None
    from pytest_pyramid.core.baseline import Shield  # noqa: PLC0415  # most projects have no baseline

    return Shield.from_plain(of_this_version(json.loads(text))["shield"])


def pack_manifest(manifest: Manifest) -> bytes:
    """The manifest as bytes, without node ids, which xdist sends anyway.

    Columns of indices into tables of distinct values: what tests share is sent once. 50,000 tests take 3–17 kB in
    this form against 0.55 MB as lists of plain numbers, and execnet serialises bytes at once but lists in pure Python.
    """
    plain = {
        "version": WIRE_VERSION,
        "tests": facts_to_columns(manifest.tests),
        "pins": column(manifest.pins),
        "deselected": manifest.deselected,
        "conftest_marks": [place._asdict() for place in manifest.conftest_marks],
        "cut": manifest.cut,
    }
    return zlib.compress(json.dumps(plain).encode(), 1)


def unpack_manifest(data: bytes, nodeids: Sequence[str]) -> Manifest:
    """The manifest of the collection with these node ids.

    Raises WireError when another version packed it or when it describes another number of tests.
    """
    try:
        plain = of_this_version(json.loads(zlib.decompress(data)))
    except (zlib.error, ValueError) as error:
        raise WireError(f"another version of pytest-test-pyramid answers ({error})") from error
    described = len(plain["tests"]["line"])
    if described != len(nodeids):
        raise WireError(f"a worker described {described} tests and collected {len(nodeids)}")
    return Manifest(
        tests=facts_from_columns(plain["tests"], nodeids),
        pins=tuple(values_of(plain["pins"])),
        deselected=plain["deselected"],
        conftest_marks=tuple(Location(**place) for place in plain["conftest_marks"]),
        cut=None if plain["cut"] is None else _cut(*plain["cut"]),
    )


def pack_forecast(forecast: Forecast) -> bytes:
    """What is expected of the tests of a run, as far as shards are cut by it: seconds, and seconds of set-up."""
    seconds = {nodeid: estimate.seconds for nodeid, estimate in forecast.tests.items()}
    plain = {"version": WIRE_VERSION, "seconds": seconds, "setups": dict(forecast.setups)}
    return zlib.compress(json.dumps(plain).encode(), 1)


def unpack_forecast(data: bytes) -> Forecast:
    """The same again, to the last bit. Raises WireError when another version packed it."""
    plain = of_this_version(json.loads(zlib.decompress(data)))
    return Forecast({nodeid: Estimate(seconds) for nodeid, seconds in plain["seconds"].items()}, plain["setups"])


def pack_late(touches: Iterable[tuple[str, Touch]], notes: Iterable[str], lacking: Iterable[str] = ()) -> str:
    """What the guard of a worker has to say at the end: touches by node id, notes, and layers that it lacks."""
    plain = [[nodeid, plain_touch(touch)] for nodeid, touch in touches]
    return json.dumps({"version": WIRE_VERSION, "touches": plain, "notes": list(notes), "lacking": list(lacking)})


def unpack_late(text: str) -> tuple[list[tuple[str, Touch]], list[str], list[str]]:
    """The same again. Raises WireError when another version packed it."""
    plain = of_this_version(json.loads(text))
    touches = [(nodeid, touch_of(entry_of(touch, "touch"))) for nodeid, touch in plain["touches"]]
    return touches, plain["notes"], plain["lacking"]


def _cut(plan: str, tests: int, by: Literal["seconds", "tests"], positions: list[int]) -> Cut:
    return Cut(plan, tests, by, tuple(positions))


def of_this_version(plain: dict[str, Any]) -> dict[str, Any]:
    """The plain data, when it is of our version. Raises WireError when another version packed it."""
    if plain.get("version") != WIRE_VERSION:
        raise WireError(f"another version of pytest-test-pyramid answers ({plain.get('version')}, not {WIRE_VERSION})")
    return plain
