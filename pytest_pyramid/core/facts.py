"""What the shell saw, as frozen values: tests, where they stand, what became of them."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pytest_pyramid.core.tiers import UNCLASSIFIED, Action, Allowance, Pyramid, Resource

if TYPE_CHECKING:
    from pytest_pyramid.core.behaviour import Behaviour
    from pytest_pyramid.core.benchmarks import Measured
    from pytest_pyramid.core.census import Census
    from pytest_pyramid.core.coverage_report import CoverageReport
    from pytest_pyramid.core.evidence import Suggestion
    from pytest_pyramid.core.flakiness import Flake
    from pytest_pyramid.core.forecast import Estimate
    from pytest_pyramid.core.ratchet import Ratchet


class Location(NamedTuple):
    """A place in a source file: posix path relative to the root folder, and a 1-based line or None."""

    file: str
    line: int | None = None


class Placement(NamedTuple):
    """One classifier's answer: the tier, what the evidence was, and the other tiers it spoke for at the same level."""

    tier: str
    source: str
    """The kind of evidence: marker, path, hook, default."""
    reason: str
    """For people: "marker unit", "path tests/unit"."""
    also: tuple[str, ...] = ()


class TestFacts(NamedTuple):
    """One collected test. Before classification `tier` is `UNCLASSIFIED` and `placements` is empty.

    A named tuple, like `Location` and `Outcome`: of each there is one for every test, and it is made in a quarter of
    the time that a frozen dataclass takes.
    """

    nodeid: str
    function: str
    """The node id without parameters: all cases of one function share it."""
    location: Location
    marks: tuple[tuple[str, ...], ...] = ()
    """Mark names by level, the closest level (function, class, module, package) first."""
    fixtures: tuple[str, ...] = ()
    """The transitive closure of fixture names."""
    needs: tuple[str, ...] = ()
    """Resources claimed by `@pytest.mark.pyramid(resource=…)`."""
    shares: str | None = None
    """The node whose set-up it shares with its neighbours: its class, file or folder, by the widest of its fixtures
    below session scope; None when all of them are its own."""
    max_seconds: float | None = None
    """The test's own limit, from `@pytest.mark.pyramid(max_seconds=…)`, in seconds."""
    allowances: tuple[Allowance, ...] = ()
    """What `@pytest.mark.pyramid_allow` lets this test touch, the closest mark first."""
    manual: str | None = None
    """The steps of a test that a person does; None for every other test."""
    tier: str = UNCLASSIFIED
    placements: tuple[Placement, ...] = ()
    """Every classifier's answer, the deciding one first."""
    hints: tuple[Suggestion, ...] = ()
    """Of a test that neither a mark nor a path nor a strong fixture places: what weaker evidence speaks for."""

    @property
    def classified_by(self) -> str:
        """The reason of the deciding placement, for people."""
        return self.placements[0].reason if self.placements else "no marker, path or other evidence"


setattr(TestFacts, "__test__", False)  # noqa: B010 - pytest must not collect it; in the body it would be a field


class Result(enum.Enum):
    """The one final outcome of a selected test."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    SKIPPED = "skipped"
    XFAILED = "xfailed"
    XPASSED = "xpassed"
    MANUAL = "manual"
    WITHHELD = "withheld"
    LOST = "lost"

    # Plain attributes and the hash of identity, because they are asked for every test: until Python 3.12 naming
    # another member takes 120 ns, and an enum's own hash, of the member's name, takes 100.
    pulls_the_cord: bool
    """True for an outcome that counts against the tier's gate."""
    ran: bool
    """True when the test was started, whatever came of it."""
    is_missing: bool
    """True when the test was to run and did not."""

    def __init__(self, word: str) -> None:
        self.pulls_the_cord = word in ("failed", "error")
        self.is_missing = word in ("withheld", "lost")
        self.ran = word != "manual" and not self.is_missing

    __hash__ = object.__hash__


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """One observed use of a resource."""

    resource: Resource
    phase: str
    detail: str
    """What was done, without the resource: "connect 10.0.0.1:443"."""
    location: Location | None
    """The line of the project that did it."""
    action: Action
    """What the guard made of it; "allow" for what the tier, its lists or a mark allow."""
    fixture: str | None = None
    """The fixture, wider than one test, that did it; every test that requests it inherits the touch."""
    layer: str = "hook"
    """What saw it: hook, residue or sandbox."""
    count: int = 1
    """How many times it was seen in this phase on this line."""
    known: bool = False
    """True when the baseline knows it, so that it fails nothing."""


