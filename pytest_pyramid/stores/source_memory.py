"""What was found in sources, kept from run to run: reading them takes longer than all the rest of coverage by tier."""

from __future__ import annotations

import contextlib
import hashlib
import json
from pathlib import Path
from typing import Any

from pytest_pyramid.core.plain_sources import VERSION, plain_source, source_of
from pytest_pyramid.core.source_lines import Source
from pytest_pyramid.stores import report_files

FILE = "pyramid/sources.json"
"""Where it stands below pytest's cache folder."""


class SourceMemory:
    """Holds one entry for each file, by what is in the file and by how it was read.

    It holds nothing that the sources do not tell, so one that cannot be read is made anew, and one that cannot be
    written is left out, without a word.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._how: str | None = None
        self._files: dict[str, Any] = {}
        self._changed = False

    def open(self, how: str) -> None:
        """Look up what was found by reading in this way; all that was read in another is forgotten."""
        self._how = how
        self._changed = False
        plain: Any = None
        with contextlib.suppress(OSError, ValueError):
            plain = json.loads(self._path.read_bytes())
        same = isinstance(plain, dict) and (plain.get("version"), plain.get("how")) == (VERSION, how)
        files = plain.get("files") if same else None
        self._files = files if isinstance(files, dict) else {}

    def get(self, file: str, digest: str) -> Source | None:
        """What was found in the file when it had this content; None when that was never looked at."""
        known = self._files.get(file)
        if not isinstance(known, dict) or known.get("digest") != digest:
            return None
        try:
            return source_of(known)
        except ValueError:
            return None

    def put(self, file: str, digest: str, source: Source) -> None:
        """Keep what was found in the file with this content."""
        self._files[file] = {"digest": digest, **plain_source(source)}
        self._changed = True

    def close(self, root: Path) -> None:
        """Write down what is new; files that are no longer below the root are left out."""
        if not self._changed:
            return
        files = {file: one for file, one in self._files.items() if (root / file).exists()}
        plain = {"version": VERSION, "how": self._how, "files": files}
        with contextlib.suppress(OSError):
            report_files.write(self._path, json.dumps(plain, separators=(",", ":")))


def digest_of(path: Path) -> str:
    """A fingerprint of the file's content. Raises OSError."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
