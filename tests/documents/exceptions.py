"""The blocks that are not run, each with the reason; a block that is not named here is run, or the tests fail."""

from __future__ import annotations

from typing import NamedTuple

from tests.documents.blocks import Block


class Exempt(NamedTuple):
    """One block that is not run."""

    page: str
    holds: str
    """A text of the block by which it is known."""
    reason: str
    proof: str = ""
    """The file that runs it instead, and has to hold the same lines; "" when nothing does."""


EXEMPT = (
    Exempt("README.md", "--group dev", "makes environments from the package index", proof=".ci/run"),
    Exempt("README.md", "docs/examples/shop/requirements.txt", "the same", proof=".ci/run"),
    Exempt("docs/examples/shop/README.md", "-r requirements.txt", "the same example as in the README"),
    Exempt("docs/contributing.md", "--group dev", "makes an environment; .ci/run has the same steps without -e"),
    Exempt("docs/how-to/remote.md", "ssh=user@far", "needs two machines; tests/ui/test_remote.py stands in for it"),
    Exempt("docs/how-to/reports.md", "gw3 at tests/service", "seconds of a long run; tests/unit/core/test_passage.py"),
    Exempt(
        "docs/how-to/andon.md", "gate unit closed on main", "a notice; tests/unit/core/test_notices.py has its lines"
    ),
    Exempt("docs/explanation/coverage.md", "adds  only here", "a table; tests/unit/test_reporters.py has its rows"),
)


def exemption(block: Block) -> Exempt | None:
    """Why the block is not run, or None when it has to be."""
    return next((one for one in EXEMPT if one.page == block.page and one.holds in block.text), None)
