"""From every kind of pytest item to facts."""

from __future__ import annotations

import pytest

from pytest_pyramid.core.facts import Location, TestFacts
from pytest_pyramid.session.items import ItemReader, group_of
from tests.harness import WITHOUT


def facts(pytester: pytest.Pytester, source: str, *arguments: str) -> dict[str, TestFacts]:
    """The facts of every test in the source, by the node id behind the file."""
    path = pytester.makepyfile(source)
    reader = ItemReader()
    items, _ = pytester.inline_genitems(path, *WITHOUT, "-p", "no:cacheprovider", *arguments)
    return {item.nodeid.partition("::")[2]: reader.facts(item, ()) for item in items}


def test_marks_are_read_level_by_level(pytester: pytest.Pytester) -> None:
    """Closest level first: function, class, module; levels without a mark are left out."""
    found = facts(
        pytester,
        """
        import pytest
        pytestmark = [pytest.mark.ui, pytest.mark.xfail]
        @pytest.mark.unit
        class TestX:
            @pytest.mark.service
            def test_a(self): pass
            def test_b(self): pass
        def test_c(): pass
        """,
    )
    assert found["TestX::test_a"].marks == (("service",), ("unit",), ("ui", "xfail"))
    assert found["TestX::test_b"].marks == (("unit",), ("ui", "xfail"))
    assert found["test_c"].marks == (("ui", "xfail"),)


def test_cases_share_their_function(pytester: pytest.Pytester) -> None:
    """All cases of a parametrized test have the same function, line and file, and each its own marks."""
    found = facts(
        pytester,
        """
        import pytest
        @pytest.mark.parametrize("n", [1, pytest.param("a::b[/", marks=pytest.mark.ui)])
        def test_many(n): pass
        """,
    )
    one, other = found.values()
    assert one.function == other.function == "test_cases_share_their_function.py::test_many"
    assert one.location == other.location == Location(file="test_cases_share_their_function.py", line=2)
    assert (one.marks, other.marks) == ((("parametrize",),), (("parametrize", "ui"),))


def test_unittest_cases_are_tests(pytester: pytest.Pytester) -> None:
    """A method of a TestCase has its marks, and the line that pytest reports."""
    found = facts(
        pytester,
        """
        import unittest, pytest
        @pytest.mark.service
        class Case(unittest.TestCase):
            @pytest.mark.unit
            def test_a(self): pass
        """,
    )
    test = found["Case::test_a"]
    assert test.marks[:2] == (("unit",), ("service",))
    assert test.location.line == 4
    assert test.function == test.nodeid


def test_doctests_are_tests(pytester: pytest.Pytester) -> None:
    """A doctest has no function object, and still a file, a line and the marks of nobody."""
    found = facts(pytester, 'def f():\n    """\n    >>> 1\n    1\n    """\n', "--doctest-modules")
    (test,) = found.values()
    assert test.location == Location(file="test_doctests_are_tests.py", line=2)
    assert (test.marks, test.function) == ((), test.nodeid)


def test_a_decorated_test_has_the_line_of_its_own_file(pytester: pytest.Pytester) -> None:
    """A wrapper from elsewhere does not hide where the test stands."""
    pytester.makepyfile(
        wrapping="import functools\ndef wrapped(f):\n    @functools.wraps(f)\n    def g(): return f()\n    return g\n"
    )
    found = facts(pytester, "from wrapping import wrapped\n\n@wrapped\ndef test_a(): pass\n")
    assert found["test_a"].location.line == 3


def test_a_test_from_elsewhere_has_no_line_here(pytester: pytest.Pytester) -> None:
    """The line of an inherited or bluntly wrapped test is one of another file, so none is told."""
    pytester.makepyfile(
        elsewhere="# 1\n# 2\ndef wrapped(f):\n    def g(): return f()\n    return g\n"
        "class Base:\n    def test_b(self): pass\n"
    )
    found = facts(
        pytester,
        "from elsewhere import wrapped, Base\n@wrapped\ndef test_a(): pass\nclass TestX(Base):\n    def test_c(self): pass\n",
    )
    assert {name: test.location.line for name, test in found.items()} == {
        "test_a": None,
        "TestX::test_b": None,
        "TestX::test_c": 5,
    }


