"""The common suite of nasty programs: no recipe breaks in it, on any Python, and it finds what it is there to find."""

import os
import subprocess
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from pleasestop.snippets import interpreters
from pleasestop.snippets.interpreters import Interpreter
from recipes.nasty.scenarios import SCENARIOS
from support import RECIPES, ROOT, cpythons, python_with_packages

INTERPRETERS = cpythons()


def test_every_recipe_has_a_program() -> None:
    assert {scenario.recipe for scenario in SCENARIOS.values()} == set(RECIPES)


def suite(interpreter: Interpreter, *arguments: str) -> tuple[int, str]:
    """Run the suite on a Python; return exit status and output."""
    done = subprocess.run(
        [str(python_with_packages(interpreter)), "-X", "dev", "-W", "error", "-m", "recipes.nasty", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "tests"), "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=280,
        check=False,
    )
    return done.returncode, done.stdout


def assert_breaks(recipe: str, file: Path, fault: str) -> None:
    """Check that the suite finds a fault with a file in place of a recipe."""
    status, output = suite(interpreters.own(), recipe, "--instead", f"{recipe}={file}", "--until", fault)
    assert status == 1
    assert fault in output


# What each check finds in an older release of a recipe, or in a recipe with a changed line.
RELEASES = [
    ("cancel_on_disconnect", "1.0.0", "leaves the task cancel_on_disconnect.<locals>.wrapped.<locals>.watch"),
    ("cancel_on_disconnect", "1.1.0", "the scope raised CancelledError()"),
    ("cancel_others", "1.0.0", "linear: 4 times as many items take 13"),
    ("closing_stream", "1.0.0", "the contexts of its exception form a cycle"),
    ("consume", "1.0.0", "it still runs after 20000 turns of the loop"),
    ("consume", "1.1.0", "Ctrl-C at each line: at line 60: it still runs after 20000 turns of the loop"),
    ("debounce", "1.0.0", "sees what another callable has set"),
    ("finish", "1.0.0", "2 frames are kept until the garbage collector runs"),
    ("first_success", "1.0.0", "2 cleanups were interrupted"),
    ("graceful", "1.1.0", "Ctrl-C at line 63: it raised AssertionError('it was not cancelled')"),
    ("loop_timer", "1.0.0", "the loop reports: Exception in callback"),
    ("run_hard", "1.0.2", "Ctrl-C at line 79: leaves a "),  # process: it runs, or has ended by itself
    ("single_flight", "1.0.0", "2 frames are kept until the garbage collector runs"),
    ("stop_process", "1.0.0", "limit inf: it raised OverflowError"),
]
CHANGES = [
    ("batch", "places.release()", "pass", "it still runs after 20000 turns of the loop"),
    ("finish", "raise asyncio.CancelledError(*cancelled)", "pass", "cancelled, it ended with None"),
    ("finish", "raise asyncio.CancelledError(*cancelled)", "pass", "in a block that expired, it ended with None"),
    ("finish", "raise asyncio.CancelledError(*cancelled)", "pass", "cancelled by its group, it ended with"),
    ("early_stop_group", "host.uncancel()", "pass", "cancelling() is not 0"),
    ("alarm", "signal.signal(signal.SIGALRM, self._before)", "pass", "once: leaves handlers or a timer of signals"),
    ("alarm", "if threading.current", "if False and threading.current", "in another thread: it raised AssertionError"),
    ("run_cmd", "pipe.close()", "pass", "unclosed file"),
    (
        "run_cmd",
        "while not child.ended():",
        "while False:",
        "leaves a process that has ended, and was not waited for",
    ),
    ("restartable_timer", "self.join()\n", "pass\n", "once: leaves the thread"),
    ("stop_process", "process.join(0)", "assert os.getpid() == PID", "in a forked child: it raised AssertionError"),
    (
        "finish",
        "loop = asyncio.get",
        "assert not asyncio.get_running_loop().get_debug(); loop = asyncio.get",
        "debug mode: moment 1: not cancelled, it ended with AssertionError",
    ),
    (
        "shutdown_now",
        "    given = list(futures)",
        "    try:\n        given = list(futures)\n    except KeyboardInterrupt:\n        given = []",
        "Ctrl-C was lost",
    ),
    ("hedge", "await _stop(running)", "pass", "bodies have not ended"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("recipe", "version", "fault"), RELEASES)
def test_older_releases_break(recipe: str, version: str, fault: str) -> None:
    assert_breaks(recipe, RECIPES[recipe].path.parent / "releases" / f"{version}.py", fault)


@pytest.mark.slow
@pytest.mark.parametrize(("recipe", "line", "changed", "fault"), CHANGES)
def test_changed_recipes_break(tmp_path: Path, recipe: str, line: str, changed: str, fault: str) -> None:
    file = tmp_path / f"{recipe}.py"
    assert line in RECIPES[recipe].text
    text = RECIPES[recipe].text.replace(line, changed) + "\nimport os\nPID = os.getpid()\n"
    file.write_text(text, encoding="utf-8")
    assert_breaks(recipe, file, fault)


EVERY_RUN = (INTERPRETERS[0], INTERPRETERS[-1])
"""The newest Python, with uvloop, and the oldest: the others are left to `thorough`."""


@pytest.fixture(scope="module")
def runs() -> Iterator[dict[Interpreter, Future[tuple[int, str]]]]:
    """The suite on these Pythons at once."""
    with ThreadPoolExecutor() as pool:
        yield {
            one: pool.submit(suite, one, *([] if one == INTERPRETERS[0] else ["--without-uvloop"])) for one in EVERY_RUN
        }


@pytest.mark.slow
@pytest.mark.parametrize("interpreter", dict.fromkeys(EVERY_RUN), ids=lambda interpreter: interpreter.label)
def test_no_recipe_breaks(runs: dict[Interpreter, Future[tuple[int, str]]], interpreter: Interpreter) -> None:
    status, output = runs[interpreter].result()
    assert status == 0, output


@pytest.mark.thorough
@pytest.mark.parametrize("interpreter", INTERPRETERS, ids=lambda interpreter: interpreter.label)
def test_no_recipe_breaks_on_any_python(interpreter: Interpreter) -> None:
    status, output = suite(interpreter)
    assert status == 0, output
