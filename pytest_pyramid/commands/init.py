"""init: write the plugin's section for the repository in the working directory, from what its tests say."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from pytest_pyramid.classifiers import BUILTIN
from pytest_pyramid.commands.file_diff import file_diff
from pytest_pyramid.core.adoption import Proposal, propose
from pytest_pyramid.core.adoption_table import HEAD, evidence_by_tier, evidence_rows, remarks
from pytest_pyramid.core.facts import TestFacts
from pytest_pyramid.core.past_tables import table
from pytest_pyramid.core.placing import in_order_of_weight
from pytest_pyramid.core.problems import problems_text
from pytest_pyramid.core.section_text import SECTION, ini_section, ours_in_ini, ours_in_toml, toml_section, with_section
from pytest_pyramid.core.settings import Layer, Settings, resolve
from pytest_pyramid.core.survey import Survey
from pytest_pyramid.core.tiers import UNCLASSIFIED
from pytest_pyramid.core.wording import counted
from pytest_pyramid.stores import config_edit, config_files, pytest_settings, report_files
from pytest_pyramid.stores.checkout import top_of
from pytest_pyramid.stores.pytest_settings import PytestSettings
from pytest_pyramid.stores.suite_survey import survey
from pytest_pyramid.stores.terminal_text import takes_unicode

name = "init"
summary = "write the plugin's settings for this repository, from what its tests say"

BASELINE = "pyramid-baseline.toml"
NEXT = "pytest --pyramid --pyramid-update-baseline"


class _Draft(NamedTuple):
    """A file with its old and new text, and the tests as the new settings place them."""

    file: str
    old: str
    new: str
    settings: Settings
    placed: tuple[TestFacts, ...]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--diff", action="store_true", help="print what would change, and write nothing")
    parser.add_argument("--force", action="store_true", help="replace the section that is there, whole")


def run(arguments: argparse.Namespace) -> int:
    """Exit status 0. Raises ValueError and OSError for what cannot be read or written; then nothing has changed."""
    root = Path.cwd().resolve()
    above = _configured_above(root)
    if above is not None:
        raise ValueError(f"{above} holds the configuration of this repository; start there")
    theirs = pytest_settings.read(root)
    found = survey(root, theirs)
    if not found.tests:
        raise ValueError(f"no tests found below {root}; start in the folder that pytest calls rootdir")
    draft = _draft(root, theirs, found, force=arguments.force)
    changes = draft.new != draft.old
    if arguments.diff:
        report_files.show(file_diff(draft.file, draft.old.encode(), draft.new.encode()))
    elif changes:
        config_edit.write(root / draft.file, draft.new)
    _tell(draft, found, diff=arguments.diff)
    return 0


def _configured_above(root: Path) -> Path | None:
    """The folder of the same checkout whose configuration holds for this one, None where this one has its own."""
    top = top_of(root)
    if top is None:
        return None
    folders = [folder for folder in (root, *root.parents) if folder == top or top in folder.parents]
    nearest = next((one for one in folders if any((one / name).exists() for name in pytest_settings.FILES)), root)
    return None if nearest == root else nearest


def _draft(root: Path, theirs: PytestSettings, found: Survey, *, force: bool) -> _Draft:
    """The new text. Raises ValueError when there is a section already, unless it is this one or may be replaced."""
    file, holders = _target(root, theirs)
    path = root / file
    old = config_edit.read(path)
    shipped = _resolved([])
    baseline = "" if "pyramid_baseline" in theirs.values else BASELINE
    proposal = propose(found, _placed(found.tests, shipped), shipped.pyramid, baseline=baseline)
    settings = _resolved([Layer(source=file, values=proposal.values(), section=True)])
    placed = _placed(found.tests, settings)
    new = _with_section(file, old, proposal, placed, settings)
    if holders and new != old and not force:
        raise ValueError(
            f"{holders[0]} has a {SECTION} section already; --diff --force shows what would become of it, "
            "--force replaces it"
        )
    _check(file, old, new, proposal)
    return _Draft(file, old, new, settings, placed)


def _target(root: Path, theirs: PytestSettings) -> tuple[str, list[str]]:
    """The file that gets the section, and the files that have one. Raises ValueError for more than one.

    It goes where one is, else where pytest's own settings are, else into a file that is there.
    """
    holders = [file for file in config_files.FILES if config_files.holds_section(root / file)]
    if len(holders) > 1:
        raise ValueError(f"{' and '.join(holders)} have a {SECTION} section; keep one of them")
    if holders:
        return holders[0], holders
    if theirs.file in config_files.FILES:
        return theirs.file, []
    there = (file for file in ("pyproject.toml", "tox.ini", "setup.cfg") if (root / file).exists())
    return next(there, "pyproject.toml"), []


def _with_section(file: str, old: str, proposal: Proposal, placed: tuple[TestFacts, ...], settings: Settings) -> str:
    notes = evidence_by_tier(placed, settings.pyramid)
    if file.endswith(".toml"):
        return with_section(old, toml_section(proposal, notes), is_ours=ours_in_toml)
    return with_section(old, ini_section(proposal, notes), is_ours=ours_in_ini)


def _check(file: str, old: str, new: str, proposal: Proposal) -> None:
    """Raises ValueError unless the new text says what was proposed, and all else as before."""
    before, _ = config_edit.parsed(file, old)
    after, holds = config_edit.parsed(file, new)
    layer, problems = config_files.read_text(new, file)
    if problems:
        raise ValueError(problems_text(problems))
    if before != after or not holds or layer is None:
        raise ValueError(f"the section of {file} is written in a way that cannot be replaced; remove it by hand")
    wanted = _resolved([Layer(source=layer.source, values=proposal.values(), section=True)])
    if _resolved([layer]) != wanted:
        raise ValueError(f"{file} would not say what was found; please report this with the output of --diff")


def _resolved(layers: list[Layer]) -> Settings:
    """The settings that the layers give over the shipped ones. Raises ValueError with everything wrong in them."""
    settings, problems = resolve([*layers, config_files.defaults()], formats=None)
    if settings is None:
        raise ValueError(problems_text(problems))
    return settings


def _placed(tests: Sequence[TestFacts], settings: Settings) -> tuple[TestFacts, ...]:
    """The tests as the built-in classifiers place them."""
    classifiers = [made(settings.pyramid) for made in BUILTIN]
    placed = []
    for test in tests:
        answers = [answer for one in classifiers if (answer := one.classify(test)) is not None]
        found = in_order_of_weight(answers, settings.pyramid, settings.default_tier)
        placed.append(test._replace(tier=found[0].tier if found else UNCLASSIFIED, placements=found))
    return tuple(placed)


def _tell(draft: _Draft, found: Survey, *, diff: bool) -> None:
    """What was found and what was done; on standard error beside a diff, so that the diff can be applied as it is."""
    out = sys.stderr if diff else sys.stdout
    pyramid = draft.settings.pyramid
    lines = [f"{counted(len(draft.placed), 'test function')} in {counted(found.files, 'file')}:", ""]
    rows = evidence_rows(draft.placed, found, pyramid)
    lines += table(HEAD, rows, unicode=takes_unicode())
    lines += ["", *remarks(draft.placed, found, pyramid, draft.settings.max_unclassified)]
    verb = "would be written" if diff else "written"
    lines.append(f"{draft.file}: {f'section {verb}' if draft.new != draft.old else 'nothing to change'}")
    lines += ["Look at it, then record what breaks the rules today:", NEXT]
    out.writelines(f"{line}\n" for line in lines)
