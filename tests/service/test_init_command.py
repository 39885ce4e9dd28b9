"""`pytest-pyramid init`: the plugin's section for a repository, from what its tests say."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from pytest_pyramid.__main__ import main
from pytest_pyramid.core.settings import resolve
from pytest_pyramid.stores.config_files import read_layers

TEST = "def test_a(): pass\n"
MARKED = "import pytest\n\n@pytest.mark.integration\ndef test_a(): pass\n"
TESTS = {"tests/unit/test_a.py": TEST, "tests/integration-tests/test_b.py": TEST}
NEXT = "pytest --pyramid --pyramid-update-baseline"
TOML = "# kept\n[project]\nname   =  'shop'  # kept too\n"


class Repository:
    """A folder that is the working directory."""

    def __init__(self, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.path = path
        self._capsys = capsys

    def files(self, files: dict[str, str]) -> Repository:
        """The repository with these files in it, newlines as they are."""
        for name, text in files.items():
            path = self.path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        return self

    def init(self, *arguments: str) -> tuple[int, str, str]:
        """Exit status, standard output and standard error of the command."""
        self._capsys.readouterr()
        status = main(["init", *arguments])
        return status, *self._capsys.readouterr()

    def text(self, name: str = "pyproject.toml") -> str:
        """The bytes of a file as text, newlines as they are."""
        return (self.path / name).read_bytes().decode()

    def settings(self) -> dict[str, object]:
        """Keys of the settings that the repository's own section gives, and the names of its tiers."""
        layers, problems = read_layers(self.path, None)
        settings, more = resolve(layers, formats=None)
        assert (problems, more) == ((), ())
        assert settings is not None
        return {key: value for key, value in layers[0].values.items() if key != "tiers"} | {
            "names": settings.pyramid.names
        }


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Repository:
    """An empty repository."""
    monkeypatch.chdir(tmp_path)
    return Repository(tmp_path, capsys)


def test_a_repository_gets_its_settings(repository: Repository) -> None:
    """They are told, written behind what is there, read without a problem, and written once."""
    repository.files(TESTS | {"pyproject.toml": TOML})
    status, said, _ = repository.init()
    assert status == 0
    assert "1          1     unit  folder tests/unit" in said
    assert "1          1  service  folder tests/integration-tests" in said
    assert said.splitlines()[-1] == NEXT
    written = repository.text()
    assert written.startswith(f"{TOML}\n[tool.pytest_pyramid]\n# ")
    assert '# folder tests/integration-tests\nname = "service"\npaths = ["tests/integration-tests/**"]\n' in written
    assert repository.settings() == {"baseline": "pyramid-baseline.toml", "names": ("unit", "service")}
    for arguments in ((), ("--force",), ("--diff",)):
        status, said, told = repository.init(*arguments)
        assert status == 0
        assert "pyproject.toml: nothing to change" in said + told
        assert repository.text() == written


def test_a_diff_writes_nothing(repository: Repository) -> None:
    """The diff alone is on standard output, so that it can be applied."""
    repository.files(TESTS | {"pyproject.toml": TOML})
    status, diff, said = repository.init("--diff")
    assert (status, repository.text()) == (0, TOML)
    assert diff.startswith("--- a/pyproject.toml\n+++ b/pyproject.toml\n")
    assert "+[tool.pytest_pyramid]" in diff
    assert "section would be written" in said


