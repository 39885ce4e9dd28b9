"""Classifiers: one kind of evidence each."""

from __future__ import annotations

import pytest

from pytest_pyramid.classifiers import BUILTIN, SUGGESTING
from pytest_pyramid.classifiers.by_fixture import TABLE, ByFixture
from pytest_pyramid.classifiers.by_history import ByHistory
from pytest_pyramid.classifiers.by_import import ByImport
from pytest_pyramid.classifiers.by_marker import ByMarker
from pytest_pyramid.classifiers.by_path import ByPath
from pytest_pyramid.core.behaviour import Behaviour
from pytest_pyramid.core.evidence import STRONG, Evidence, Use
from pytest_pyramid.core.facts import Location, Placement, TestFacts
from pytest_pyramid.core.tiers import Action, Pyramid, Resource, Tier

PYRAMID = Pyramid(
    tiers=(
        Tier(name="unit", rank=0, markers=("unit", "small"), paths=("tests/**", "**/unit/**")),
        Tier(
            name="service",
            rank=1,
            markers=("service", "integration", "api"),
            paths=("**/service/**", "**/test_*_api.py"),
        ),
        Tier(name="ui", rank=2, markers=("ui", "e2e"), paths=("**/ui/**", "tests/unit/browser/**", "tests/*/slow/")),
    )
)


def marked(*marks: tuple[str, ...], file: str = "test_a.py", name: str = "test_x") -> TestFacts:
    """A test with marks by level, closest first."""
    nodeid = f"{file}::{name}"
    return TestFacts(nodeid=nodeid, function=nodeid, location=Location(file=file), marks=marks)


MARKED = [
    ((), None),
    ((("slow", "parametrize"),), None),
    ((("unit",),), ("unit", "marker unit", ())),
    ((("e2e",),), ("ui", "marker e2e", ())),
    ((("unit",), ("ui",)), ("unit", "marker unit", ())),
    ((("slow",), ("ui",), ("unit",)), ("ui", "marker ui", ())),
    ((("unit", "api"),), ("service", "marker api", ("unit",))),
    ((("api", "unit", "e2e"),), ("ui", "marker e2e", ("service", "unit"))),
    ((("api", "integration"),), ("service", "marker api", ())),
    ((("unit",), ("unit", "ui")), ("unit", "marker unit", ())),
]


@pytest.mark.parametrize(("marks", "expected"), MARKED)
def test_the_closest_mark_wins(
    marks: tuple[tuple[str, ...], ...], expected: tuple[str, str, tuple[str, ...]] | None
) -> None:
    """The closest level with a tier's mark decides; of two tiers at that level the higher, which names the other."""
    found = ByMarker(PYRAMID).classify(marked(*marks))
    assert (found and (found.tier, found.reason, found.also)) == expected
    assert found is None or found.source == "marker"


PLACED = [
    ("src/test_a.py", None),
    ("test_a.py", None),
    ("tests/test_a.py", ("unit", "path tests")),
    ("tests/unit/test_a.py", ("unit", "path tests/unit")),
    ("tests/service/test_a.py", ("service", "path tests/service")),
    ("tests/unit/browser/test_a.py", ("ui", "path tests/unit/browser")),
    ("tests/unit/slow/test_a.py", ("ui", "path tests/unit/slow")),
    ("tests/ui/unit/test_a.py", ("unit", "path tests/ui/unit")),
    ("tests/unit/ui/test_a.py", ("ui", "path tests/unit/ui")),
    ("tests/ui/test_shop_api.py", ("service", "path tests/ui/test_shop_api.py")),
    ("tests/units/test_a.py", ("unit", "path tests")),
    ("shop/service/test_a.py", ("service", "path shop/service")),
]


@pytest.mark.parametrize(("file", "expected"), PLACED)
def test_the_deepest_folder_wins(file: str, expected: tuple[str, str] | None) -> None:
    """The folder closest to the file decides, and a glob of the file itself over every folder."""
    found = ByPath(PYRAMID).classify(marked(file=file))
    assert found == (expected and Placement(tier=expected[0], source="path", reason=expected[1]))


def test_of_two_tiers_that_name_one_folder_the_higher_wins() -> None:
    """Doubt goes to the more expensive tier, as with marks."""
    tiers = (Tier(name="unit", rank=0, paths=("tests/a/**",)), Tier(name="ui", rank=1, paths=("**/a/**",)))
    found = ByPath(Pyramid(tiers=tiers)).classify(marked(file="tests/a/test_a.py"))
    assert found is not None
    assert found.tier == "ui"


def test_a_glob_for_everything_is_the_weakest() -> None:
    """Two stars alone take what no folder claims, and nothing from a tier that names a folder."""
    tiers = (Tier(name="unit", rank=0, paths=("**/unit/**",)), Tier(name="rest", rank=1, paths=("**",)))
    by_path = ByPath(Pyramid(tiers=tiers))
    found = [by_path.classify(marked(file=file)) for file in ("unit/test_a.py", "test_a.py", "x/y/test_a.py")]
    assert [one and one.tier for one in found] == ["unit", "rest", "rest"]


