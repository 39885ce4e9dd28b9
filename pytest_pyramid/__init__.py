"""A pytest plugin that keeps the test pyramid. Importing it costs nothing: see `plugin` for the entry."""

__version__ = "0.1.0"
