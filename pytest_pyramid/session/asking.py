"""Questions instead of a run: why a test is in its tier, what a rule says, where a setting comes from."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

import pytest

from pytest_pyramid.core.evidence import Evidence, Suggestion
from pytest_pyramid.core.facts import TestFacts
from pytest_pyramid.core.ruling import CodePage, Rule, page
from pytest_pyramid.core.setting_tree import Settings, describe
from pytest_pyramid.rules import CONFIGURATION
from pytest_pyramid.session.classifying import suggestions
from pytest_pyramid.session.code_uses import CodeReader
from pytest_pyramid.session.collecting import Collecting
from pytest_pyramid.session.explaining import explained
from pytest_pyramid.session.extensions import Extensions
from pytest_pyramid.session.memory import history_path
from pytest_pyramid.session.past import evidence_of
from pytest_pyramid.stores.history_schema import HistoryError, UnusableError

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
        asked = [index for index, test in enumerate(tests) if self._question in (test.nodeid, test.function)]
        if not asked:
            raise pytest.UsageError(self._unknown([test.nodeid for test in tests]))
        test, item, used = tests[asked[0]], session.items[asked[0]], {test.tier for test in tests}
        yield from explained(test, self._settings, used=used, found=self._evidence(test, item))

    def _evidence(self, test: TestFacts, item: pytest.Item) -> tuple[Suggestion, ...]:
        """What the test's code and its past speak for, the strongest first."""
        path = history_path(self._config, self._settings.history)
        try:
            known = evidence_of(path, test)
        except (HistoryError, UnusableError, OSError):
            known = Evidence(test)  # a run says what is wrong with its history
        uses = CodeReader(self._config.rootpath).uses(item)
        return suggestions(self._config, self._settings, known._replace(uses=uses))

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


def _table(rows: list[tuple[str, str, str]]) -> Iterable[str]:
    first = max(len(row[0]) for row in rows)
    second = max(len(row[1]) for row in rows)
    for row in rows:
        yield f"{row[0]:<{first}}  {row[1]:<{second}}  {row[2]}".rstrip()
