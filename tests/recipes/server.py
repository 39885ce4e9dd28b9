"""The build server: a folder for each job, one for what jobs keep, and one that outlives a pipeline."""

from __future__ import annotations

import fnmatch
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from tests.harness import OTHERS, Suite, environment, is_installed
from tests.recipes.jobs import Job, Kind, Step

SECONDS = 120.0
"""A script that takes longer hangs."""
_PROGRAM = "#!{python}\nimport sys\n{text}\n"
_PYTEST = "import pytest; sys.exit(pytest.main())"
_OURS = "from pytest_pyramid.__main__ import main; sys.exit(main())"
_PIP = '#!/bin/sh\n[ "$1" = install ]\n'
_PYTHON = """\
#!/bin/sh
if [ "$1 $2" = "-m venv" ]; then
    mkdir -p "$3/bin" && ln -sf {tools}/* "$3/bin"
else
    exec {python} "$@"
fi
"""


_GIT = ("git", "-c", "user.name=Reader", "-c", "user.email=reader@example.org")


class Done(NamedTuple):
    """How the jobs of one pipeline ended."""

    statuses: dict[str, list[int | None]]
    """By the name of the job: the exit status of the first script that failed, else 0, or None where it never began."""
    kept: Path
    """The folder of what was kept, one folder for each name."""
    said: str


class Server(NamedTuple):
    """A build server whose machines have what is installed here."""

    repository: Path
    place: Path
    """An empty folder."""

    def run(self, jobs: Iterable[Job]) -> Done:
        """Do the jobs of one more pipeline, one after the other."""
        number = len(list(self.place.glob("run*")))
        run = self.place / f"run{number}"
        kept = run / "kept"
        kept.mkdir(parents=True)
        statuses: dict[str, list[int | None]] = {}
        said: list[str] = []
        for count, job in enumerate(jobs):
            before = [status for name in job.needs for status in statuses[name]]
            may = job.always or not any(status != 0 for status in before)
            status = self._job(job, run / f"job{count}", kept, said) if may else None
            statuses.setdefault(job.name, []).append(status)
        sys.stdout.write("".join(said))  # shown by pytest when the test fails
        return Done(statuses, kept, "".join(said))

    def _job(self, job: Job, folder: Path, kept: Path, said: list[str]) -> int:
        """The exit status of the first script that failed, or 0."""
        folder.mkdir()
        status = 0
        for step in job.steps:
            if status and not step.always:
                continue
            if step.kind is Kind.RUN:
                done = self._script(step.text, folder, job.environment)
                said.append(f"$ {step.text}\n{done.stdout}")
                status = status or done.returncode
            else:
                self._files(step, folder, kept)
        return status

    def _files(self, step: Step, folder: Path, kept: Path) -> None:
        match step.kind:
            case Kind.CHECKOUT:
                subprocess.run(["git", "clone", "-q", self.repository, folder], check=True)
            case Kind.UPLOAD:
                _copy(folder, step.paths, kept / step.text)
            case Kind.DOWNLOAD:
                for one in sorted(kept.iterdir()):
                    if fnmatch.fnmatch(one.name, step.text):
                        _copy(one, ("*",), folder)
            case Kind.RESTORE:
                _copy(self.place / "cache", step.paths, folder)
            case Kind.SAVE:
                _copy(folder, step.paths, self.place / "cache")

    def _script(self, text: str, folder: Path, more: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        off = "" if is_installed() else " -p pytest_pyramid.plugin"
        own = {
            "PATH": self.path(),
            "PYTEST_ADDOPTS": " ".join(f"-p no:{name}" for name in OTHERS) + off,
            "GITHUB_STEP_SUMMARY": str(folder.with_suffix(".summary")),
        }
        return subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", f"exec 2>&1\n{text}"],
            cwd=folder,
            env=environment({**own, **more}),
            stdout=subprocess.PIPE,
            text=True,
            timeout=SECONDS,
            check=False,
        )

    def path(self) -> str:
        """The PATH of a job."""
        return f"{self._tools()}{os.pathsep}{os.environ['PATH']}"

    def _tools(self) -> Path:
        """The folder of the programs that a job installs: they are here already, so its pip only nods."""
        tools = self.place / "tools"
        if not tools.exists():
            tools.mkdir()
            programs = {
                "pytest": _PROGRAM.format(python=sys.executable, text=_PYTEST),
                "pytest-pyramid": _PROGRAM.format(python=sys.executable, text=_OURS),
                "pip": _PIP,
                "python3": _PYTHON.format(python=sys.executable, tools=tools),
            }
            for name, text in programs.items():
                (tools / name).write_text(text, encoding="utf-8")
                (tools / name).chmod(0o755)
        return tools


def _copy(source: Path, patterns: Iterable[str], target: Path) -> None:
    """Copy the files that match, as far as there are any."""
    target.mkdir(exist_ok=True)
    for pattern in patterns:
        for path in sorted(source.glob(pattern)):
            shutil.copy2(path, target / path.name)


def committed(suite: Suite, folder: Path) -> Path:
    """A repository with the suite in it."""
    suite.write(folder)
    (folder / ".gitignore").write_text(".pytest_cache\n__pycache__\n.tox\n", encoding="utf-8")
    for words in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "The suite as it is"]):
        subprocess.run([*_GIT, *words], cwd=folder, check=True, capture_output=True)
    return folder
