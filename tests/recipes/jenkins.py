"""A declarative Jenkinsfile as jobs: its shell steps, by the stages that our recipe has.

This is no Groovy: the stages are known by their names, and what is stashed stands beside the scripts here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.recipes.jobs import Job, Kind, Step

_STEP = re.compile(r"\bsh '''(?P<block>.*?)'''|\bsh '(?P<line>[^'\n]*)'|\bunstash [\"'](?P<name>\w+)", re.DOTALL)
_HISTORY = ("pyramid-history.sqlite3",)
_ARCHIVED = re.compile(r"archiveArtifacts\(artifacts: '([^']*)'")
_JUNIT = re.compile(r"junit\(testResults: '([^']*)'")


def jobs_of(text: str) -> tuple[Job, ...]:
    """The job that fetches the history, one for each value of the axis, and the one that merges.

    Raises ValueError when the file has other stages.
    """
    _, fetching, shards, pyramid = _stages(text)
    found = re.search(r"values ([^\n]*)", shards)
    if "copyArtifacts(" not in fetching or found is None:
        raise ValueError("the first stage fetches the history, the second has an axis")
    values = re.findall(r"'(\w+)'", found[1])
    history = Job("history", (Step(Kind.RESTORE, paths=_HISTORY), Step(Kind.UPLOAD, "history", _HISTORY)))
    parts = [_shard(shards, value) for value in values]
    return (history, *parts, _merging(pyramid))


def _stages(text: str) -> list[str]:
    parts = re.split(r"stage\('(?:history|shards|pyramid)'\)", text)
    if len(parts) != 4:
        raise ValueError("other stages than history, shards and pyramid")
    return parts


def _steps(text: str) -> Iterator[Step]:
    """The scripts, and what is fetched between them."""
    for found in _STEP.finditer(text):
        if found["name"]:
            yield Step(Kind.DOWNLOAD, f"{found['name']}*")
        else:
            yield Step(Kind.RUN, found["block"] or found["line"])


def _shard(text: str, value: str) -> Job:
    stash = Step(Kind.UPLOAD, f"part{value}", (f"part{value}.json",), always=True)  # the error was caught before it
    steps = (Step(Kind.CHECKOUT), *_steps(text), stash)
    return Job("shards", steps, ("history",), environment={"SHARD": value})


def _merging(text: str) -> Job:
    kept = (*_ARCHIVED.findall(text)[0].split(", "), *_JUNIT.findall(text))
    steps = (
        Step(Kind.CHECKOUT),
        *_steps(text),
        Step(Kind.UPLOAD, "pyramid", kept, always=True),
        Step(Kind.SAVE, paths=_HISTORY, always=True),
    )
    return Job("pyramid", steps, ("shards",), always=True)
