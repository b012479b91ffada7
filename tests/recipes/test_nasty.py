"""The common suite of nasty programs: no recipe breaks in it, on any Python, and it finds what it is there to find."""

import os
import subprocess
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from pleasestop.snippets import environments, interpreters
from pleasestop.snippets.interpreters import Interpreter
from recipes.nasty.scenarios import SCENARIOS
from support import RECIPES, ROOT, SNIPPETS

INTERPRETERS = interpreters.find_all()


def test_every_recipe_has_a_program() -> None:
    assert {scenario.recipe for scenario in SCENARIOS.values()} == set(RECIPES)


def suite(interpreter: Interpreter, *arguments: str) -> tuple[int, str]:
    """Run the suite on a Python; return exit status and output."""
    # The demo of a recipe that needs a package has the environment with the packages of all snippets.
    demo = next(one for one in SNIPPETS.values() if one.dependencies and one.name.removesuffix("_demo") in RECIPES)
    if why := environments.obstacle(demo, interpreter):
        return -1, why
    python = environments.with_packages(demo, interpreter).executable
    done = subprocess.run(
        [str(python), "-X", "dev", "-W", "error", "-m", "recipes.nasty", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "tests"), "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=280,
        check=False,
    )
    return done.returncode, done.stdout


@pytest.fixture(scope="module")
def runs() -> Iterator[dict[Interpreter, Future[tuple[int, str]]]]:
    """The suite on every Python at once: half of the time it waits."""
    with ThreadPoolExecutor(max_workers=max(1, len(INTERPRETERS))) as pool:
        yield {interpreter: pool.submit(suite, interpreter) for interpreter in INTERPRETERS}


@pytest.mark.slow
@pytest.mark.parametrize("interpreter", INTERPRETERS, ids=lambda interpreter: interpreter.label)
def test_no_recipe_breaks(runs: dict[Interpreter, Future[tuple[int, str]]], interpreter: Interpreter) -> None:
    status, output = runs[interpreter].result()
    assert status == 0, output
