"""What is known of every attempt: what stops it, what sees it, what it escapes. The matrix of the documentation.

`python -m tests.ui.attempts.matrix` writes it into docs/explanation/guards.md.
"""

from __future__ import annotations

from pathlib import Path

from tests.ui.attempts import others, sockets
from tests.ui.attempts.attempt import Attempt

EVERY = (*sockets.ATTEMPTS, *others.ATTEMPTS)
ESCAPES = frozenset(
    {
        *("listen_without_bind", "ctypes_connect", "dns_ctypes", "reuse_open_connection"),
        *("sqlite_attach", "pyarrow_parquet", "pyarrow_csv", "ctypes_fopen", "write_preopened_handle"),
    }
)
"""What neither an event nor a trampoline nor the kernel's accounts tell of."""
SEEN_AFTERWARDS = frozenset(
    {
        "ctypes_system",
        *("event_wait", "queue_get_timeout", "select_sleep", "trio_sleep", "ctypes_usleep", "sigtimedwait"),
    }
)
"""What only the kernel tells of, when it is over."""
UNSEEN = {
    "reuse_open_connection": "the connection was opened before the test began, and its opening was the act",
    "write_preopened_handle": "so was the file",
}
"""What escapes the sandbox too, and why."""
PAGE = Path(__file__).resolve().parents[3] / "docs" / "explanation" / "guards.md"
BEGIN, END = "<!-- matrix -->", "<!-- end of matrix -->"


def with_hook(attempt: Attempt) -> str:
    """What becomes of the attempt where the hook alone watches."""
    if not attempt.resources or attempt.resources == ("tempfiles",):
        return "free" if not attempt.resources else "allowed"
    return "escapes" if attempt.name in ESCAPES | SEEN_AFTERWARDS else "stopped"


def with_residue(attempt: Attempt) -> str:
    """What becomes of it with residue."""
    return "seen" if attempt.name in SEEN_AFTERWARDS else with_hook(attempt)


def with_sandbox(attempt: Attempt) -> str:
    """What becomes of it with the sandbox."""
    if attempt.name in REFUSED:
        return "refused"
    return with_residue(attempt)


REFUSED = frozenset({*ESCAPES, "ctypes_system"}) - frozenset(UNSEEN)
"""What the kernel refuses, and nothing above it does."""


def figures() -> tuple[dict[str, int], ...]:
    """How many attempts end how, for each layer; attempts that are free or allowed are left out."""
    ways = (with_hook, with_residue, with_sandbox)
    denied = [one for one in EVERY if with_hook(one) not in ("free", "allowed")]
    return tuple({end: sum(way(one) == end for one in denied) for end in map(way, denied)} for way in ways)


def matrix() -> str:
    """The matrix as Markdown, one row for each attempt."""
    rows = ["| attempt | hook | + residue | + sandbox |", "|---|---|---|---|"]
    for one in EVERY:
        ends = " | ".join((with_hook(one), with_residue(one), with_sandbox(one)))
        rows.append(f"| `{one.name}` | {ends} |")
    return "\n".join(rows)


def page(text: str) -> str:
    """The page with the matrix in its place."""
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}\n{matrix()}\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
