"""What the merge of a pipeline's shards gives people to know: the same as one run of the whole would."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_pyramid.core.errand import Errand
from pytest_pyramid.core.report import RunReport

OPEN, CLOSED = "open", "closed"


def errands_of(report: RunReport, base: Errand) -> Iterator[Errand]:
    """One errand for each gate that closed, the lowest first, and one for all that were open when the tiers ran whole."""
    messages = {one.nodeid: one.message or "" for one in report.outcomes}
    messages.update((one.nodeid, one.message) for one in report.collection_errors)
    for gate in report.gates:
        if gate.state == CLOSED:
            by = gate.pulled_by[0] if gate.pulled_by else ""
            yield base._replace(cord=(gate.tier, by, messages.get(by, "")), withheld=gate.withheld)
    is_open = tuple(gate.tier for gate in report.gates if gate.state == OPEN)
    if is_open and ran_whole(report):
        yield base._replace(open_tiers=is_open)


def ran_whole(report: RunReport) -> bool:
    """True when the suite was selected, or whole tiers of it."""
    return (report.run.narrowed if report.run.only else report.run.partial_reason) is None