@pytest.mark.parametrize("classifier", BUILTIN)
def test_remembering_changes_no_answer(classifier: type[ByMarker | ByPath | ByFixture]) -> None:
    """A classifier that has seen every test answers each like one that has seen none."""
    tests = [marked(*marks, file=file) for marks, _ in MARKED for file, _ in PLACED]
    used = classifier(PYRAMID)
    first = [used.classify(one) for one in tests]
    assert [used.classify(one) for one in tests] == first
    assert [classifier(PYRAMID).classify(one) for one in reversed(tests)] == first[::-1]


def test_marks_are_asked_before_paths_and_paths_before_fixtures() -> None:
    """What the authors of a test say counts more than where it stands."""
    assert (ByMarker, ByPath, ByFixture) == BUILTIN


def asking(*fixtures: str) -> TestFacts:
    """A test with these fixtures in its closure."""
    return marked()._replace(fixtures=fixtures)


ASKED = [
    ((), None),
    (("tmp_path", "monkeypatch", "base_url"), None),
    (("client", "db", "session", "app", "mocker"), None),
    (("page", "context"), None),
    (("server",), None),
    (("page", "browser"), ("ui", "fixture browser")),
    (("chrome_driver",), ("ui", "fixture chrome_driver")),
    (("docker_compose_file",), ("service", "fixture docker_compose_file")),
    (("tmp_path", "redis"), ("service", "fixture redis")),
    (("celery_session_worker",), ("service", "fixture celery_session_worker")),
    (("live_server", "selenium"), ("ui", "fixture selenium")),
]


@pytest.mark.parametrize(("fixtures", "expected"), ASKED)
def test_only_telling_fixtures_place_a_test(fixtures: tuple[str, ...], expected: tuple[str, str] | None) -> None:
    """Names that mean many things say nothing; a browser counts more than the server that it talks to."""
    found = ByFixture(PYRAMID).classify(asking(*fixtures))
    assert found == (expected and Placement(tier=expected[0], source="fixture", reason=expected[1]))


def test_fixtures_speak_for_the_tier_that_goes_by_their_word() -> None:
    """By its name or a marker; where no tier goes by one of the words, the evidence is for nothing."""
    tiers = (Tier(name="fast", rank=0), Tier(name="slow", rank=1, markers=("e2e",)))
    by_fixture = ByFixture(Pyramid(tiers=tiers))
    found = [by_fixture.classify(asking(name)) for name in ("browser", "redis")]
    assert [one and one.tier for one in found] == ["slow", None]


def test_no_name_speaks_for_two_tiers() -> None:
    """Every name of the table is in one row, so that the order of the rows decides about tests and not about names."""
    names = [name for row in TABLE for name in row.names]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ((("performance", "api"),), ("speed", ())),
        ((("api", "e2e"),), ("ui", ("service",))),
        ((("unit",), ("performance",)), ("unit", ())),
    ],
)
def test_a_mark_of_a_tier_beside_the_shape_may_stand_with_another(
    marks: tuple[tuple[str, ...], ...], expected: tuple[str, tuple[str, ...]]
) -> None:
    """It says what the test is for, and the other mark how high it is: no contradiction."""
    pyramid = Pyramid(tiers=(*PYRAMID, Tier(name="speed", rank=3, markers=("performance",), side=True)))
    found = ByMarker(pyramid).classify(marked(*marks))
    assert found is not None
    assert (found.tier, found.also) == expected


def test_the_fixture_of_pytest_benchmark_is_evidence_for_the_tier_of_its_word() -> None:
    """Without a tier that goes by the word it says nothing."""
    pyramid = Pyramid(tiers=(*PYRAMID, Tier(name="speed", rank=3, markers=("benchmark",), side=True)))
    test = TestFacts(nodeid="a.py::t", function="a.py::t", location=Location(file="a.py"), fixtures=("benchmark",))
    found = ByFixture(pyramid).classify(test)
    assert found is not None
    assert (found.tier, found.reason) == ("speed", "fixture benchmark")
    assert ByFixture(PYRAMID).classify(test) is None


CALLED = [
    ("call", "subprocess.Popen", ("service", 0.8)),
    ("call", "subprocess.run", ("service", 0.8)),
    ("call", "subprocess.CompletedProcess", None),
    ("call", "requests.api.get", ("service", 0.8)),
    ("call", "requests.get", ("service", 0.8)),
    ("call", "selenium.webdriver.chrome.webdriver.WebDriver", ("ui", 0.9)),
    ("call", "playwright.sync_api.sync_playwright", ("ui", 0.9)),
    ("call", "testcontainers.postgres.PostgresContainer", ("service", 0.9)),
    ("import", "testcontainers", ("service", 0.6)),
    ("import", "selenium", None),
    ("import", "subprocess", None),
    ("import", "hypothesis", ("unit", 0.6)),
    ("base", "unittest.case.TestCase", ("unit", 0.6)),
    ("base", "django.test.testcases.TransactionTestCase", ("service", 0.65)),
    ("base", "django.contrib.staticfiles.testing.StaticLiveServerTestCase", ("ui", 0.9)),
]


