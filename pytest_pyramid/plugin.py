"""The pytest11 entry point: options, hook specifications, and the choice to act. Everything else is imported only then.

pytest loads this module in every run of everybody who has the package installed, so it imports nothing but pytest.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Generator

import pytest

TIER_MARKERS = ("unit", "service", "ui")


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Let conftest files and plugins implement our hooks, whether the plugin acts on this run or not."""
    from pytest_pyramid import hookspecs

    pluginmanager.add_hookspecs(hookspecs)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options and their ini keys; values are checked in `session.options`, all together."""
    group = parser.getgroup("pyramid", "test pyramid")
    option = group.addoption
    option(
        "--pyramid",
        action="store_const",
        const=True,
        default=None,
        dest="pyramid",
        help="Keep the test pyramid: classify, order, gate, judge and report.",
    )
    option("--no-pyramid", action="store_const", const=False, dest="pyramid", help="Switch it off for this run.")
    option(
        "--pyramid-gate",
        metavar="strict|soft|off",
        help="What a failure does to the tiers above: strict (default) starts none before all below went well, "
        "soft starts them early on idle workers until the cord is pulled, off withholds nothing.",
    )
    option(
        "--pyramid-guard",
        metavar="error|warn|off",
        help="What happens when a test touches what its tier may not: warn (default) reports it, error fails the test.",
    )
    option("--pyramid-tier", metavar="NAME[,NAME]", help="Run only these tiers.")
    option("--pyramid-upto", metavar="NAME", help="Run this tier and all below it.")
    option("--pyramid-stage", metavar="NAME", help="Run the tiers of a stage (commit, acceptance, or your own).")
    option(
        "--pyramid-require",
        action="append",
        metavar="PATH",
        help="Start only when the stage that wrote this verdict (--pyramid-report=verdict:PATH) was green; repeatable.",
    )
    option(
        "--pyramid-shard",
        metavar="I/N|auto",
        help="Run the I-th of N parts of the suite; auto asks GitLab, CircleCI or Buildkite which.",
    )
    option("--pyramid-strict", action="store_true", default=None, help="Warnings of every rule become errors.")
    option(
        "--pyramid-report",
        action="append",
        metavar="FORMAT:PATH",
        help="Write a report (json); repeatable; '-' as PATH is the standard output.",
    )
    option(
        "--pyramid-cov",
        "--pyramid-cov=tier",
        action="store_const",
        const="tier",
        dest="pyramid_cov",
        help="Coverage by tier, in the same run and with whatever measures it.",
    )
    option(
        "--pyramid-cov=test",
        action="store_const",
        const="test",
        dest="pyramid_cov",
        help="The same, with the tests above the base told apart: which of them add nothing?",
    )
    option("--pyramid-cov=off", action="store_const", const="off", dest="pyramid_cov", help="No coverage by tier.")
    option(
        "--pyramid-history",
        metavar="PATH|off",
        help="Where durations and outcomes are kept from run to run; without it in pytest's cache folder.",
    )
    option(
        "--pyramid-baseline",
        metavar="PATH",
        help="A file of known violations: they fail nothing, and may only get fewer.",
    )
    option(
        "--pyramid-update-baseline",
        action="store_true",
        help="Write the violations of this run to the baseline file; reasons and last days in it are kept.",
    )
    option(
        "--pyramid-explain",
        metavar="NODEID|CODE|all",
        help="Say why a test is in its tier, print a rule's page, or list every test; runs no test.",
    )
    option(
        "--pyramid-show-config", action="store_true", help="Show every setting and where it comes from; run no test."
    )
    parser.addini("pyramid", "Keep the test pyramid in every run (--pyramid).", type="bool", default=False)
    parser.addini("pyramid_gate", "strict, soft or off (--pyramid-gate).", default=None)
    parser.addini("pyramid_guard", "error, warn or off (--pyramid-guard).", default=None)
    parser.addini(
        "pyramid_strict", "Warnings of every rule become errors (--pyramid-strict).", type="bool", default=None
    )
    parser.addini("pyramid_history", "A file for durations and outcomes, or off (--pyramid-history).", default=None)
    parser.addini("pyramid_cov", "tier, test or off: coverage by tier (--pyramid-cov).", default=None)
    parser.addini("pyramid_baseline", "A file of known violations (--pyramid-baseline).", default=None)
    parser.addini("pyramid_report", "Reports to write, one FORMAT:PATH a line (--pyramid-report).", type="linelist")
    parser.addini("pyramid_transport", "batched or stock: how xdist's workers send their events.", default=None)


def acts_on(config: pytest.Config) -> bool:
    """True when the plugin is switched on for this run, by option or by ini."""
    chosen = config.getoption("pyramid")
    if config.getoption("pyramid_explain") or config.getoption("pyramid_show_config"):
        return chosen is not False
    if chosen is not None:
        return bool(chosen)
    try:
        return bool(config.getini("pyramid"))
    except (ValueError, pytest.UsageError) as error:  # which of the two depends on pytest's version
        raise pytest.UsageError(f"pytest-test-pyramid: pyramid in the ini file or -o: {error}") from None


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Let the guard reach time.sleep before a conftest takes it by name; from 3.13 on Python tells of it anyway."""
    if sys.version_info >= (3, 13):
        return
    known = early_config.known_args_namespace
    try:
        on = early_config.getini("pyramid") if known.pyramid is None else known.pyramid
        off = "off" in (known.pyramid_guard, early_config.getini("pyramid_guard"))
    except (ValueError, pytest.UsageError):
        return  # told when the settings are read
    if on and not off:
        _import_plainly(early_config)
        from pytest_pyramid.guards.sleep import SLEEP
        from pytest_pyramid.session import trampolines

        trampolines.put_in(one for one in SLEEP.trampolines if one.module == "time")


