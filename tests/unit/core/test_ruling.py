"""The rule book: which rules count and how much, what is wrong in a selection, and what the rules come to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import pytest

from pytest_pyramid.core.examples import example_suite
from pytest_pyramid.core.facts import Suite
from pytest_pyramid.core.hints import Bounds
from pytest_pyramid.core.ruling import (
    CodePage,
    Judgement,
    Rule,
    RuleBook,
    Selection,
    Stage,
    judge,
    matches,
    outdented,
    page,
)
from pytest_pyramid.core.violations import Severity, Violation

SUITE = example_suite({"unit": 2})


@dataclass(frozen=True, slots=True, kw_only=True)
class Tall:
    """The suite is too tall.

    ## What it does

    Counts.
    """

    code: ClassVar[str] = "PYR110"
    name: ClassVar[str] = "tall"
    stage: ClassVar[Stage] = Stage.COLLECTION
    default: ClassVar[Severity] = Severity.ERROR

    max_tests: Annotated[int, Bounds(least=1)] = 1
    by: Literal["tests", "functions"] = "tests"

    def check(self, suite: Suite) -> Iterable[Violation]:
        """One violation when there are more tests than allowed."""
        if len(suite.tests) > self.max_tests:
            yield broken(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grey:
    """The suite is grey."""

    code: ClassVar[str] = "PYR120"
    name: ClassVar[str] = "grey"
    stage: ClassVar[Stage] = Stage.COLLECTION
    default: ClassVar[Severity] = Severity.WARNING

    def check(self, suite: Suite) -> Iterable[Violation]:
        """Always one violation."""
        return [broken(self)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """The suite is quiet."""

    code: ClassVar[str] = "PYR210"
    name: ClassVar[str] = "quiet"
    stage: ClassVar[Stage] = Stage.RUN
    default: ClassVar[Severity] = Severity.OFF

    def check(self, suite: Suite) -> Iterable[Violation]:
        """Always one violation."""
        return [broken(self)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wild:
    """The rule itself is broken."""

    code: ClassVar[str] = "PYR130"
    name: ClassVar[str] = "wild"
    stage: ClassVar[Stage] = Stage.COLLECTION
    default: ClassVar[Severity] = Severity.ERROR

    def check(self, suite: Suite) -> Iterable[Violation]:
        """One violation, and then an exception."""
        yield broken(self)
        raise ValueError("two\nlines")


RULES: tuple[type[Rule], ...] = (Quiet, Grey, Tall)


def broken(rule: Rule) -> Violation:
    """A violation of `rule` as it stands in its source."""
    return Violation(code=rule.code, name=rule.name, severity=rule.default, message="is so", hint="change it")


def weights(selection: Selection) -> dict[str, str]:
    """The severity of every rule that is asked, by code."""
    book, problems = RuleBook.made(RULES, selection)
    assert problems == ()
    return {rule.code: severity.value for rule, severity in book.entries}


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(), {"PYR110": "error", "PYR120": "warning"}),
        (Selection(select=("PYR110",)), {"PYR110": "error"}),
        (Selection(select=("PYR1",)), {"PYR110": "error", "PYR120": "warning"}),
        (Selection(select=("grey",)), {"PYR120": "warning"}),
        (Selection(select=("quiet",)), {"PYR210": "warning"}),
        (Selection(select=("PYR210",)), {"PYR210": "warning"}),
        (Selection(select=("PYR2",)), {}),
        (Selection(ignore=("PYR1",)), {}),
        (Selection(ignore=("tall",)), {"PYR120": "warning"}),
        (Selection(select=("PYR1",), ignore=("PYR120",)), {"PYR110": "error"}),
        (Selection(severity=(("PYR210", "error"),)), {"PYR110": "error", "PYR120": "warning", "PYR210": "error"}),
        (Selection(severity=(("PYR120", "warning"), ("PYR1", "off"))), {"PYR120": "warning"}),
        (Selection(severity=(("grey", "error"), ("PYR120", "off"))), {"PYR110": "error", "PYR120": "error"}),
        (Selection(select=("PYR210",), severity=(("PYR2", "off"),)), {}),
        (Selection(strict=True), {"PYR110": "error", "PYR120": "error"}),
        (Selection(strict=True, severity=(("PYR110", "warning"),)), {"PYR110": "error", "PYR120": "error"}),
        (Selection(strict=True, severity=(("PYR1", "off"),)), {}),
    ],
)
def test_which_rules_count_and_how_much(selection: Selection, expected: dict[str, str]) -> None:
    """Selection, exception, severity and strictness come together in one severity for each rule."""
    assert weights(selection) == expected


def test_the_book_is_in_the_order_of_codes() -> None:
    """The order of registration does not matter."""
    assert list(weights(Selection(severity=(("quiet", "error"),)))) == ["PYR110", "PYR120", "PYR210"]


@pytest.mark.parametrize(
    ("word", "expected"),
    [("PYR110", True), ("PYR1", True), ("PYR", True), ("tall", True), ("PYR12", False), ("tal", False), ("", False)],
)
def test_what_a_word_stands_for(word: str, expected: bool) -> None:
    """A code, its beginning or the whole name; not the beginning of a name."""
    assert matches(word, "PYR110", "tall") is expected


def test_options_reach_the_rule() -> None:
    """A table of options becomes the fields of its rule, in kebab-case, also from the text of ini files."""
    tables = (("PYR110", (("max-tests", "7"), ("by", "functions"))),)
    book, problems = RuleBook.made(RULES, Selection(options=tables))
    assert problems == ()
    assert book.entries[0][0] == Tall(max_tests=7, by="functions")


def test_everything_wrong_is_told_at_once() -> None:
    """Unknown options, wrong types and unknown rules are collected with key, message and the near name."""
    options = (
        ("PYR110", (("max-test", 3), ("by", "function"))),
        ("PYR120", (("max", 1),)),
        ("PYR111", (("max", 1),)),
    )
    selection = Selection(select=("PYR3",), ignore=("tal",), severity=(("PYR9", "off"),), options=options)
    _, problems = RuleBook.made(RULES, selection)
    assert {(one.code, one.key, one.suggestion) for one in problems} == {
        ("PYR902", "select", None),
        ("PYR902", "ignore", "tall"),
        ("PYR902", "severity.PYR9", None),
        ("PYR901", "rules.PYR110.max-test", "max-tests"),
        ("PYR902", "rules.PYR110.by", "functions"),
        ("PYR901", "rules.PYR120.max", None),
        ("PYR901", "rules.PYR111.max", "PYR110"),
    }


@pytest.mark.parametrize("value", [0, "many", 1.5, True, (1, 2)])
def test_a_wrong_option_keeps_its_default(value: object) -> None:
    """The rule can still be asked, and the problem says which key is wrong."""
    book, problems = RuleBook.made(RULES, Selection(options=(("PYR110", (("max-tests", value),)),)))
    assert book.entries[0][0] == Tall()
    assert [(one.code, one.key) for one in problems] == [("PYR902", "rules.PYR110.max-tests")]


def test_problems_name_their_source() -> None:
    """Where the settings say a key was given, the problem says the same."""
    sources = {"select": "pytest.ini", "rules.PYR110.max": "pyproject.toml"}
    selection = Selection(select=("PYR110", "PYR5"), options=(("PYR110", (("max", 1),)),))
    _, problems = RuleBook.made(RULES, selection, sources=sources)
    assert [(one.key, one.source) for one in problems] == [
        ("select", "pytest.ini"),
        ("rules.PYR110.max", "pyproject.toml"),
    ]


def test_what_is_judged_elsewhere_may_be_named() -> None:
    """Codes of guards and of the configuration are no unknown words."""
    selection = Selection(ignore=("PYR3", "network"), options=(("PYR301", ()),))
    _, problems = RuleBook.made(RULES, selection, elsewhere=(("PYR301", "network"),))
    assert problems == ()


def test_violations_get_the_severity_of_the_book() -> None:
    """What the rule wrote as severity does not matter."""
    book, _ = RuleBook.made(RULES, Selection(severity=(("PYR110", "warning"), ("PYR120", "error"))))
    found = judge(book, SUITE, Stage.COLLECTION).violations
    assert [(one.code, one.severity) for one in found] == [("PYR120", Severity.ERROR), ("PYR110", Severity.WARNING)]


def test_a_rule_is_asked_at_its_own_stage() -> None:
    """Rules about outcomes are not asked about collected tests, nor the other way round."""
    book, _ = RuleBook.made(RULES, Selection(severity=(("quiet", "error"),)))
    assert [one.code for one in judge(book, SUITE, Stage.COLLECTION).violations] == ["PYR110", "PYR120"]
    assert [one.code for one in judge(book, SUITE, Stage.RUN).violations] == ["PYR210"]


def test_a_rule_that_is_off_is_not_asked() -> None:
    """Even one that would raise is left alone."""
    book, _ = RuleBook.made((Wild,), Selection(severity=(("wild", "off"),)))
    assert judge(book, SUITE, Stage.COLLECTION) == Judgement()


def test_a_rule_that_raises_becomes_a_note_of_one_line() -> None:
    """The findings of the others stay, the half answer of the broken rule is dropped."""
    book, _ = RuleBook.made((Wild, Grey))
    judgement = judge(book, SUITE, Stage.COLLECTION)
    assert [one.code for one in judgement.violations] == ["PYR120"]
    assert judgement.notes == ("rule PYR130 failed: ValueError: two lines",)


def test_judgements_join_in_order() -> None:
    """Errors of a later stage come before warnings of an earlier one."""
    book, _ = RuleBook.made(RULES, Selection(ignore=("tall",), severity=(("quiet", "error"),)))
    joined = Judgement.joined(
        [judge(book, SUITE, Stage.COLLECTION), Judgement(notes=("a",)), judge(book, SUITE, Stage.RUN)]
    )
    assert [one.code for one in joined.violations] == ["PYR210", "PYR120"]
    assert joined.notes == ("a",)


def test_a_page_has_title_weight_and_docstring() -> None:
    """The page is Markdown and has no indentation of the source left."""
    assert page(Tall) == (
        "# PYR110 tall\n\nDefault severity: error. Judged from the collected tests.\n\n"
        "The suite is too tall.\n\n## What it does\n\nCounts.\n"
    )
    assert page(Tall()) == page(Tall)
    assert "Judged from the outcomes of the run." in page(Quiet)


def test_a_code_without_a_rule_has_a_page_too() -> None:
    """What is told while settings are read is explained in the same way."""
    made = page(CodePage(code="PYR901", name="unknown-key", text="\n    A key.\n\n    ## Options\n\n    None.\n    "))
    assert made.startswith("# PYR901 unknown-key\n\nA usage error")
    assert made.endswith("\n\nA key.\n\n## Options\n\nNone.\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One line.", "One line."),
        ("First.\n\n    - a\n      b\n    ", "First.\n\n- a\n  b"),
        ("First.\n\nAlready without.\n", "First.\n\nAlready without."),
        ("", ""),
    ],
)
def test_indentation_that_lines_share_is_taken_away(text: str, expected: str) -> None:
    """Docstrings read the same before and after Python 3.13, which strips them itself."""
    assert outdented(text) == expected
