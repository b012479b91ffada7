"""The commands for the person who writes snippets, as a person types them."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from pleasestop.cli import COMMANDS
from pleasestop.snippets import interpreters, parse

PROGRAM = '"""It says hello."""\n\nprint("hello")\n'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a page and one snippet that has not been approved."""
    page = tmp_path / "snippets/threads/stop"
    page.mkdir(parents=True)
    (page / "say_hello.py").write_text(PROGRAM, encoding="utf-8")
    (tmp_path / "docs/threads").mkdir(parents=True)
    (tmp_path / "docs/threads/stop.md").write_text("# Stop\n\n/// snippet | say_hello\n///\n", encoding="utf-8")
    return tmp_path


def call(project: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pleasestop", *words]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=120, check=False)


def snippet(project: Path, text: str = "") -> Path:
    """Return the snippet of the project, after writing it anew if there is a text."""
    path = project / "snippets/threads/stop/say_hello.py"
    if text:
        path.write_text(text, encoding="utf-8")
    return path


def test_help_shows_every_description_whole(project: Path) -> None:
    text = re.sub(r"\s+", " ", call(project, "--help").stdout)
    described = {name: description for commands in COMMANDS.values() for name, (_, description) in commands.items()}
    assert [name for name, description in described.items() if f"{name} {description}" not in text] == []


def test_list(project: Path) -> None:
    assert call(project, "list").stdout == "threads/stop/say_hello\n    It says hello.\n"


def test_run_shows_output_and_what_is_wrong(project: Path) -> None:
    done = call(project, "run", "say_hello")
    assert done.stdout == f"# say_hello\npython| {interpreters.own().label}\nhello\n"
    assert "has no approved output" in done.stderr


def test_check_approve_check(project: Path) -> None:
    done = call(project, "check")
    assert done.returncode == 1
    assert "snippets/threads/stop/say_hello.py on CPython" in done.stderr
    assert "python dev.py approve say_hello" in done.stderr

    done = call(project, "approve", "say_hello", "--only-approve")
    assert done.returncode == 0, done.stderr
    assert "+hello" in done.stdout
    assert "written, 5 runs on" in done.stdout
    assert not (project / "records").exists()

    done = call(project, "check")
    assert done.returncode == 0, done.stderr
    assert re.search(r"[01] run, [01] cached, 0 not runnable here, 0 failed", done.stdout)
    assert "0 run, 1 cached" in call(project, "check").stdout
    assert "3 run, 0 cached" in call(project, "check", "--runs", "3").stdout
    assert "approved before" in call(project, "approve", "say_hello", "--only-approve").stdout


def test_approve_proves_on_every_python_of_the_machine(project: Path) -> None:
    done = call(project, "approve", "say_hello")
    assert done.returncode == 0, done.stderr
    found = interpreters.find_all()
    records = {path.name for path in (project / "records").iterdir()}
    assert records == {f"{one.implementation.lower()}-{one.minor}-{one.system}.json" for one in found}
    assert f"{len(found)} proofs written from {30 * len(found)} runs" in done.stdout
    assert "0 proofs written" in call(project, "prove").stdout

    snippet(project, PROGRAM.replace("says hello", "says hello, still"))
    assert "0 proofs written" in call(project, "prove").stdout, "a claim is not the program"
    snippet(project, PROGRAM.replace('("hello")', '("bye")'))
    done = call(project, "approve", "say_hello")
    assert "-hello\n+bye" in done.stdout
    assert f"{len(found)} proofs written" in done.stdout


def test_an_output_that_nothing_here_can_refresh_is_named(project: Path) -> None:
    call(project, "approve", "say_hello", "--only-approve")
    old = snippet(project).with_name("say_hello.3.7.out")
    old.write_text("python| CPython 3.7.16 on Linux\nprogram| 000000000000\nhello\n", encoding="utf-8")
    done = call(project, "approve", "say_hello", "--only-approve")
    assert "say_hello.3.7.out: is of the program as it was, and no Python here is 3.7 and older" in done.stdout
    assert "000000000000" in old.read_text(encoding="utf-8")


def test_approve_for_older_versions(project: Path) -> None:
    assert call(project, "approve", "say_hello", "--up-to", "3.99", "--only-approve").returncode == 0
    assert snippet(project).with_name("say_hello.3.99.out").exists()


@pytest.mark.parametrize("version", ["new", "3.11.2", "4.1", "3.", "3.x"])
def test_approve_refuses_what_is_not_a_minor_version(project: Path, version: str) -> None:
    done = call(project, "approve", "say_hello", "--up-to", version)
    assert done.returncode == 2
    assert f"give a minor version such as 3.11, not '{version}'" in done.stderr
    assert list(project.rglob("*.out")) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('"""It says hello."""\nimport os\nprint(os.getpid())\n', "its runs differ"),
        ('"""It says hello."""\nraise SystemExit(2)\n', "not approved:\n  ended with exit status 2, not 0"),
    ],
)
def test_approve_refuses_a_run_that_cannot_be_right(project: Path, text: str, message: str) -> None:
    snippet(project, text)
    done = call(project, "approve", "say_hello")
    assert done.returncode == 1
    assert message in done.stderr
    assert list(project.rglob("*.out")) == []


