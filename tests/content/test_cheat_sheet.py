"""Every idiom of the cheat sheet does what its heading says.

An idiom stands on the page without what it needs: a comment before it (`before`) sets that up,
and one after it (`after`) checks the effect. Both are hidden from the reader. A `before` that ends
in a function's head takes the idiom as the function's body.
"""

import re
import subprocess
import textwrap

import pytest
from packaging.version import Version

from pleasestop.snippets import interpreters
from support import DOCS

IDIOM = re.compile(
    r"^### (?P<title>[^\n]+)\n\n<!--before\n(?P<before>.*?)-->\n```python\n(?P<program>.*?)```\n"
    r"<!--after\n(?P<after>.*?)-->\n\n(?P<rule>[^\n]+)\n",
    re.DOTALL | re.MULTILINE,
)
IMPORTS = """
import asyncio, concurrent.futures, contextlib, os, queue, signal, socket, subprocess, sys, threading, time
from concurrent.futures import ThreadPoolExecutor
"""
RUN = "import ast, asyncio, sys; code = compile(sys.stdin.read(), 'idiom', 'exec', ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)\n"
RUN += "done = eval(code, {'__name__': '__main__'})\nif done is not None: asyncio.run(done)"
# `eval` of code without a top-level `await` returns None.
TEXT = (DOCS / "cheat-sheet.md").read_text(encoding="utf-8")
IDIOMS = {match["title"]: match for match in IDIOM.finditer(TEXT)}


def run(title: str, after: str) -> subprocess.CompletedProcess[str]:
    """Run an idiom with what stands before it and `after`, on a Python that is new enough; skip if there is none."""
    floor = Version((re.search(r"\(Python (3\.\d+)\)$", title) or ["", "3.8"])[1])
    known = [interpreters.own(), *interpreters.find_all()]
    able = [one for one in known if Version(f"{one.version.major}.{one.version.minor}") >= floor]
    if not able:
        pytest.skip(f"no Python {floor} here")
    match = IDIOMS[title]
    idiom = textwrap.indent(match["program"], "    " if match["before"].endswith(":\n") else "")
    program = IMPORTS + match["before"] + idiom + after
    return subprocess.run(
        [able[0].path, "-c", RUN], input=program, capture_output=True, text=True, timeout=60, check=False
    )


def test_every_idiom_is_found() -> None:
    assert len(IDIOMS) == TEXT.count("\n### ") == TEXT.count("```python") >= 30
    for title, match in IDIOMS.items():
        assert match["program"].count("\n") <= 8, title
        assert max(map(len, match["program"].split("\n"))) <= 62, title
        assert "](" in match["rule"], f"{title}: link the page that says more"


@pytest.mark.parametrize("title", IDIOMS)
def test_an_idiom_does_what_its_heading_says(title: str) -> None:
    done = run(title, IDIOMS[title]["after"])
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("title", [next(iter(IDIOMS)), "Clean up on SIGTERM"])
def test_an_idiom_that_has_another_effect_is_seen(title: str) -> None:
    assert run(title, "assert False").returncode == 1
