"""The configuration file that gets the plugin's section: read, checked as a whole, and put in place at once."""

from __future__ import annotations

import configparser
import stat
import sys
from pathlib import Path
from typing import Any

from pytest_pyramid.core.section_text import SECTION
from pytest_pyramid.stores import pytest_settings, report_files, source_outline

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # type: ignore[import-not-found,unused-ignore]  # mypy sees 3.10, the machine may be newer


def read(path: Path) -> str:
    """The text of the file, empty when there is none. Raises ValueError for what could not be edited, and OSError."""
    if not path.exists():
        if path.is_symlink():
            raise ValueError(f"{path.name} is a link to nothing")
        return ""
    if not path.is_file():
        raise ValueError(f"{path.name} is no file")
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path.name} is not UTF-8 text (byte {error.start + 1}); nothing was written") from error
    parsed(path.name, text)
    return text


def parsed(name: str, text: str) -> tuple[dict[str, Any], bool]:
    """What the file says without our section, and whether it has one. Raises ValueError for a broken file."""
    plain = text.removeprefix("\ufeff")
    try:
        content = tomllib.loads(plain) if name.endswith(".toml") else pytest_settings.read_ini(plain, name)
    except (tomllib.TOMLDecodeError, configparser.Error) as error:
        kind = "TOML" if name.endswith(".toml") else "ini file"
        raise ValueError(f"{name} is no valid {kind}: {' '.join(str(error).split())}; nothing was written") from error
    if name.endswith(".toml"):
        tool = content.get("tool")
        holds = isinstance(tool, dict) and tool.pop(SECTION, None) is not None
        if tool == {}:
            del content["tool"]
        return content, holds
    ours = [section for section in content if section.partition(":")[0].strip() == SECTION]
    return {section: values for section, values in content.items() if section not in ours}, bool(ours)


def write(path: Path, text: str) -> None:
    """Put the text in place of the file's, whole or not at all. Raises ValueError for a read-only file, and OSError."""
    if not path.exists():
        report_files.write(path, text)
        return
    if not path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
        raise ValueError(f"{path.name} is read-only; nothing was written")
    source_outline.replace(path, text.encode("utf-8"))
