"""What tests execute beyond the base, each by itself: in a form in which shards of a run can be joined."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_pyramid.core.recording import IMPORT, Label, Recording, Trace
from pytest_pyramid.core.source_lines import Source
from pytest_pyramid.core.tiers import Pyramid


def beyond_base(recording: Recording, sources: Mapping[str, Source], pyramid: Pyramid) -> Recording:
    """The recording of the files in `sources`, in statements and arcs, with tests cut down to what the base lacks.

    The base, and import, are kept whole. A test that stays inside them keeps the names of the files that it executed,
    with empty sets, because such a test is another thing than one that executed no measured code.
    """
    files = recording.files & sources.keys()
    traces = {label: _statements(trace, sources) for label, trace in recording.traces.items()}
    base = (IMPORT, Label(pyramid.base.name))
    held = [traces[label] for label in base if label in traces]
    cut = {label: trace if label in base else _without(trace, held) for label, trace in traces.items()}
    return Recording(recording.branch, files, {f: arcs for f, arcs in recording.arcs.items() if f in files}, cut)


def _statements(trace: Trace, sources: Mapping[str, Source]) -> Trace:
    found = ((file, sources[file].executed(bits)) for file, bits in trace.lines.items() if file in sources)
    arcs = {file: bits for file, bits in trace.arcs.items() if file in sources}
    return Trace({file: bits for file, bits in found if bits}, arcs)


def _without(trace: Trace, held: list[Trace]) -> Trace:
    lines, arcs = dict(trace.lines), dict(trace.arcs)
    for base in held:
        for mine, theirs in ((lines, base.lines), (arcs, base.arcs)):
            mine.update({file: bits & ~theirs.get(file, 0) for file, bits in mine.items()})
    return Trace(lines, arcs)
