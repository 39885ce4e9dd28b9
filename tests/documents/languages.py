"""What is asked of a block by its language, without running it."""

from __future__ import annotations

import ast
import configparser
import importlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pytest_pyramid.core.baseline import Wanted
from pytest_pyramid.core.settings import resolve
from pytest_pyramid.core.tiers import Pyramid
from pytest_pyramid.rules import BUILTIN as RULES
from pytest_pyramid.stores import baseline, config_files
from tests.documents.blocks import Block
from tests.documents.command_lines import FORMATS, INI_KEYS, SENDERS, complaints_about
from tests.documents.transcript import steps_of

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # type: ignore[import-not-found,unused-ignore]  # mypy sees 3.10, the machine may be newer

Check = Callable[[Block, Path], Iterator[str]]
"""What is wrong with a block; the folder is empty and the check's own."""

EMPTY = "{toctree}", "{literalinclude}"
"""Directives that hold no code; Sphinx checks where they point."""


def complaints(block: Block, folder: Path) -> list[str]:
    """What is wrong with the block as far as can be told without running it."""
    if block.language in EMPTY:
        return []
    check = CHECKS.get(block.language)
    if check is None:
        return [f"nobody knows how to check {block.language or 'a block without a language'!r}"]
    return list(check(block, folder))


def _console(block: Block, _: Path) -> Iterator[str]:
    try:
        steps = steps_of(block.text)
    except ValueError as error:
        yield str(error)
        return
    for step in steps:
        yield from complaints_about(step.command, is_run=True)


def _commands(block: Block, _: Path) -> Iterator[str]:
    yield from complaints_about(block.text)


def _toml(block: Block, folder: Path) -> Iterator[str]:
    try:
        values = tomllib.loads(block.text)
    except tomllib.TOMLDecodeError as error:
        yield f"is no TOML: {error}"
        return
    if "schema_version" in values:
        yield from _baseline(block, folder)
    ours = values.get("tool", {}).get("pytest", {})
    yield from _ini_keys({**ours, **ours.get("ini_options", {})})
    yield from _settings(block, folder / "pyproject.toml")


def _baseline(block: Block, folder: Path) -> Iterator[str]:
    path = folder / "baseline.toml"
    path.write_text(block.text, encoding="utf-8")
    _, problems = baseline.load(path, Wanted(_default_pyramid(folder), [rule.code for rule in RULES]), name="it")
    yield from (f"{one.key} {one.message}" for one in problems)


def _default_pyramid(folder: Path) -> Pyramid:
    layers, _ = config_files.read_layers(folder, None)
    settings, _ = resolve(layers, formats=None)
    assert settings is not None
    return settings.pyramid


def _settings(block: Block, path: Path) -> Iterator[str]:
    """What the strict reader of the plugin says of the file."""
    path.write_text(block.text, encoding="utf-8")
    layers, problems = config_files.read_layers(path.parent, path)
    _, more = resolve(layers, formats=FORMATS, notifiers=SENDERS)
    yield from (f"{one.key} {one.message}" for one in (*problems, *more))


def _ini(block: Block, folder: Path) -> Iterator[str]:
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(block.text)
    except configparser.Error as error:
        yield f"is no ini file: {error}"
        return
    for section in parser.sections():
        if section in ("pytest", "tool:pytest"):
            yield from _ini_keys(dict(parser[section]))
    yield from _settings(block, folder / "tox.ini")
    yield from complaints_about(block.text)


def _ini_keys(values: dict[str, Any]) -> Iterator[str]:
    """Keys of pytest's own section that would be ours and are not; the command lines in `addopts`."""
    yield from (f"there is no ini key {key}" for key in values if key.startswith("pyramid") and key not in INI_KEYS)
    added = values.get("addopts", "")
    yield from complaints_about("pytest " + (added if isinstance(added, str) else " ".join(added)).replace("\n", " "))


def _python(block: Block, _: Path) -> Iterator[str]:
    try:
        tree = ast.parse(block.text)
    except SyntaxError as error:
        yield f"is no Python: {error}"
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pytest_pyramid"):
            module = importlib.import_module(node.module or "")
            yield from (f"{node.module} has no {one.name}" for one in node.names if not hasattr(module, one.name))


def _json(block: Block, _: Path) -> Iterator[str]:
    try:
        json.loads(block.text)
    except ValueError as error:
        yield f"is no JSON: {error}"


def _yaml(block: Block, _: Path) -> Iterator[str]:
    import yaml

    try:
        content = yaml.safe_load(block.text)
    except yaml.YAMLError as error:
        yield f"is no YAML: {error}"
        return
    for text in _texts(content):
        yield from complaints_about(text)


def _texts(value: object) -> Iterator[str]:
    """Every text in a tree of lists and tables."""
    if isinstance(value, str):
        yield value
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for child in children:
        yield from _texts(child)


def _text(block: Block, _: Path) -> Iterator[str]:
    """Output that no command above it could show is some rule's own sentence, on the page of that rule."""
    known = [f"{rule.code} {rule.name}: " for rule in RULES if f"{rule.code}-{rule.name}.md" in block.page]
    if known and not block.text.startswith(known[0]):
        yield f"does not begin with {known[0]!r}"


CHECKS: dict[str, Check] = {
    "console": _console,
    "bash": _commands,
    "sh": _commands,
    "shell": _commands,
    "groovy": _commands,
    "dockerfile": _commands,
    "toml": _toml,
    "ini": _ini,
    "python": _python,
    "json": _json,
    "yaml": _yaml,
    "text": _text,
}
"""By language; what is shown on a console is also run, see `sessions`."""
