"""How Sphinx builds these pages: MyST Markdown with the furo theme, and the version that the package states."""

import re
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent / "pytest_pyramid" / "__init__.py"

project = "pytest-test-pyramid"
author = "The pytest-test-pyramid authors"
project_copyright = f"2026, {author}"
# Read, not imported: the pages can be built without installing the plugin.
release = re.findall(r'^__version__ = "(.+)"$', _PACKAGE.read_text(encoding="utf-8"), re.MULTILINE)[0]

extensions = ["myst_parser"]
myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build", "changelog.d", "examples"]

html_theme = "furo"
html_title = f"{project} {release}"
