"""Whether the commands of a text are ones that this version of the plugin takes."""

from __future__ import annotations

import argparse
import contextlib
import io
import re
import shlex
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from pytest_pyramid import __main__, plugin
from pytest_pyramid.core.settings import resolve
from pytest_pyramid.notifiers import BUILTIN as NOTIFIERS
from pytest_pyramid.reporters import BUILTIN as REPORTERS
from pytest_pyramid.session import options
from pytest_pyramid.stores import config_files
from tests.documents.pages import CHECKOUT

FORMATS = frozenset(reporter.name for reporter in REPORTERS)
SENDERS = frozenset(notifier.name for notifier in NOTIFIERS)

_COMMAND = re.compile(
    r"(?<![\w./=@:-])(?:\S*/)?(?P<name>pytest-pyramid|pytest)(?P<rest>(?: [^;&|`\n]*)?)(?=$|[;&|`\n])"
)
_MODULE = re.compile(r"python -m (pytest_pyramid|pytest)\b")
_VARIABLE = re.compile(r"\$\{\{.*?\}\}|\$\{\w+\}|\$\w+")


class _Table:
    """Stands where pytest hands its parser to the plugin: an argparse parser, and the ini keys."""

    def __init__(self) -> None:
        self.parser = argparse.ArgumentParser(prog="pytest", allow_abbrev=False, add_help=False, exit_on_error=False)
        self.keys: set[str] = set()

    def getgroup(self, name: str, description: str) -> _Table:
        return self

    def addoption(self, *names: str, **attributes: Any) -> None:
        self.parser.add_argument(*names, **attributes)

    def addini(self, name: str, *others: object, **attributes: object) -> None:
        self.keys.add(name)


def _table() -> _Table:
    table = _Table()
    plugin.pytest_addoption(table)  # type: ignore[arg-type]  # what the plugin uses of pytest's parser
    return table


TABLE = _table()
NAMES_OF_TIERS = ("tier", "upto", "stage")
INI_KEYS = frozenset(TABLE.keys)


def commands_in(text: str) -> tuple[str, ...]:
    """The command lines in the text that start pytest or our command, whatever stands around them."""
    plain = _VARIABLE.sub("1", text.replace("\\\n", " "))
    renamed = _MODULE.sub(lambda found: found[1].replace("_", "-"), plain)
    return tuple((found["name"] + found["rest"]).strip() for found in _COMMAND.finditer(renamed))


def complaints_about(text: str, *, is_run: bool = False) -> Iterator[str]:
    """What is wrong with the command lines in the text. Where they are run as well, that run judges names of tiers."""
    for command in commands_in(text):
        try:
            name, *words = shlex.split(command, comments=True)
        except ValueError:  # a quotation mark of the language around the command
            name, *words = command.strip("'\"").replace("'", "").replace('"', "").split()
        found = _of_ours(words) if name == "pytest-pyramid" else _of_pytest(words, is_run=is_run)
        yield from (f"{command}: {one}" for one in found)


def _of_ours(words: list[str]) -> Iterator[str]:
    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
            __main__.command_line().parse_args(words)
    except SystemExit as left:
        if left.code:
            yield said.getvalue().strip().splitlines()[-1]


def _of_pytest(words: list[str], *, is_run: bool) -> Iterator[str]:
    try:
        known, others = TABLE.parser.parse_known_args(words)
    except argparse.ArgumentError as error:
        yield str(error)
        return
    yield from (f"there is no option {word}" for word in others if word.startswith("--pyramid"))
    keys = [word.partition("=")[0] for word in others if word.startswith("pyramid_")]
    yield from (f"there is no ini key {key}" for key in keys if key not in INI_KEYS)
    if known.pyramid_shard == "auto":
        known.pyramid_shard = "1/2"  # what the variables of a build system would say
    line = options._command_line(SimpleNamespace(option=known))  # type: ignore[arg-type]  # all that is read of it
    layers, _ = config_files.read_layers(CHECKOUT / "docs", None)  # a folder without settings: only the defaults
    _, problems = resolve((line, *layers), formats=FORMATS)
    yield from (f"{one.key} {one.message}" for one in problems if not (is_run and one.key in NAMES_OF_TIERS))
