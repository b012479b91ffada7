"""Packages that snippets declare: installed once for each interpreter, named in the label."""

import subprocess
import sys
from pathlib import Path

import pytest

from pleasestop.snippets import cache, environments, interpreters, matrix
from pleasestop.snippets.cache import RunCache
from pleasestop.snippets.check import check
from pleasestop.snippets.model import Snippet
from snippet_folder import Folder

BLOCK = '# /// script\n# dependencies = ["greet==1.0"]\n# ///\n'


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Install a package `greet` in place of what a lock names; return the environments that were made."""
    made: list[Path] = []

    def uv(*words: str | Path) -> None:
        if words[0] == "venv":
            folder = Path(words[-1])
            subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
            (module,) = folder.glob("lib/*/site-packages")
            (module / "greet.py").write_text('WORD = "hello"\n', encoding="utf-8")
            made.append(folder)

    monkeypatch.setattr(environments, "_uv", uv)
    return made


def needing(folder: Folder, block: str = BLOCK) -> Snippet:
    path = folder.write("").path
    path.write_text(f'"""It holds."""\n{block}import greet\nprint(greet.WORD)\n', encoding="utf-8")
    return folder.read()


def test_packages_are_installed_once_and_named(folder: Folder, installed: list[Path]) -> None:
    folder.lock("greet==1.0")
    snippet = folder.approve(needing(folder), "hello\n")
    own = interpreters.own()
    for _ in range(2):
        (result,) = check([(snippet, own)], RunCache(None))
        assert (result.problems, result.obstacle) == ((), "")
        assert result.run is not None
        assert result.run.interpreter.label == own.label.replace(" on ", ", greet 1.0 on ")
    assert len(installed) == 1
    assert [one.interpreter for one in matrix.want([snippet], [own])] == [own]


def test_another_lock_makes_another_environment_and_another_run(folder: Folder, installed: list[Path]) -> None:
    folder.lock("greet==1.0")
    snippet = needing(folder)
    before = cache.run_key(snippet, interpreters.own())
    assert environments.obstacle(snippet, interpreters.own()) == ""
    folder.lock("greet==1.0", "other==2.0")
    assert cache.run_key(snippet, interpreters.own()) != before
    assert environments.obstacle(snippet, interpreters.own()) == ""
    assert len(installed) == 2


def test_without_its_packages_a_snippet_shows_what_was_approved(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def uv(*_: str | Path) -> None:
        raise subprocess.CalledProcessError(1, "uv", stderr="no network")

    monkeypatch.setattr(environments, "_uv", uv)
    folder.lock("greet==1.0")
    own = interpreters.own()
    (result,) = check([(needing(folder), own)], RunCache(None))
    assert result.run is None
    assert result.problems[0].startswith("its packages could not be installed (it requires Python any and greet==1.0)")
    snippet = folder.approve(needing(folder), "hello\n")
    (result,) = check([(snippet, own)], RunCache(None))
    assert (result.run, result.problems) == (None, ())
    assert matrix.want([snippet], [own]) == [], "it proves nothing"
    assert capsys.readouterr().err.count("no network") == 1, "said once"
    assert list((folder.root.parent / environments.FOLDER).iterdir()) == [], "nothing half-made is left"


def test_a_requirement_must_be_what_the_lock_pins(folder: Folder) -> None:
    folder.lock("greet==2.0")
    with pytest.raises(Exception, match=r'require "greet==2.0", as .*requirements.lock pins it, not "greet==1.0"'):
        needing(folder)


def test_lock_names_each_package_that_a_person_asked_for() -> None:
    snippets = Path(__file__).resolve().parents[2] / "snippets"
    asked = {line.split(" ")[0] for line in (snippets / "requirements.in").read_text(encoding="utf-8").splitlines()}
    lock = (snippets / "requirements.lock").read_text(encoding="utf-8")
    assert [name for name in asked if f"\n{name}==" not in f"\n{lock}"] == [], "python tools/lock_packages.py"
