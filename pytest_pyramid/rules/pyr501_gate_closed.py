"""PYR501: the cord was pulled."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from pytest_pyramid.core.examples import example_pyramid
from pytest_pyramid.core.facts import GateState, Suite
from pytest_pyramid.core.ruling import RuleWithoutOptions, Stage
from pytest_pyramid.core.violations import Severity, Violation

FAILED = "tests/unit/test_pay.py::test_total"


def _gated(*gates: GateState) -> Suite:
    return Suite(pyramid=example_pyramid(), tests=(), gates=gates)


class GateClosed(RuleWithoutOptions):
    """A tier's gate was closed, because tests of the tier failed.

    ## What it does

    Reports every gate that was closed in the run: which tests or files closed it, and how many tests of the tiers
    above were withheld because of it.

    ## Why it matters

    A withheld test says nothing about the code, neither good nor bad. Without this line a run with three failures and
    two hundred withheld tests would look like a run with three failures.

    ## How to fix

    Mend the tests that closed the gate, or what they found. `pytest --lf` runs only the failed ones again; the next
    whole run tells about those that were withheld. To see more at once, `--pyramid-gate=off` keeps the order and
    withholds nothing.

    ## Options

    None. How much a tier may fail is the gate's own setting.

    ## Example

    ```text
    PYR501 gate-closed: the gate of unit was closed by tests/unit/test_pay.py::test_total and 2 more; 37 tests withheld
    ```
    """

    code: ClassVar[str] = "PYR501"
    name: ClassVar[str] = "gate-closed"
    stage: ClassVar[Stage] = Stage.RUN
    default: ClassVar[Severity] = Severity.ERROR

    @staticmethod
    def good() -> tuple[Suite, ...]:
        """Suites that keep the rule."""
        return (
            _gated(GateState(tier="unit", state="open"), GateState(tier="service", state="not reached")),
            _gated(GateState(tier="unit", state="off", pulled_by=(FAILED,))),
        )

    @staticmethod
    def bad() -> tuple[Suite, ...]:
        """Suites that break it."""
        return (
            _gated(GateState(tier="unit", state="closed", seconds=0.8, pulled_by=(FAILED,), withheld=37)),
            _gated(GateState(tier="ui", state="closed")),
        )

    def check(self, suite: Suite) -> Iterable[Violation]:
        """One violation for every closed gate."""
        closed = [gate for gate in suite.gates if gate.state == "closed"]
        places = {test.nodeid: test.location for test in suite.tests} if closed else {}
        for gate in closed:
            first = gate.pulled_by[0] if gate.pulled_by else None
            withheld = "1 test" if gate.withheld == 1 else f"{gate.withheld or 'no'} tests"
            yield Violation(
                code=self.code,
                name=self.name,
                severity=self.default,
                message=f"the gate of {gate.tier} was closed{_by(gate)}; {withheld} withheld",
                hint="mend what closed it; pytest --lf runs only the failed tests again",
                tier=gate.tier,
                nodeid=first,
                location=places.get(first) if first else None,
                data=(
                    ("pulled_by", len(gate.pulled_by)),
                    ("withheld", gate.withheld),
                    ("seconds", gate.seconds),
                    ("saved_seconds", gate.saved_seconds),
                ),
            )


def _by(gate: GateState) -> str:
    if not gate.pulled_by:
        return ""
    more = len(gate.pulled_by) - 1
    return f" by {gate.pulled_by[0]}" + (f" and {more} more" if more else "")
