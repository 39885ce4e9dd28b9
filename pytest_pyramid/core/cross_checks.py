"""What is wrong between settings: names that nobody defines, formats and codes that cannot be."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from pytest_pyramid.core.andon_settings import AndonSettings, faults
from pytest_pyramid.core.layers import Merged
from pytest_pyramid.core.problems import BAD_VALUE, UNKNOWN_KEY, Problem, nearest
from pytest_pyramid.core.setting_tree import ReportTarget
from pytest_pyramid.core.shards import shard_of
from pytest_pyramid.core.tiers import Pyramid

Stages = Sequence[tuple[str, tuple[str, ...]]]

_CODE = r"PYR\d{3}"
_SELECTOR = r"PYR\d{0,3}|(?!pyr\d)[a-z][a-z0-9]*(-[a-z0-9]+)*"


class TierNames(NamedTuple):
    """The tiers' names as users may write them; `sure` is False when not every configured tier could be read."""

    pyramid: Pyramid
    sure: bool = True

    def fault(self, name: str, also: tuple[str, ...] = ()) -> tuple[str, str | None] | None:
        """The fault of `name` where a tier or one of `also` is wanted, and the near name; None for a good one."""
        names = (*self.pyramid.names, *also)
        if name in names or not self.sure:
            return None
        by_marker = next((tier.name for tier in self.pyramid if name in tier.markers), None)
        return f"is '{name}', must be one of {', '.join(names)}", by_marker or nearest(name, names)


def check_names(merged: Merged, tiers: TierNames, stages: Stages) -> Iterator[Problem]:
    """Every name of a tier or stage that nobody defines, and every list of them that is empty."""
    values = merged.values
    if not len(tiers.pyramid) and not merged.dropped:
        yield _problem(merged, "tiers", "is empty, a pyramid has at least one tier")
    wanted = [("default-tier", values.default_tier, ("none", "error")), ("upto", values.upto, ())]
    wanted += [("tier", name, ()) for name in values.tier or ()]
    wanted += [(f"stages.{stage}", name, ()) for stage, names in values.stages or () for name in names]
    if not merged.is_default("tiers") and merged.is_default("stages"):
        wanted = [row for row in wanted if not row[0].startswith("stages.")]
    for key, name, also in wanted:
        fault = None if name is None else tiers.fault(name, also)
        if fault is not None:
            yield _problem(merged, key, *fault)
    known = [name for name, _ in stages]
    if values.stage is not None and values.stage not in known:
        message = f"is '{values.stage}', must be one of {', '.join(known)}"
        yield _problem(merged, "stage", message, nearest(values.stage, known))
    if values.shard == "auto":
        yield _problem(merged, "shard", "is 'auto', but no variable of GitLab, CircleCI or Buildkite says which one")
    elif values.shard is not None and shard_of(values.shard) is None:
        yield _problem(merged, "shard", f"is '{values.shard}', must be I/N with I from 1 to N, such as 2/5")
    for stage, names in values.stages or ():
        if not names:
            yield _problem(merged, f"stages.{stage}", "is empty, a stage has at least one tier")


def check_codes(merged: Merged) -> Iterator[Problem]:
    """Everything that stands for a rule and cannot be one. Whether the rule exists is not known here."""
    values = merged.values
    words = [(key, word) for key in ("select", "ignore") for word in getattr(values, key) or ()]
    words += [(f"severity.{word}", word) for word, _ in values.severity or ()]
    for key, word in words:
        if not re.fullmatch(_SELECTOR, word):
            message = f"names '{word}', must be a code (PYR201), the beginning of one (PYR2) or a rule's name"
            yield _problem(merged, key, message, _near_selector(word))
    for word, _ in values.rules or ():
        if not re.fullmatch(_CODE, word):
            message = "is no rule code, must be PYR and three digits"
            yield _problem(merged, f"rules.{word}", message, _near_code(word), code=UNKNOWN_KEY)


def _near_code(word: str) -> str | None:
    code = re.sub(r"[^A-Z0-9]", "", word.upper())
    return code if re.fullmatch(_CODE, code) else None


def _near_selector(word: str) -> str | None:
    code, name = re.sub(r"[^A-Z0-9]", "", word.upper()), re.sub(r"[\W_]+", "-", word.lower()).strip("-")
    return next((near for near in (code, name) if re.fullmatch(_SELECTOR, near)), None)


def check_andon(merged: Merged, andon: AndonSettings, notifiers: Collection[str] | None) -> list[Problem]:
    """Everything in the table `andon` that cannot be."""
    return [_problem(merged, f"andon.{key}", message, near) for key, message, near in faults(andon, notifiers)]


def read_reports(merged: Merged, formats: Collection[str] | None) -> tuple[tuple[ReportTarget, ...], list[Problem]]:
    """The reports to write, and what is wrong with those that cannot be."""
    targets: list[ReportTarget] = []
    problems: list[Problem] = []
    for wish in merged.values.report or ():
        kind, colon, path = wish.partition(":")
        if not colon or not path:
            ending = wish.rstrip(":").rpartition(".")[2]
            near = f"{ending}:{wish}" if ending in (formats or ()) and "." in wish else None
            problems.append(_problem(merged, "report", f"is '{wish}', must be FORMAT:PATH", near))
        elif formats is not None and kind not in formats:
            message = f"is '{wish}', whose format must be one of {', '.join(formats)}"
            problems.append(_problem(merged, "report", message, nearest(kind, formats)))
        elif path != "-" and path in (target.path for target in targets):
            problems.append(_problem(merged, "report", f"is '{wish}', but another report goes to {path} already"))
        else:
            targets.append(ReportTarget(format=kind, path=path))
    return tuple(targets), problems


def read_selection(merged: Merged, pyramid: Pyramid, stages: Stages) -> tuple[tuple[str, ...], list[Problem]]:
    """The tiers that tier, upto and stage agree on, base first and empty for all; a problem when there are none."""
    values = merged.values
    wishes: dict[str, tuple[str, ...]] = {}
    if values.tier is not None:
        wishes["tier"] = values.tier
    if values.upto is not None:
        last = pyramid.named(values.upto)
        wishes["upto"] = pyramid.names[: last.rank + 1] if last else ()
    if values.stage is not None:
        wishes["stage"] = dict(stages).get(values.stage, ())
    chosen = tuple(name for name in pyramid.names if all(name in names for names in wishes.values()))
    if not chosen and pyramid.names:
        source = " and ".join(dict.fromkeys(merged.sources[key] for key in wishes))
        message = "choose no tier together" if len(wishes) > 1 else "chooses no tier"
        return (), [Problem(code=BAD_VALUE, source=source, key=", ".join(wishes), message=message)]
    return (() if len(chosen) == len(pyramid) else chosen), []


def _problem(
    merged: Merged, key: str, message: str, suggestion: str | None = None, *, code: str = BAD_VALUE
) -> Problem:
    """A problem of `key`, in the source that decides it."""
    known = merged.sources
    below = next((name for name in known if name.startswith(f"{key}.")), key)
    places = (key, below, key.partition(".")[0])
    source = next((known[place] for place in places if place in known), merged.defaults_source)
    return Problem(code=code, source=source, key=key, message=message, suggestion=suggestion)
