"""What pytest itself is configured with, read without pytest: where tests are looked for, and their markers."""

from __future__ import annotations

import configparser
import re
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # type: ignore[import-not-found,unused-ignore]  # mypy sees 3.10, the machine may be newer

FILES = (
    *("pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini"),
    *("pyproject.toml", "tox.ini", "setup.cfg"),
)
"""Where pytest looks, in its order; see "Configuration file formats" in its reference."""


class PytestSettings(NamedTuple):
    """The settings of one file, or of none."""

    file: str | None
    values: Mapping[str, object]

    def words(self, key: str, otherwise: tuple[str, ...] = ()) -> tuple[str, ...]:
        """The words of a list that may also be written as text; `otherwise` when it is not given."""
        value = self.values.get(key)
        if isinstance(value, str):
            return tuple(shlex.split(value, posix=True)) if value.count('"') % 2 == 0 else tuple(value.split())
        return tuple(map(str, value)) if isinstance(value, list) else otherwise

    @property
    def markers(self) -> tuple[str, ...]:
        """The names of the registered markers."""
        value = self.values.get("markers", ())
        lines = value.splitlines() if isinstance(value, str) else value if isinstance(value, list) else ()
        found = (re.match(r"\s*(\w+)", str(line)) for line in lines)
        return tuple(name[1] for name in found if name is not None)


def read(root: Path) -> PytestSettings:
    """The settings of the first file that speaks to pytest; files that cannot be read are as if they were not there."""
    for name in FILES:
        path = root / name
        if path.is_file():
            values = _read(path)
            if values is not None:
                return PytestSettings(name, values)
    return PytestSettings(None, {})


def _read(path: Path) -> Mapping[str, object] | None:
    """The settings in the file, None when it has none; pytest.ini speaks to pytest even when it is empty."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        found = _from_toml(text, path.name) if path.suffix == ".toml" else _from_ini(text, path.name)
    except (OSError, ValueError, configparser.Error):
        found = None
    return {} if found is None and path.name.endswith("pytest.ini") else found


def _from_toml(text: str, name: str) -> Mapping[str, object] | None:
    content: dict[str, Any] = tomllib.loads(text)
    if name != "pyproject.toml":
        return _table(content, "pytest")
    tool = _table(content, "tool") or {}
    own = _table(tool, "pytest")
    return None if own is None else _table(own, "ini_options") or own


def _table(content: Mapping[str, Any], key: str) -> dict[str, Any] | None:
    found = content.get(key)
    return found if isinstance(found, dict) else None


def _from_ini(text: str, name: str) -> Mapping[str, object] | None:
    sections = read_ini(text, name)
    return sections.get("tool:pytest" if name == "setup.cfg" else "pytest")


def read_ini(text: str, name: str) -> dict[str, dict[str, str]]:
    """The sections of an ini file. Raises configparser.Error for a broken one."""
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True, default_section="\n")
    try:
        parser.read_string(text, source=name)
    except AttributeError as error:  # CPython until 3.12 trips over an indented line below a key without a value
        raise configparser.ParsingError(name) from error
    return {section: {key: value or "" for key, value in parser[section].items()} for section in parser.sections()}
