"""Whether this run is the whole suite, told from what was asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_pyramid.classifiers.by_path import ByPath
from pytest_pyramid.core.facts import Location, TestFacts
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


def partial_reason(config: pytest.Config, settings: Settings, deselected: int) -> str | None:
    """Why only a part of the suite was selected, None when it was the whole.

    A folder on the command line is the whole suite when it holds every folder of `testpaths`; without `testpaths`,
    when it is not itself the folder of one tier.
    """
    if settings.only:
        return f"only {', '.join(settings.only)}"
    for name, text in _OPTIONS.items():
        value = config.getoption(name, None)
        if value:
            return text.format(value)
    narrow = _narrow_arguments(config, settings)
    if narrow:
        return f"only {narrow[0]}" + (f" and {len(narrow) - 1} more" if len(narrow) > 1 else "")
    if deselected:
        return f"{deselected} test{'' if deselected == 1 else 's'} deselected"
    return None


def _narrow_arguments(config: pytest.Config, settings: Settings) -> list[str]:
    if config.args_source is not pytest.Config.ArgsSource.ARGS:
        return []
    folders = [Path(config.invocation_params.dir, argument) for argument in config.args]
    if any("::" in argument for argument in config.args) or not all(folder.is_dir() for folder in folders):
        return list(config.args)
    wanted = [Path(config.rootpath, path) for path in config.getini("testpaths")]
    if wanted:
        held = all(any(path.resolve().is_relative_to(folder.resolve()) for folder in folders) for path in wanted)
        return [] if held else list(config.args)
    by_path = ByPath(settings.pyramid)
    return [
        argument
        for argument, folder in zip(config.args, folders, strict=True)
        if _is_of_one_tier(folder.resolve(), config.rootpath.resolve(), by_path)
    ]


def _is_of_one_tier(folder: Path, root: Path, by_path: ByPath) -> bool:
    if not folder.is_relative_to(root):
        return False
    file = (folder.relative_to(root) / "test_any.py").as_posix()
    return by_path.classify(TestFacts(nodeid=file, function=file, location=Location(file=file))) is not None
