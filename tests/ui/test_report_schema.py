"""A real report is what the published schema says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.documents.pages import CHECKOUT
from tests.harness import Suite

jsonschema = pytest.importorskip("jsonschema")
SCHEMA = json.loads((CHECKOUT / "docs/reference/report.schema.json").read_text(encoding="utf-8"))
TOUCHING = "import time\n\ndef test_waits():\n    time.sleep(0.01)\n"

RUNS = {
    "closed": ("-n", "2"),
    "in one process, with coverage": ("-n", "0", "--pyramid-cov=test"),
    "a shard": ("--pyramid-shard=1/2",),
    "a part": ("-k", "unit"),
}


@pytest.mark.parametrize("arguments", RUNS.values(), ids=RUNS.keys())
def test_a_real_report_is_valid(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """Of a run with a failure, a touch and withheld tests; the second run knows the first."""
    suite = Suite().failing("unit").with_file("tests/unit/test_waiting.py", TOUCHING)
    for _ in range(2):
        result = suite.run(tmp_path, *arguments)
        jsonschema.Draft202012Validator(SCHEMA).validate(result.report)
    assert result.report["tests"] != []
