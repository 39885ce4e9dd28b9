"""The settings that fit what a repository holds."""

from __future__ import annotations

import pytest

from pytest_pyramid.classifiers import BUILTIN
from pytest_pyramid.core.adoption import Proposal, TierDraft, propose
from pytest_pyramid.core.adoption_table import evidence_by_tier, evidence_rows, remarks
from pytest_pyramid.core.facts import Location, TestFacts
from pytest_pyramid.core.placing import in_order_of_weight
from pytest_pyramid.core.survey import Survey
from pytest_pyramid.core.team_commands import TeamCommand
from pytest_pyramid.core.tiers import UNCLASSIFIED, Pyramid, Tier

SHIPPED = Pyramid(
    tiers=(
        Tier(name="unit", rank=0, markers=("unit", "small"), paths=("**/unit/**",)),
        Tier(name="service", rank=1, markers=("service", "integration"), paths=("**/integration/**",)),
        Tier(name="ui", rank=2, markers=("ui", "e2e"), paths=("**/e2e/**",)),
    )
)


def placed(file: str, *marks: str, name: str = "test_a", fixtures: tuple[str, ...] = ()) -> TestFacts:
    """A test function of the file with these marks on it, placed as the shipped tiers place it."""
    nodeid = f"{file}::{name}"
    bare = TestFacts(nodeid, nodeid, Location(file), marks=(marks,) if marks else (), fixtures=fixtures)
    answers = [found for made in BUILTIN if (found := made(SHIPPED).classify(bare)) is not None]
    placements = in_order_of_weight(answers, SHIPPED, "none")
    return bare._replace(tier=placements[0].tier if placements else UNCLASSIFIED, placements=placements)


def proposed(*tests: TestFacts, **around: object) -> Proposal:
    """The proposal for these tests, without a baseline."""
    return propose(Survey(tests, **around), tests, SHIPPED, baseline="")  # type: ignore[arg-type]  # fields by name


@pytest.mark.parametrize(
    "tests",
    [
        (placed("tests/unit/test_a.py"), placed("tests/integration/test_b.py"), placed("tests/e2e/test_c.py")),
        (placed("tests/test_a.py", "integration"),),
        (placed("tests/test_a.py"),),
        (placed("tests/test_a.py", fixtures=("redis",)),),
        (placed("tests/unit/acceptance/test_a.py"),),
        (placed("tests/api/test_a.py"),),
        (placed("tests/test_a.py", "slow", "smoke"),),
    ],
    ids=["folders", "a marker", "nothing", "a fixture", "a part of a unit folder", "a product's part", "no tier"],
)
def test_where_the_shipped_tiers_fit_nothing_is_proposed(tests: tuple[TestFacts, ...]) -> None:
    """Settings that only repeat the defaults are not written, and what is not sure is left to people."""
    assert proposed(*tests) == Proposal()


def test_a_folder_with_a_spelling_of_its_own_becomes_a_path() -> None:
    """Only the tier that needs it lists paths, then all of its folders; the base stands below."""
    found = proposed(placed("integration-tests/test_a.py"), placed("lib/integration/test_b.py"), placed("x/test_c.py"))
    service = TierDraft("service", paths=("integration-tests/**", "lib/integration/**"))
    assert found.tiers == (TierDraft("unit"), service)


def test_many_folders_of_one_name_become_one_glob() -> None:
    """A repository of many packages gets a glob for the folder's name, which fits the next package too."""
    found = proposed(*(placed(f"packages/{name}/func-tests/test_a.py") for name in "abcd"))
    assert found.tiers[1] == TierDraft("service", paths=("**/func-tests/**",))


@pytest.mark.parametrize(
    ("folder", "glob"), [("e2e-tests[1]/ui-tests", "e2e-tests[[]1]/ui-tests/**"), ("\udcff/ui-tests", "?/ui-tests/**")]
)
def test_a_folder_with_special_characters_is_named_exactly(folder: str, glob: str) -> None:
    """Characters that mean something in globs are put in brackets, and a byte that is no text may be any."""
    assert proposed(placed(f"{folder}/test_a.py")).tiers[-1].paths == (glob,)


@pytest.mark.parametrize(
    ("tests", "commands"),
    [
        ((placed("tests/unit/test_a.py"), placed("tests/acceptance/test_b.py")), ()),
        ((placed("tests/acceptance/test_b.py"),), (TeamCommand("tox.ini", folders=("tests/acceptance",)),)),
    ],
    ids=["beside a unit folder", "run alone"],
)
def test_a_word_that_is_not_sure_counts_when_something_else_speaks_for_it(
    tests: tuple[TestFacts, ...], commands: tuple[TeamCommand, ...]
) -> None:
    """Beside a folder whose name is sure, or where the team runs it alone."""
    assert proposed(*tests, commands=commands).tiers[-1] == TierDraft("ui", paths=("tests/acceptance/**",))


def test_a_marker_that_the_tiers_do_not_know_joins_those_that_are_in_use() -> None:
    """The tier's own name stays, other markers only where they are used or registered."""
    found = proposed(placed("tests/test_a.py", "network"), registered=("integration",))
    assert found.tiers[1] == TierDraft("service", markers=("service", "integration", "network"))


