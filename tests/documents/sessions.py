"""The consoles of a page, run from top to bottom by one shell, in a folder with the suite that the page speaks of."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.documents.blocks import Block
from tests.documents.exceptions import exemption
from tests.documents.transcript import Step, difference, steps_of
from tests.harness import CHECKOUT, OTHERS, environment, is_installed

SECONDS = 240.0
"""A page that takes longer hangs."""
COLUMNS = "88"

_END = "\x1d"  # "group separator": a byte that no output holds
_TOLD = f"\nthe_status=$?; printf '{_END}%s{_END}' $the_status; (exit $the_status)\n"
_OURS = f"sys.path.insert(0, {str(CHECKOUT)!r})"
_PROGRAMS = {
    "pytest": "import pytest; sys.exit(pytest.main())",
    "pytest-pyramid": "from pytest_pyramid.__main__ import main; sys.exit(main())",
    "pip": f"{_OURS}; from tests.documents.package_index import install; sys.exit(install(sys.argv[1:]))",
    "python": f"{_OURS}; from tests.documents.package_index import python; python(sys.argv[1:])",
}
"""What a user has on the PATH after the installation; pip only looks at what is asked of it, and environments are empty."""


class Action(NamedTuple):
    """One thing that a reader of the page does: type a command, or save a file."""

    block: Block
    step: Step
    status: int = 0


def is_session(blocks: Iterable[Block]) -> bool:
    """True when somebody who reads the page types something."""
    return any(block.language == "console" and exemption(block) is None for block in blocks)


def actions_of(blocks: Iterable[Block]) -> tuple[Action, ...]:
    """What a reader does, in order. A block of output belongs to the command before it."""
    found: list[Action] = []
    for block in blocks:
        if exemption(block) is not None:
            continue
        if block.caption:
            found.append(Action(block, Step(_saved(block))))
        elif block.language == "console":
            steps = steps_of(block.text)
            found += [Action(block, step) for step in steps[:-1]]
            found.append(Action(block, steps[-1], block.status))
        elif block.language == "text" and found:
            shown = ("...", *block.text.splitlines(), "...")
            found.append(found.pop()._replace(block=block, step=Step(found[-1].step.command, shown)))
    return tuple(found)


def complaints(actions: Sequence[Action], folder: Path, env: Mapping[str, str], *, before: str = ":") -> Iterator[str]:
    """What went otherwise than the page says.

    `folder` is where the reader sits, `env` the whole environment there, `before` what was typed there earlier.
    """
    outputs = _run(actions, folder, env, before)
    for action, (output, status) in zip(actions, outputs, strict=False):
        wrong = difference(action.step.shown, output.splitlines())
        if wrong is not None:
            yield f"{action.block}: {action.step.command}\nlacks: {wrong}\nin:\n{output}"
        if status != action.status:
            yield f"{action.block}: {action.step.command}\nended with {status}, not {action.status}:\n{output}"
    if len(outputs) < len(actions):
        yield f"{actions[len(outputs)].block}: the shell ended before {actions[len(outputs)].step.command}"


def _saved(block: Block) -> str:
    path = shlex.quote(block.caption)
    return f"mkdir -p \"$(dirname {path})\" && cat > {path} <<'END OF FILE'\n{block.text}END OF FILE"


def _run(actions: Sequence[Action], folder: Path, env: Mapping[str, str], before: str) -> list[tuple[str, int]]:
    """The output and the exit status of every command. One shell runs all, so that `cd` and `$?` hold on."""
    script = "".join(one.step.command + _TOLD for one in actions)
    done = subprocess.run(
        ["bash", "-c", f"exec 2>&1\n({before}) >/dev/null\n{script}"],
        cwd=folder,
        env=dict(env),
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    parts = done.stdout.decode("utf-8", "replace").split(_END)[:-1]
    sys.stdout.write("".join(parts[::2]))  # shown by pytest when the test fails
    return [(output, int(status)) for output, status in zip(parts[::2], parts[1::2], strict=True)]


def real_environment(home: Path) -> dict[str, str]:
    """The environment of a reader who has what this machine has: pip fetches, and nothing is known of the checkout."""
    found = environment({"COLUMNS": COLUMNS, "HOME": str(home)})
    return {key: value for key, value in found.items() if key != "PYTHONPATH"}


def stand_in(tools: Path, home: Path) -> dict[str, str]:
    """The environment of a reader whose pip fetches nothing and whose environments are this one.

    The programs for that are put into the empty folder `tools`. They are files, as pip makes them, so that the working
    directory is not on their sys.path.
    """
    for name, text in _PROGRAMS.items():
        program = tools / name
        program.write_text(f"#!{sys.executable}\nimport sys\n{text}\n", encoding="utf-8")
        program.chmod(0o755)
    options = [*(f"-p no:{name}" for name in OTHERS), *([] if is_installed() else ["-p pytest_pyramid.plugin"])]
    path = f"{tools}{os.pathsep}{os.environ['PATH']}"
    return environment({"PATH": path, "COLUMNS": COLUMNS, "HOME": str(home), "PYTEST_ADDOPTS": " ".join(options)})
