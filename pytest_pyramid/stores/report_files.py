"""Report files: checked before the run, written whole or not at all."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

STANDARD_OUTPUT = "-"


def obstacle(path: Path) -> str | None:
    """Why a report could not be written to `path`, None when it can. Makes the folder when it is missing."""
    if path.is_dir():
        return "it is a folder"
    if _is_stream(path):
        return None if os.access(path, os.W_OK) else "it may not be written"
    path = path.resolve()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return f"its folder cannot be made: {error.strerror or error}"
    if not os.access(path.parent, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
        return "it may not be written"
    return None


def write(path: Path, text: str) -> None:
    """Write the text in UTF-8 so that readers see the old file or the new one, never half. Raises OSError."""
    if _is_stream(path):
        path.write_text(text, encoding="utf-8")
        return
    if _is_shared(path):
        with path.open("a", encoding="utf-8") as file:
            file.write(text)
        return
    path = path.resolve()  # a link stays, what it points to is replaced
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    part = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        part.chmod(0o666 & ~_umask())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def show(text: str) -> None:
    """Write the text to the standard output; characters that its encoding lacks are escaped."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    printable = text.encode(encoding, "backslashreplace").decode(encoding)
    sys.stdout.write(printable if printable.endswith("\n") else f"{printable}\n")


def _is_stream(path: Path) -> bool:
    """True for a pipe or a device, which takes text as it comes."""
    return path.exists() and not path.is_file()


def _is_shared(path: Path) -> bool:
    """True for the summary of a GitHub step, which other programs of the step write to as well."""
    summary = Path(os.environ.get("GITHUB_STEP_SUMMARY") or os.devnull)
    return path.exists() and summary.exists() and path.samefile(summary)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
