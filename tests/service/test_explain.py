"""Questions instead of a run."""

from __future__ import annotations

import pytest

from tests.service.conftest import Project

SUITE = {
    "pytest.ini": (
        "[pytest]\n[pytest_pyramid:tier:unit]\nmax-seconds = 0.5\n"
        "[pytest_pyramid:tier:service]\nworkers = 2\n[pytest_pyramid:tier:ui]\n"
    ),
    "conftest.py": "def pytest_runtest_setup(item): raise SystemExit('a test was run')\n",
    "tests/unit/test_a.py": (
        "import pytest\n@pytest.mark.parametrize('n', [1, 2])\ndef test_many(n): pass\n"
        "@pytest.mark.ui\n@pytest.mark.service\n@pytest.mark.pyramid(max_seconds=3, resource='db')\n"
        "def test_ui(): pass\n"
    ),
    "tests/test_b.py": "def test_plain(): pass\n",
}


def answer(project: Project, *arguments: str) -> list[str]:
    """The lines of an answer, which is a success that ran nothing."""
    result = project.files(SUITE).pytest(*arguments)
    assert result.ret == pytest.ExitCode.OK, result.stdout.str() + result.stderr.str()
    assert "a test was run" not in result.stdout.str()
    return result.outlines


def has(lines: list[str], *words: str) -> bool:
    """True when one line holds these words in this order."""
    return any(" ".join(words) in " ".join(line.split()) for line in lines)


def test_a_test_is_explained(project: Project) -> None:
    """Its tier, the reason, every limit with its source, and what its gate waits for and holds."""
    lines = answer(project, "--pyramid-explain=tests/unit/test_a.py::test_many[2]")
    assert has(lines, "tests/unit/test_a.py::test_many[2]")
    assert has(lines, "tier unit because: path tests/unit")
    assert has(lines, "seconds at most 0.5 s from: pytest.ini [pytest_pyramid]")
    assert "  gate     strict: a failure withholds service, ui" in lines


@pytest.mark.parametrize(("speed", "above"), [((), "service, ui"), (("test_speed.py",), "service, ui, performance")])
def test_a_tier_beside_the_shape_is_told_where_it_has_tests(
    project: Project, speed: tuple[str, ...], above: str
) -> None:
    """A failure withholds it like every other tier above."""
    files = {f"tests/performance/{name}": "def test_speed(): pass\n" for name in speed}
    made = project.files({**SUITE, "pytest.ini": "[pytest]\n", **files})
    result = made.pytest("--pyramid-explain=tests/unit/test_a.py::test_many")
    assert f"  gate     strict: a failure withholds {above}" in result.outlines


def test_a_function_stands_for_its_cases(project: Project) -> None:
    """A node id without parameters explains the function."""
    assert has(answer(project, "--pyramid-explain=tests/unit/test_a.py::test_many"), "tier unit because:")


def test_the_marks_of_a_test_are_explained(project: Project) -> None:
    """Other evidence, a second tier at the same level, and the test's own limits are told."""
    lines = answer(project, "--pyramid-explain=tests/unit/test_a.py::test_ui")
    assert has(lines, "tier ui because: marker ui")
    assert has(lines, "also path tests/unit speaks for unit")
    assert has(lines, "also the marks at the same level name service; the higher tier is taken")
    assert has(lines, "seconds at most 3 s from: the test's own mark")
    assert has(lines, "needs db from: the test's own mark")
    assert has(lines, "gate strict: waits for unit, service")


def test_an_unclassified_test_is_told_how_to_mend_it(project: Project) -> None:
    """It runs with the base, is not counted as one, and a mark would place it."""
    lines = answer(project, "--pyramid-explain=tests/test_b.py::test_plain")
    assert has(lines, "tier unclassified because: no marker, path or other evidence")
    assert has(lines, "runs with unit")
    assert has(lines, "mend mark it (@pytest.mark.unit)")


@pytest.mark.parametrize("word", ["PYR101", "pyr101", "inverted-pyramid", "PYR901", "unknown-key"])
def test_a_rule_shows_its_page(project: Project, word: str) -> None:
    """A code or a name prints the page, also of codes that no rule gives; nothing is collected for it."""
    (project.path / "test_broken.py").write_text("raise SystemExit('collected')\n", encoding="utf-8")
    lines = answer(project, f"--pyramid-explain={word}")
    assert has(lines, "# PYR101 inverted-pyramid") or has(lines, "# PYR901 unknown-key")
    assert has(lines, "## Why it matters")


def test_all_is_a_table_of_all_tests(project: Project) -> None:
    """Every test with its tier and the reason, in the order in which they would run."""
    lines = answer(project, "--pyramid-explain=all")
    rows = [line.split(None, 1)[0] for line in lines if "::" in line]
    assert rows == ["unclassified", "unit", "unit", "ui"]
    assert has(lines, "tier because test")


def test_an_unknown_question_suggests_the_nearest(project: Project) -> None:
    """A mistyped node id or code is a usage error that names what may have been meant."""
    project.files(SUITE)
    for asked, near in (
        ("tests/unit/test_a.py::test_uii", "::test_ui'"),
        ("PYR2O1", "PYR201"),
        ("unknwon-key", "unknown-key"),
    ):
        result = project.pytest(f"--pyramid-explain={asked}")
        assert result.ret == pytest.ExitCode.USAGE_ERROR
        assert f"is called '{asked}'; did you mean" in result.stderr.str()
        assert near in result.stderr.str()


