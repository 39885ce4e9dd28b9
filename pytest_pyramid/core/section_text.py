"""The plugin's section as text for a file, and the file's text with the section in it; no other character changes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from pytest_pyramid.core.adoption import Proposal

SECTION = "pytest_pyramid"

Notes = Mapping[str, Sequence[str]]
"""What each tier's tests were found by, for the comments."""


def toml_section(proposal: Proposal, notes: Notes) -> list[str]:
    """The lines of `[tool.pytest_pyramid]`, each setting below a comment with its reason."""
    lines = [f"[tool.{SECTION}]", *_heading(proposal, notes)]
    for key, value, reason in _plain_settings(proposal):
        lines += [_comment(reason), f"{key} = {_quoted(value)}"]
    for tier in proposal.tiers:
        lines += ["", f"[[tool.{SECTION}.tiers]]", *_evidence(notes.get(tier.name, ()))]
        lines.append(f"name = {_quoted(tier.name)}")
        lines += [f"{key} = [{', '.join(map(_quoted, words))}]" for key, words in _lists(tier.markers, tier.paths)]
    return lines


def ini_section(proposal: Proposal, notes: Notes) -> list[str]:
    """The lines of `[pytest_pyramid]` and of its sections for tiers; ini files know comments only on their own lines."""
    lines = [f"[{SECTION}]", *_heading(proposal, notes)]
    for key, value, reason in _plain_settings(proposal):
        lines += [_comment(reason), f"{key} = {value}"]
    for tier in proposal.tiers:
        lines += ["", f"[{SECTION}:tier:{tier.name}]", *_evidence(notes.get(tier.name, ()))]
        for key, words in _lists(tier.markers, tier.paths):
            lines += [f"{key} =", *(f"    {word}" for word in words)]
    return lines


def with_section(text: str, section: Sequence[str], *, is_ours: Callable[[str], bool]) -> str:
    """The text with the section in place of the one it has, or else at its end.

    `is_ours` tells of the name in a header, such as "tool.pytest_pyramid.tiers", whether it belongs to our section.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    new = "".join(f"{line}{newline}" for line in section)
    kept, place = _without(text, is_ours)
    if place is not None:
        before, after = "".join(kept[:place]), "".join(kept[place:])
        return before + new + (newline if after.strip() else "") + after
    if not text.strip("\ufeff\r\n"):
        return text + new
    ended = text if text.endswith(("\n", "\r")) else text + newline
    return ended + ("" if ended.endswith(newline * 2) else newline) + new


def ours_in_toml(name: str) -> bool:
    """True for the header of a table of ours in TOML, the name without its brackets."""
    parts = [part.strip().strip("\"'") for part in name.split(".")]
    return parts[:2] == ["tool", SECTION]


def ours_in_ini(name: str) -> bool:
    """True for the header of a section of ours in an ini file."""
    return name.partition(":")[0].strip() == SECTION


_HEADER = re.compile(r"[ \t]*\[\[?([^\[\]]+)\]\]?[ \t]*(#.*)?$")


def _without(text: str, is_ours: Callable[[str], bool]) -> tuple[list[str], int | None]:
    """The lines without our section, and where it began. Comments right above the next header belong to that one."""
    kept: list[str] = []
    dropped: list[str] = []
    place: int | None = None
    inside = False
    for line in text.splitlines(keepends=True):
        header = _HEADER.match(line.rstrip("\r\n"))
        if header is not None:
            was, inside = inside, is_ours(header[1])
            if was and not inside:
                kept += _comments_at_end(dropped)
            dropped = []
            place = len(kept) if inside and place is None else place
        (dropped if inside else kept).append(line)
    return kept, place


def _comments_at_end(lines: Sequence[str]) -> Sequence[str]:
    start = len(lines)
    while start and lines[start - 1].lstrip().startswith("#"):
        start -= 1
    # a comment that follows a setting of ours without an empty line between is about our section
    return lines[start:] if start and not lines[start - 1].strip() else []


def _heading(proposal: Proposal, notes: Notes) -> list[str]:
    lines = ["# Written by pytest-pyramid init from what it found here. Every other setting has its default."]
    if proposal.tiers:
        return lines
    if not notes:
        return [
            *lines,
            "# The shipped tiers unit, service and ui are in force; no test says yet which of them it is of.",
        ]
    lines.append("# The shipped tiers fit:")
    lines += [f"#   {tier}: {_told(reasons)}" for tier, reasons in notes.items()]
    return lines


def _plain_settings(proposal: Proposal) -> list[tuple[str, str, str]]:
    """(key, value, reason) of the settings that are one word."""
    settings = []
    if proposal.default_tier:
        reason = f"Tests that nothing else places are run by themselves: {proposal.default_reason}"
        settings.append(("default-tier", proposal.default_tier, reason))
    if proposal.baseline:
        reason = (
            "What breaks a rule today fails nothing, and may only get less: pytest --pyramid --pyramid-update-baseline"
        )
        settings.append(("baseline", proposal.baseline, reason))
    return settings


def _evidence(reasons: Sequence[str]) -> list[str]:
    return [_comment(_told(reasons) if reasons else "The base; no test says yet that it is of this tier.")]


def _told(reasons: Sequence[str], most: int = 4) -> str:
    more = f" and {len(reasons) - most} more" if len(reasons) > most else ""
    return ", ".join(reasons[:most]) + more


def _comment(text: str) -> str:
    return "# " + re.sub(r"[^ -~\u00a0-\u2027\u202f-\ud7ff]", "?", text)


def _lists(markers: Sequence[str], paths: Sequence[str]) -> list[tuple[str, Sequence[str]]]:
    return [(key, words) for key, words in (("markers", markers), ("paths", paths)) if words]


def _quoted(word: str) -> str:
    """A basic string of TOML 1.0; control characters are escaped by their number."""
    plain = word.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\x00-\x1f\x7f]", lambda found: f"\\u{ord(found[0]):04x}", plain) + '"'
