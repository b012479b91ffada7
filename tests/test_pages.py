"""Every page: built as a page is, and nothing on it that was not run."""

import ast
import asyncio
import builtins
import concurrent.futures
import contextlib
import inspect
import itertools
import keyword
import multiprocessing
import multiprocessing.pool
import multiprocessing.shared_memory
import queue
import re
import sched
import signal
import socket
import subprocess
import sys
import threading
import typing
from functools import cache
from pathlib import Path

import pytest
import yaml
from pytest_codeblocks.main import extract_from_file

from conftest import CATALOG, DOCS, RECIPES, ROOT
from pleasestop import embed

PAGES = sorted(DOCS.rglob("*.md"))
GUIDES = [page for page in PAGES if page.parent.name not in ("docs", "about", "reference", "recipes")]
OF_RECIPES = [DOCS / f"{recipe.page.rstrip('/')}.md" for recipe in RECIPES.values()]
TEXTS = [*PAGES, ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
RUN = ("python", "sh", "bash")
DEFINITIONS = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
LINK_OUT = r"\[[^\]]*\]\(https://[^)]*\)"  # what a word names there, the page that it leads to tells

by_path = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(DOCS)))
by_guide = pytest.mark.parametrize("page", GUIDES, ids=lambda page: str(page.relative_to(DOCS)))
by_recipe_page = pytest.mark.parametrize("page", OF_RECIPES, ids=lambda page: str(page.relative_to(DOCS)))
by_page_with_code = pytest.mark.parametrize("page", GUIDES + OF_RECIPES, ids=lambda page: str(page.relative_to(DOCS)))


def split(page: Path) -> tuple[dict[str, str], list[str]]:
    """Front matter and the lines after it."""
    text = page.read_text(encoding="utf-8")
    if not text.startswith("---\n"):
        return {}, text.splitlines()
    _, head, body = text.split("---\n", 2)
    return yaml.safe_load(head), body.splitlines()


def prose(lines: list[str]) -> str:
    """The page's own sentences: no embeddings, no fences, no docstrings, no raw HTML, no link targets."""
    hidden: set[int] = set()
    for block in embed.blocks(lines):
        hidden.update(range(block.first, block.last + 1))
    text = "\n".join(line for number, line in enumerate(lines) if number not in hidden)
    text = re.sub(r"^( *)(`{3,}|~{3,}).*?^\1\2 *$", "", text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"^::: .*\n(?: +.*\n?)*", "", text, flags=re.MULTILINE)
    text = re.sub(r"<svg.*?</svg>|<style.*?</style>", "", text, flags=re.DOTALL)
    return re.sub(r"\]\([^)]*\)", "]", re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL))


@by_path
def test_a_page_says_what_it_is(page: Path) -> None:
    head, lines = split(page)
    assert head.get("title") or page in OF_RECIPES, f"{page}: no `title:` in the front matter"
    assert 40 <= len(head.get("description", "")) <= 160, f"{page}: `description:` of 40 to 160 characters"
    assert sum(line.startswith("# ") for line in lines) == 1, f"{page}: one heading of the first rank"


@by_guide
def test_a_guide_has_400_to_1000_words(page: Path) -> None:
    words = len(prose(split(page)[1]).split())
    assert 400 <= words <= 1000, f"{page}: {words} words; split what is longer, prove what is shorter"


@by_guide
def test_a_guide_answers_with_a_short_program_first(page: Path) -> None:
    _, lines = split(page)
    blocks = embed.blocks(lines)
    before = prose(lines[: blocks[0].first]).split()
    assert len(before) <= 90, f"{page}: {len(before)} words before the first program"
    first = CATALOG[blocks[0].name].program.splitlines()
    assert sum(bool(line) for line in first) <= 15, f"{page}: the first program has more than 15 lines"
    assert CATALOG[blocks[0].name].rules.wrong is None, f"{page}: the first program is a wrong example"


@by_guide
def test_a_guide_shows_wrong_and_right(page: Path) -> None:
    wrong = [CATALOG[block.name].rules.wrong is not None for block in embed.blocks(split(page)[1])]
    assert any(wrong), page
    assert not all(wrong), page


@by_guide
def test_a_guide_has_two_replays(page: Path) -> None:
    shown = [block.options.get("show", []) for block in embed.blocks(split(page)[1])]
    assert sum("replay" in parts for parts in shown) >= 2, page


@by_recipe_page
def test_the_page_of_a_recipe_has_200_to_700_words(page: Path) -> None:
    words = len(prose(split(page)[1]).split())
    assert 200 <= words <= 700, f"{page}: {words} words; the recipe's own docstring and tests tell the rest"


