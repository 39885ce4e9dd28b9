"""Questions instead of a run: why a test is in its tier, what a rule says, where a setting comes from."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable

import pytest

from pytest_pyramid.core.facts import Placement, TestFacts
from pytest_pyramid.core.ruling import CodePage, Rule, page
from pytest_pyramid.core.setting_tree import Settings, describe
from pytest_pyramid.core.tiers import UNCLASSIFIED, Pyramid, Tier
from pytest_pyramid.rules import CONFIGURATION
from pytest_pyramid.session.collecting import Collecting
from pytest_pyramid.session.extensions import Extensions

ALL = "all"


class Asking:
    """Collects when the answer needs it, answers, and runs no test."""

    def __init__(
        self, config: pytest.Config, settings: Settings, extensions: Extensions, collecting: Collecting
    ) -> None:
        self._config = config
        self._collecting = collecting
        self._settings = settings
        self._extensions = extensions
        self._question: str | None = config.getoption("pyramid_explain")
        self._answered = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> bool | None:
        """Collect only for questions about tests."""
        return None if self._question is not None and self._rule_page() is None else True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Answer instead of running tests. Raises pytest.UsageError for a question about nothing that exists."""
        lines = list(self._answer(session))
        if self._config.pluginmanager.has_plugin("terminalreporter"):
            writer = self._config.get_terminal_writer()
            for line in lines:
                writer.line(line)
        self._answered = True
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """An answered question is a success, though no test was run."""
        if self._answered and session.exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED:
            session.exitstatus = pytest.ExitCode.OK

    def _answer(self, session: pytest.Session) -> Iterable[str]:
        yield ""
        if self._question is None:
            yield from _table([("setting", "value", "from"), *describe(self._settings)])
            return
        rule_page = self._rule_page()
        if rule_page is not None:
            yield from rule_page.splitlines()
            return
        tests = [self._collecting.facts_of(item) for item in session.items]
        if self._question == ALL:
            yield from _table([("tier", "because", "test"), *((t.tier, t.classified_by, t.nodeid) for t in tests)])
            return
        found = [test for test in tests if self._question in (test.nodeid, test.function)]
        if not found:
            raise pytest.UsageError(self._unknown([test.nodeid for test in tests]))
        yield from explained(found[0], self._settings, used={test.tier for test in tests})

    def _rule_page(self) -> str | None:
        asked = (self._question or "").lower()
        codes: tuple[type[Rule] | CodePage, ...] = (*self._extensions.rules, *CONFIGURATION)
        for rule in codes:
            if asked in (rule.code.lower(), rule.name):
                return page(rule)
        return None

    def _unknown(self, nodeids: list[str]) -> str:
        pages: tuple[type[Rule] | CodePage, ...] = (*self._extensions.rules, *CONFIGURATION)
        names = [*nodeids, *(one.code for one in pages), *(one.name for one in pages), ALL]
        near = difflib.get_close_matches(str(self._question), names, n=1, cutoff=0.3)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        return f"--pyramid-explain: no test, rule code or 'all' is called {self._question!r}{hint}"


def explained(test: TestFacts, settings: Settings, *, used: Collection[str]) -> Iterable[str]:
    """The lines that say why a test is in its tier and which limits apply to it; `used` are the tiers that have tests."""
    yield test.nodeid
    yield f"  tier     {test.tier}   because: {test.classified_by}"
    for other in test.placements[1:]:
        yield f"  also     {_evidence(other)}"
    for name in test.placements[0].also if test.placements else ():
        yield f"  also     the marks at the same level name {name}; the higher tier is taken"
    if test.tier == UNCLASSIFIED:
        base = settings.pyramid.base.name
        yield f"  runs     with {base}, and gates like it, but is never counted as {base}"
        yield f"  mend     mark it (@pytest.mark.{base}), or move it to a folder that a tier names"
    tier = settings.pyramid.named(test.tier)
    sources = dict(settings.sources)
    for label, value, key in _limits(test, tier):
        origin = sources.get(f"tiers.{test.tier}.{key}", "the test's own mark" if key == "mark" else "defaults")
        yield f"  {label:<8} {value}   from: {origin}"
    yield f"  gate     {_gate(test, settings.pyramid, settings.gate, used)}"


def _limits(test: TestFacts, tier: Tier | None) -> Iterable[tuple[str, str, str]]:
    if test.max_seconds is not None:
        yield "seconds", f"at most {test.max_seconds:g} s", "mark"
    elif tier is not None and tier.max_seconds is not None:
        yield "seconds", f"at most {tier.max_seconds:g} s", "max-seconds"
    if tier is not None and tier.timeout_seconds is not None:
        yield "timeout", f"stopped after {tier.timeout_seconds:g} s, by pytest-timeout", "timeout-seconds"
    if tier is not None and tier.workers is not None:
        yield "workers", f"at most {tier.workers} at once", "workers"
    if test.needs:
        yield "needs", ", ".join(test.needs), "mark"


def _gate(test: TestFacts, pyramid: Pyramid, mode: str, used: Collection[str]) -> str:
    rank = pyramid.rank_of(test.tier)
    below = ", ".join(tier.name for tier in pyramid.below(rank))
    above = ", ".join(tier.name for tier in pyramid.tiers[rank + 1 :] if not tier.side or tier.name in used)
    alone = "; alone on the machine, after all others" if pyramid.tiers[rank].side else ""
    if mode == "off":
        return f"off: nothing is withheld{alone}"
    waits = (
        f"waits for {below}" if below and mode == "strict" else f"is withheld by a failure in {below}" if below else ""
    )
    holds = f"a failure withholds {above}" if above else ""
    return f"{mode}: {'; '.join(part for part in (waits, holds) if part) or 'nothing above, nothing below'}{alone}"


def _evidence(placement: Placement) -> str:
    return f"{placement.reason} speaks for {placement.tier}"


def _table(rows: list[tuple[str, str, str]]) -> Iterable[str]:
    first = max(len(row[0]) for row in rows)
    second = max(len(row[1]) for row in rows)
    for row in rows:
        yield f"{row[0]:<{first}}  {row[1]:<{second}}  {row[2]}".rstrip()
