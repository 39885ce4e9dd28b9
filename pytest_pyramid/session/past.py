"""What past runs tell of single tests: asked for an explanation, and for the hints of a report."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_pyramid.core.behaviour import Behaviour
from pytest_pyramid.core.evidence import Evidence, weighed
from pytest_pyramid.core.facts import TestFacts
from pytest_pyramid.core.history import estimates
from pytest_pyramid.core.placing import is_told
from pytest_pyramid.core.setting_tree import Settings
from pytest_pyramid.session.classifying import suggestions
from pytest_pyramid.session.run import Run
from pytest_pyramid.stores import history, history_behaviour


def evidence_of(path: Path | None, test: TestFacts) -> Evidence:
    """What the history says of one test. Raises HistoryError, UnusableError or OSError."""
    if path is None or not path.exists():
        return Evidence(test)
    file = test.nodeid.partition("::")[0]
    behaviour = history_behaviour.remembered(path, [file]).get(test.nodeid, Behaviour())
    known = history.memories(path, [file])
    seconds = {nodeid: one.seconds for memory in known.values() for nodeid, one in estimates(memory)}
    return Evidence(test, behaviour=behaviour, seconds=seconds.get(test.nodeid))


def with_hints_of_the_past(config: pytest.Config, settings: Settings, run: Run) -> tuple[TestFacts, ...]:
    """The tests of the run; those that only evidence could place have also the hints of what past runs saw."""
    tests = run.manifest.tests
    files = list(dict.fromkeys(test.location.file for test in tests if not is_told(test)))
    behaviours = run.memory.behaviours(files) if files and run.memory is not None else {}
    if not behaviours:
        return tests
    past = run.forecast.tests
    found = []
    for test in tests:
        behaviour = behaviours.get(test.nodeid)
        if behaviour is not None and not is_told(test):
            seconds = past[test.nodeid].seconds if test.nodeid in past else None
            more = suggestions(config, settings, Evidence(test, behaviour=behaviour, seconds=seconds))
            once = dict.fromkeys((*test.hints, *more))  # names of fixtures tell the same again
            found.append(test._replace(hints=weighed(once, settings.pyramid)))
        else:
            found.append(test)
    return tuple(found)