@by_recipe_page
def test_the_page_of_a_recipe_shows_the_wrong_way_and_a_demo(page: Path) -> None:
    blocks = embed.blocks(split(page)[1])
    wrong = [CATALOG[block.name].rules.wrong is not None for block in blocks if block.kind == "snippet"]
    assert any(wrong), page
    assert not all(wrong), page


@by_recipe_page
def test_the_page_of_a_recipe_shows_its_docstring(page: Path) -> None:
    name = page.stem.replace("-", "_")
    assert f"::: recipes.{name}.{name}" in split(page)[1], f"{page}: shows no docstring of {name}"


@pytest.mark.parametrize("page", OF_RECIPES, ids=lambda page: page.stem)
def test_a_guide_leads_to_each_recipe(page: Path) -> None:
    target = f"(../recipes/{page.name})"
    assert any(target in guide.read_text(encoding="utf-8") for guide in GUIDES), f"no guide links to {page}"


@by_path
def test_prose_names_no_line_by_number(page: Path) -> None:
    assert not re.search(r"\blines? \d", prose(split(page)[1])), f"{page}: name a line by what it says"


@cache
def python_words() -> frozenset[str]:
    """Words of Python: keywords, builtins, modules, and what the modules of our subject define."""
    newer = {"kill_workers", "terminate_workers"}  # Python words that the oldest Python that builds the site lacks
    words = {*newer, *keyword.kwlist, *dir(builtins), *sys.stdlib_module_names, "self", "python", "gh", "SIGINT"}
    modules = [
        asyncio,
        concurrent.futures,
        itertools,
        multiprocessing,
        multiprocessing.pool,
        multiprocessing.shared_memory,
    ]
    for module in [*modules, contextlib, queue, sched, signal, socket, subprocess, sys, threading, typing, inspect]:
        words.update(dir(module))
        for value in list(vars(module).values()):
            if inspect.isclass(value):
                words.update(dir(value))
            if inspect.isfunction(value) or inspect.isclass(value):
                try:
                    words.update(inspect.signature(value).parameters)
                except (TypeError, ValueError):
                    continue
    for kind in (BaseException, BaseExceptionGroup, type(_ for _ in ()), dict, str, list):
        words.update(dir(kind))
    return frozenset(words)


@cache
def names_of_recipes() -> frozenset[str]:
    """The recipes, and what they define for others."""
    trees = [ast.parse(recipe.text) for recipe in RECIPES.values()]
    return frozenset((*RECIPES, *(node.name for tree in trees for node in tree.body if isinstance(node, DEFINITIONS))))


@by_page_with_code
def test_a_word_set_as_code_exists(page: Path) -> None:
    _, lines = split(page)
    known = {*python_words(), *names_of_recipes()}
    for block in embed.blocks(lines):
        if block.kind == "snippet":
            files = [CATALOG[block.name].path, *CATALOG[block.name].approved.values()]
        else:
            files = [RECIPES[block.name].path, RECIPES[block.name].tests]
        texts = [path.read_text(encoding="utf-8") for path in files]
        known.update(re.findall(r"[A-Za-z_]\w*", "\n".join(texts)))
    unknown = {
        word
        for code in re.findall(r"`([^`\n]+)`", prose(re.sub(LINK_OUT, "", "\n".join(lines)).splitlines()))
        for word in re.findall(r"[A-Za-z_]\w*", code)
        if word not in known
    }
    assert not unknown, f"{page}: in no program of the page, and not in Python: {sorted(unknown)}"


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.name)
def test_no_fence_goes_unseen(text: Path) -> None:
    """Every fence is run where it stands, or its own marker says why it is not."""
    written = 0
    fence = None
    for line in text.read_text(encoding="utf-8").splitlines():
        ticks = re.match(r"^\s*(`{3,}|~{3,})", line)
        if ticks and fence is None:
            fence, written = ticks[1], written + 1
        elif ticks and fence and line.strip() == fence:
            fence = None
    blocks = extract_from_file(text)
    assert len(blocks) == written, f"{text}: pytest-codeblocks sees {len(blocks)} of {written} fences"
    for block in blocks:
        built = 'exec="on"' in (block.syntax or "")  # markdown-exec runs it, and fails the build
        run = block.syntax in RUN or built
        excused = any(re.search(r"skip\(reason=.[^'\"]{5,}", mark) for mark in block.marks)
        assert run or excused, f'{text}:{block.lineno}: not run; put <!--pytest.mark.skip(reason="why")--> before it'
        assert not block.marks or excused, f"{text}:{block.lineno}: its marker gives no reason"
