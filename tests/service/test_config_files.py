"""Configuration files on disk: which one is taken, what the ini form says, and files that cannot be read."""

from __future__ import annotations

import os
import re
import sys
from importlib import resources
from pathlib import Path

import pytest

from pytest_pyramid.core.problems import Problem
from pytest_pyramid.core.settings import Settings, describe, resolve
from pytest_pyramid.core.tiers import Action, Resource
from pytest_pyramid.stores.config_files import FILES, read_layers

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # type: ignore[import-not-found,unused-ignore]  # mypy sees 3.10, the machine may be newer

FORMATS = ("json", "html")

INI = "[pytest_pyramid]\ngate = soft\n"
TOML = '[tool.pytest_pyramid]\ngate = "soft"\n'


def problems(root: Path, inifile: Path | None = None) -> list[tuple[str, str, str, str | None]]:
    """(code, source, key, suggestion) of everything that reading or resolving finds wrong."""
    layers, wrong = read_layers(root, inifile)
    every = (*wrong, *resolve(layers, formats=FORMATS)[1])
    return [(p.code, p.source, p.key, p.suggestion) for p in every]


def settings(root: Path, inifile: Path | None = None) -> Settings:
    """The settings of good files."""
    layers, wrong = read_layers(root, inifile)
    found, more = resolve(layers, formats=FORMATS)
    assert (wrong, more) == ((), ())
    assert found is not None
    return found


def only_problem(root: Path) -> Problem:
    """The one thing that is wrong."""
    (problem,) = read_layers(root, None)[1]
    return problem


def defaults_text() -> str:
    """The shipped file as it is."""
    return resources.files("pytest_pyramid").joinpath("defaults.toml").read_text(encoding="utf-8")


def test_an_empty_folder_gives_the_defaults(tmp_path: Path) -> None:
    """Without any file the shipped settings hold, as the contract and the guard table say."""
    found = settings(tmp_path)
    assert found.pyramid.names == ("unit", "service", "ui", "performance")
    assert [tier.side for tier in found.pyramid] == [False, False, False, True]
    assert (found.default_tier, found.gate, found.guard, found.strict) == ("none", "strict", "warn", False)
    assert [tier.markers for tier in found.pyramid] == [
        ("unit", "small"),
        ("service", "integration", "functional", "component", "contract", "api", "medium"),
        (
            "ui",
            "e2e",
            "end2end",
            "end_to_end",
            "acceptance",
            "system",
            "browser",
            "large",
            "gui",
            "selenium",
            "playwright",
        ),
        ("performance", "nonfunctional", "benchmark"),
    ]
    assert dict(found.stages) == {"commit": ("unit",), "acceptance": ("service", "ui"), "performance": ("performance",)}
    allowed = [[r.value for r, action in tier.guard if action is Action.ALLOW] for tier in found.pyramid]
    everything = [resource.value for resource in Resource]
    assert allowed == [["tempfiles"], ["localhost", "process", "database", "tempfiles"], everything, everything]
    assert dict(found.pyramid.tiers[1].guard)[Resource.SLEEP] is Action.WARN


def test_ambiguous_folders_tell_no_tier(tmp_path: Path) -> None:
    """Folders that mean different things in different projects only give hints."""
    paths = " ".join(path for tier in settings(tmp_path).pyramid for path in tier.paths)
    assert not re.search(r"component|contract|api|system|acceptance|smoke|services", paths)


def test_describe_follows_the_shipped_file(tmp_path: Path) -> None:
    """--pyramid-show-config shows the settings in the order in which the shipped file explains them."""
    keys = [key.split(".")[0] for key, _, _ in describe(settings(tmp_path))]
    assert list(dict.fromkeys(keys)) == list(tomllib.loads(defaults_text())["tool"]["pytest_pyramid"])


def test_every_setting_is_explained() -> None:
    """Every key of the shipped file has a comment right above it, where it stands for the first time."""
    lines = defaults_text().splitlines()
    seen: set[str] = set()
    for number, text in enumerate(lines):
        key = re.match(r"(?:# )?([a-z-]+) = |\[+tool\.pytest_pyramid\.([a-z]+)\]", text)
        name = (key[1] or key[2]) if key else "commit"
        if key and name not in {*seen, "commit", "acceptance", "performance"}:
            assert lines[number - 1].startswith("# "), text
            seen.add(name)
    assert {"gate", "share", "max-seconds", "min-coverage", "stages", "rules"} <= seen


def test_the_examples_of_the_shipped_file_are_good_settings(tmp_path: Path) -> None:
    """Whoever copies the file and takes the comment signs away gets no problem."""
    text = re.sub(
        r"^# ((?:share|max-seconds|budget-seconds|timeout-seconds|min-coverage) = )",
        r"\1",
        defaults_text(),
        flags=re.MULTILINE,
    )
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    assert settings(tmp_path).pyramid.base.max_seconds == 0.5


@pytest.mark.parametrize("name", FILES)
def test_every_file_may_have_the_section(tmp_path: Path, name: str) -> None:
    """Each of the four files is read in its own form and named as the source."""
    (tmp_path / name).write_text(TOML if name.endswith("toml") else INI, encoding="utf-8")
    found = settings(tmp_path)
    assert found.gate == "soft"
    assert dict(found.sources)["gate"].startswith(f"{name} [")


