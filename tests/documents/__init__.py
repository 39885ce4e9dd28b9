"""The documentation as a test: what its pages hold, and how each kind of block is checked or run."""
