"""The JSON report and the terminal summary, each from the canonical reports."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_pyramid.core.coverage_report import CAVEAT
from pytest_pyramid.core.facts import CollectionError, GateState, Result
from pytest_pyramid.core.plain_report import from_plain, to_plain
from pytest_pyramid.core.report import RunReport
from pytest_pyramid.core.tiers import UNCLASSIFIED
from pytest_pyramid.core.violations import Severity, Violation
from pytest_pyramid.reporters import BUILTIN, json_report, terminal
from tests.unit.canonical import (
    FAILED_TEST,
    Level,
    closed_report,
    cone_report,
    full_report,
    open_report,
    partial_report,
    passed,
    report_of,
)
from tests.unit.covered import FULL_COVERAGE

MAKERS = [open_report, closed_report, cone_report, partial_report]
LONG_ID = "tests/unit/" + "deep/" * 40 + "test_a.py::test_x"


def shown(report: RunReport, *, width: int = 100, unicode: bool = True, verbosity: int = 0) -> list[str]:
    """The summary's lines without styles."""
    return [line.text for line in terminal.lines(report, width=width, unicode=unicode, verbosity=verbosity)]


def text_of(report: RunReport) -> str:
    """The whole summary as one text."""
    return "\n".join(shown(report))


def violation(number: int = 1, severity: Severity = Severity.WARNING, **others: object) -> Violation:
    """One violation with a message and a hint of its own."""
    base = Violation(
        code=f"PYR{400 + number}", name="slow-test", severity=severity, message=f"m{number}", hint=f"h{number}"
    )
    return base._replace(**others)  # type: ignore[arg-type]  # the keywords are those of Violation


def pulled(report: RunReport, nodeid: str) -> RunReport:
    """The report with another culprit of its closed gate."""
    return replace(report, gates=(report.gates[0]._replace(pulled_by=(nodeid,)), *report.gates[1:]))


class TestJson:
    """The JSON report."""

    def test_it_is_the_plain_report(self) -> None:
        """The text is the plain data, the schema's version first."""
        text = json_report.render(closed_report())
        assert json.loads(text) == to_plain(closed_report())
        assert text.startswith('{"schema_version": 1,\n')
        assert text.endswith("}\n")

    @pytest.mark.parametrize("make", [closed_report, open_report, full_report, partial_report, lambda: report_of({})])
    def test_what_is_written_quickly_is_what_the_encoder_writes(self, make: Callable[[], RunReport]) -> None:
        """Character by character, whatever happened to the tests."""
        plain = to_plain(make())
        text = json.dumps(plain, ensure_ascii=False, separators=(",\n", ": "), allow_nan=False)
        assert json_report.render(make()) == f"{text}\n"

    def test_times_that_are_no_numbers_are_null(self) -> None:
        """A test may have replaced the clock; JSON holds neither infinity nor what is no number."""
        made = open_report()
        odd = made.outcomes[0]._replace(call_seconds=float("nan"), start=float("inf"))
        text = json_report.render(replace(made, outcomes=(odd, *made.outcomes[1:])))
        assert json.loads(text)["tests"][0]["call_seconds"] is None

    def test_lone_surrogates_and_other_letters_survive(self) -> None:
        """Half a character is written as an escape, so that the text can be encoded; whole ones stay readable."""
        odd = pulled(closed_report(), "tests/größe.py::test_[\ud800-\x1b]")
        text = json_report.render(odd)
        assert "größe" in text
        assert r"\ud800" in text
        assert json.loads(text.encode("utf-8")) == to_plain(odd)

    def test_infinity_is_never_written(self) -> None:
        """A time that is no number is null, because JSON has no other word for it."""
        endless = replace(open_report(), run=open_report().run._replace(seconds=float("inf")))
        assert json.loads(json_report.render(endless))["run"]["seconds"] is None

    def test_it_can_be_read_back(self) -> None:
        """A report from a file is the report that was written."""
        assert from_plain(json.loads(json_report.render(cone_report()))).tests == cone_report().tests


