"""The project's configuration files: which one speaks of the pyramid, and what it says."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

from pytest_pyramid.core.problems import BAD_VALUE, SHADOWED_SECTION, UNKNOWN_KEY, Problem, nearest
from pytest_pyramid.core.settings import Layer

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # type: ignore[import-not-found,unused-ignore]  # mypy sees 3.10, the machine may be newer

FILES = ("pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg")
"""Where a section is looked for in the root folder; the first file that has one is taken whole."""

DEFAULTS = "defaults.toml"

_SECTION = "pytest_pyramid"
_TABLES = ("stages", "resources", "severity", "andon")
_LOOKALIKES = ("pytest-pyramid", "pytest-test-pyramid", "pytest_test_pyramid")
_HEADER = r"\[(?P<name>[^\]]*)\]"
_OURS = r"(tool:)?pytest_(test_)?pyramid"


class _Found(NamedTuple):
    """What one file says: its section as a layer, or None when it has none, and what is wrong with it."""

    layer: Layer | None = None
    problems: tuple[Problem, ...] = ()
    holds: bool = False
    """True when the file has our section, be it well formed or not."""


def read_layers(root: Path, inifile: Path | None) -> tuple[tuple[Layer, ...], tuple[Problem, ...]]:
    """The layer of the project's section, if there is one, and that of the shipped defaults, strongest first.

    `root` is pytest's root folder and `inifile` the file that pytest itself took its settings from. An `inifile`
    that is none of `FILES` was asked for by name: when it has a section, nothing else is read.
    """
    if inifile is not None and inifile not in [root / name for name in FILES]:
        found = _read(inifile, inifile.name)
        if found.holds or found.problems:
            return _with_defaults(found.layer), found.problems
    files = [(name, _read(root / name, name)) for name in FILES]
    problems = [problem for _, found in files for problem in found.problems]
    holders = [(name, found) for name, found in files if found.holds]
    for name, _ in holders[1:]:
        message = f"has a {_SECTION} section, but {holders[0][0]} has one too; keep all settings in one file"
        problems.append(Problem(code=SHADOWED_SECTION, source=name, key="", message=message))
    return _with_defaults(holders[0][1].layer if holders else None), tuple(problems)


def _with_defaults(layer: Layer | None) -> tuple[Layer, ...]:
    return (defaults(),) if layer is None else (layer, defaults())


def defaults() -> Layer:
    """What is shipped: every setting that has a default."""
    text = resources.files("pytest_pyramid").joinpath(DEFAULTS).read_text(encoding="utf-8")
    return Layer(source=DEFAULTS, values=tomllib.loads(text)["tool"][_SECTION], section=True)


def holds_section(path: Path) -> bool:
    """True when the file has our section, be it well formed or not, or one that is called nearly so."""
    found = _read(path, path.name)
    return found.holds or bool(found.problems)


def read_text(text: str, name: str) -> tuple[Layer | None, tuple[Problem, ...]]:
    """The section in the text of a file of this name, None when it has none, and what is wrong with it."""
    found = _understood(text, name)
    return found.layer, found.problems


def _read(path: Path, name: str) -> _Found:
    """What the file says; nothing when it does not exist or does not speak of the pyramid."""
    try:
        data = path.read_bytes() if path.is_file() else b""
    except OSError as error:
        return _Found(problems=(_fault(name, f"cannot be read: {error.strerror or error}"),))
    found = _understood(data.decode("utf-8", errors="replace"), name)
    line = _undecodable_line(data)
    if line is None or not found.holds:
        return found
    return _refused(name, f"is not UTF-8 text: line {line} has a byte that cannot be read")


def _understood(text: str, name: str) -> _Found:
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if not any(word in plain for word in (_SECTION, *_LOOKALIKES)):
        return _Found()
    return _read_toml(plain, name) if name.endswith(".toml") else _read_ini(plain, name)


def _undecodable_line(data: bytes) -> int | None:
    """The first line with a byte that is not UTF-8, or None."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return data.count(b"\n", 0, error.start) + 1
    return None


def _fault(name: str, message: str, key: str = "") -> Problem:
    return Problem(code=BAD_VALUE, source=name, key=key, message=message)


def _refused(name: str, message: str) -> _Found:
    """A file that has our section, in a state that cannot be read."""
    return _Found(problems=(_fault(name, message),), holds=True)


