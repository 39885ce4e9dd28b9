"""What is wrong with a configuration, as values, and the one text that tells people all of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

UNKNOWN_KEY = "PYR901"
BAD_VALUE = "PYR902"
SHADOWED_SECTION = "PYR903"


class Problem(NamedTuple):
    """One thing wrong with the configuration: where, which key, what, and the nearest valid name if one is near."""

    code: str
    source: str
    """The file and section, the ini key or the command line option, as people call it."""
    key: str
    """The dotted key inside the source, empty when the whole source is meant."""
    message: str
    suggestion: str | None = None


def nearest(word: str, names: Collection[str]) -> str | None:
    """The one of `names` that is most like `word`, or None when none is near."""
    import difflib  # noqa: PLC0415  # a run without problems has no use for it

    by_folded = {name.casefold(): name for name in names}
    found = difflib.get_close_matches(word.casefold(), by_folded, n=1)
    return by_folded[found[0]] if found else None


def problems_text(problems: Sequence[Problem]) -> str:
    """The problems for people: a heading, then one line each with source, key, what is wrong and the near name."""
    count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    return "\n".join([f"pytest-test-pyramid: {count} in the configuration:", *map(_line, problems)])


def _line(problem: Problem) -> str:
    place = f"{problem.source}: {problem.key}" if problem.key else problem.source
    hint = f", did you mean '{problem.suggestion}'?" if problem.suggestion else ""
    return f"  {place}: {problem.message}{hint} ({problem.code})"
