"""From options, ini keys and files to settings; every problem is reported at once, before collection."""

from __future__ import annotations

import os
from collections.abc import Collection
from importlib import metadata
from pathlib import Path

import pytest

from pytest_pyramid.core.problems import problems_text
from pytest_pyramid.core.settings import Layer, Settings, resolve
from pytest_pyramid.core.shards import shard_in
from pytest_pyramid.session.markers import add_markers
from pytest_pyramid.stores.config_files import read_layers

OURS = "pytest-test-pyramid"
NAMESAKE = "pytest-pyramid"
_TRUTH = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "0": False}


def read_settings(config: pytest.Config, formats: Collection[str], notifiers: Collection[str]) -> Settings:
    """The settings of this run.

    Raises pytest.UsageError with every problem of every source, and when the namesake is installed too.
    """
    _refuse_namesake()
    _refuse_distribution(config)
    files, problems = read_layers(Path(config.rootpath), config.inipath)
    settings, more = resolve((_command_line(config), *_ini(config), *files), formats=formats, notifiers=notifiers)
    if settings is None or problems or more:
        raise pytest.UsageError(problems_text((*problems, *more)))
    return settings


def is_question(config: pytest.Config) -> bool:
    """True when the command line asks something instead of running tests."""
    return config.getoption("pyramid_explain") is not None or bool(config.getoption("pyramid_show_config"))


def register_markers(config: pytest.Config) -> None:
    """Register the markers of configured tiers, so that strict markers stay happy while the plugin is off."""
    files, _ = read_layers(Path(config.rootpath), config.inipath)
    settings, _ = resolve(files, formats=None)
    if settings is not None:
        add_markers(config, settings)


def asks_for_coverage(config: pytest.Config) -> bool:
    """True when a section of the project's files asks for coverage by tier; what is wrong in them is told later."""
    files, _ = read_layers(Path(config.rootpath), config.inipath)
    settings, _ = resolve(files, formats=())
    return settings is not None and settings.cov != "off"


def _command_line(config: pytest.Config) -> Layer:
    option = config.option
    return Layer(
        source="command line",
        values={
            "gate": option.pyramid_gate,
            "guard": option.pyramid_guard,
            "strict": option.pyramid_strict,
            "report": option.pyramid_report,
            "history": option.pyramid_history,
            "cov": option.pyramid_cov,
            "baseline": option.pyramid_baseline,
            "tier": _names(option.pyramid_tier),
            "upto": option.pyramid_upto,
            "stage": option.pyramid_stage,
            "shard": _shard(option.pyramid_shard),
        },
    )


def _ini(config: pytest.Config) -> tuple[Layer, Layer]:
    """What -o gives and, weaker, what the ini file does; pytest itself does not tell them apart."""
    pairs: list[str] = config.getoption("override_ini") or []
    overridden = {pair.partition("=")[0].strip().removeprefix("pyramid_") for pair in pairs}
    values = {
        "gate": config.getini("pyramid_gate"),
        "guard": config.getini("pyramid_guard"),
        "strict": _strict_of_ini(config),
        "report": config.getini("pyramid_report") or None,
        "history": config.getini("pyramid_history") or None,
        "cov": _cov_of_ini(config),
        "baseline": config.getini("pyramid_baseline") or None,
        "transport": config.getini("pyramid_transport"),
    }
    name = config.inipath.name if config.inipath else "ini"
    return (
        Layer(source="-o pyramid_* keys", values={key: values[key] for key in values if key in overridden}),
        Layer(source=f"{name} pyramid_* keys", values={key: values[key] for key in values if key not in overridden}),
    )


def _strict_of_ini(config: pytest.Config) -> bool | str | None:
    """The key's value; what pytest takes for no truth value as text, so that it is told among the other problems."""
    try:
        strict: bool | None = config.getini("pyramid_strict")
    except (ValueError, pytest.UsageError) as error:  # which of the two depends on pytest's version
        return str(error)
    return strict


def _cov_of_ini(config: pytest.Config) -> bool | str | None:
    """The key's value; a word for yes or no as what it means."""
    word: str | None = config.getini("pyramid_cov")
    return _TRUTH.get((word or "").lower(), word or None)


def _shard(text: str | None) -> str | None:
    """What was asked for, or what the build system says where that was asked for."""
    return shard_in(os.environ) or text if text == "auto" else text


def _names(text: str | None) -> list[str] | None:
    return None if text is None else [name.strip() for name in text.split(",") if name.strip()]


def _refuse_namesake() -> None:
    """Two distributions own the import package `pytest_pyramid`; pip lets one overwrite the other in silence."""
    try:
        metadata.distribution(NAMESAKE)
    except metadata.PackageNotFoundError:
        return
    raise pytest.UsageError(
        f"{OURS} and {NAMESAKE} (fixtures for the Pyramid web framework) are both installed, and both own the import "
        f"package pytest_pyramid: whichever was installed last has overwritten the other.\n"
        f"Uninstall both, then install the one you want: pip uninstall {OURS} {NAMESAKE}, pip install {OURS}."
    )


def _refuse_distribution(config: pytest.Config) -> None:
    if config.getoption("dist", "no") == "each":
        raise pytest.UsageError(
            "--dist=each runs every test on every worker, so there is no order of tiers to keep: "
            "use --dist=load (or leave it out) with --pyramid, or --no-pyramid with --dist=each."
        )
