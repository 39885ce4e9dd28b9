"""What changes in a file, as a unified diff."""

from __future__ import annotations

import difflib


def file_diff(file: str, old: bytes, new: bytes) -> str:
    """A unified diff, empty for no change; bytes that are not UTF-8 are shown escaped."""
    before, after = (data.decode("utf-8", "backslashreplace").splitlines(keepends=True) for data in (old, new))
    found = difflib.unified_diff(before, after, fromfile=f"a/{file}", tofile=f"b/{file}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in found)
