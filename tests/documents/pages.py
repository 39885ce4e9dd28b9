"""Which pages there are."""

from __future__ import annotations

from pathlib import Path

from tests.documents.blocks import Block, blocks_of

CHECKOUT = Path(__file__).resolve().parents[2]
_SCATTERED = ("README.md", "CHANGELOG.md", "docs/examples/shop/README.md")


def pages() -> tuple[str, ...]:
    """Every page that people read, by its path from the checkout."""
    found = [path for path in (CHECKOUT / "docs").rglob("*.md") if not {"_build", "examples"} & set(path.parts)]
    return (*_SCATTERED, *sorted(path.relative_to(CHECKOUT).as_posix() for path in found))


def read(page: str) -> str:
    """The text of the page."""
    return (CHECKOUT / page).read_text(encoding="utf-8")


def blocks(page: str) -> tuple[Block, ...]:
    """The code blocks of the page."""
    return blocks_of(page, read(page))
