"""What a page of the documentation holds: its code blocks, headings and links. Pure: text in, values out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

_STATUS = re.compile(r"<!-- exit status (\d+) -->")
_DIRECTIVE = re.compile(r"\{(?P<name>[\w-]+)\}\s*(?P<argument>.*)")
_OPTION = re.compile(r":(?P<key>[\w-]+):\s*(?P<value>.*)")


class Block(NamedTuple):
    """One code block."""

    page: str
    """The page's path from the checkout, with slashes."""
    line: int
    """Of its first line, the page's own first line being 1."""
    language: str
    """The word behind the fence; "" without one, a directive's name in braces."""
    text: str
    caption: str = ""
    """The file that the block is; "" when it is none."""
    status: int = 0
    """With which exit status its last command ends, as the comment above it says."""

    def __str__(self) -> str:
        """The place of the block, for messages."""
        return f"{self.page}:{self.line}"


def blocks_of(page: str, text: str) -> tuple[Block, ...]:
    """Every code block of the page, fenced or indented, also inside lists, in the order of the page."""
    found: list[Block] = []
    status = 0
    for token in MarkdownIt("commonmark").parse(text):
        if token.type in ("fence", "code_block"):
            found.append(_block(page, token, status))
        if token.type == "html_block":
            told = _STATUS.search(token.content)
            status = int(told[1]) if told else 0
        elif token.type != "inline":
            status = 0
    return tuple(found)


def _block(page: str, token: Token, status: int) -> Block:
    line = token.map[0] + 1 if token.map else 0
    directive = _DIRECTIVE.fullmatch(token.info.strip())
    if directive is None:
        return Block(page=page, line=line, language=token.info.strip(), text=token.content, status=status)
    options, text = _options(token.content)
    name, argument = directive["name"], directive["argument"]
    language = argument if name == "code-block" else f"{{{name}}}"
    return Block(page=page, line=line, language=language, text=text, caption=options.get("caption", ""), status=status)


def _options(content: str) -> tuple[dict[str, str], str]:
    """The options of a MyST directive, and what stands behind them."""
    lines = content.split("\n")
    options: dict[str, str] = {}
    while lines and (found := _OPTION.fullmatch(lines[0])):
        options[found["key"]] = found["value"]
        del lines[0]
    while options and lines and not lines[0].strip():
        del lines[0]
    return options, "\n".join(lines)


def links_of(text: str) -> tuple[str, ...]:
    """Where the links and pictures of the page lead, in order."""
    found = [child for token in MarkdownIt("commonmark").parse(text) for child in token.children or ()]
    return tuple(str(child.attrs[key]) for child in found for key in ("href", "src") if key in child.attrs)


def anchors_of(text: str) -> tuple[str, ...]:
    """The anchors of the page's headings, as GitHub and MyST make them; a heading that comes twice gets a number."""
    found: list[str] = []
    for title in _titles(MarkdownIt("commonmark").parse(text)):
        slug = re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        twins = sum(1 for one in found if re.fullmatch(rf"{re.escape(slug)}(-\d+)?", one))
        found.append(f"{slug}-{twins}" if twins else slug)
    return tuple(found)


def _titles(tokens: Sequence[Token]) -> Iterator[str]:
    """The plain text of every heading."""
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            yield "".join(child.content for child in inline.children or ())
