"""A pipeline of GitLab CI as jobs: what is used of the format, and an error for everything else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.recipes.jobs import Job, Kind, Step

_GLOBAL = ("stages", "default", "variables")
_KNOWN = {"stage", "script", "before_script", "parallel", "artifacts", "cache", "when", "image"}


def jobs_of(pipeline: Mapping[str, Any]) -> tuple[Job, ...]:
    """The jobs by their stages, one for each part of a parallel one. A job gets what all stages before it keep."""
    jobs = {name: {**pipeline["default"], **job} for name, job in pipeline.items() if name not in _GLOBAL}
    found: list[Job] = []
    for stage in pipeline["stages"]:
        before = tuple({job.name: None for job in found})
        now = [(name, job) for name, job in jobs.items() if job["stage"] == stage]
        found += [one for name, job in now for one in _jobs(name, job, before, pipeline.get("variables", {}))]
    return tuple(found)


def _jobs(name: str, job: Mapping[str, Any], needs: tuple[str, ...], variables: Mapping[str, str]) -> Iterator[Job]:
    unknown = set(job) - _KNOWN
    if unknown:
        raise ValueError(f"not known: {sorted(unknown)}")
    total = job.get("parallel", 0)
    for index in range(1, max(1, total) + 1):
        own = {"CI_NODE_INDEX": str(index), "CI_NODE_TOTAL": str(total)} if total else {"CI_NODE_TOTAL": "1"}
        title = f"{name}-{index}"
        environment = {**variables, **own, "GITLAB_CI": "true"}
        yield Job(name, tuple(_steps(title, job, needs)), needs, job.get("when") == "always", environment)


def _steps(title: str, job: Mapping[str, Any], needs: tuple[str, ...]) -> Iterator[Step]:
    """The sources, the cache and what earlier stages kept are there before the script; it is kept after it."""
    cache, artifacts = job.get("cache", {}), job.get("artifacts", {})
    policy = cache.get("policy", "pull-push")
    yield Step(Kind.CHECKOUT)
    if "pull" in policy:
        yield Step(Kind.RESTORE, paths=tuple(cache.get("paths", ())))
    for name in needs:
        yield Step(Kind.DOWNLOAD, f"{name}-*")
    yield Step(Kind.RUN, "\n".join([*job.get("before_script", ()), *job["script"]]))
    if "push" in policy:
        yield Step(Kind.SAVE, paths=tuple(cache.get("paths", ())), always=cache.get("when") == "always")
    kept = (*artifacts.get("paths", ()), *artifacts.get("reports", {}).values())
    if kept:
        yield Step(Kind.UPLOAD, title, kept, artifacts.get("when") == "always")