def test_builtin_reporters_have_their_names() -> None:
    """Each reporter is found by a name of its own and gives text."""
    names = [reporter.name for reporter in BUILTIN]
    assert "json" in names
    assert len(set(names)) == len(names)
    assert all(isinstance(reporter.render(open_report()), str) for reporter in BUILTIN)


class TestTerminal:
    """The terminal summary."""

    def test_shape_by_functions_and_by_seconds(self) -> None:
        """The shape line names the shape, and the other measures where they differ."""
        assert "shape: pyramid (by functions; by seconds: ice-cream cone)" in shown(open_report())
        assert "shape: ice-cream cone (by functions)" in shown(cone_report())

    def test_a_partial_run_is_not_judged(self) -> None:
        """The reason stands in the shape line, and what never ran below it."""
        text = shown(partial_report())
        assert "shape: not judged: partial run: -k cart selects 12 of 100 tests" in text
        assert "7 tests never ran: the run was stopped" in text
        assert "gates not reached: unit" in text

    def test_a_closed_gate_says_by_what_and_what_it_saved(self) -> None:
        """With room it is one line; without, the consequence goes on the next one."""
        head = f"gate unit closed after 0.80 s by {FAILED_TEST} (+2 more):"
        tail = "37 tests of service, ui withheld, about 210 s saved"
        assert f"{head} {tail}" in shown(closed_report(), width=140)
        narrow = shown(closed_report(), width=80)
        assert narrow[narrow.index(head) + 1] == f"  {tail}"

    def test_the_top_gate_withholds_nothing(self) -> None:
        """A closed gate without tests above it says no more than who closed it."""
        gate = GateState(tier="ui", state="closed", pulled_by=("tests/ui/test_a.py::test_b",))
        assert "gate ui closed by tests/ui/test_a.py::test_b" in shown(replace(open_report(), gates=(gate,)))

    def test_a_gate_names_the_tiers_above_it(self) -> None:
        """With two gates closed, each names what it withheld from the tiers above itself only."""
        some = {Result.PASSED: 1, Result.WITHHELD: 4}
        made = report_of({"unit": passed(9), "service": Level(results=some), "ui": Level(results=some)})
        gates = tuple(GateState(tier=tier, state="closed", withheld=4) for tier in ("unit", "service"))
        text = shown(replace(made, gates=gates))
        assert "gate unit closed: 4 tests of service, ui withheld" in text
        assert "gate service closed: 4 tests of ui withheld" in text

    def test_modes_of_the_gate(self) -> None:
        """Open gates take one line; soft and off are said."""
        made = open_report()
        soft, off = (replace(made, run=made.run._replace(gate_mode=mode)) for mode in ("soft", "off"))
        assert "gates open: unit, service, ui" in shown(made)
        assert "gates open: unit, service, ui (soft: idle workers start the next tier early)" in shown(soft)
        assert "gates off: the tiers ran in order, nothing was withheld" in shown(off)
        closed = closed_report()
        assert "gate unit closed (soft) after 0.80 s" in text_of(
            replace(closed, run=closed.run._replace(gate_mode="soft"))
        )

    def test_a_violation_has_its_place_and_its_hint(self) -> None:
        """Code, name, severity, message and place stand on one line, the hint on the next, errors first."""
        text = shown(closed_report())
        at = text.index("PYR301 network error: a unit test connected to 10.0.0.1:443 (shop/payment.py:9)")
        assert text[at + 1] == "  hint: use a fake of the client, or move the test to service"
        assert text[at + 2].startswith("PYR204 dead-tier warning: ")

    def test_ten_violations_are_enough(self) -> None:
        """What is beyond ten is counted and found in the JSON report."""
        text = text_of(replace(open_report(), violations=tuple(violation(number) for number in range(13))))
        assert "m9" in text
        assert "m10" not in text
        assert "... and 3 more (json report has all)" in text

    def test_violations_that_are_not_listed(self) -> None:
        """Not those switched off, not those of the baseline, and not the closed gate a second time."""
        hidden = (
            violation(1, Severity.OFF), violation(2, baseline=True), violation(3, code="PYR501"), violation(4)
        )  # fmt: skip
        text = text_of(replace(open_report(), violations=hidden))
        assert [number for number in range(1, 5) if f"m{number}" in text] == [4]
        assert "1 violation known to the baseline" in text

    def test_a_hint_is_not_said_twice(self) -> None:
        """The hint that is the next action is left to the last line."""
        text = shown(replace(open_report(), violations=(violation(1), violation(2))))
        assert [each for each in text if "h1" in each] == ["next: h1"]
        assert "  hint: h2" in text

    def test_collection_errors_and_notes(self) -> None:
        """One line for each file with the last line of what Python said, one for each note."""
        text = shown(closed_report(), width=120)
        message = "ModuleNotFoundError: No module named 'shop.cart'"
        assert f"not collected tests/service/test_broken.py (service): {message}" in text
        assert "note: The history file could not be read; estimates are empty." in text
        many = tuple(CollectionError(nodeid=f"t{n}.py", tier="unit", message="") for n in range(12))
        crowded = text_of(replace(open_report(), collection_errors=many))
        assert "not collected t9.py (unit): no message" in crowded
        assert "... and 2 more" in crowded

    def test_the_next_action(self) -> None:
        """The last line is what to do: the failing test, else the first hint, else the unclassified, else nothing."""
        loose = report_of({"unit": passed(9), UNCLASSIFIED: passed(1)})
        assert shown(closed_report())[-1] == f"next: pytest {FAILED_TEST}"
        assert shown(replace(loose, violations=(violation(1),)))[-1] == "next: h1"
        assert shown(loose)[-1] == "next: pytest --pyramid-explain=all"
        assert "next:" not in text_of(open_report())

    @pytest.mark.parametrize(
        ("nodeid", "command"),
        [
            ("tests/a.py::test_x[a b]", "pytest 'tests/a.py::test_x[a b]'"),
            ("tests/a.py::test_x[\x1b]", "pytest tests/a.py::test_x"),
            ("tests/a.py::test_x[" + "long" * 40 + "]", "pytest tests/a.py::test_x"),
            ("tests/a.py::Test" + "X" * 99 + "::test_x", "pytest tests/a.py"),
            (LONG_ID, "pytest --lf"),
        ],
    )
    def test_the_next_command_can_be_copied(self, nodeid: str, command: str) -> None:
        """It is quoted for a shell and never cut: where it does not fit, a shorter one takes its place."""
        assert shown(pulled(closed_report(), nodeid), width=80)[-1] == f"next: {command}"

    @pytest.mark.parametrize(
        ("make", "brief"),
        [
            (open_report, "pyramid: 70 unit, 20 service, 10 ui; shape pyramid"),
            (
                closed_report,
                "pyramid: 70 unit, 25 service, 12 ui; shape pyramid; gate unit closed, 37 withheld; 1 error, 1 warning",
            ),
            (
                cone_report,
                "pyramid: 10 unit, 20 service, 60 ui, 10 unclassified; shape ice-cream cone; 1 error",
            ),
            (partial_report, "pyramid: 10 unit, 2 service, 0 ui; shape not judged; 7 tests never ran"),
        ],
    )
    def test_quiet_is_one_line(self, make: object, brief: str) -> None:
        """With -q the run is told in one line, with -qq not at all."""
        assert callable(make)
        assert shown(make(), width=120, verbosity=-1) == [brief]
        assert shown(make(), width=120, verbosity=-2) == []
        assert shown(make(), width=40, verbosity=-1) == [brief[:39] + "…"]

    @pytest.mark.parametrize("make", MAKERS)
    @pytest.mark.parametrize("width", [20, 60, 80, 100, 200, 300])
    @pytest.mark.parametrize("unicode", [True, False])
    def test_the_width_is_kept(self, make: object, width: int, unicode: bool) -> None:
        """No line is wider than the terminal or than 200, and without Unicode all is ASCII."""
        assert callable(make)
        for verbosity in (0, -1):
            wordy = replace(make(), notes=("word " * 70,))
            lines = terminal.lines(wordy, width=width, unicode=unicode, verbosity=verbosity)
            assert max(line.cells for line in lines) <= min(width, 200)
            assert unicode or all(line.text.isascii() for line in lines)

    def test_a_long_node_id_loses_its_middle(self) -> None:
        """The file's beginning and the test's name stay readable."""
        line = next(each for each in shown(pulled(closed_report(), LONG_ID), width=80) if each.startswith("gate"))
        assert line.startswith("gate unit closed after 0.80 s by tests/unit")
        assert line.endswith("…ep/deep/deep/test_a.py::test_x:")

    def test_a_run_without_tests(self) -> None:
        """Nothing collected is no reason to fail."""
        made = report_of({})
        assert shown(made)[0].startswith("shape:")
        assert shown(made, verbosity=-1) == ["pyramid: no tests; shape pyramid"]

    @given(foreign=st.text(st.characters(), max_size=90), unicode=st.booleans(), width=st.integers(60, 210))
    @settings(max_examples=60, deadline=None)
    def test_nothing_from_outside_breaks_a_terminal(self, foreign: str, unicode: bool, width: int) -> None:
        """Whatever stands in names, node ids, messages, hints and notes: lines are printable, encodable and fit."""
        made = report_of({"unit": Level(results={Result.FAILED: 1}), foreign: Level(results={Result.WITHHELD: 1})})
        gate = GateState(tier=foreign, state="closed", seconds=1, pulled_by=(foreign,), withheld=1, saved_seconds=2.0)
        errors = (CollectionError(nodeid=foreign, tier=foreign, message=foreign),)
        said = (violation(1, code=foreign, name=foreign, message=foreign, hint=foreign, nodeid=foreign),)
        odd = replace(made, gates=(gate,), collection_errors=errors, violations=said, notes=(foreign,))
        for verbosity in (0, -1):
            for line in terminal.lines(odd, width=width, unicode=unicode, verbosity=verbosity):
                assert line.text.isprintable()
                assert unicode or line.text.isascii()
                assert line.cells <= min(width, 200)
                line.text.encode("utf-8")


