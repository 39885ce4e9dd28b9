"""coverage.py's data files and sources: read in one pass, put back as if nobody had labelled them."""

from __future__ import annotations

from pathlib import Path

import pytest
from coverage import Coverage, CoverageData

from pytest_pyramid.core.line_sets import bits_of, lines_of
from pytest_pyramid.core.recording import IMPORT, Label, Recording, Trace, label_of
from pytest_pyramid.session.wire import WireError
from pytest_pyramid.session.wire_coverage import pack_recording, unpack_recording
from pytest_pyramid.stores import coverage_data
from pytest_pyramid.stores.coverage_sources import SourceReader

UNIT, PAGE = Label("unit"), Label("ui", "t.py::test_page")
TEXT = '''import os


@staticmethod
def pay(
    amount,
):
    """Says what it does."""
    if amount:
        return (
            amount
            * 2
        )
    return 0  # pragma: no cover


class Till:
    def open(self):
        for one in range(3):
            print(one)
'''


def filled(path: Path, *, branch: bool, static: str = "") -> CoverageData:
    """A data file with what import, one tier and one test executed, and a file that nothing did."""
    data = CoverageData(str(path))
    for label, lines in ((None, [1, 2]), (UNIT, [2, 3]), (PAGE, [3, 9])):
        text = "|".join(part for part in (static, label.text if label else "") if part)
        data.set_context(text)
        if branch:
            data.add_arcs({"/x/a.py": [(-1, lines[0]), (lines[0], lines[1])]})
        else:
            data.add_lines({"/x/a.py": lines})
    data.touch_file("/x/idle.py")
    return data


def seen(path: Path) -> Recording:
    """What the file says, labels of ours and import."""
    return coverage_data.recording_of(
        coverage_data.read(path),
        lambda text: label_of(text) or IMPORT,
        coverage_data.relative_to(Path("/x"), Path("/x")),
    )


@pytest.mark.parametrize("static", ["", "ci"])
@pytest.mark.parametrize("branch", [False, True])
def test_every_label_has_its_lines(tmp_path: Path, branch: bool, static: str) -> None:
    """Lines, or arcs and the lines at their ends; a static context of the user does not matter."""
    coverage_data.close(filled(tmp_path / "data", branch=branch, static=static))
    found = seen(tmp_path / "data")
    lines = {label: list(lines_of(trace.lines["a.py"])) for label, trace in found.traces.items()}
    assert lines == {IMPORT: [1, 2], UNIT: [2, 3], PAGE: [3, 9]}
    assert found.files == {"a.py", "idle.py"}
    assert found.branch is branch
    if branch:
        taken = found.traces[PAGE].arcs["a.py"]
        assert {found.arcs["a.py"][number] for number in lines_of(taken)} == {(-1, 3), (3, 9)}