@pytest.mark.parametrize(
    ("files", "target"),
    [
        ({}, "pyproject.toml"),
        ({"setup.cfg": "[metadata]\nname = a\n"}, "setup.cfg"),
        ({"tox.ini": "[tox]\n", "setup.cfg": "[tool:pytest]\n"}, "setup.cfg"),
        ({"pyproject.toml": TOML, "tox.ini": "[pytest]\n"}, "tox.ini"),
        ({"pyproject.toml": TOML, "pytest.ini": ""}, "pytest.ini"),
        ({"pyproject.toml": "[tool.pytest.ini_options]\n", "tox.ini": "[pytest]\n"}, "pyproject.toml"),
        ({"pyproject.toml": TOML, "pytest.toml": "[pytest]\n"}, "pyproject.toml"),
        ({"pyproject.toml": TOML, "setup.cfg": "[metadata]\n"}, "pyproject.toml"),
    ],
)
def test_the_section_goes_where_the_settings_of_pytest_are(
    repository: Repository, files: dict[str, str], target: str
) -> None:
    """Else into a file that is there, else into a new pyproject.toml; the other files stay as they are."""
    repository.files(TESTS | files).init()
    assert "pytest_pyramid]" in repository.text(target)
    assert {name: repository.text(name) for name in files if name != target} == {
        name: text for name, text in files.items() if name != target
    }
    assert repository.settings()["names"] == ("unit", "service")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("end", ["", "\n"])
def test_newlines_of_the_file_are_kept(repository: Repository, newline: str, end: str) -> None:
    """Also where the last line has none."""
    before = f"[project]{newline}name = 'a'{end and newline}"
    repository.files(TESTS | {"pyproject.toml": before}).init()
    written = repository.text()
    assert written.startswith(before)
    assert written.count("\n") == written.count(newline)


OURS = "[tool.pytest_pyramid]\ngate = 'soft'\n"


def test_a_section_that_is_there_is_kept_unless_forced(repository: Repository) -> None:
    """Status 4 and the way out; with --force it is replaced, and what stands around it stays."""
    before = f"{TOML}\n{OURS}\n# of black\n[tool.black]\n"
    repository.files(TESTS | {"pyproject.toml": before})
    status, _, told = repository.init()
    assert (status, repository.text()) == (4, before)
    assert "pyproject.toml has a pytest_pyramid section already" in told
    assert "--force" in told
    assert repository.init("--force")[0] == 0
    assert repository.text().startswith(f"{TOML}\n[tool.pytest_pyramid]\n")
    assert repository.text().endswith("\n# of black\n[tool.black]\n")
    assert "gate" not in repository.settings()


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"src/a.py": ""}, "no tests found below"),
        (TESTS | {"pyproject.toml": "[broken\n"}, "pyproject.toml is no valid TOML"),
        (TESTS | {"pytest.ini": "[pytest]\nmarkers\n = a\n[\n"}, "pytest.ini is no valid ini file"),
        (TESTS | {"pyproject.toml": "tool = {}\n"}, "pyproject.toml"),
        (TESTS | {"pyproject.toml": f"{OURS}[tool.pytest_pyramid\n"}, "pyproject.toml"),
        (TESTS | {"pyproject.toml": OURS, "tox.ini": "[pytest_pyramid]\n"}, "keep one of them"),
        (TESTS | {"pyproject.toml": "[tool.pytest-pyramid]\ngate = 'soft'\n"}, "section already"),
        (TESTS | {"pyproject.toml": "[tool]\npytest_pyramid = {}\n"}, "section already"),
    ],
)
def test_what_cannot_be_used_is_an_error_and_nothing_is_written(
    repository: Repository, files: dict[str, str], words: str
) -> None:
    """Exit status 4 and one sentence that says what is in the way."""
    status, _, told = repository.files(files).init()
    assert status == 4
    assert words in told
    assert {name: repository.text(name) for name in files} == files
    assert len(list(repository.path.glob("*.*"))) == len([name for name in files if "/" not in name])


@pytest.mark.parametrize(
    "text", ["[tool]\npytest_pyramid = {}\n", "[tool.pytest-pyramid]\n", "tool.pytest_pyramid.gate='off'\n"]
)
def test_a_section_in_another_form_is_not_forced(repository: Repository, text: str) -> None:
    """Replacing it would need a rewrite of what is not ours."""
    status, _, told = repository.files(TESTS | {"pyproject.toml": text}).init("--force")
    assert (status, repository.text()) == (4, text)
    assert "pyproject.toml" in told