def test_prove_says_once_how_runs_deviate(project: Path) -> None:
    call(project, "approve", "say_hello", "--only-approve")
    path = snippet(project, '"""It says hello."""\nimport os\nprint(os.getpid())\n')
    fingerprint = parse.read(path, project / "snippets").fingerprint
    head = f"python| CPython 3.15.0 on Linux\nprogram| {fingerprint}\n"
    path.with_suffix(".out").write_text(f"{head}1\n", encoding="utf-8")
    done = call(project, "prove", "--python", sys.executable, "--runs", "6")
    assert done.returncode == 1
    assert done.stderr.count("say_hello.py on CPython") == 1
    assert "6 of 6 runs deviated, and not all in the same way: order the program by events" in done.stderr


def test_a_check_of_nothing_fails(project: Path) -> None:
    snippet(project, '"""It says hello."""\n# /// script\n# requires-python = ">=3.99"\n# ///\n')
    done = call(project, "check", "--python", sys.executable)
    assert done.returncode == 1
    assert "nothing was checked: CPython" in done.stderr


def test_check_counts_expected_failures_that_did_not_happen(project: Path) -> None:
    block = '# /// script\n# [tool.pleasestop]\n# wrong = "fails"\n# exit = 1\n# ///\n'
    snippet(project, f'"""It says hello."""\n{block}print("hello")\n')
    done = call(project, "check")
    assert done.returncode == 1
    assert "1 failed, 1 expected failures that did not happen" in done.stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["run", "say_helo"], "Error: no snippet is called say_helo. Nearest: say_hello.\n"),
        (["run", "say_hello", "--python", "/nowhere/python"], "/nowhere/python: this is not a Python that can be run"),
        (["release", "nothing", "note"], "no recipe is called nothing"),
    ],
)
def test_a_wrong_word_is_named(project: Path, words: list[str], message: str) -> None:
    done = call(project, *words)
    assert done.returncode == 1
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_python_that_the_snippet_does_not_admit(project: Path) -> None:
    snippet(project, '"""It says hello."""\n# /// script\n# requires-python = ">=3.99"\n# ///\n')
    done = call(project, "run", "say_hello")
    assert "requires Python >=3.99, and no Python found here fits; name one with --python PATH" in done.stderr


@pytest.mark.parametrize("prefix", ["", "snippets/"])
def test_new_writes_a_snippet_and_says_what_to_do(project: Path, prefix: str) -> None:
    done = call(project, "new", f"{prefix}threads/stop/say_bye")
    assert done.returncode == 0, done.stderr
    assert "put this into docs/threads/stop.md,\n\n/// snippet | say_bye\n///\n" in done.stdout
    assert "python dev.py approve say_bye" in done.stdout
    assert call(project, "approve", "say_bye", "--only-approve").returncode == 0


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("say_bye", "name the page's folder and the snippet"),
        ("./y", "name the page's folder and the snippet"),
        ("../say_bye", "name the page's folder"),
        ("/threads/stop/say_bye", "name the page's folder"),
        ("threads/stopp/say_bye", "no page is called docs/threads/stopp.md. Nearest: docs/threads/stop.md."),
        ("threads/stop/say_hello", "has this name"),
        ("threads/stop/Say-Bye", "lower_case_words"),
    ],
)
def test_new_refuses(project: Path, where: str, message: str) -> None:
    before = sorted(path for path in project.rglob("*") if path.is_file())
    done = call(project, "new", where)
    assert done.returncode == 1
    assert message in done.stderr
    assert sorted(path for path in project.rglob("*") if path.is_file()) == before


def test_new_refuses_the_name_of_a_recipe(project: Path) -> None:
    (project / "docs/recipes").mkdir()
    (project / "docs/recipes/foo.md").write_text("# Foo\n", encoding="utf-8")
    done = call(project, "new", "recipes/foo/foo")
    assert done.returncode == 1
    assert "that is the name of a recipe, or of its tests" in done.stderr


def test_outside_of_a_project(tmp_path: Path) -> None:
    for words in (["check"], ["build"], ["new", "a/b"]):
        done = call(tmp_path, *words)
        assert done.returncode == 1
        assert "there is no such folder of snippets; run this in the project's folder" in done.stderr
        assert "Traceback" not in done.stderr
