"""Writes the pages of this folder from the docstrings of the rules: `python docs/rules/refresh.py`."""  # noqa: INP001  # run by path

from __future__ import annotations

from pathlib import Path

from pytest_pyramid.core.ruling import CodePage, Rule, outdented, page
from pytest_pyramid.rules import BUILTIN, CONFIGURATION

FOLDER = Path(__file__).resolve().parent

INDEX = """# Rules

Every rule has a code and a name. `select`, `ignore` and `severity` in the configuration take either of them, or the
beginning of a code such as `PYR2`; `pytest --pyramid-explain PYR101` prints a rule's page. What the shape of a suite is
called is told in [shapes](shapes.md).

| code | name | default | says |
|---|---|---|---|
{rows}

```{{toctree}}
:hidden:

shapes
{pages}
```
"""


def pages() -> dict[str, str]:
    """The text of every generated page by file name."""
    known: list[type[Rule] | CodePage] = [*BUILTIN, *CONFIGURATION]
    names = {one.code: f"{one.code}-{one.name}" for one in known}
    rows = "\n".join(_row(one, names[one.code]) for one in known)
    index = INDEX.format(rows=rows, pages="\n".join(names.values()))
    return {**{f"{names[one.code]}.md": page(one) for one in known}, "index.md": index}


def _row(one: type[Rule] | CodePage, file: str) -> str:
    told, default = (one.text, "usage error") if isinstance(one, CodePage) else (one.__doc__ or "", one.default.value)
    return f"| [{one.code}]({file}.md) | {one.name} | {default} | {outdented(told).splitlines()[0]} |"


if __name__ == "__main__":
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")