def test_fixtures_are_the_whole_closure(pytester: pytest.Pytester) -> None:
    """A fixture that another one asks for is a fixture of the test."""
    found = facts(
        pytester,
        """
        import pytest
        @pytest.fixture
        def inner(): pass
        @pytest.fixture
        def outer(inner): pass
        def test_a(outer): pass
        """,
    )
    assert set(found["test_a"].fixtures) >= {"outer", "inner"}


def test_limits_and_claims_are_read(pytester: pytest.Pytester) -> None:
    """Limit and resource each come from the closest mark that gives them; steps may be a keyword or missing."""
    found = facts(
        pytester,
        """
        import pytest
        @pytest.mark.pyramid(resource="db")
        class TestX:
            @pytest.mark.pyramid(max_seconds=2)
            def test_a(self): pass
            @pytest.mark.pyramid(resource=["mail", "web"], max_seconds=0.5)
            def test_b(self): pass
            @pytest.mark.pyramid(resource=None)
            def test_c(self): pass
        @pytest.mark.manual("look")
        def test_d(): pass
        @pytest.mark.manual(steps="click")
        def test_e(): pass
        @pytest.mark.manual
        def test_f(): pass
        """,
    )
    assert [(t.needs, t.max_seconds, t.manual) for t in found.values()] == [
        (("db",), 2.0, None),
        (("mail", "web"), 0.5, None),
        ((), None, None),
        ((), None, "look"),
        ((), None, "click"),
        ((), None, ""),
    ]


def test_groups_are_those_of_xdist(pytester: pytest.Pytester) -> None:
    """The name of a group as pytest-xdist itself writes it behind node ids."""
    path = pytester.makepyfile(
        """
        import pytest
        @pytest.mark.xdist_group("b")
        class TestX:
            @pytest.mark.xdist_group(name="a")
            def test_two(self): pass
        @pytest.mark.xdist_group
        def test_default(): pass
        def test_none(): pass
        """
    )
    items, _ = pytester.inline_genitems(path, *WITHOUT, "-p", "no:cacheprovider")
    assert [group_of(item) for item in items] == ["a_b", "default", None]


def test_remembering_changes_nothing(pytester: pytest.Pytester) -> None:
    """A reader that has read everything reads each item like a new one."""
    path = pytester.makepyfile(
        "def test_a(): pass\nclass TestX:\n    def test_a(self): pass\n    def test_b(self): pass\n"
    )
    items, _ = pytester.inline_genitems(path, *WITHOUT, "-p", "no:cacheprovider")
    used = ItemReader()
    first = [used.facts(item, ()) for item in items]
    assert [used.facts(item, ()) for item in reversed(items)] == first[::-1]
    assert [ItemReader().facts(item, ()) for item in items] == first


@pytest.mark.parametrize(
    ("scope", "shared"),
    [
        ("function", (None, None)),
        ("class", ("x/test_it.py::TestX", "x/test_it.py")),
        ("module", ("x/test_it.py", "x/test_it.py")),
        ("package", ("x", "x")),
        ("session", (None, None)),
    ],
)
def test_what_is_set_up_for_several_tests_is_told(
    pytester: pytest.Pytester, scope: str, shared: tuple[str | None, str | None]
) -> None:
    """Tests share a class, a file or a folder, by the widest of their fixtures below session scope."""
    folder = pytester.mkpydir("x")
    (folder / "test_it.py").write_text(
        f"import pytest\n@pytest.fixture(scope='{scope}')\ndef made(own): return 1\n@pytest.fixture(scope='session')\n"
        "def own(): return 2\nclass TestX:\n    def test_a(self, made): pass\ndef test_b(made): pass\n"
    )
    items, _ = pytester.inline_genitems(folder, *WITHOUT, "-p", "no:cacheprovider")
    reader = ItemReader()
    assert tuple(reader.facts(item, ()).shares for item in items) == shared
