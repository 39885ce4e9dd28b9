"""The rule protocol, the book that says which rules count and how much, and the judgement they come to."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar, NamedTuple, Protocol

from pytest_pyramid.core.facts import Suite
from pytest_pyramid.core.problems import BAD_VALUE, UNKNOWN_KEY, Problem, nearest
from pytest_pyramid.core.reading import read
from pytest_pyramid.core.violations import Severity, Violation, in_order

Options = Sequence[tuple[str, object]]


class Stage(enum.Enum):
    """When a rule is asked: as soon as tests are collected, when outcomes are known, or when the baseline was compared."""

    COLLECTION = "collection"
    RUN = "run"
    BASELINE = "baseline"


class Rule(Protocol):
    """A frozen dataclass whose fields are its options, or a `RuleWithoutOptions`; `code`, `name`, `stage` and `default` are class attributes.

    `testing.check_rule` asks for two static methods more, which no run calls: `good()` and `bad()`, example suites.
    """

    code: ClassVar[str]
    name: ClassVar[str]
    stage: ClassVar[Stage]
    default: ClassVar[Severity]

    def check(self, suite: Suite) -> Iterable[Violation]:
        """Every way in which the suite breaks this rule, none when it keeps it."""
        ...


@dataclasses.dataclass(frozen=True, slots=True)
class RuleWithoutOptions:
    """What a rule without options inherits; to decorate each would cost every start of a run a millisecond."""


class CodePage(NamedTuple):
    """A code that no rule gives, because it is told while the configuration is read; `text` is its page."""

    code: str
    name: str
    text: str


class Selection(NamedTuple):
    """What was configured about rules; each word is a code (PYR201), the beginning of one (PYR2) or a name."""

    select: tuple[str, ...] = ()
    """The rules to judge by; empty for every rule that is on by default."""
    ignore: tuple[str, ...] = ()
    """The rules to leave out, stronger than `select`."""
    severity: tuple[tuple[str, str], ...] = ()
    """error, warning or off by word; the most exact word decides."""
    strict: bool = False
    """Makes every warning an error."""
    options: tuple[tuple[str, Options], ...] = ()
    """Options by rule code, not yet checked."""


class RuleBook(NamedTuple):
    """The rules that count in this run, in the order of their codes, each with its severity."""

    entries: tuple[tuple[Rule, Severity], ...]

    @classmethod
    def made(
        cls,
        rules: Iterable[type[Rule]],
        selection: Selection | None = None,
        *,
        elsewhere: Sequence[tuple[str, str]] = (),
        sources: Mapping[str, str] | None = None,
    ) -> tuple[RuleBook, tuple[Problem, ...]]:
        """The book of `rules` under `selection`, and everything that is wrong in the selection.

        A rule that is off by default is asked, as a warning, when its full code or name is selected. `elsewhere` are
        (code, name) of what is judged outside the book and may be named all the same. `sources` says, by dotted key
        as in `Settings.sources`, where a setting was given. An option that is wrong keeps its default. Raises
        ValueError for a severity that is none, TypeError for a rule with an option that has no default.
        """
        kinds = tuple(sorted(rules, key=lambda kind: kind.code))
        wish = selection or Selection()
        desk = _Desk(kinds=kinds, elsewhere=tuple(elsewhere), sources=sources or {})
        problems = [*desk.unknown_words(wish), *desk.unknown_tables(wish)]
        entries: list[tuple[Rule, Severity]] = []
        for kind in kinds:
            rule, wrong = desk.rule(kind, dict(wish.options).get(kind.code, ()))
            problems.extend(wrong)
            entries.append((rule, _weight(kind, wish)))
        return cls(entries=tuple(entry for entry in entries if entry[1] is not Severity.OFF)), tuple(problems)


class Judgement(NamedTuple):
    """The violations that were found, and one line for every rule that could not be asked."""

    violations: tuple[Violation, ...] = ()
    notes: tuple[str, ...] = ()
    unasked: tuple[str, ...] = ()
    """The codes of those rules."""

    @classmethod
    def joined(cls, parts: Iterable[Judgement]) -> Judgement:
        """All parts as one, with the violations in order again."""
        all_parts = tuple(parts)
        violations = tuple(one for part in all_parts for one in part.violations)
        notes = tuple(note for part in all_parts for note in part.notes)
        unasked = tuple(code for part in all_parts for code in part.unasked)
        return cls(violations=in_order(violations), notes=notes, unasked=unasked)


def judge(book: RuleBook, suite: Suite, stage: Stage) -> Judgement:
    """What the rules of `stage` find, each violation with the severity of the book.

    A rule that raises loses its own findings and nothing else: its exception becomes a note.
    """
    found: list[Violation] = []
    notes: list[str] = []
    unasked: list[str] = []
    for rule, severity in book.entries:
        if rule.stage is not stage:
            continue
        try:
            found.extend([_weighed(one, rule, severity) for one in rule.check(suite)])
        except Exception as error:  # noqa: BLE001  # whatever a rule of others raises must not lose the test run
            unasked.append(rule.code)
            notes.append(f"rule {rule.code} failed: {' '.join(f'{type(error).__name__}: {error}'.split())}")
    return Judgement(violations=in_order(tuple(found)), notes=tuple(notes), unasked=tuple(unasked))


def _weighed(one: Violation, rule: Rule, severity: Severity) -> Violation:
    """The violation with the severity of the book; an error of a rule whose default is less stays one.

    So a touch that the guard made an error is told as one, unless the rule is configured otherwise. What is not certain
    is a warning at most.
    """
    if one.severity is Severity.ERROR and severity is rule.default:
        return one
    if not one.certain and severity is Severity.ERROR:
        severity = Severity.WARNING
    return one._replace(severity=severity)


def page(rule: Rule | type[Rule] | CodePage) -> str:
    """The page of a rule or code in Markdown: its title, when and how much it counts, then its own words."""
    title = f"# {rule.code} {rule.name}"
    if isinstance(rule, CodePage):
        return f"{title}\n\nA usage error: the run stops before any test is collected.\n\n{outdented(rule.text)}\n"
    when = {
        Stage.COLLECTION: "from the collected tests",
        Stage.RUN: "from the outcomes of the run",
        Stage.BASELINE: "by the baseline file, where there is one",
    }[rule.stage]
    weight = f"Default severity: {rule.default.value}. Judged {when}."
    return f"{title}\n\n{weight}\n\n{outdented(rule.__doc__ or '')}\n"


def outdented(text: str) -> str:
    """A docstring without the indentation that its lines share, and without blank lines at its ends."""
    first, _, rest = text.strip("\n").rstrip().partition("\n")
    lines = rest.split("\n")
    margin = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join([first.strip(), *(line[margin:].rstrip() for line in lines)]).strip()


def matches(word: str, code: str, name: str) -> bool:
    """True when `word` stands for the rule: its code, the beginning of its code, or its name."""
    return word == name or (word.startswith("PYR") and code.startswith(word))


def _weight(kind: type[Rule], wish: Selection) -> Severity:
    """The severity of a rule under the selection; the longest word that stands for it decides, its name over all."""

    def named(words: Iterable[str]) -> list[str]:
        return [word for word in words if matches(word, kind.code, kind.name)]

    selected = named(wish.select)
    if (wish.select and not selected) or named(wish.ignore):
        return Severity.OFF
    weight = kind.default
    if weight is Severity.OFF and any(word in (kind.code, kind.name) for word in selected):
        weight = Severity.WARNING
    given = dict(wish.severity)
    if words := named(given):
        weight = Severity(given[max(words, key=lambda word: (word == kind.name, len(word)))])
    return Severity.ERROR if wish.strict and weight is Severity.WARNING else weight


class _Desk(NamedTuple):
    """Where a selection is compared with the rules that exist."""

    kinds: tuple[type[Rule], ...]
    elsewhere: tuple[tuple[str, str], ...]
    sources: Mapping[str, str]

    @property
    def known(self) -> tuple[tuple[str, str], ...]:
        return (*((kind.code, kind.name) for kind in self.kinds), *self.elsewhere)

    def unknown_words(self, wish: Selection) -> Iterable[Problem]:
        """Every word that stands for no rule."""
        words = [("select", word) for word in wish.select] + [("ignore", word) for word in wish.ignore]
        words += [(f"severity.{word}", word) for word, _ in wish.severity]
        codes, names = zip(*self.known, strict=True) if self.known else ((), ())
        for key, word in words:
            if not any(matches(word, code, name) for code, name in self.known):
                message = f"names '{word}', which is no rule's code, beginning of a code, or name"
                # The beginning of a code is as near to every code; only a whole one can be a slip of the finger.
                near = nearest(word, codes if len(word) == len("PYR101") else ()) or nearest(word, names)
                yield self._problem(BAD_VALUE, key, message, near)

    def unknown_tables(self, wish: Selection) -> Iterable[Problem]:
        """Every table of options for a code that does not exist."""
        codes = [code for code, _ in self.known]
        for code, table in wish.options:
            if code not in codes:
                key = f"rules.{code}.{table[0][0]}" if table else f"rules.{code}"
                yield self._problem(UNKNOWN_KEY, key, f"is for {code}, which is no rule's code", nearest(code, codes))

    def rule(self, kind: type[Rule], options: Options) -> tuple[Rule, tuple[Problem, ...]]:
        """The rule with its options. Raises TypeError for a rule whose options have no defaults."""
        made, problems = read(kind, dict(options), source="", key=f"rules.{kind.code}", text=True)
        if made is None:
            raise TypeError(f"rule {kind.code} has an option without a default")
        return made, tuple(self._problem(one.code, one.key, one.message, one.suggestion) for one in problems)

    def _problem(self, code: str, key: str, message: str, suggestion: str | None) -> Problem:
        source = self.sources.get(key, "the configuration of rules")
        return Problem(code=code, source=source, key=key, message=message, suggestion=suggestion)
