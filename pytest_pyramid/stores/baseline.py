"""The baseline file: TOML that people read and edit, with one table for each known violation."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pytest_pyramid.core.baseline import SCHEMA_VERSION, Baseline, Entry, Wanted, read_baseline
from pytest_pyramid.core.problems import BAD_VALUE, Problem
from pytest_pyramid.stores import report_files

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # type: ignore[import-not-found,unused-ignore]  # mypy sees 3.10, the machine may be newer

HEAD = """\
# Violations that this suite had when it began to keep the test pyramid: they fail no run, and may only get fewer.
# "reason" is yours to write, and so is "expires = 2027-01-31", the last day on which an entry counts; both are kept by
# pytest --pyramid-update-baseline, which writes this file anew: other comments are lost.
"""

_ESCAPES = {ord("\\"): "\\\\", ord('"'): '\\"', ord("\n"): "\\n", ord("\t"): "\\t", ord("\r"): "\\r"}
_CONTROL = {code: f"\\u{code:04x}" for code in (*range(32), 127)}


def load(path: Path, wanted: Wanted, *, name: str) -> tuple[Baseline, tuple[Problem, ...]]:
    """What the file says, and everything that is wrong with it; `name` is the file for people.

    A file that is missing or cannot be read is a problem as well.
    """
    try:
        text = path.read_bytes().decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n")
        values = tomllib.loads(text)
    except FileNotFoundError:
        return Baseline(), (_problem(name, "does not exist; --pyramid-update-baseline records what there is today"),)
    except OSError as error:
        return Baseline(), (_problem(name, f"cannot be read: {error.strerror or error}"),)
    except UnicodeDecodeError as error:
        return Baseline(), (_problem(name, f"is not UTF-8 text: {error.reason} at byte {error.start}"),)
    except tomllib.TOMLDecodeError as error:
        return Baseline(), (_problem(name, f"is not valid TOML: {error}"),)
    wrong = tuple(_dated(values, name))
    baseline, problems = read_baseline(values, wanted, source=name)
    return baseline, (*wrong, *problems)


def save(path: Path, baseline: Baseline) -> None:
    """Write the file so that readers see the old one or the new one, never half. Raises OSError."""
    report_files.write(path, text_of(baseline))


def text_of(baseline: Baseline) -> str:
    """The text of the file; reading it gives an equal baseline."""
    lines = [HEAD, f"schema_version = {SCHEMA_VERSION}"]
    if baseline.shares:
        lines += ["", "[shares] # of all test functions, 0 to 1: those of the lower tiers may only get larger"]
        lines += [f"{_word(name)} = {float(share)!r}" for name, share in baseline.shares]
    if baseline.coverage:
        lines += ["", "[coverage] # of all lines, 0 to 1: what each tier covers with all below it may only get more"]
        lines += [f"{_word(name)} = {float(share)!r}" for name, share in baseline.coverage]
    for entry in baseline.known:
        lines += ["", "[[known]]", *_rows(entry)]
    return "\n".join([*lines, ""])


def _rows(entry: Entry) -> Iterator[str]:
    for name in ("code", "test", "file", "tier"):
        value = getattr(entry, name)
        if value is not None:
            yield f"{name} = {_word(value)}"
    if entry.count != 1:
        yield f"count = {entry.count}"
    if entry.layer is not None:
        yield f"layer = {_word(entry.layer)}"
    yield f"reason = {_word(entry.reason)}"
    if entry.expires is not None:
        yield f"expires = {entry.expires}"


def _word(text: str) -> str:
    """The text in quotes, as TOML wants it; half of a character that UTF-8 cannot hold is written as its number."""
    whole = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return f'"{whole.translate({**_CONTROL, **_ESCAPES})}"'


def _dated(values: dict[str, Any], name: str) -> Iterator[Problem]:
    """Makes every last day text in ISO format; gives back those that are no day, which are then left out."""
    known = values.get("known")
    for number, entry in enumerate(known if isinstance(known, list) else ()):
        if isinstance(entry, dict) and "expires" in entry:
            day = _day(entry.pop("expires"))
            if isinstance(day, str):
                entry["expires"] = day
            else:
                yield _problem(name, f"is {day[0]!r}, must be a day such as 2027-01-31", f"known[{number}].expires")


def _day(value: object) -> str | tuple[str]:
    """The day as 2027-01-31, or in a tuple what is none."""
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value.isoformat()
    try:
        day = dt.date.fromisoformat(value).isoformat() if isinstance(value, str) else None
    except ValueError:
        day = None
    return day if day is not None and day == value else (str(value),)


def _problem(name: str, message: str, key: str = "") -> Problem:
    return Problem(code=BAD_VALUE, source=name, key=key, message=message)
