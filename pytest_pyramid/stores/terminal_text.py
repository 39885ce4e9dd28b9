"""What the standard output takes, and moments as people read them."""

from __future__ import annotations

import sys
from datetime import datetime, timezone


def shown_time(moment: int) -> str:
    """The moment, in seconds since 1970-01-01 UTC, as a date and time in UTC."""
    return datetime.fromtimestamp(moment, timezone.utc).strftime("%Y-%m-%d %H:%M:%S")


def takes_unicode() -> bool:
    """True when the standard output can show the characters that our pictures are made of."""
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    try:
        "▲█✓…".encode(encoding)
    except (UnicodeError, LookupError):
        return False
    return True
