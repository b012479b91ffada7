"""The interpreter that the tests trace on, and a snippet of a test's own."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pleasestop.snippets import parse
from pleasestop.snippets.interpreters import Interpreter
from pleasestop.snippets.model import Snippet
from pleasestop.trace.events import OLDEST
from tracing import ABLE


@pytest.fixture
def newest() -> Interpreter:
    """The newest Python here that can be traced."""
    if not ABLE:
        what = f"no CPython {OLDEST} or newer here"
        pytest.fail(what) if os.environ.get("CI") else pytest.skip(what)
    return ABLE[0]


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Snippet]:
    """Write a snippet into a project of its own, and read it."""

    def put(body: str, *, rules: str = "", output: str | None = None) -> Snippet:
        path = tmp_path / "snippets/page/try_it.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        block = "".join(f"# {line}\n" for line in rules.splitlines())
        header = f"# /// script\n# [tool.pleasestop]\n{block}# ///\n" if rules else ""
        path.write_text(f'"""It holds."""\n{header}\n{body}', encoding="utf-8")
        snippet = parse.read(path, tmp_path / "snippets")
        if output is not None:
            head = f"python| CPython 3.12.1 on Linux\nprogram| {snippet.fingerprint}\n"
            snippet.output_path(None).write_text(head + output, encoding="utf-8")
        return parse.read(path, tmp_path / "snippets")

    return put
