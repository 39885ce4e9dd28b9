"""A workflow of GitHub Actions as jobs: what is used of the format, and an error for everything else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.recipes.jobs import Job, Kind, Step, in_order

_EXPRESSION = re.compile(r"\$\{\{ ?(.*?) ?\}\}")
_MAIN = "github.ref == 'refs/heads/main'"  # the tests play a push to the main branch


def jobs_of(workflow: Mapping[str, Any]) -> tuple[Job, ...]:
    """The jobs in an order in which they can be done, one for each entry of a matrix."""
    jobs = workflow["jobs"]
    needs = {name: _names(job.get("needs", [])) for name, job in jobs.items()}
    return tuple(one for name in in_order(needs) for one in _jobs(name, jobs[name], needs[name]))


def _names(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _jobs(name: str, job: Mapping[str, Any], needs: tuple[str, ...]) -> Iterator[Job]:
    matrix = job.get("strategy", {}).get("matrix", {"": [None]})
    ((axis, values),) = matrix.items()
    for value in values:
        known = {f"matrix.{axis}": str(value), "strategy.job-total": str(len(values))}
        steps = tuple(found for step in job["steps"] if (found := _step(step, known)))
        yield Job(name=name, steps=steps, needs=needs, always=_is_always(job))


def _is_always(step: Mapping[str, Any]) -> bool:
    condition = step.get("if", "")
    if condition not in ("", "${{ !cancelled() }}", f"${{{{ !cancelled() && {_MAIN} }}}}"):
        raise ValueError(f"a condition that is not known: {condition}")
    return bool(condition)


def _step(step: Mapping[str, Any], known: Mapping[str, str]) -> Step | None:
    always = _is_always(step)
    if "run" in step:
        return Step(Kind.RUN, filled(step["run"], known), always=always)
    wanted = {key: filled(str(value), known) for key, value in step.get("with", {}).items()}
    paths = tuple(wanted.get("path", "").split())
    match step["uses"].partition("@")[0]:
        case "actions/checkout":
            return Step(Kind.CHECKOUT)
        case "actions/setup-python":
            return None
        case "actions/upload-artifact":
            return Step(Kind.UPLOAD, wanted["name"], paths, always)
        case "actions/download-artifact":
            return Step(Kind.DOWNLOAD, wanted.get("name", wanted.get("pattern", "*")))
        case "actions/cache/restore":
            return Step(Kind.RESTORE, paths=paths)
        case "actions/cache/save":
            return Step(Kind.SAVE, paths=paths, always=always)
    raise ValueError(f"an action that is not known: {step['uses']}")


def filled(text: str, known: Mapping[str, str]) -> str:
    """The text with the values of its expressions. Raises KeyError for one that is not known."""
    everywhere = {"github.run_id": "1", "github.run_attempt": "1"}
    return _EXPRESSION.sub(lambda found: {**everywhere, **known}[found[1]], text)
