"""How the files of a recipe are read, and how a demo becomes one file."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from pleasestop import script_metadata
from pleasestop.messages import PleaseStopError
from pleasestop.recipes import model
from recipes.conftest import release, text

HEADER = '''# SPDX-License-Identifier: 0BSD
# Recipe: greet 1.0.0
# Source: Please Stop, recipes/greet
# Python: 3.9 or newer
"""Greet somebody."""

'''
TESTS = '''def test_greets() -> None:
    """Says `hello`."""


async def test_twice() -> None:
    """Does it twice."""
'''
BLOCK = '# /// script\n# dependencies = ["hello>=2"]\n# ///\n'


def write(folder: Path, recipe: str) -> None:
    (folder / "greet.py").write_text(recipe, encoding="utf-8")


def test_read_returns_what_the_file_says(folder: Path) -> None:
    write(folder, HEADER + BLOCK + "PAGE = '\x0c'\n")
    (folder / "test_greet.py").write_text(TESTS, encoding="utf-8")
    recipe = model.read(folder)
    assert (recipe.name, str(recipe.version), recipe.floor) == ("greet", "1.0.0", "3.9")
    assert (recipe.title, recipe.page) == ("Greet somebody.", "recipes/greet/")
    assert recipe.dependencies == ("hello>=2",)
    assert recipe.lines == 10  # a form feed ends no line
    assert [(promise.test, promise.sentence) for promise in recipe.promises] == [
        ("test_greets", "Says `hello`."),
        ("test_twice", "Does it twice."),
    ]


def test_recipe_is_a_draft_until_it_is_released(folder: Path) -> None:
    assert model.read(folder).releases == ()
    assert not model.read(folder).released
    release(folder, "1.0.0")
    assert model.read(folder).released
    write(folder, text("1.1.0"))
    assert not model.read(folder).released


def test_load_returns_recipes_and_faults(folder: Path) -> None:
    root = folder.parent
    (root / "no_recipe").mkdir()
    (root / "pytest.ini").touch()
    for name, content in (("bad", b""), ("latin", b"# \xff"), ("Bad-Name", b"")):
        (root / name).mkdir()
        (root / name / f"{name}.py").write_bytes(content)
        (root / name / f"test_{name}.py").touch()
    (root / "half").mkdir()
    (root / "half/half.py").mkdir()
    (root / "half/test_half.py").touch()
    recipes, faults = model.load(root)
    assert list(recipes) == ["greet"]
    assert faults.keys() == {"bad", "latin", "Bad-Name", "half"}
    assert "bad.py:1: write a line such as" in faults["bad"].message
    assert "latin.py: is not written in UTF-8; save it as UTF-8." in faults["latin"].message
    assert "half.py: Is a directory" in faults["half"].message
    assert model.load(root / "gone") == ({}, {})


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("0BSD", "MIT", "greet.py:1: write a line such as `# SPDX-License-Identifier: 0BSD` here, not"),
        ("greet 1.0.0", "great 1.0.0", "greet.py:2: write a line such as `# Recipe: greet 1.0.0`"),
        ("1.0.0", "1.0", "greet.py:2"),
        ("1.0.0", "1.0.0rc1", "greet.py:2"),
        ("1.0.0\n", "1.0.0\x0c", "greet.py:2"),
        ("recipes/greet", "greet", "greet.py:3"),
        ("3.9 or newer", ">=3.9", "greet.py:4"),
        ("Greet somebody.", "Greet somebody", "greet.py:5"),
        (HEADER, "", "greet.py:1"),
        ('somebody."""\n', 'somebody."""\n# /// script\n# requires-python = ">=3.9"\n# ///\n', "`requires-python`"),
    ],
)
def test_header_fault_names_file_and_line(folder: Path, old: str, new: str, message: str) -> None:
    write(folder, HEADER.replace(old, new))
    with pytest.raises(PleaseStopError, match=re.escape(message)):
        model.read(folder)


@pytest.mark.parametrize(
    ("tests", "message"),
    [
        (TESTS.replace('"""Says `hello`."""', "pass"), "test_greet.py:1: test_greets makes no promise"),
        (TESTS.replace("twice.", "twice"), "test_greet.py:5: test_twice makes no promise"),
        ("def test_x(:\n", "test_greet.py:1: invalid syntax"),
    ],
)
def test_test_without_a_promise_is_refused(folder: Path, tests: str, message: str) -> None:
    (folder / "test_greet.py").write_text(tests, encoding="utf-8")
    with pytest.raises(PleaseStopError, match=re.escape(message)):
        model.read(folder)


@pytest.mark.parametrize("name", ["greet.py", "test_greet.py"])
def test_half_a_recipe_is_a_fault(folder: Path, name: str) -> None:
    (folder / name).unlink()
    recipes, faults = model.load(folder.parent)
    assert recipes == {}
    assert f"{name}: missing" in faults["greet"].message


# A demo as one file.

DEMO = '''"""`greet` greets.

