"""The lookout: a small process beside a single-process run that says on its terminal what runs for long.

Started as a file, with Python's isolated mode and without site-packages. It writes only while the standard output of
the run goes elsewhere, which is while pytest captures a test; and whole lines, so that nothing comes into another.
"""

from __future__ import annotations

import mmap
import os
import select
import sys
import time
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from pytest_pyramid.session.lookout_page import SIZE, Page, Said

TERMINAL = 1


def is_captured(process: int) -> bool:
    """True while the standard output of that process is another than ours, which is the terminal."""
    try:
        theirs, ours = Path(f"/proc/{process}/fd/1").stat(), os.fstat(TERMINAL)
    except OSError:
        return False
    return (theirs.st_dev, theirs.st_ino) != (ours.st_dev, ours.st_ino)


def look(page: Page, process: int, origin: float, tick: float, *, unicode: bool) -> bytes:
    """What has to be said now, nothing for nothing. Times are of the clock `perf_counter` since `origin`, in seconds."""
    found, now = page.read(), time.perf_counter() - origin
    if found is None or now < max(found[2], page.said().due) or now - found[0][1] < tick or not is_captured(process):
        return b""
    from pytest_pyramid.core import long_test, passage  # noqa: PLC0415  # most runs are over before anything is said

    test, tiers = long_test.LongTest(*found[0]), [passage.Tier(*one) for one in found[1]]
    try:
        width = os.get_terminal_size(TERMINAL).columns - 1
    except OSError:
        width = 79
    text = long_test.line(tiers, test, now, width=width, unicode=unicode)
    if page.read() != found or not is_captured(process):
        return b""  # the test has ended meanwhile
    page.say(Said(page.said().times + 1, int(now + passage.pause_after(now)) + 1))
    return text.encode("utf-8" if unicode else "ascii", "replace")


def main(arguments: list[str]) -> None:
    """Look now and then, until the run is over or killed, which closes its end of the pipe."""
    memory, pipe, process = (int(one) for one in arguments[:3])
    origin, tick = float(arguments[3]), float(arguments[4])
    unicode, faint = arguments[5] == "unicode", arguments[6] == "faint"
    page = Page(mmap.mmap(memory, SIZE))
    while not select.select([pipe], [], [], tick / 5)[0] and Path(f"/proc/{process}").exists():
        said = look(page, process, origin, tick, unicode=unicode)
        if said:
            os.write(TERMINAL, b"\n" + (b"\x1b[2m%b\x1b[0m" % said if faint else said))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except OSError:
        sys.exit(1)  # the terminal is gone
