"""What a test's code uses is read from the code, without running it."""

from __future__ import annotations

import pytest

from pytest_pyramid.core.evidence import Use
from pytest_pyramid.session.code_uses import CodeReader
from tests.harness import WITHOUT

HELPERS = """
import subprocess
class Server:
    def __enter__(self): self.process = subprocess.Popen(["true"])
    def __exit__(self, *_): pass
def started(): return subprocess.check_call(["true"])
"""


def uses(pytester: pytest.Pytester, source: str, **files: str) -> dict[str, set[Use]]:
    """What every test of a file beside helpers.py uses, by its name."""
    tests = pytester.mkdir("tests")
    for name, text in {"helpers": HELPERS, "conftest": "", "test_it": source, **files}.items():
        (tests / f"{name}.py").write_text(text, encoding="utf-8")
    items, _ = pytester.inline_genitems(tests / "test_it.py", *WITHOUT, "-p", "no:cacheprovider")
    reader = CodeReader(pytester.path)
    return {item.name: set(reader.uses(item)) for item in items}


CALLING = {
    "by its module": "import subprocess\ndef test_x(): subprocess.run(['true'])",
    "by its name": "from subprocess import run\ndef test_x(): run(['true'])",
    "by another name": "import subprocess as sp\ndef test_x(): sp.run(['true'])",
    "imported inside": "def test_x():\n    import subprocess\n    subprocess.run(['true'])",
    "imported inside by name": "def test_x():\n    from subprocess import run as go\n    go(['true'])",
    "in a function inside": "import subprocess\ndef test_x():\n    def go(): return [subprocess.run(['x']) for _ in '1']\n    go()",
    "by a helper beside it": "import subprocess\ndef go(): subprocess.run([])\ndef test_x(): go()",
    "by a method": "import subprocess\nclass TestX:\n    def go(self): subprocess.run([])\n    def test_x(self): self.go()",
    "in its set-up": "import subprocess\nclass TestX:\n    def setup_method(self): subprocess.run([])\n    def test_x(self): pass",
    "in a unittest case": (
        "import subprocess, unittest\nclass TestX(unittest.TestCase):\n"
        "    def setUp(self): subprocess.run([])\n    def test_x(self): pass"
    ),
    "in a fixture": (
        "import pytest, subprocess\n@pytest.fixture\ndef tool(): subprocess.run([])\n"
        "@pytest.fixture\ndef wide(tool): pass\ndef test_x(wide): pass"
    ),
    "in a fixture by mark": (
        "import pytest, subprocess\n@pytest.fixture\ndef tool(): yield subprocess.run([])\n"
        "@pytest.mark.usefixtures('tool')\ndef test_x(): pass"
    ),
    "decorated": (
        "import functools, subprocess\ndef twice(f):\n    @functools.wraps(f)\n    def g(): return f()\n    return g\n"
        "@twice\ndef test_x(): subprocess.run([])"
    ),
}


@pytest.mark.parametrize("source", CALLING.values(), ids=CALLING)
def test_a_call_is_found(pytester: pytest.Pytester, source: str) -> None:
    """However the test comes to it, by its own code, its helpers, its set-up or what it asks for."""
    assert Use("call", "subprocess.run") in uses(pytester, source)["test_x"]


def test_helpers_of_other_files_are_followed(pytester: pytest.Pytester) -> None:
    """A function or class of another file of the tests is read as if it stood in the test."""
    found = uses(
        pytester,
        "from helpers import Server, started\n"
        "def test_class():\n    with Server(): pass\n"
        "def test_function(): started()\n"
        "def test_neither(): assert Server\n",
    )
    assert Use("call", "subprocess.Popen") in found["test_class"]
    assert found["test_function"] >= {Use("call", "subprocess.check_call")}
    assert Use("call", "subprocess.check_call") not in found["test_class"]


NOT_CALLING = {
    "patched by name": "def test_x(monkeypatch): monkeypatch.setattr('subprocess.run', print)",
    "patched by object": "import subprocess\ndef test_x(monkeypatch, r): monkeypatch.setattr(subprocess, 'run', r.run)",
    "only imported": "import subprocess\nfrom subprocess import run\ndef test_x(): pass",
    "an attribute of that name": "def test_x(subprocess): subprocess.run()",
    "a fixture for all": "import pytest, subprocess\n@pytest.fixture(autouse=True)\ndef a(): subprocess.run([])\ndef test_x(): pass",
}


@pytest.mark.parametrize("source", NOT_CALLING.values(), ids=NOT_CALLING)
def test_what_is_no_call_is_not_found(pytester: pytest.Pytester, source: str) -> None:
    """A name that is patched, imported or an attribute of something else starts no process; nor does what all tests get."""
    assert Use("call", "subprocess.run") not in uses(pytester, source)["test_x"]


def test_code_under_test_is_not_followed(pytester: pytest.Pytester) -> None:
    """What the product does is the business of the guards: a test may have replaced it."""
    pytester.makepyfile(product="import subprocess\ndef work(): subprocess.run([])\n")
    pytester.syspathinsert()
    assert uses(pytester, "from product import work\ndef test_x(): work()")["test_x"] == {
        Use("call", "product.work"),
        Use("import", "product"),
    }


def test_bases_and_imports_are_found(pytester: pytest.Pytester) -> None:
    """The classes above the test's class, where they were defined, and the packages that the file imports."""
    source = "import os.path, unittest\nfrom json import loads\nclass TestX(unittest.TestCase):\n    def test_x(self): pass\n"
    found = uses(pytester, source)["test_x"]
    assert Use("base", "unittest.case.TestCase") in found
    assert {use.name for use in found if use.kind == "import"} == {"os", "unittest", "json"}


def test_other_items_use_nothing(pytester: pytest.Pytester) -> None:
    """A doctest has no function to read."""
    path = pytester.makepyfile("def f():\n    '''\n    >>> 1\n    1\n    '''\n")
    items, _ = pytester.inline_genitems(path, *WITHOUT, "--doctest-modules", "-p", "no:cacheprovider")
    assert [CodeReader(pytester.path).uses(item) for item in items] == [()]


NOTING = """
asked = []
class Meta(type):
    def __getattribute__(cls, name):
        asked.append(name)
        return super().__getattribute__(name)
class Thing(metaclass=Meta):
    def __getattribute__(self, name):
        asked.append(name)
        raise LookupError(name)
thing = Thing()
"""


@pytest.mark.parametrize("inside", [True, False])
def test_objects_are_not_asked_for_anything(pytester: pytest.Pytester, inside: bool) -> None:
    """A proxy, a model or a settings object may do anything when an attribute is read: none is."""
    pytester.makepyfile(noting=NOTING)
    pytester.syspathinsert()
    source = NOTING if inside else "from noting import Thing, asked, thing\n"
    path = pytester.makepyfile(
        test_it=source + "def test_x():\n    thing()\n    thing.name\n    Thing().x\n    Thing.x\n"
    )
    (item,), _ = pytester.inline_genitems(path, *WITHOUT, "-p", "no:cacheprovider")
    asked = item.module.asked  # type: ignore[attr-defined]  # it is a function, which has a module
    asked.clear()
    found = CodeReader(pytester.path).uses(item)
    assert asked == []
    assert found == (() if inside else (Use("call", "noting.Thing"), Use("import", "noting")))