def _read_toml(text: str, name: str) -> _Found:
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return _refused(name, f"is not valid TOML: {error}") if f"tool.{_SECTION}" in text else _Found()
    tool = content.get("tool", {})
    tables: Mapping[str, Any] = tool if isinstance(tool, dict) else {}
    source = f"{name} [tool.{_SECTION}]"
    strangers = [f"tool.{word}" for word in _LOOKALIKES if word in tables]
    strangers += [_SECTION] if _SECTION in content else []
    problems = tuple(_stranger(name, word, f"tool.{_SECTION}") for word in strangers)
    section = tables.get(_SECTION)
    if section is None:
        return _Found(problems=problems)
    if not isinstance(section, dict):
        wrong = _fault(name, "must be a table", f"tool.{_SECTION}")
        return _Found(problems=(*problems, wrong), holds=True)
    return _Found(layer=Layer(source=source, values=section, section=True), problems=problems, holds=True)


def _stranger(name: str, section: str, suggestion: str | None) -> Problem:
    return Problem(
        code=UNKNOWN_KEY, source=name, key=f"[{section}]", message="is no known section", suggestion=suggestion
    )


def _read_ini(text: str, name: str) -> _Found:
    ours = _our_lines(text)
    if not ours.strip():
        return _Found()
    import configparser  # noqa: PLC0415  # most projects keep their settings in pyproject.toml

    parser = configparser.ConfigParser(interpolation=None, default_section="\n", delimiters=("=", ":"))
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # the documented way to keep PYR201 upper case
    try:
        parser.read_string(ours, source=name)
    except configparser.Error as error:
        return _refused(name, f"cannot be read as an ini file: {' '.join(str(error).split())}")
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for section in parser.sections():
        problems.extend(_add(section, dict(parser[section]), values, name))
    layer = Layer(source=f"{name} [{_SECTION}]", values=values, text=True, section=True)
    holds = any(_parts(section)[0] == _SECTION for section in parser.sections())
    return _Found(layer=layer if holds else None, problems=tuple(problems), holds=holds)


def _our_lines(text: str) -> str:
    """The lines of our sections, all others empty: what other tools keep in the file is not ours to judge."""
    kept: list[str] = []
    inside = False
    for line in text.split("\n"):
        header = re.match(_HEADER, line)
        if header:
            section = header["name"].strip()
            inside = re.match(_OURS, section) is not None or section in _LOOKALIKES
        kept.append(line if inside else "")
    return "\n".join(kept)


def _parts(section: str) -> list[str]:
    return [part.strip() for part in section.split(":")]


def _add(section: str, options: dict[str, str], values: dict[str, Any], name: str) -> list[Problem]:
    """Puts the options of one ini section where they stand in the TOML table; gives back what is wrong."""
    match _parts(section):
        case ["pytest_pyramid"]:
            taken = sorted(set(options) & set(values))
            values.update({key: value for key, value in options.items() if key not in taken})
            return [_twice(name, key) for key in taken]
        case ["pytest_pyramid", "tier", tier]:
            return _add_tier(tier, options, values.setdefault("tiers", []), name)
        case ["pytest_pyramid", "rules", code]:
            return _add_row(code, options, values.setdefault("rules", {}), name, "rules")
        case ["pytest_pyramid", ("stages" | "resources" | "severity" | "andon") as table]:
            return [_twice(name, table)] if values.setdefault(table, options) is not options else []
    return [_stranger(name, section, _near_section(section))]


def _near_section(section: str) -> str | None:
    """The known section that is most like `section`; a tier or a code in its name is kept."""
    last = _parts(section)[-1]
    named = [f"{_SECTION}:{kind}:{last}" for kind in ("tier", "rules")] if ":" in section else []
    return nearest(section, [_SECTION, *(f"{_SECTION}:{table}" for table in _TABLES), *named])


def _add_tier(tier: str, options: dict[str, str], tiers: object, name: str) -> list[Problem]:
    if not isinstance(tiers, list):
        return [_twice(name, "tiers")]
    tiers.append({**options, "name": tier})
    named_twice = _fault(f"{name} [{_SECTION}]", "stands in the section's own name already", f"tiers.{tier}.name")
    return [named_twice] if "name" in options else []


def _add_row(key: str, options: dict[str, str], table: object, name: str, table_name: str) -> list[Problem]:
    if not isinstance(table, dict):
        return [_twice(name, table_name)]
    table[key] = options
    return []


def _twice(name: str, key: str) -> Problem:
    message = f"is given in [{_SECTION}] and in a section of its own, keep one of them"
    return _fault(f"{name} [{_SECTION}]", message, key)