def test_show_config_lists_every_setting_with_its_source(project: Project) -> None:
    """Each line is a key, a value and a source; nothing is collected."""
    (project.path / "test_broken.py").write_text("raise SystemExit('collected')\n", encoding="utf-8")
    lines = answer(project, "--pyramid-show-config", "--pyramid-gate=soft")
    assert has(lines, "setting value from")
    assert has(lines, "gate soft command line")
    assert has(lines, "tiers.unit.max-seconds 0.5 pytest.ini [pytest_pyramid]")
    assert has(lines, "stages.commit unit")


def test_a_question_does_not_start_workers(project: Project) -> None:
    """With -n the answer comes from this process."""
    lines = answer(project, "-n2", "--pyramid-explain=all")
    assert not any("2/2 workers" in line or line.startswith(("gw0 ", "2 workers")) for line in lines)
    assert has(lines, "unit path tests/unit tests/unit/test_a.py::test_many[1]")


def test_a_question_is_answered_without_a_terminal_reporter_too(project: Project) -> None:
    """Other plugins may have replaced the terminal reporter; nothing breaks."""
    result = project.files(SUITE).pytest("--pyramid-explain=all", "-p", "no:terminal")
    assert result.ret == pytest.ExitCode.OK


EVIDENT = {
    "tests/unit/test_a_tool.py": "import subprocess, sys\ndef test_tool(): subprocess.run([sys.executable, '-c', ''])\n",
    "tests/service/test_tool.py": "import subprocess, sys\ndef test_tool(): subprocess.run([sys.executable, '-c', ''])\n",
    "tests/test_flat.py": "def test_flat(client): pass\nimport pytest\n@pytest.fixture\ndef client(): pass\n",
    "tests/service/test_quick.py": "def test_quick(): pass\n",
}
VERDICTS = [
    (
        "unit/test_a_tool.py::test_tool",
        "call subprocess.run",
        "the evidence speaks for a higher tier: move it to service",
    ),
    ("service/test_tool.py::test_tool", "call subprocess.run", "claim and evidence agree"),
    ("test_flat.py::test_flat", "fixture client", "nobody has said where it belongs; the evidence speaks for service"),
]


@pytest.mark.parametrize(("test", "reason", "verdict"), VERDICTS)
def test_claim_and_evidence_are_compared(project: Project, test: str, reason: str, verdict: str) -> None:
    """What the code of any test calls is shown, with the tier that it speaks for, and how that stands to the claim."""
    lines = project.files(EVIDENT).pytest(f"--pyramid-explain=tests/{test}").outlines
    assert has(lines, f"evidence {reason} speaks for service")
    assert has(lines, f"verdict {verdict}")


def test_the_past_is_evidence(project: Project) -> None:
    """What past runs saw is shown beside it, once there were enough of them; a history in disorder says nothing."""
    options = (
        f"--pyramid-history={project.path / 'h.sqlite3'}",
        "--pyramid-explain=tests/service/test_quick.py::test_quick",
    )
    project.files(EVIDENT)
    for _ in range(3):
        assert has(project.pytest(*options).outlines, "verdict nothing is known that speaks for or against it")
        project.pytest("--pyramid", options[0], "tests/service/test_quick.py")
    lines = project.pytest(*options).outlines
    assert has(lines, "evidence history of 3 runs: touched nothing that unit may not,")
    assert has(lines, "verdict the evidence speaks for a lower tier: look whether it belongs to unit")
    (project.path / "h.sqlite3").write_bytes(b"no database at all, but longer than a header of one hundred bytes" * 4)
    assert has(project.pytest(*options).outlines, "verdict nothing is known that speaks for or against it")


def test_the_past_hints_in_reports(project: Project) -> None:
    """A test without a tier carries what past runs saw of it."""
    options = (f"--pyramid-history={project.path / 'h.sqlite3'}", "tests/test_flat.py")
    project.files(EVIDENT)
    kinds = [[hint["kind"] for hint in project.report(*options)["tests"][0]["hints"]] for _ in range(4)]
    assert kinds == [["fixture"], ["fixture"], ["fixture"], ["history", "fixture"]]


def test_a_project_may_read_the_past_too(project: Project) -> None:
    """What its own hook makes of past behaviour is a hint like the others, under its own kind."""
    conftest = (
        "from pytest_pyramid.core.evidence import Suggestion\n"
        "def pytest_pyramid_suggest(evidence):\n"
        "    if evidence.behaviour.runs: return Suggestion('ui', 'team', 'seen before', 0.3)\n"
    )
    options = (f"--pyramid-history={project.path / 'h.sqlite3'}", "tests/test_flat.py")
    project.files({**EVIDENT, "conftest.py": conftest})
    kinds = [[hint["kind"] for hint in project.report(*options)["tests"][0]["hints"]] for _ in range(2)]
    assert kinds == [["fixture"], ["fixture", "team"]]


@pytest.mark.pyramid_allow("process", reason="the inner run has a test that starts one")
def test_a_test_that_behaves_like_a_lower_tier_is_told(project: Project) -> None:
    """PYR701, when selected: from the fourth run on, only the test that touches nothing."""
    options = (f"--pyramid-history={project.path / 'h.sqlite3'}", "tests/service", "-o", "addopts=")
    project.files({**EVIDENT, "pytest.ini": "[pytest]\n[pytest_pyramid]\nselect = PYR701\n"})
    found = [[one["nodeid"] for one in project.report(*options)["violations"]] for _ in range(4)]
    assert found == [[], [], [], ["tests/service/test_quick.py::test_quick"]]
