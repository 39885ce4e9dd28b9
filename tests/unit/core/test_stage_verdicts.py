"""The verdict of a stage: what the next one is told, and why it may refuse to start."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_pyramid.core.seals import faults
from pytest_pyramid.core.shards import ShardInfo
from pytest_pyramid.core.stage_verdicts import StageVerdict, from_plain, objections, to_plain, verdict_of
from pytest_pyramid.reporters import verdict as reporter
from tests.unit.canonical import closed_report, open_report

GREEN = StageVerdict(exit_status=0, commit="abc", started="2026-11-22T20:00:00Z", tiers=("unit",), tests=7)


def test_a_green_verdict_of_this_commit_is_good() -> None:
    """There is nothing to say against it."""
    assert list(objections(GREEN, "abc")) == []


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        (replace(GREEN, exit_status=1), "was red: it ended with exit status 1"),
        (replace(GREEN, exit_status=1, closed=("unit",)), "the gate of unit was closed"),
        (replace(GREEN, commit="def"), "tested def, here is abc"),
        (replace(GREEN, commit=None), "tested no known commit, here is abc"),
        (replace(GREEN, shard="1/4"), "was shard 1/4 alone"),
        (replace(GREEN, narrowed="-k cart"), "left tests out: -k cart"),
    ],
)
def test_every_other_one_is_refused_with_its_reason(verdict: StageVerdict, said: str) -> None:
    """One sentence, which names the run."""
    (sentence,) = objections(verdict, "abc")
    assert sentence.startswith("the run of unit that started at 2026-11-22T20:00:00Z")
    assert said in sentence


def test_all_reasons_are_told_at_once() -> None:
    """Red, and of another commit."""
    assert len(list(objections(replace(GREEN, exit_status=1, commit="def"), "abc"))) == 2


def test_a_verdict_is_plain_data_and_back() -> None:
    """Nothing is lost."""
    verdict = replace(GREEN, shard="1/2", narrowed="-m fast", closed=("unit",))
    assert from_plain(to_plain(verdict)) == verdict


@pytest.mark.parametrize("change", [{"verdict": 2}, {"verdict": None}, {"exit_status": "0"}, {"tiers": "unit"}])
def test_what_is_no_verdict_is_refused(change: dict[str, object]) -> None:
    """Another version, or another kind of value."""
    with pytest.raises(ValueError, match=r"."):
        from_plain(to_plain(GREEN) | change)


def test_the_verdict_of_a_report_says_what_ran() -> None:
    """The tiers that were selected, or all."""
    report = open_report()
    assert verdict_of(report).tiers == tuple(tier.name for tier in report.pyramid)
    chosen = replace(report, run=report.run._replace(only=("unit",), narrowed="-k x"))
    assert (verdict_of(chosen).tiers, verdict_of(chosen).narrowed) == (("unit",), "-k x")


def test_closed_gates_are_told() -> None:
    """They are why it was red."""
    assert verdict_of(closed_report()).closed


@pytest.mark.parametrize(("of", "shard"), [(1, None), (2, "1/2")])
def test_a_shard_is_told_unless_it_is_the_only_one(of: int, shard: str | None) -> None:
    """1/1 is everything."""
    report = open_report()
    info = ShardInfo(1, of, "plan", 9, "tests")
    assert verdict_of(replace(report, run=report.run._replace(shard=info))).shard == shard


def test_the_file_is_one_sealed_line() -> None:
    """A change shows."""
    text = reporter.render(open_report())
    assert list(faults(text.splitlines())) == []
    assert list(faults(text.replace('"exit_status": 0', '"exit_status": 9').splitlines()))
    assert text.count("\n") == 1