@pytest.mark.parametrize("branch", [False, True])
def test_a_file_of_another_version_is_read_the_slow_way(
    tmp_path: Path, branch: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """coverage.py promises its methods, not its tables; both ways give the same."""
    coverage_data.close(filled(tmp_path / "data", branch=branch))
    quick = seen(tmp_path / "data")
    monkeypatch.setattr(coverage_data, "SCHEMA", 99)
    slow = seen(tmp_path / "data")
    assert slow.files == quick.files
    assert {label: trace.lines for label, trace in slow.traces.items()} == {
        label: trace.lines for label, trace in quick.traces.items()
    }


@pytest.mark.parametrize("static", ["", "ci"])
@pytest.mark.parametrize("branch", [False, True])
def test_data_that_was_put_back_is_what_it_would_have_been(tmp_path: Path, branch: bool, static: str) -> None:
    """The same lines, arcs and files, and only the user's own contexts."""
    data = filled(tmp_path / "data", branch=branch, static=static)
    before = sorted(data.lines("/x/a.py") or []), sorted(data.arcs("/x/a.py") or [])
    coverage_data.put_back(data, coverage_data.read(tmp_path / "data"))
    coverage_data.close(data)
    after = CoverageData(str(tmp_path / "data"))
    after.read()
    assert after.measured_contexts() == {static}
    assert (sorted(after.lines("/x/a.py") or []), sorted(after.arcs("/x/a.py") or [])) == before
    assert after.measured_files() == {"/x/a.py", "/x/idle.py"}
    assert after.has_arcs() is branch
    assert not coverage_data.is_labelled(coverage_data.read(tmp_path / "data"))


def test_other_contexts_of_the_user_stay_apart(tmp_path: Path) -> None:
    """An older run's contexts, appended to, are not touched."""
    data = filled(tmp_path / "data", branch=False)
    data.set_context("older")
    data.add_lines({"/x/a.py": [77]})
    coverage_data.put_back(data, coverage_data.read(tmp_path / "data"))
    data.set_query_context("older")
    assert data.lines("/x/a.py") == [77]


def test_a_recording_crosses_processes_unchanged() -> None:
    """Labels, sets, arcs and files; another version is refused."""
    arcs = {"a.py": ((-1, 1), (1, 2))}
    traces = {UNIT: Trace({"a.py": bits_of([1, 900])}, {"a.py": 0b11}), PAGE: Trace({}, {})}
    recording = Recording(True, frozenset({"a.py", "b.py"}), arcs, traces)
    assert unpack_recording(pack_recording(recording, ["why"])) == (recording, ["why"])
    with pytest.raises(WireError):
        unpack_recording(b"nonsense")


@pytest.mark.parametrize("name", ["a.py", "folder/a.py"])
def test_measured_files_are_named_as_tests_are(tmp_path: Path, name: str) -> None:
    """Relative to the root folder, from absolute names and from those of `relative_files`; outside stays absolute."""
    name_of = coverage_data.relative_to(tmp_path, tmp_path / "folder")
    assert name_of(str(tmp_path / name)) == name
    assert name_of("b.py") == "folder/b.py"
    assert name_of("/elsewhere/b.py") == "/elsewhere/b.py"
    assert name_of(f"{tmp_path}x/b.py") == f"{tmp_path}x/b.py"


def test_a_source_tells_statements_headers_functions_and_branches(tmp_path: Path) -> None:
    """As coverage.py itself reads it, with the user's exclusions."""
    (tmp_path / "shop.py").write_text(TEXT, encoding="utf-8")
    reader = SourceReader(None, tmp_path, branch=True)
    found, lacking = reader.read(["shop.py", "gone.py"])
    source = found["shop.py"]
    coverage = Coverage(data_file=None, config_file=False)
    coverage.get_data().add_lines({str(tmp_path / "shop.py"): [1]})
    assert list(lines_of(source.statements)) == coverage.analysis2(str(tmp_path / "shop.py"))[1]
    assert 14 not in lines_of(source.statements)
    assert source.executed(bits_of([11])) == bits_of([10])
    assert [source.function_at(line) for line in (1, 9, 19)] == ["", "pay", "Till.open"]
    assert {4, 5, 17, 18} <= set(lines_of(source.headers))
    assert not {9, 19} & set(lines_of(source.headers))
    assert source.branches == {(19, 20), (19, -18)}
    assert lacking == ["gone.py"]


NESTED = """\
try:
    def a(): return 1
except ValueError:
    def b(): return 1
else:
    def c(): return 1
finally:
    def d(): return 1
match 1:
    case 1:
        def e(): return 1
with open(0) as f:
    for g in f:
        if g:
            class H:
                def i(self):
                    async def j(): return 1
        else:
            def k(): return 1
"""


def test_functions_are_found_inside_of_every_kind_of_statement(tmp_path: Path) -> None:
    """With the names of what they stand in."""
    (tmp_path / "a.py").write_text(NESTED, encoding="utf-8")
    found = SourceReader(None, tmp_path, branch=False).read(["a.py"])[0]["a.py"]
    assert [name for _, _, name in found.functions] == ["a", "b", "c", "d", "e", "H.i", "H.i.j", "k"]


def test_what_the_user_leaves_out_of_reports_is_left_out(tmp_path: Path) -> None:
    """`[report] omit` and `include` hold for us too."""
    for name in ("a.py", "b.py", "bad.py"):
        (tmp_path / name).write_text("x = (" if name == "bad.py" else "x = 1\n", encoding="utf-8")
    (tmp_path / "rc").write_text("[report]\nomit = */b.py\n", encoding="utf-8")
    (tmp_path / "rc2").write_text("[report]\ninclude = */b.py\n", encoding="utf-8")
    files = ["a.py", "b.py", "bad.py"]
    without = SourceReader(str(tmp_path / "rc"), tmp_path, branch=False).read(files)
    assert (list(without[0]), without[1]) == (["a.py"], ["bad.py"])
    assert list(SourceReader(str(tmp_path / "rc2"), tmp_path, branch=False).read(files)[0]) == ["b.py"]


def test_templates_are_no_sources_that_are_lacking(tmp_path: Path) -> None:
    """Template engines give compiled templates the names of their files; coverage.py's own reports pass over them."""
    (tmp_path / "page.html").write_text("<p>{{ total }}</p>", encoding="utf-8")
    (tmp_path / "program").write_text("<p>", encoding="utf-8")
    reader = SourceReader(None, tmp_path, branch=False)
    assert reader.read(["page.html", "gone.jinja", "program", "gone.pyw"]) == ({}, ["program", "gone.pyw"])
