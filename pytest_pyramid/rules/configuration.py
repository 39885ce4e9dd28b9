"""The codes of configuration. They are told while settings are read, so they have a name and a page and no rule."""

from __future__ import annotations

from pytest_pyramid.core.problems import BAD_VALUE, SHADOWED_SECTION, UNKNOWN_KEY
from pytest_pyramid.core.ruling import CodePage

CONFIGURATION = (
    CodePage(
        code=UNKNOWN_KEY,
        name="unknown-key",
        text="""
        The configuration has a key that the plugin does not know.

        ## What it does

        Compares every key of `[tool.pytest_pyramid]`, of its tiers and of the options of rules with those that exist,
        and names the nearest one. All problems of the configuration are told at once.

        ## Why it matters

        A mistyped key would otherwise be a setting that silently does nothing.

        ## How to fix

        Correct the key or remove it. `pytest --pyramid-show-config` lists every key, its value and its source.

        ## Options

        None. It cannot be switched off.

        ## Example

        ```text
        pyproject.toml [tool.pytest_pyramid]: defualt-tier: is no known key, did you mean 'default-tier'? (PYR901)
        ```
        """,
    ),
    CodePage(
        code=BAD_VALUE,
        name="bad-value",
        text="""
        The configuration has a value that its key cannot take.

        ## What it does

        Reads every value with the type of its key, and compares names of tiers, stages, rules and reports with those
        that exist. All problems of the configuration are told at once.

        ## Why it matters

        A run with half of its settings would pass or fail for reasons that nobody chose.

        ## How to fix

        The message says what the key takes and names the nearest valid word. `pytest --pyramid-show-config` shows
        valid values and where each comes from.

        ## Options

        None. It cannot be switched off.

        ## Example

        ```text
        pyproject.toml [tool.pytest_pyramid]: gate: is 'strickt', must be one of strict, soft, off, did you mean 'strict'? (PYR902)
        ```
        """,
    ),
    CodePage(
        code=SHADOWED_SECTION,
        name="shadowed-section",
        text="""
        Two files configure the plugin, and only one of them counts.

        ## What it does

        Looks for the plugin's section in every file that may hold it. One file's section counts as a whole; sections
        are never mixed. A second section is told, with both files.

        ## Why it matters

        Whoever edits the file that does not count would wonder why nothing changes.

        ## How to fix

        Keep the section in one file and move what is missing there.

        ## Options

        None. It cannot be switched off.

        ## Example

        `[pytest_pyramid]` in pytest.ini and `[tool.pytest_pyramid]` in pyproject.toml of the same project.
        """,
    ),
)