from greet import nothing
"""

# /// script
# dependencies = []
# ///

import os
{}

print(greet(), os.sep)
'''
IMPORTS = {
    "plain": "from greet import greet",
    "comment": "from greet import greet  # it's (here",
    "parentheses": "from greet import (  # noqa: F401 (both)\n    HERE,\n    greet,  # it's that :)\n)",
    "backslash": "from greet import \\\n    greet",
}


def run(program: str, *options: str) -> str:
    """Run a program without anything to import; return its output."""
    command = [sys.executable, "-I", *options, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("statement", IMPORTS.values(), ids=IMPORTS)
def test_standalone_replaces_the_import_by_the_recipe(folder: Path, statement: str) -> None:
    program = model.standalone(DEMO.format(statement), folder)
    assert run(program) == "hello /\n"
    assert program.startswith('"""`greet` greets.\n\nfrom greet import nothing\n"""\n')
    origin = "# SPDX-License-Identifier: 0BSD; Recipe: greet 1.0.0; Source: Please Stop, recipes/greet"
    assert f'import os\n{origin}\n\nimport os\n\n\ndef greet() -> str:\n    return "hello"\n' in program
    assert "HERE = os.getcwd()\n\n# The demo\n\nprint(" in program


@pytest.mark.parametrize(
    "program",
    [
        DEMO.format("import greet"),
        DEMO.format("from greeting import greet"),
        DEMO.format("def main():\n    from greet import greet"),
        DEMO.format('TEXT = """\\"""\nfrom greet import greet\n"""'),
        DEMO.format("TEXT = '''\"\nfrom greet import greet\n'''"),
    ],
)
def test_standalone_returns_a_program_without_the_import_unchanged(folder: Path, program: str) -> None:
    assert model.standalone(program, folder) == program
    (folder / "greet.py").unlink()
    assert model.standalone(DEMO.format(IMPORTS["plain"]), folder) == DEMO.format(IMPORTS["plain"])


def test_standalone_accepts_syntax_that_this_python_cannot_parse(folder: Path) -> None:
    new = "type Newer[T = int] = @ f'{x!r:{'''y'''}}'\n"
    with pytest.raises(SyntaxError):
        compile(new, "new", "exec")
    write(folder, text("1.0.0") + new)
    program = model.standalone(DEMO.format(f"{new}from greet import greet"), folder)
    assert program.count(new) == 2
    assert "import greet\n" not in program


def test_standalone_moves_future_imports_to_the_top(folder: Path) -> None:
    future = "from __future__ import (\n    annotations,\n)\nfrom __future__ import generator_stop\n"
    body = f'{future}def greet(name: Unknown = "x") -> Unknown:\n    return name\n'
    write(folder, HEADER.replace("somebody.", "somebody.\n\nAnd more:\n") + body)
    for demo in (DEMO, DEMO.replace("\nimport os\n", "\nfrom __future__ import division\nimport os\n")):
        program = model.standalone(demo.format(IMPORTS["plain"]), folder)
        assert program.count(future) == 1
        assert run(program) == "x /\n"
    assert run(model.standalone("#!/usr/bin/env python\nfrom greet import greet\nprint(greet())\n", folder)) == "x\n"


def test_standalone_keeps_form_feeds(folder: Path) -> None:
    write(folder, HEADER + 'def greet() -> str:\n    return "\x0c"\n')
    assert run(model.standalone(DEMO.format("\x0c\nfrom greet import greet"), folder)) == "\x0c /\n"


@pytest.mark.parametrize("own", [True, False])
def test_standalone_has_one_block_of_metadata(folder: Path, own: bool) -> None:
    write(folder, HEADER + BLOCK + text("1.0.0"))
    demo = DEMO.format(IMPORTS["plain"])
    if own:
        demo = demo.replace("dependencies = []", 'dependencies = ["hello>=3"]')
    else:
        demo = demo.replace("# /// script\n# dependencies = []\n# ///\n", "")
    block = script_metadata.read(Path("demo.py"), model.standalone(demo, folder))
    assert block["dependencies"] == [f"hello>={3 if own else 2}"]