@pytest.mark.parametrize(("kind", "name", "expected"), CALLED)
def test_what_the_code_uses_speaks_for_a_tier(kind: str, name: str, expected: tuple[str, float] | None) -> None:
    """A telling call, base or import suggests its tier with the row's confidence; an ambiguous one says nothing."""
    found = ByImport(PYRAMID).suggest(Evidence(asking(), uses=(Use(kind, name),)))
    assert (found and (found.tier, found.confidence)) == expected
    assert found is None or found.reason == f"{kind} {name}"


def test_the_strongest_use_is_told() -> None:
    """A test case that starts a browser is one of the ui, whatever else it uses."""
    names = [("base", "unittest.case.TestCase"), ("call", "subprocess.run"), ("call", "selenium.webdriver.Firefox")]
    uses = tuple(Use(*one) for one in names)
    found = ByImport(PYRAMID).suggest(Evidence(asking(), uses=uses))
    assert found is not None
    assert (found.tier, found.what) == ("ui", "selenium.webdriver.Firefox")


@pytest.mark.parametrize("classifier", SUGGESTING)
def test_nothing_is_suggested_where_nothing_is_known(classifier: type[ByFixture | ByImport | ByHistory]) -> None:
    """A test without evidence gets no suggestion, and a pyramid without such tiers gives none either."""
    assert classifier(PYRAMID).suggest(Evidence(asking())) is None
    strange = Pyramid(tiers=(Tier(name="low", rank=0, max_seconds=0.0), Tier(name="high", rank=1)))
    test, uses = asking("mocker", "page"), (Use("call", "subprocess.run"),)
    busy = Evidence(test, uses=uses, behaviour=watched(Resource.PROCESS), seconds=1.0)
    assert classifier(strange).suggest(busy) is None


HINTED = [
    (("page",), (), ("ui", "fixture page", 0.7)),
    (("mocker",), (), ("unit", "fixture mocker", 0.6)),
    (("client",), (), ("service", "fixture client", 0.5)),
    (("client", "mocker"), (), ("unit", "fixture mocker", 0.6)),
    ((), (("django_db",),), ("service", "mark django_db", 0.65)),
    (("redis",), (), ("service", "fixture redis", 0.8)),
    (("tmp_path", "monkeypatch"), (("slow",),), None),
    (("django_db_blocker", "django_db_setup"), (), None),
]


@pytest.mark.parametrize(("fixtures", "marks", "expected"), HINTED)
def test_weak_fixtures_suggest(
    fixtures: tuple[str, ...], marks: tuple[tuple[str, ...], ...], expected: tuple[str, str, float] | None
) -> None:
    """Names that mean several things suggest a tier with a lower confidence; those that mean nothing do not."""
    test = asking(*fixtures)._replace(marks=marks)
    found = ByFixture(PYRAMID).suggest(Evidence(test))
    assert (found and (found.tier, found.reason, found.confidence)) == expected


def watched(*touched: Resource, runs: int = 5) -> Behaviour:
    """A test that touched the same in every run."""
    return Behaviour(tuple(frozenset(touched) for _ in range(runs)))


BEHAVED = [
    (watched(), 0.01, "unit"),
    (watched(Resource.TEMPFILES), 0.01, "unit"),
    (watched(runs=2), 0.01, None),
    (watched(), 0.5, None),
    (watched(), None, None),
    (watched(Resource.PROCESS), 0.01, "service"),
    (watched(Resource.NETWORK, Resource.FILES), 3.0, "service"),
    (Behaviour((frozenset(), frozenset(), frozenset({Resource.DATABASE}))), 0.01, "service"),
    (watched(Resource.SLEEP), 0.01, None),
]


@pytest.mark.parametrize(("behaviour", "seconds", "expected"), BEHAVED)
def test_the_past_suggests_the_tier_that_it_fits(
    behaviour: Behaviour, seconds: float | None, expected: str | None
) -> None:
    """Quick tests that touched nothing look like the base, those that went outside like the middle; else nothing is said."""
    guard = ((Resource.SLEEP, Action.ERROR), (Resource.PROCESS, Action.ERROR), (Resource.TEMPFILES, Action.ALLOW))
    tiers = (PYRAMID.base._replace(guard=guard), *PYRAMID.tiers[1:])
    found = ByHistory(Pyramid(tiers=tiers)).suggest(Evidence(asking(), behaviour=behaviour, seconds=seconds))
    assert (found and found.tier) == expected
    assert found is None or (found.kind == "history" and found.confidence < STRONG)
