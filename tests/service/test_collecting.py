"""Collection with a real pytest: which tier, which order, which selection."""

from __future__ import annotations

import pytest

from tests.service.conftest import Project

TEST = "def test_1(): pass\ndef test_2(): pass\n"
SUITE = {
    "tests/a_ui/test_ui.py": f"import pytest\npytestmark = pytest.mark.ui\n{TEST}",
    "tests/service/test_service.py": TEST,
    "tests/unit/test_unit.py": TEST,
    "tests/test_other.py": TEST,
}
OTHER = ["tests/test_other.py::test_1", "tests/test_other.py::test_2"]
UNIT = ["tests/unit/test_unit.py::test_1", "tests/unit/test_unit.py::test_2"]
SERVICE = ["tests/service/test_service.py::test_1", "tests/service/test_service.py::test_2"]
UI = ["tests/a_ui/test_ui.py::test_1", "tests/a_ui/test_ui.py::test_2"]


def test_tests_are_sorted_by_tier(project: Project) -> None:
    """The base comes first, with unclassified tests in the place where collection put them."""
    assert project.files(SUITE).collected() == [*OTHER, *UNIT, *SERVICE, *UI]


@pytest.mark.parametrize("how", ["tryfirst=True", "trylast=True", "hookwrapper=True", "wrapper=True, tryfirst=True"])
def test_nobody_reorders_behind_our_back(project: Project, how: str) -> None:
    """Whenever a plugin shuffles, its order holds inside a tier and no further."""
    before = "    result = yield\n" if "rapper" in how else ""
    after = "    return result\n" if "wrapper=True, tryfirst" in how else ""
    hook = (
        f"import pytest\n@pytest.hookimpl({how})\ndef pytest_collection_modifyitems(items):\n"
        f"{before}    items.reverse()\n{after}"
    )
    found = project.files({**SUITE, "conftest.py": hook}).collected()
    assert [sorted(found[:4]), sorted(found[4:6]), sorted(found[6:])] == [sorted(OTHER + UNIT), SERVICE, UI]
    assert found[4:] == [*SERVICE[::-1], *UI[::-1]]


@pytest.mark.parametrize(
    ("option", "expected"),
    [
        ("--pyramid-tier=unit", [*OTHER, *UNIT]),
        ("--pyramid-tier=service", SERVICE),
        ("--pyramid-tier=unit,ui", [*OTHER, *UNIT, *UI]),
        ("--pyramid-upto=service", [*OTHER, *UNIT, *SERVICE]),
        ("--pyramid-stage=commit", [*OTHER, *UNIT]),
        ("--pyramid-stage=acceptance", [*SERVICE, *UI]),
    ],
)
def test_a_run_may_select_tiers(project: Project, option: str, expected: list[str]) -> None:
    """Only the selected tiers are left; unclassified tests go with the base."""
    assert project.files(SUITE).collected(option) == expected


def test_what_is_not_selected_is_deselected_in_the_usual_way(project: Project) -> None:
    """pytest counts the tests of other tiers as deselected, and the report says that the run is partial."""
    report = project.files(SUITE).report("--pyramid-tier=ui")
    assert [test["nodeid"] for test in report["tests"]] == UI
    assert report["run"]["partial_reason"] == "only ui"
    project.pytest("--pyramid", "--pyramid-tier=ui").assert_outcomes(passed=2, deselected=6)


@pytest.mark.parametrize("how", ["", "tryfirst=True", "trylast=True", "wrapper=True"])
def test_marks_that_a_conftest_puts_on_the_collected_tests_count(project: Project, how: str) -> None:
    """Many suites mark by folder or fixture there; the order and the selection go by those marks, too."""
    hook = (
        f"import pytest\n@pytest.hookimpl({how})\ndef pytest_collection_modifyitems(items):\n"
        "    for item in items:\n        if 'other' in item.nodeid:\n            item.add_marker(pytest.mark.ui)\n"
        + ("    return (yield)\n" if how.startswith("wrapper") else "")
    )
    suite = project.files({**SUITE, "conftest.py": hook})
    assert suite.collected() == [*UNIT, *SERVICE, *UI, *OTHER]
    assert suite.collected("--pyramid-tier=unit") == UNIT
    assert suite.collected("--pyramid-tier=ui") == [*UI, *OTHER]
    tests = suite.report()["tests"]
    assert {test["classified_by"] for test in tests if test["nodeid"] in OTHER} == {"marker ui"}


