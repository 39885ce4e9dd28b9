"""Text from tests made fit for files that other programs read: nothing hidden, nothing that a parser would obey."""

from __future__ import annotations

import re

_PLAIN = re.compile(r"[\n\t\x20-\x7e]*")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}
_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\))")
"""Colours and cursor movements of terminals (ECMA-48), and titles of windows."""
_MARKDOWN = re.compile(r"[\\`*_\[\]<>#|~&@!$]")
_SUBSTITUTES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "@\u200b"}
"""Behind the space of no width no service sees a name to notify; the other characters get a backslash."""


def visible(text: str) -> str:
    r"""The text with colours left out and every character escaped that is not to be seen.

    Line feeds and tabs stay. Control, format (bidirectional ones among them) and private characters and lone surrogates
    become escapes such as \x1b and \u202e, so that the text can be encoded, printed and put into XML.
    """
    if _PLAIN.fullmatch(text):
        return text
    bare = _ANSI.sub("", text).replace("\r\n", "\n")
    return "".join(one if one in "\n\t" or one.isprintable() else _escape(one) for one in bare)


def one_line(text: str) -> str:
    """The visible text on one line: runs of white space are single spaces."""
    return " ".join(visible(text).split())


def shortened(text: str, most: int) -> str:
    """The text, or its first `most` characters and how many are left out."""
    if len(text) <= most:
        return text
    return f"{text[:most]} … ({len(text) - most:,} more characters)"


def xml(text: str) -> str:
    """The visible text for XML and HTML, between tags and in attributes."""
    return "".join(_ENTITIES.get(one, one) for one in visible(text))


def markdown(text: str) -> str:
    """The visible text on one line, with everything escaped that Markdown would take for markup, links or mentions."""
    return _MARKDOWN.sub(lambda one: _SUBSTITUTES.get(one.group(), f"\\{one.group()}"), one_line(text))


def code(text: str) -> str:
    """The visible text on one line as a code span of Markdown that is safe inside a table."""
    bare = one_line(text).replace("|", "\\|")
    fence = "`" * (max((len(run) for run in re.findall("`+", bare)), default=0) + 1)
    pad = " " if bare.startswith("`") or bare.endswith("`") else ""
    return f"{fence}{pad}{bare}{pad}{fence}" if bare else ""


def _escape(one: str) -> str:
    return one.encode("unicode_escape").decode("ascii")
