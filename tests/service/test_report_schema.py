"""The published schema of the JSON report: it holds what we write, and refuses what we do not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from pytest_pyramid.core.plain_report import to_plain
from pytest_pyramid.core.report import SCHEMA_VERSION, RunReport
from tests.documents.pages import CHECKOUT
from tests.unit import canonical

SCHEMA: dict[str, Any] = json.loads((CHECKOUT / "docs/reference/report.schema.json").read_text(encoding="utf-8"))
REPORTS = ("open_report", "closed_report", "cone_report", "partial_report", "full_report")


def written(name: str) -> dict[str, Any]:
    """The canonical report as a reader of the file gets it."""
    made: Callable[[], RunReport] = getattr(canonical, name)
    plain: dict[str, Any] = json.loads(json.dumps(to_plain(made())))
    return plain


def unknown(value: object, schema: dict[str, Any], path: str = "") -> Iterator[str]:
    """The keys of the value that the schema does not name, by their path."""
    schema = SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    if "anyOf" in schema and value is not None:
        schema = schema["anyOf"][1]
        yield from unknown(value, schema, path)
    elif isinstance(value, list):
        for one in value:
            yield from unknown(one, schema["items"], path)
    elif isinstance(value, dict) and "properties" in schema:
        for key, child in value.items():
            if key in schema["properties"]:
                yield from unknown(child, schema["properties"][key], f"{path}/{key}")
            else:
                yield f"{path}/{key}"


@pytest.mark.parametrize("name", REPORTS)
def test_every_key_that_is_written_is_in_the_schema(name: str) -> None:
    """A new key is published with the schema and the page, or not at all."""
    assert sorted(set(unknown(written(name), SCHEMA))) == []


def test_the_page_tells_every_key_of_the_schema() -> None:
    """In the order of the page; only what the part of a shard holds is nobody's business."""
    page = (CHECKOUT / "docs/reference/report.md").read_text(encoding="utf-8")
    kinds = [SCHEMA, *SCHEMA["$defs"].values()]
    keys = {key for kind in kinds for key in kind["properties"]}
    assert sorted(key for key in keys if f"`{key}`" not in page) == []


def test_the_schema_is_of_this_version() -> None:
    """A new version of the report needs a new schema."""
    assert SCHEMA["properties"]["schema_version"] == {"const": SCHEMA_VERSION}


@pytest.mark.parametrize("name", REPORTS)
def test_every_canonical_report_is_valid(name: str) -> None:
    """By a validator that is not ours."""
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.Draft202012Validator(SCHEMA).validate(written(name))


SPOILT: dict[str, Callable[[dict[str, Any]], object]] = {
    "another version": lambda plain: plain.update(schema_version=2),
    "no tests": lambda plain: plain.pop("tests"),
    "a text for seconds": lambda plain: plain["run"].update(seconds="1.0"),
    "an unknown outcome": lambda plain: plain["tests"][0].update(outcome="maybe"),
    "a share in per cent": lambda plain: plain["tiers"][0].update(share=70.0),
    "a severity that is off": lambda plain: plain["violations"][0].update(severity="off"),
    "a count below zero": lambda plain: plain["gates"][0].update(withheld=-1),
    "no file": lambda plain: plain["tests"][0].pop("file"),
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT.keys())
def test_what_is_no_report_is_refused(spoil: Callable[[dict[str, Any]], object]) -> None:
    """The schema says more than that there is an object."""
    jsonschema = pytest.importorskip("jsonschema")
    plain = written("full_report")
    plain["violations"] = plain["violations"] or written("closed_report")["violations"]
    spoil(plain)
    assert not jsonschema.Draft202012Validator(SCHEMA).is_valid(plain)