@pytest.mark.parametrize(("winner", "loser"), [(a, b) for i, a in enumerate(FILES) for b in FILES[i + 1 :]])
def test_a_second_section_is_shadowed(tmp_path: Path, winner: str, loser: str) -> None:
    """The first file wins whole and the other one is told, never merged."""
    for name in (winner, loser):
        (tmp_path / name).write_text(TOML if name.endswith("toml") else INI, encoding="utf-8")
    assert problems(tmp_path) == [("PYR903", loser, "", None)]
    assert read_layers(tmp_path, None)[0][0].source.startswith(winner)
    assert winner in only_problem(tmp_path).message


def test_every_shadowed_section_is_told(tmp_path: Path) -> None:
    """Three files too many are three problems, together with what is wrong in the first."""
    for name in FILES:
        (tmp_path / name).write_text(
            '[tool.pytest_pyramid]\ngat = "a"' if name.endswith("toml") else "[pytest_pyramid]\ngat = a"
        )
    told = problems(tmp_path)
    assert [row[:2] for row in told[:3]] == [("PYR903", name) for name in FILES[1:]]
    assert told[3:] == [("PYR901", "pytest.ini [pytest_pyramid]", "gat", "gate")]


def test_a_file_asked_for_by_name_comes_first(tmp_path: Path) -> None:
    """`pytest -c ci.ini` takes the section of ci.ini and leaves the others in peace."""
    (tmp_path / "pyproject.toml").write_text('[tool.pytest_pyramid]\ngate = "off"\n')
    chosen = tmp_path / "ci.ini"
    chosen.write_text("[pytest]\n")
    assert settings(tmp_path, chosen).gate == "off"
    chosen.write_text(INI)
    assert settings(tmp_path, chosen).gate == "soft"
    assert settings(tmp_path, tmp_path / "pyproject.toml").gate == "off"


def test_the_ini_form_says_all_that_toml_says(tmp_path: Path) -> None:
    """Sections for tiers in file order, stages, resources, severity and rules; lists by commas or lines."""
    (tmp_path / "tox.ini").write_text(
        """
[tox]
env_list = py

[pytest_pyramid]
gate = soft
select = PYR1, PYR2
report =
    json:out.json
    html:-
strict = true

[pytest_pyramid:tier:unit]
share = min=0.6, max=0.9
max-seconds = 0.5
guard =
    network = error
    sleep = warn

[pytest_pyramid:tier:top]
markers = top, tall
workers = 2

[pytest_pyramid:stages]
commit = unit
all = unit, top

[pytest_pyramid:resources]
db = 2

[pytest_pyramid:severity]
PYR201 = error

[pytest_pyramid:rules:PYR401]
factor = 1.5
""",
        encoding="utf-8",
    )
    (tmp_path / "toml").mkdir()
    (tmp_path / "toml" / "pyproject.toml").write_text(
        """
[tool.pytest_pyramid]
gate = "soft"
select = ["PYR1", "PYR2"]
report = ["json:out.json", "html:-"]
strict = true
tiers = [
    { name = "unit", share = { min = 0.6, max = 0.9 }, max-seconds = 0.5, guard = { network = "error", sleep = "warn" } },
    { name = "top", markers = ["top", "tall"], workers = 2 },
]
stages = { commit = ["unit"], all = ["unit", "top"] }
resources = { db = 2 }
severity = { PYR201 = "error" }
rules.PYR401.factor = "1.5"
""",
        encoding="utf-8",
    )
    ini, toml = settings(tmp_path).to_plain(), settings(tmp_path / "toml").to_plain()
    assert {**ini, "sources": []} == {**toml, "sources": []}