def test_a_marker_that_a_conftest_puts_on_counts() -> None:
    """Which tests it is put on cannot be read, but that there are some can."""
    found = proposed(placed("tests/test_a.py"), put_on=(("conftest.py", "needs_docker"),))
    assert found.tiers == (TierDraft("unit"), TierDraft("service", markers=("service", "needs_docker")))


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (TeamCommand("tox.ini", "not integration"), 'tox.ini: pytest -m "not integration"'),
        (TeamCommand("ci.yml", "", ("tests",), ("tests/integration",)), "ci.yml: pytest --ignore=tests/integration"),
        (TeamCommand("tox.ini", "not server"), 'tox.ini: pytest -m "not server"'),
    ],
)
def test_the_rest_is_the_base_where_the_team_runs_it_so(command: TeamCommand, reason: str) -> None:
    """A run that leaves out exactly the tests above says that the others are the tests below."""
    above = (
        placed("tests/integration/test_b.py", "integration"),
        placed("tests/test_s.py", "server", fixtures=("redis",)),
    )
    found = proposed(placed("tests/test_a.py"), *above, commands=(command,))
    assert (found.default_tier, found.default_reason) == ("unit", reason)


@pytest.mark.parametrize(
    ("tests", "expression"),
    [
        ((placed("tests/test_a.py"), placed("tests/test_b.py", "integration")), "not slow"),
        ((placed("tests/test_a.py"), placed("tests/test_b.py", "e2e")), "not e2e"),
        ((placed("tests/test_a.py"), placed("tests/test_b.py", "e2e")), "not integration"),
        ((placed("tests/test_a.py"), placed("tests/test_b.py", "integration")), "integration"),
        ((placed("tests/unit/test_a.py"), placed("tests/test_b.py", "integration")), "not integration"),
    ],
    ids=["a cost", "service tests may be among them", "of no test", "not the rest", "nothing is left"],
)
def test_without_evidence_there_is_no_default_tier(tests: tuple[TestFacts, ...], expression: str) -> None:
    """Then tests that say nothing stay without a tier, which is never a unit test by silence."""
    assert proposed(*tests, commands=(TeamCommand("tox.ini", expression),)).default_tier == ""


def test_the_proposal_as_settings() -> None:
    """Only what is said is a key."""
    assert Proposal().values() == {}
    tiers = (TierDraft("unit"), TierDraft("ui", markers=("ui", "web"), paths=("a/**",)))
    assert Proposal(tiers, "unit", "why", "known.toml").values() == {
        "default-tier": "unit",
        "baseline": "known.toml",
        "tiers": [{"name": "unit"}, {"name": "ui", "markers": ["ui", "web"], "paths": ["a/**"]}],
    }


PLACED = (
    placed("tests/unit/test_a.py"),
    placed("tests/unit/test_a.py", name="test_b"),
    placed("tests/test_b.py", "integration", "slow"),
    placed("tests/test_c.py"),
)


def test_the_table_says_which_evidence_places_how_many() -> None:
    """One row for each evidence, base first, then tests without any, then markers that name no tier."""
    assert evidence_rows(PLACED, Survey(PLACED, registered=("e2e_test",)), SHIPPED) == [
        ("1", "2", "unit", "folder tests/unit"),
        ("1", "1", "service", "marker integration"),
        ("1", "1", "unclassified", "no marker, folder or other evidence"),
        ("0", "0", "-", "marker e2e_test: registered, and on no test"),
        ("1", "1", "-", "marker slow: it says what a test costs, not its tier"),
    ]


def test_a_long_table_is_cut() -> None:
    """Twelve rows of one tier, and one for the rest."""
    many = tuple(placed(f"p{number}/unit/test_a.py") for number in range(14))
    rows = evidence_rows(many, Survey(many), SHIPPED)
    assert len(rows) == 13
    assert rows[-1] == ("2", "2", "unit", "2 more folders, markers and fixtures")


def test_the_evidence_of_each_tier_is_told_by_weight() -> None:
    """The commonest first; tests that the default tier took are no evidence."""
    by_default = PLACED[3]._replace(tier="unit", placements=in_order_of_weight((), SHIPPED, "unit"))
    found = evidence_by_tier((placed("a/test_u.py", "unit"), *PLACED[:3], by_default), SHIPPED)
    assert found == {"unit": ("folder tests/unit", "marker unit"), "service": ("marker integration",)}


def test_what_a_person_should_know_is_said() -> None:
    """Markers that are not registered, those of a conftest, files that were not read, and a shape that is not judged."""
    said = list(remarks(PLACED, Survey(PLACED, put_on=(("conftest.py", "e2e"),), unread=("a.py: why",)), SHIPPED, 0.2))
    assert [sentence.partition(":")[0] for sentence in said] == [
        "not read",
        "marker integration is in use and not registered",
        "conftest.py names marker e2e",
        "1 test function of 4 says no tier, so that the shape is not judged",
    ]


def test_nothing_is_said_where_all_is_well() -> None:
    """Few tests without a tier are nothing to speak of."""
    assert list(remarks(PLACED, Survey(PLACED, registered=("integration",)), SHIPPED, 0.25)) == []
