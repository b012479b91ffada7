"""The command line, as a person types it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from pleasestop import pythons


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with one snippet that has not been approved."""
    page = tmp_path / "snippets" / "threads" / "stop"
    page.mkdir(parents=True)
    (page / "say_hello.py").write_text('"""It says hello."""\n\nprint("hello")\n', encoding="utf-8")
    return tmp_path


def call(project: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pleasestop", *words]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=60, check=False)


def test_help_names_every_command_and_the_exit_codes(project: Path) -> None:
    told = call(project, "--help").stdout
    for word in ("list", "run", "check", "approve", "new", "Exit status"):
        assert word in told


def test_list(project: Path) -> None:
    assert call(project, "list").stdout == "threads/stop/say_hello\n    It says hello.\n"


def test_run_shows_output_and_what_is_wrong(project: Path) -> None:
    done = call(project, "run", "say_hello")
    assert done.stdout == f"# say_hello\npython| {pythons.own().label}\nhello\n"
    assert "has no approved output" in done.stderr


def test_check_approve_check(project: Path) -> None:
    done = call(project, "check")
    assert done.returncode == 1
    assert "snippets/threads/stop/say_hello.py on CPython" in done.stderr
    assert "has no approved output; look at it and approve it: pleasestop approve say_hello" in done.stderr

    done = call(project, "approve", "say_hello")
    assert done.returncode == 0, done.stderr
    assert "+hello" in done.stdout
    assert "written, 5 runs agreed" in done.stdout

    done = call(project, "check")
    assert done.returncode == 0, done.stderr
    assert re.search(r"1 run, 0 cached, 0 not runnable here, 0 failed", done.stdout)
    assert "0 run, 1 cached" in call(project, "check").stdout
    assert "3 run, 0 cached" in call(project, "check", "--runs", "3").stdout
    assert "approved already" in call(project, "approve", "say_hello").stdout


def test_check_counts_expected_failures_that_did_not_come(project: Path) -> None:
    path = project / "snippets/threads/stop/say_hello.py"
    block = '# /// script\n# [tool.pleasestop]\n# wrong = "fails"\n# exit = 1\n# ///\n'
    path.write_text(f'"""It says hello."""\n{block}print("hello")\n', encoding="utf-8")
    done = call(project, "check")
    assert done.returncode == 1
    assert "1 failed, 1 expected failures that did not come" in done.stdout


def test_approve_for_older_versions(project: Path) -> None:
    assert call(project, "approve", "say_hello", "--up-to", "3.99").returncode == 0
    assert (project / "snippets/threads/stop/say_hello.3.99.out").exists()
    done = call(project, "approve", "say_hello", "--up-to", "new")
    assert "--up-to takes a version such as 3.11" in done.stderr


def test_approve_refuses_runs_that_differ(project: Path) -> None:
    path = project / "snippets/threads/stop/say_hello.py"
    path.write_text('"""It says hello."""\nimport os\nprint(os.getpid())\n', encoding="utf-8")
    done = call(project, "approve", "say_hello")
    assert done.returncode == 1
    assert "runs differ" in done.stderr
    assert not list(path.parent.glob("*.out"))


def test_approve_refuses_what_the_snippet_does_not_declare(project: Path) -> None:
    path = project / "snippets/threads/stop/say_hello.py"
    path.write_text('"""It says hello."""\nraise SystemExit(2)\n', encoding="utf-8")
    done = call(project, "approve", "say_hello")
    assert done.returncode == 1
    assert "not approved:\n  ended with exit status 2, not 0" in done.stderr
    assert not list(path.parent.glob("*.out"))


def test_an_unknown_name_suggests_the_nearest(project: Path) -> None:
    done = call(project, "run", "say_helo")
    assert done.returncode == 1
    assert done.stderr == "Error: no snippet is called say_helo. Nearest: say_hello.\n"


def test_a_python_that_is_none(project: Path) -> None:
    done = call(project, "run", "say_hello", "--python", "/nowhere/python")
    assert done.returncode == 1
    assert "/nowhere/python: not a Python that can be run here" in done.stderr


def test_a_python_that_the_snippet_does_not_admit(project: Path) -> None:
    path = project / "snippets/threads/stop/say_hello.py"
    path.write_text('"""It says hello."""\n# /// script\n# requires-python = ">=3.99"\n# ///\n', encoding="utf-8")
    done = call(project, "run", "say_hello")
    assert "say_hello wants Python >=3.99, and no Python found here fits; name one with --python PATH" in done.stderr


def test_new_writes_a_snippet_that_can_be_approved(project: Path) -> None:
    done = call(project, "new", "threads/stop/say_bye")
    assert done.returncode == 0
    assert "/// snippet | say_bye" in done.stdout
    assert call(project, "approve", "say_bye").returncode == 0


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("say_bye", "name the page's folder and the snippet"),
        ("../say_bye", "name the page's folder"),
        ("threads/stop/say_hello", "is called say_hello already"),
        ("threads/stop/Say-Bye", "lower_case_words"),
    ],
)
def test_new_refuses(project: Path, where: str, said: str) -> None:
    before = sorted(project.rglob("*"))
    done = call(project, "new", where)
    assert done.returncode == 1
    assert said in done.stderr
    assert [path for path in sorted(project.rglob("*")) if path.is_file()] == [
        path for path in before if path.is_file()
    ]


def test_outside_a_project(tmp_path: Path) -> None:
    done = call(tmp_path, "check")
    assert done.returncode == 1
    assert "no such folder of snippets; run this from the project" in done.stderr
