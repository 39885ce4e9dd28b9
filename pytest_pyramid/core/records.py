"""Records: values with named fields, which are named tuples or dataclasses.

Settings and most other values are named tuples, since Python makes such a class in a quarter of the time, which every
start of a run pays. What extensions of third parties define may as well be a dataclass.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any


def is_record(value: object) -> bool:
    """True for a named tuple or a dataclass, be it the class or a value."""
    return hasattr(value, "_fields") or dataclasses.is_dataclass(value)


def fields_of(record: Any) -> Mapping[str, bool]:
    """Every field by its name, and whether it may be left out. Raises TypeError for what is no record."""
    if hasattr(record, "_fields"):
        return {name: name in record._field_defaults for name in record._fields}
    missing = dataclasses.MISSING
    fields = [field for field in dataclasses.fields(record) if field.init]
    return {one.name: one.default is not missing or one.default_factory is not missing for one in fields}