class Outcome(NamedTuple):
    """What became of one selected test; times in seconds, `start` since the run started, by the controller's clock."""

    nodeid: str
    tier: str
    result: Result
    setup_seconds: float = 0.0
    call_seconds: float = 0.0
    teardown_seconds: float = 0.0
    start: float | None = None
    worker: str | None = None
    message: str | None = None
    touches: tuple[Touch, ...] = ()

    @property
    def seconds(self) -> float:
        """Setup + call + teardown."""
        return self.setup_seconds + self.call_seconds + self.teardown_seconds


class CollectionError(NamedTuple):
    """A file that could not be collected; it counts as a failure of the tier that its path tells."""

    nodeid: str
    tier: str
    message: str


class GateState(NamedTuple):
    """How one tier's gate ended: "open" (went well), "closed" (cord pulled), "not reached", "off"."""

    tier: str
    state: str
    seconds: float | None = None
    """When it was closed, in seconds since the run started."""
    pulled_by: tuple[str, ...] = ()
    """Node ids of the tests and files that closed it, in the order seen."""
    withheld: int = 0
    """Tests of the tiers above that were not run because of this gate."""
    saved_seconds: float | None = None
    """Estimated seconds of the withheld tests; None when nothing is known about them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """All facts of one run, the only thing that a rule sees. At the collection stage there are no outcomes yet."""

    pyramid: Pyramid
    tests: tuple[TestFacts, ...]
    outcomes: tuple[Outcome, ...] = ()
    gates: tuple[GateState, ...] = ()
    collection_errors: tuple[CollectionError, ...] = ()
    conftest_marks: tuple[Location, ...] = ()
    """conftest.py files that set `pytestmark`, which has no effect there."""
    partial_reason: str | None = None
    """Why this run is only a part of the suite, or None when it is the whole."""
    max_unclassified: float = 0.2
    """Share (0–1) of test functions that may be without a tier before the shape is not judged."""
    census: Census | None = None
    """The counts of these tests and outcomes, when whoever made the suite had counted them."""
    touching: tuple[Outcome, ...] | None = None
    """Those of the outcomes that have touches, when whoever made the suite had looked: seven rules ask."""
    flakes: tuple[Flake, ...] = ()
    """The tests that are known to have passed and failed on the same code, before this run."""
    guard_layers: tuple[str, ...] = ()
    """What watched the tests: hook, residue, sandbox; empty when nothing did."""
    behaviours: Mapping[str, Behaviour] = field(default_factory=dict)
    """What tests touched in the runs before this one, by node id; empty where no rule asks."""
    past: Mapping[str, Estimate] = field(default_factory=dict)
    """What was known of the tests before this run, by node id; empty without a history."""
    ratchet: Ratchet | None = None
    """What the baseline says beside what the run found; None before they were compared, and without a baseline."""
    default_tiers: bool = False
    """True when the tiers are the shipped ones, so that nobody asked for the empty ones among them."""
    coverage: CoverageReport | None = None
    """Coverage by tier, at the end of a run that measures it."""
    benchmarks: tuple[Measured, ...] = ()
    """What pytest-benchmark measured, with the figures of earlier runs where there are any."""
    whole_tiers: tuple[str, ...] = ()
    """In a partial run, the tiers of which every test was selected."""
