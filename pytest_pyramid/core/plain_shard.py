"""What a report carries so that it can be merged with the other shards of its run: as plain data and back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, TypeVar

from pytest_pyramid.core.facts import Location, TestFacts
from pytest_pyramid.core.forecast import Estimate
from pytest_pyramid.core.plain_columns import facts_from_columns, facts_to_columns
from pytest_pyramid.core.plain_entry import Entry
from pytest_pyramid.core.report import Part, RunReport
from pytest_pyramid.core.setting_tree import Settings
from pytest_pyramid.core.shards import ShardInfo

if TYPE_CHECKING:
    from pytest_pyramid.core.baseline import Recorded

T = TypeVar("T")


def plain_shard_info(info: ShardInfo | None) -> dict[str, Any] | None:
    """The object under `run.shard`, None for a run that is no shard."""
    return None if info is None else info._asdict()


def shard_info_of(entry: Entry) -> ShardInfo | None:
    """The same again. Raises ValueError when a key is missing or of the wrong kind."""
    if entry.has("shard") and entry.values["shard"] is None:
        return None
    shard = entry.entry("shard")
    by = shard.text("by")
    return ShardInfo(
        number=shard.whole("number"),
        of=shard.whole("of"),
        plan=shard.text("plan"),
        tests=shard.whole("tests"),
        by="seconds" if by == "seconds" else "tests",
        partial_reason=shard.text_or_none("partial_reason"),
    )


def plain_part(report: RunReport) -> dict[str, Any]:
    """The key "part" of a shard's report; nothing for every other report."""
    part = report.part
    if part is None:
        return {}
    plain = {
        "settings": part.settings.to_plain(),
        "facts": facts_to_columns(report.tests),
        "positions": list(part.positions),
        "conftest_marks": [place._asdict() for place in part.conftest_marks],
        "past": {nodeid: list(estimate) for nodeid, estimate in part.past.items()},
        "recorded": _plain_recorded(part.recorded),
    }
    return {"part": plain}


def part_of(whole: Entry, nodeids: Sequence[str]) -> tuple[Part, tuple[TestFacts, ...]] | None:
    """The part, and the complete facts of the tests with these node ids; None where the report has none.

    Raises ValueError for other data.
    """
    if not whole.has("part"):
        return None
    plain: Any = whole.entry("part").values
    return _read(lambda: (_part(plain), facts_from_columns(plain["facts"], nodeids)))


def _part(plain: dict[str, Any]) -> Part:
    return Part(
        settings=Settings.from_plain(plain["settings"]),
        positions=tuple(int(position) for position in plain["positions"]),
        conftest_marks=tuple(Location(**place) for place in plain["conftest_marks"]),
        past={nodeid: Estimate(*numbers) for nodeid, numbers in plain["past"].items()},
        recorded=_recorded(plain["recorded"]),
    )


def _plain_recorded(recorded: Recorded | None) -> dict[str, Any] | None:
    if recorded is None:
        return None
    baseline = recorded.baseline
    return {
        "file": recorded.file,
        "day": recorded.day,
        "shares": dict(baseline.shares),
        "coverage": dict(baseline.coverage),
        "known": [asdict(entry) for entry in baseline.known],
    }


def _recorded(plain: dict[str, Any] | None) -> Recorded | None:
    if plain is None:
        return None
    from pytest_pyramid.core.baseline import Baseline, Recorded  # noqa: PLC0415  # few suites have a baseline
    from pytest_pyramid.core.baseline import Entry as Known  # noqa: PLC0415  # as above

    shares, coverage = (tuple((name, float(one)) for name, one in plain[key].items()) for key in ("shares", "coverage"))
    known = tuple(Known(**entry) for entry in plain["known"])
    return Recorded(plain["file"], plain["day"], Baseline(shares=shares, coverage=coverage, known=known))


def _read(made: Callable[[], T]) -> T:
    try:
        return made()
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise ValueError(f"part is not what this version writes ({type(error).__name__}: {error})") from error