def test_coverage_by_tier_is_a_table_with_what_stands_too_high() -> None:
    """Aligned to the right, the top tier first, with what is missing, what is redundant, and what that does not say."""
    report = replace(open_report(), coverage=FULL_COVERAGE)
    shown = [line.text for line in terminal.lines(report, width=100, unicode=True, verbosity=0)]
    start = next(number for number, text in enumerate(shown) if text.startswith("coverage"))
    assert shown[start : start + 9] == [
        "coverage   alone  with below  adds  only here",
        "ui        41.7 %      58.3 %     2          2",
        "service   33.3 %      41.7 %     1          0",
        "unit      33.3 %      33.3 %     2          1",
        "import    16.7 %      16.7 %     2",
        "of 12 lines outside of the tests, measured by pytest-cov",
        "coverage incomplete: worker gw3 told of no coverage",
        "3 lines are covered only from above unit: shop/a.py 2, web/b.py 1",
        "1 of 25 service tests add no line to what stands below; 1 cover all 1 that it adds",
    ]
    text = " ".join(" ".join(shown).split())
    assert CAVEAT in text
    quiet = replace(report, coverage=FULL_COVERAGE._replace(redundancy=()))
    assert CAVEAT not in " ".join(line.text for line in terminal.lines(quiet, width=400, unicode=True, verbosity=0))