@pytest.hookimpl(specname="pytest_load_initial_conftests")
def pytest_start_coverage(early_config: pytest.Config) -> None:
    """Measure coverage by tier before a conftest imports anything; behind pytest-cov, which may be measuring then."""
    if _wants_coverage(early_config):
        from pytest_pyramid.session import coverage_start

        coverage_start.start(early_config)


@pytest.hookimpl(wrapper=True, specname="pytest_load_initial_conftests")
def pytest_spare_live_data(early_config: pytest.Config) -> Generator[None]:
    """Keep pytest-cov in a worker that replaces a crashed one from deleting the data that other workers write to."""
    if "PYTEST_XDIST_WORKER" in os.environ and _wants_coverage(early_config):
        early_config.known_args_namespace.cov_append = True
    return (yield)


def _wants_coverage(config: pytest.Config) -> bool:
    """True when this run is to be measured by tier, by option, ini key or section."""
    known = config.known_args_namespace
    try:
        on = config.getini("pyramid") if known.pyramid is None else known.pyramid
        word = (known.pyramid_cov or config.getini("pyramid_cov") or "").lower()
    except (ValueError, pytest.UsageError):
        return False  # told when the settings are read
    if not on or word:
        return bool(on) and word not in ("off", "false", "no", "0")
    if not _files_say(config, b"pytest_pyramid", b"cov"):
        return False
    from pytest_pyramid.session import options

    return options.asks_for_coverage(config)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Register the markers, so that strict markers stay happy, and take up a role when switched on."""
    add = config.addinivalue_line
    for name in TIER_MARKERS:
        add("markers", f"{name}: a test of the {name} tier of the test pyramid")
    add("markers", "pyramid(max_seconds=None, resource=None): a limit of this test, or a resource that it claims")
    add("markers", "pyramid_allow(resource, reason): let this test touch what its tier may not")
    add("markers", "smoke: a test that starts first in its tier")
    add("markers", "manual(steps): a test that a person does; it is counted and listed, and not run")
    if hasattr(config, "workerinput"):
        if "pyramid" in config.workerinput:
            _import_plainly(config)
            from pytest_pyramid.session import worker

            worker.take_up(config)
    elif acts_on(config):
        _import_plainly(config)
        from pytest_pyramid.session import roles

        roles.take_up(config)
    else:
        _register_own_markers(config)


def _import_plainly(config: pytest.Config) -> None:
    from pytest_pyramid import plain_imports

    config.add_cleanup(plain_imports.put_in())


def _register_own_markers(config: pytest.Config) -> None:
    """Register the markers of configured tiers, also while switched off; a project without our section pays a read."""
    if _files_say(config, b"pytest_pyramid"):
        from pytest_pyramid.session import options

        options.register_markers(config)


def _files_say(config: pytest.Config, *words: bytes) -> bool:
    """True when one of the files that may configure us holds all of the words."""
    from pathlib import Path

    names = ("pyproject.toml", "pytest.ini", "tox.ini", "setup.cfg")
    files = {Path(config.inipath or ""), *(Path(config.rootpath, name) for name in names)}
    try:
        texts = [path.read_bytes() for path in files if path.is_file()]
    except OSError:
        return False
    return any(all(word in text for word in words) for text in texts)