@pytest.mark.parametrize(
    ("text", "key", "suggestion"),
    [
        ("[pytest_pyramid:tire:unit]\nworkers = 1", "[pytest_pyramid:tire:unit]", "pytest_pyramid:tier:unit"),
        ("[pytest_pyramid:stage]\na = unit", "[pytest_pyramid:stage]", "pytest_pyramid:stages"),
        ("[tool:pytest_pyramid]\ngate = off", "[tool:pytest_pyramid]", "pytest_pyramid"),
        ("[pytest-pyramid]\ngate = off", "[pytest-pyramid]", "pytest_pyramid"),
        ("[pytest_pyramids]\ngate = off", "[pytest_pyramids]", "pytest_pyramid"),
        ("[pytest_pyramid:rule:PYR201]\na = 1", "[pytest_pyramid:rule:PYR201]", "pytest_pyramid:rules:PYR201"),
    ],
)
def test_a_misspelt_section_is_told(tmp_path: Path, text: str, key: str, suggestion: str) -> None:
    """A section that nobody would ever read is a problem with the right spelling."""
    (tmp_path / "setup.cfg").write_text(text)
    assert problems(tmp_path) == [("PYR901", "setup.cfg", key, suggestion)]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('[tool.pytest-pyramid]\ngate = "off"', "[tool.pytest-pyramid]"),
        ('[tool.pytest-test-pyramid]\ngate = "off"', "[tool.pytest-test-pyramid]"),
        ('[pytest_pyramid]\ngate = "off"', "[pytest_pyramid]"),
    ],
)
def test_a_misspelt_table_is_told(tmp_path: Path, text: str, key: str) -> None:
    """The same for tables of pyproject.toml."""
    (tmp_path / "pyproject.toml").write_text(text)
    assert problems(tmp_path) == [("PYR901", "pyproject.toml", key, "tool.pytest_pyramid")]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[pytest_pyramid]\nstages = a=unit\n[pytest_pyramid:stages]\nb = unit", "stages"),
        ("[pytest_pyramid:stages]\nb = unit\n[pytest_pyramid]\nstages = a=unit", "stages"),
        ("[pytest_pyramid]\nrules = a\n[pytest_pyramid:rules:PYR201]\nb = 1", "rules"),
        ("[pytest_pyramid]\ntiers = unit\n[pytest_pyramid:tier:unit]\nworkers = 1", "tiers"),
        ("[pytest_pyramid:tier:unit]\nname = other", "tiers.unit.name"),
    ],
)
def test_a_table_given_twice_in_one_ini_file_is_told(tmp_path: Path, text: str, key: str) -> None:
    """A line of the main section and a section of its own for the same thing are not merged silently."""
    (tmp_path / "tox.ini").write_text(text)
    layers, wrong = read_layers(tmp_path, None)
    assert [(p.code, p.source, p.key) for p in wrong] == [("PYR902", "tox.ini [pytest_pyramid]", key)]
    assert len(layers) == 2


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("pyproject.toml", b"[tool.pytest_pyramid]\ngate = soft\n", "line 2"),
        ("pyproject.toml", b"[tool]\npytest_pyramid = 3\n", "must be a table"),
        ("tox.ini", b"[pytest_pyramid]\ngate = soft\ngate = off\n", "line 3"),
        ("tox.ini", b"[tox]\na = 1\n[pytest_pyramid]\ngate soft\n", "line 4"),
        ("tox.ini", b"[pytest_pyramid:tier:a]\nworkers=1\n[pytest_pyramid:tier:a]\nworkers=2\n", "line 3"),
        ("setup.cfg", b"[pytest_pyramid]\n# caf\xe9\ngate = soft\n", "line 2"),
        ("pyproject.toml", b"[tool.pytest_pyramid]\ngate = 'off'\n# caf\xe9\n", "line 3"),
    ],
)
def test_a_broken_file_of_ours_is_named_with_its_line(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    """Bad TOML, bad ini and bytes that are not UTF-8 end in one problem with the parser's line, in no traceback."""
    (tmp_path / name).write_bytes(data)
    problem = only_problem(tmp_path)
    assert (problem.code, problem.source) == ("PYR902", name)
    assert said in problem.message
    assert "\n" not in problem.message
    assert len(read_layers(tmp_path, None)[0]) == 1


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("tox.ini", b"[tox\nbroken"),
        ("tox.ini", b"\xff\xfe\x00"),
        ("setup.cfg", b"a = 1\n[a]\n[a]\n"),
        ("pyproject.toml", b"[project\nname = pytest-pyramid"),
        ("pyproject.toml", b'[project]\ndependencies = ["pytest-test-pyramid"]\n'),
        ("setup.cfg", b"[options]\ninstall_requires =\n    pytest_pyramid\n"),
    ],
)
def test_a_file_that_does_not_speak_of_us_is_left_alone(tmp_path: Path, name: str, data: bytes) -> None:
    """What is broken elsewhere, or only names the plugin as a dependency, is none of our business."""
    (tmp_path / name).write_bytes(data)
    assert problems(tmp_path) == []


def test_other_sections_may_be_as_odd_as_they_like(tmp_path: Path) -> None:
    """Only our sections are parsed, so that another tool's syntax beside them does no harm."""
    (tmp_path / "tox.ini").write_text(f"no header\n[a]\n[a]\nx = %(y)s\n  odd\n{INI}[b]\n: = :\n=\n")
    assert settings(tmp_path).gate == "soft"


def test_windows_line_ends_and_a_byte_order_mark_do_not_matter(tmp_path: Path) -> None:
    """Editors on Windows write both."""
    (tmp_path / "tox.ini").write_bytes(b"\xef\xbb\xbf" + INI.replace("\n", "\r\n").encode())
    assert settings(tmp_path).gate == "soft"


def test_a_folder_of_that_name_is_no_file(tmp_path: Path) -> None:
    """A folder called tox.ini is passed over."""
    (tmp_path / "tox.ini").mkdir()
    assert problems(tmp_path) == []


def test_a_file_that_may_not_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be read might hold settings, so silence would be wrong."""
    (tmp_path / "tox.ini").write_text(INI)

    def refuse(path: Path) -> bytes:
        raise PermissionError(13, os.strerror(13), str(path))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    problem = only_problem(tmp_path)
    assert (problem.code, problem.source) == ("PYR902", "tox.ini")
    assert problem.message == f"cannot be read: {os.strerror(13)}"
