"""One object of plain data, read key by key; what is missing or of the wrong kind is named with its place."""

from __future__ import annotations

import enum
import math
from collections.abc import Mapping
from typing import Any, NamedTuple, TypeVar

from pytest_pyramid.core.facts import Location

DIGITS = 6
"""Seconds and shares are rounded to so many digits after the point: a microsecond."""

Member = TypeVar("Member", bound=enum.Enum)


class Entry(NamedTuple):
    """The object at `place`; every method raises ValueError with one sentence when the key does not hold its kind."""

    values: Mapping[str, Any]
    place: str
    """Where it stands in the report: "run", "tests[3]"; empty for the report itself."""

    def has(self, key: str) -> bool:
        """True when the key is there, whatever it holds."""
        return key in self.values

    def text(self, key: str, default: str | None = None) -> str:
        """The text under `key`, or `default` when the key is absent and a default is given."""
        if default is not None and key not in self.values:
            return default
        value = self._value(key)
        return value if isinstance(value, str) else self._refuse(key, "a text")

    def text_or_none(self, key: str) -> str | None:
        """The text or null under `key`."""
        return None if self._value(key) is None else self.text(key)

    def whole(self, key: str) -> int:
        """The whole number under `key`; true and false are none."""
        value = self._value(key)
        return value if isinstance(value, int) and not isinstance(value, bool) else self._refuse(key, "a whole number")

    def whole_or_none(self, key: str) -> int | None:
        """The whole number or null under `key`."""
        return None if self._value(key) is None else self.whole(key)

    def number(self, key: str) -> float:
        """The number under `key`."""
        value = self._value(key)
        good = isinstance(value, (int, float)) and not isinstance(value, bool)
        return float(value) if good else self._refuse(key, "a number")

    def number_or_none(self, key: str) -> float | None:
        """The number or null under `key`."""
        return None if self._value(key) is None else self.number(key)

    def flag(self, key: str) -> bool:
        """The true or false under `key`."""
        value = self._value(key)
        return value if isinstance(value, bool) else self._refuse(key, "true or false")

    def member(self, key: str, kind: type[Member]) -> Member:
        """The member of `kind` whose value stands under `key`."""
        value = self._value(key)
        found = next((member for member in kind if member.value == value), None)
        return self._refuse(key, "one of " + ", ".join(str(m.value) for m in kind)) if found is None else found

    def texts(self, key: str) -> tuple[str, ...]:
        """The list of texts under `key`."""
        value = self._list(key)
        return tuple(value) if all(isinstance(one, str) for one in value) else self._refuse(key, "a list of texts")

    def scalars(self) -> tuple[tuple[str, str | int | float | None], ...]:
        """Every (key, value) of this object, none of them a list or an object."""
        for key, value in self.values.items():
            if value is not None and not isinstance(value, (str, int, float)):
                self._refuse(key, "a text, a number or null")
        return tuple(self.values.items())

    def entry(self, key: str) -> Entry:
        """The object under `key`."""
        place = f"{self.place}.{key}" if self.place else key
        return entry_of(self._value(key), place)

    def entries(self, key: str) -> tuple[Entry, ...]:
        """The list of objects under `key`."""
        place = f"{self.place}.{key}" if self.place else key
        return tuple(entry_of(one, f"{place}[{position}]") for position, one in enumerate(self._list(key)))

    def location(self) -> Location | None:
        """The place that the keys "file" and "line" tell, None when the file is null."""
        file, line = self.text_or_none("file"), self.whole_or_none("line")
        return None if file is None else Location(file=file, line=line)

    def _list(self, key: str) -> list[Any]:
        value = self._value(key)
        return value if isinstance(value, list) else self._refuse(key, "a list")

    def _value(self, key: str) -> Any:
        if key not in self.values:
            raise ValueError(f"{self._name} has no key {key}.")
        return self.values[key]

    def _refuse(self, key: str, kind: str) -> Any:
        raise ValueError(f"{self._name} should hold {kind} under {key}, not {self.values[key]!r:.60}.")

    @property
    def _name(self) -> str:
        return f"{self.place} of the report" if self.place else "The report"


def entry_of(value: Any, place: str) -> Entry:
    """The object `value` as an entry; raises ValueError when it is no object."""
    if not isinstance(value, Mapping):
        # the report is data from a file: whatever is wrong with it is a wrong value
        raise ValueError(f"{place or 'The whole'} of the report should be an object, not {value!r:.60}.")  # noqa: TRY004 - see above
    return Entry(values=value, place=place)


def rounded(value: float | None) -> float | None:
    """The value with six digits after the point; None for what is no finite number, which JSON cannot hold."""
    return None if value is None or not math.isfinite(value) else round(value, DIGITS)


def plain_place(place: Location | None) -> dict[str, Any]:
    """The keys "file" and "line" of a place, both None for no place."""
    return {"file": place.file if place else None, "line": place.line if place else None}