def test_a_folder_inside_a_repository_is_not_its_root(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder to start in is named; a package with a configuration of its own is a root."""
    repository.files(
        TESTS | {".git/HEAD": "", "pyproject.toml": TOML, "package/tox.ini": "", "package/test_a.py": TEST}
    )
    monkeypatch.chdir(repository.path / "tests")
    status, _, told = repository.init()
    assert status == 4
    assert f"{repository.path} holds the configuration of this repository; start there" in told
    assert not (repository.path / "tests" / "pyproject.toml").exists()
    monkeypatch.chdir(repository.path / "package")
    assert repository.init()[0] == 0


def test_bytes_that_are_no_text_are_an_error(repository: Repository) -> None:
    """The place is named, and the file stays."""
    repository.files(TESTS)
    (repository.path / "pyproject.toml").write_bytes(b"# caf\xe9\n")
    status, _, told = repository.init()
    assert status == 4
    assert "pyproject.toml is not UTF-8 text (byte 6)" in told
    assert (repository.path / "pyproject.toml").read_bytes() == b"# caf\xe9\n"


def test_a_read_only_file_stays(repository: Repository) -> None:
    """Even where its folder would let it be replaced; a diff is shown all the same."""
    path = repository.files(TESTS | {"pyproject.toml": TOML}).path / "pyproject.toml"
    path.chmod(0o444)
    status, _, told = repository.init()
    assert (status, repository.text()) == (4, TOML)
    assert "pyproject.toml is read-only" in told
    assert repository.init("--diff")[0] == 0


def test_a_link_stays_a_link(repository: Repository) -> None:
    """What it points to is written, with its mode; a link to nothing is an error."""
    repository.files(TESTS | {"config/real.toml": TOML})
    real, link = repository.path / "config" / "real.toml", repository.path / "pyproject.toml"
    real.chmod(0o640)
    link.symlink_to(real)
    assert repository.init()[0] == 0
    assert link.is_symlink()
    assert "[tool.pytest_pyramid]" in repository.text("config/real.toml")
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    real.unlink()
    status, _, told = repository.init()
    assert (status, "link to nothing" in told) == (4, True)


def test_the_file_is_written_whole_or_not_at_all(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk is full the old file is there, and no other."""
    repository.files(TESTS | {"pyproject.toml": TOML})

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    status, _, told = repository.init()
    assert (status, repository.text()) == (4, TOML)
    assert "No space left" in told
    assert sorted(path.name for path in repository.path.iterdir()) == ["pyproject.toml", "tests"]


def test_the_rest_goes_to_the_base_where_tox_says_so(repository: Repository) -> None:
    """And the comment says which line told it; a marker that is not registered is told."""
    files = {
        "tests/test_a.py": TEST,
        "tests/test_b.py": MARKED,
        "tox.ini": '[testenv]\ncommands = pytest -m "not integration"\n',
    }
    _, said, _ = repository.files(files | {"pyproject.toml": TOML}).init()
    assert repository.settings()["default-tier"] == "unit"
    assert 'are run by themselves: tox.ini: pytest -m "not integration"\n' in repository.text()
    assert "marker integration is in use and not registered" in said
    assert "default tier unit" in said


def test_a_repository_of_many_packages(repository: Repository) -> None:
    """testpaths may be globs; what they do not name is not looked into."""
    tests = {f"packages/{name}/tests/functional-tests/test_a.py": TEST for name in "abcd"}
    settings = "[tool.pytest.ini_options]\ntestpaths = ['packages/*/tests']\n"
    repository.files(tests | {"other/unit/test_x.py": TEST, "pyproject.toml": settings}).init()
    assert 'paths = ["**/functional-tests/**"]' in repository.text()
    assert "other/unit" not in repository.text()


def test_a_baseline_that_pytest_names_is_not_named_again(repository: Repository) -> None:
    """The ini key is stronger than the section, so that a second name would say nothing."""
    settings = "[tool.pytest.ini_options]\npyramid_baseline = 'known.toml'\n"
    repository.files(TESTS | {"pyproject.toml": settings}).init()
    assert "baseline" not in repository.settings()
