"""Whether this run is the whole suite, told from what was asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pytest_pyramid.classifiers.by_path import ByPath
from pytest_pyramid.core.facts import Location, TestFacts
from pytest_pyramid.core.report import RunReport
from pytest_pyramid.core.selecting import lacking_storeys
from pytest_pyramid.core.setting_tree import Settings

_OPTIONS = {
    "keyword": "-k {}",
    "markexpr": "-m {}",
    "lf": "--last-failed",
    "stepwise": "--stepwise",
    "deselect": "--deselect",
    "ignore": "--ignore",
    "ignore_glob": "--ignore-glob",
    "splits": "--splits",
}
_LEFT_OUT = ("ignore", "ignore_glob")


def partial_reason(config: pytest.Config, settings: Settings, deselected: int) -> str | None:
    """Why only a part of the suite was selected, None when it was the whole.

    A folder on the command line, or the one that pytest was started in, is the whole suite when it is the root folder
    or holds every folder of `testpaths`; without `testpaths`, when it is not itself the folder of one tier.
    """
    return lacking_storeys(settings.only, settings.pyramid) or narrowed_reason(config, settings, deselected)


def narrowed_reason(config: pytest.Config, settings: Settings, deselected: int) -> str | None:
    """Why not all tests of the selected tiers take part, None when they do."""
    narrowed = _narrowed(config, settings)
    if narrowed is None and deselected:
        return f"{deselected} test{'' if deselected == 1 else 's'} deselected"
    return narrowed


def tiers_are_whole(config: pytest.Config, settings: Settings, report: RunReport) -> bool:
    """True when the tiers that ran, ran whole: the suite was selected, whole tiers of it, or a shard of either."""
    if settings.only:
        return _narrowed(config, settings) is None
    shard = report.run.shard
    return (report.run.partial_reason if shard is None else shard.partial_reason) is None


def whole_tiers(config: pytest.Config, settings: Settings) -> tuple[str, ...]:
    """The tiers that were selected whole in a run of a part of the suite."""
    whole = settings.only and not settings.is_parted and _narrowed(config, settings) is None
    return settings.only if whole else ()


def _narrowed(config: pytest.Config, settings: Settings) -> str | None:
    """Which option or argument selects a part of the suite, None when none does."""
    for name, text in _OPTIONS.items():
        value = config.getoption(name, None)
        if value and not _is_standing(config, name, value):
            return text.format(value)
    narrow = _narrow_arguments(config, settings)
    if narrow:
        return f"only {narrow[0]}" + (f" and {len(narrow) - 1} more" if len(narrow) > 1 else "")
    return None


def _is_standing(config: pytest.Config, name: str, value: Any) -> bool:
    """True for folders that the project's own addopts always leave out: they are no part of the suite."""
    addopts: list[str] = config.getini("addopts")
    return name in _LEFT_OUT and all(any(str(path) in argument for argument in addopts) for path in value)


def _narrow_arguments(config: pytest.Config, settings: Settings) -> list[str]:
    if config.args_source is pytest.Config.ArgsSource.TESTPATHS:
        return []
    root = config.rootpath.resolve()
    arguments = _arguments(config, root)
    folders = [Path(config.invocation_params.dir, argument).resolve() for argument in config.args]
    if root in folders:
        return []
    if any("::" in argument for argument in arguments) or not all(folder.is_dir() for folder in folders):
        return arguments
    wanted = [Path(config.rootpath, path) for path in config.getini("testpaths")]
    if wanted:
        held = all(any(path.resolve().is_relative_to(folder) for folder in folders) for path in wanted)
        return [] if held else arguments
    by_path = ByPath(settings.pyramid)
    return [
        argument for argument, folder in zip(arguments, folders, strict=True) if _is_of_one_tier(folder, root, by_path)
    ]


def _arguments(config: pytest.Config, root: Path) -> list[str]:
    """What was asked for as people would call it; without arguments that is the folder pytest was started in."""
    if config.args_source is pytest.Config.ArgsSource.ARGS:
        return list(config.args)
    here = config.invocation_params.dir.resolve()
    return [here.relative_to(root).as_posix() if here.is_relative_to(root) else str(here)]


def _is_of_one_tier(folder: Path, root: Path, by_path: ByPath) -> bool:
    if not folder.is_relative_to(root):
        return False
    file = (folder.relative_to(root) / "test_any.py").as_posix()
    return by_path.classify(TestFacts(nodeid=file, function=file, location=Location(file=file))) is not None
