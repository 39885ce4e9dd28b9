"""Type hints of settings: which words and numbers a field takes, and how to say so to people."""

from __future__ import annotations

import enum
import re
import typing
from collections.abc import Mapping

from pytest_pyramid.core.records import is_record


class Bounds(typing.NamedTuple):
    """The numbers a field takes, for use as `Annotated[float, Bounds(least=0, most=1)]`; None is no bound."""

    above: float | None = None
    least: float | None = None
    most: float | None = None

    def admits(self, number: float) -> bool:
        """True when `number` lies inside the bounds."""
        return (
            (self.above is None or number > self.above)
            and (self.least is None or number >= self.least)
            and (self.most is None or number <= self.most)
        )

    def __str__(self) -> str:
        if self.least is not None and self.most is not None:
            return f" from {self.least} to {self.most}"
        parts = (("above", self.above), ("of at least", self.least), ("of at most", self.most))
        return "".join(f" {word} {bound}" for word, bound in parts if bound is not None)


def choices(hint: typing.Any) -> dict[str, object] | None:
    """The words that `hint` admits and what each stands for; None when it is no choice of words."""
    if typing.get_origin(hint) is typing.Literal:
        return {str(word): word for word in typing.get_args(hint)}
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return {str(member.value): member for member in hint}
    return None


def alternatives(hint: typing.Any) -> tuple[typing.Any, ...]:
    """The members of a union without None; `hint` alone when it is no union."""
    union = typing.get_origin(hint) is typing.Union or isinstance(hint, type(int | str))
    return tuple(arg for arg in typing.get_args(hint) if arg is not type(None)) if union else (hint,)


def expected(hint: typing.Any) -> str:
    """What a value of `hint` is, in words."""
    words = choices(hint)
    if words is not None:
        return f"{'one of ' if len(words) > 1 else ''}{', '.join(words)}"
    if typing.get_origin(hint) is typing.Annotated:
        base, *notes = typing.get_args(hint)
        return expected(base) + "".join(str(note) for note in notes if isinstance(note, Bounds))
    if len(alternatives(hint)) > 1:
        return " or ".join(map(expected, alternatives(hint)))
    if typing.get_origin(hint) is tuple:
        item = typing.get_args(hint)[0]
        if typing.get_origin(item) is tuple:
            return "a table"
        return "a list of tables" if is_record(item) else "a list of text"
    if is_record(hint):
        return "a table"
    names = {str: "text", bool: "true or false", int: "a whole number", float: "a number"}
    return names.get(hint, "text, a number, true, false, a list or a table of these")


def shown(value: object) -> str:
    """A value as people wrote it, short. Of an address only the beginning: the rest may be a secret."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "a table"
    text = repr(list(value)) if isinstance(value, tuple) else repr(value)
    text = re.sub(r"(\w://)[^\s'\"]+", r"\1...", text)
    return text if len(text) <= 60 else f"{text[:57]}..."