def test_a_test_that_a_conftest_deselects_makes_the_run_partial(project: Project) -> None:
    """Whoever deselects, the shape of what is left is not the shape of the suite."""
    hook = "def pytest_collection_modifyitems(config, items):\n    config.hook.pytest_deselected(items=[items.pop()])\n"
    assert project.files({**SUITE, "conftest.py": hook}).report()["run"]["partial_reason"] == "1 test deselected"


def test_a_mark_in_a_conftest_is_seen(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pytestmark in conftest.py has no effect in pytest, so it is told with its place."""
    monkeypatch.syspath_prepend(project.path)
    mark = "import pytest\npytestmark = pytest.mark.ui\n"
    others = {"conftest.py": "mark = 1\n", "marked_plugin.py": mark}
    report = project.files({**SUITE, "tests/unit/conftest.py": mark, **others}).report("-p", "marked_plugin")
    found = [one for one in report["violations"] if one["code"] == "PYR205"]
    assert [(one["file"], one["line"]) for one in found] == [("tests/unit/conftest.py", None)]
    assert {test["tier"] for test in report["tests"] if "unit/" in test["nodeid"]} == {"unit"}


def test_a_project_classifies_before_the_built_in_parts(project: Project) -> None:
    """An answer of the project decides, test by test; a mark and a folder remain evidence; nonsense is left out."""
    hook = (
        "def pytest_pyramid_classify(test):\n"
        "    return {'test_1': 'service', 'test_2': 'nonsense'}[test.nodeid.rpartition('::')[2]]\n"
    )
    report = project.files({**SUITE, "conftest.py": hook}).report()
    tiers = {test["nodeid"]: (test["tier"], test["classified_by"]) for test in report["tests"]}
    assert tiers[UI[0]] == ("service", "hook service")
    assert tiers[UI[1]] == ("ui", "marker ui")
    assert tiers[OTHER[1]][0] == "unclassified"


def test_a_run_may_select_tiers_that_a_project_classifies(project: Project) -> None:
    """Test by test, although tests of one file are alike to everybody else."""
    hook = "def pytest_pyramid_classify(test):\n    return 'service' if test.nodeid.endswith('_2') else 'ui'\n"
    selected = project.files({**SUITE, "conftest.py": hook}).collected("--pyramid-tier=service")
    assert selected == sorted(one[1] for one in (OTHER, UNIT, SERVICE, UI))


def test_fixtures_place_what_neither_mark_nor_folder_places(project: Project) -> None:
    """Also through another fixture; two tests of one file may stand in two tiers."""
    text = (
        "import pytest\n@pytest.fixture\ndef redis(): pass\n@pytest.fixture\ndef cart(redis): pass\n"
        "def test_plain(): pass\ndef test_cart(cart): pass\n@pytest.mark.ui\ndef test_said(cart): pass\n"
    )
    tests = project.files({"test_a.py": text}).report()["tests"]
    found = {test["nodeid"].partition("::")[2]: (test["tier"], test["classified_by"]) for test in tests}
    assert found["test_plain"][0] == "unclassified"
    assert found["test_cart"] == ("service", "fixture redis")
    assert found["test_said"] == ("ui", "marker ui")


def test_without_the_option_nothing_is_reordered(project: Project) -> None:
    """The plugin keeps its hands off a run that did not ask for it."""
    result = project.files(SUITE).pytest("--collect-only", "-q", "--strict-markers")
    assert [line for line in result.outlines if "::" in line][:2] == UI


def test_a_broken_file_pulls_the_cord_of_its_folder(project: Project) -> None:
    """A file that cannot be collected counts as a failure of the tier that its path tells."""
    files = {**SUITE, "tests/service/test_broken.py": "import nothing_of_that_name\n"}
    report = project.files(files).report("--continue-on-collection-errors")
    (broken,) = report["collection_errors"]
    assert (broken["nodeid"], broken["tier"]) == ("tests/service/test_broken.py", "service")
    assert {gate["tier"]: gate["state"] for gate in report["gates"]} == {
        "unit": "open",
        "service": "closed",
        "ui": "not reached",
    }
    assert [test["outcome"] for test in report["tests"]] == ["passed"] * 6 + ["withheld"] * 2
