"""The tests of the recipes pass on every Python, as in a reader's project: with pytest and what one of them needs."""

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from packaging.version import Version

from pleasestop.files import atomic_folder
from pleasestop.snippets import interpreters
from pleasestop.snippets.interpreters import Interpreter
from support import RECIPES, ROOT, cpythons, lacking, python_with_packages

FOLDER = ROOT / "snippets/recipes"
LOCK = FOLDER / "requirements.lock"
INTERPRETERS = cpythons()


@pytest.fixture(scope="session")
def recipe_pytest() -> Path:
    """A folder with a pytest that runs on every Python from 3.8 on; kept between test runs."""
    folder = ROOT / ".pleasestop" / "pytest" / hashlib.sha256(LOCK.read_bytes()).hexdigest()[:16]
    if not folder.exists():
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        options = ["--no-deps", "--only-binary=:all:", "--require-hashes", "-r", str(LOCK), "--target"]
        with atomic_folder(folder) as temporary:
            done = subprocess.run([*pip, *options, str(temporary)], capture_output=True, text=True, check=False)
            if done.returncode != 0:
                lacking(f"there is no pytest for the recipes: {done.stderr}")
    return folder


def run_all_tests(interpreter: Interpreter, with_pytest: Path) -> tuple[int, str]:
    """Run the tests of all recipes on a Python, of those that it admits."""
    # A release candidate has the floor of its minor version.
    minor = Version(f"{interpreter.version.major}.{interpreter.version.minor}")
    tests = [str(recipe.tests) for recipe in RECIPES.values() if Version(recipe.floor) <= minor]
    return run_tests(python_with_packages(interpreter), with_pytest, tests)


EVERY_RUN = tuple(dict.fromkeys((INTERPRETERS[0], interpreters.own(), INTERPRETERS[-1])))
"""The newest Python, the one that runs the tests, and the oldest; the others are left to `thorough`."""


@pytest.fixture(scope="session")
def runs(recipe_pytest: Path) -> Iterator[dict[Interpreter, Future[tuple[int, str]]]]:
    """The tests of all recipes on these Pythons at once: they must pass under load, and mostly wait."""
    with ThreadPoolExecutor() as pool:
        yield {interpreter: pool.submit(run_all_tests, interpreter, recipe_pytest) for interpreter in EVERY_RUN}


@pytest.mark.timeout(500)
@pytest.mark.parametrize("interpreter", EVERY_RUN, ids=lambda interpreter: interpreter.label)
def test_recipes_keep_their_promises(
    runs: dict[Interpreter, Future[tuple[int, str]]], interpreter: Interpreter
) -> None:
    status, output = runs[interpreter].result()
    assert status == 0, output


@pytest.mark.thorough
@pytest.mark.timeout(500)
@pytest.mark.parametrize("interpreter", INTERPRETERS, ids=lambda interpreter: interpreter.label)
def test_recipes_keep_their_promises_on_any_python(recipe_pytest: Path, interpreter: Interpreter) -> None:
    status, output = run_all_tests(interpreter, recipe_pytest)
    assert status == 0, output


def run_tests(python: Path, with_pytest: Path, tests: list[str], seconds: float = 400) -> tuple[int, str]:
    """Run files of tests with nothing but pytest; return exit status and output.

    Tests that run longer than `seconds` are aborted; the output then says where each thread stands.
    """
    with subprocess.Popen(
        [str(python), "-W", "ignore::SyntaxWarning", "-m", "pytest", "-q", *tests],
        cwd=FOLDER,
        env={
            **os.environ,
            "PYTHONPATH": str(with_pytest),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            output, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGABRT)  # pytest has enabled `faulthandler`, which prints the stacks
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            with suppress(ProcessLookupError):  # the process had no children, or they have exited
                os.killpg(process.pid, signal.SIGKILL)
            output, _ = process.communicate()
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)  # with the children of the tests
            raise
        return process.returncode, output


@pytest.mark.parametrize("wait", ["subprocess.run(['sleep', '60'])", "time.sleep(60)"])
def test_hanging_test_is_aborted_with_its_stack(recipe_pytest: Path, tmp_path: Path, wait: str) -> None:
    test = tmp_path / "test_x.py"
    test.write_text(f"import subprocess, time\n\ndef test_x():\n    {wait}\n", encoding="utf-8")
    status, output = run_tests(Path(sys.executable), recipe_pytest, [str(test)], 3)
    assert status == -signal.SIGABRT
    assert 'test_x.py", line 4 in test_x' in output


def test_broken_promise_fails(recipe_pytest: Path, tmp_path: Path) -> None:
    test = tmp_path / "test_x.py"
    test.write_text('def test_x() -> None:\n    """It holds."""\n    assert 1 > 2\n', encoding="utf-8")
    status, output = run_tests(Path(sys.executable), recipe_pytest, [str(test)])
    assert status == 1
    assert "assert 1 > 2" in output
