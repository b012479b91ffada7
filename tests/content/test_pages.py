"""Every page: it has the parts of a page, and nothing on it was not run."""

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
from typing import Any

import pytest

from pleasestop.site import blocks
from pleasestop.site.views import page_of_recipe
from support import DOCS, RECIPES, SNIPPETS

RECIPE_PAGES = {DOCS / page_of_recipe(recipe) for recipe in RECIPES.values()}
DEFINITIONS = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
LINK_OUT = r"\[[^\]]*\]\(https://[^)]*\)"  # what a word names there is on the page that the link leads to


@pytest.fixture(scope="session")
def guides(pages: list[Path]) -> list[Path]:
    """The pages that guide a reader."""
    return [page for page in pages if page.parent.name not in ("docs", "about", "reference", "recipes")]


@pytest.fixture(scope="session")
def recipe_pages(pages: list[Path]) -> list[Path]:
    """The pages of recipes."""
    return [page for page in pages if page in RECIPE_PAGES]


def split(page: Path) -> tuple[dict[str, Any], list[str]]:
    """Return the front matter and the lines after it."""
    head, body = blocks.front_matter(page.read_text(encoding="utf-8"))
    return head, body.split("\n")


def prose(lines: list[str]) -> str:
    """Return the page's own sentences: no blocks, fences, docstrings, raw HTML or targets of links."""
    hidden: set[int] = set()
    for block in blocks.find(lines):
        hidden.update(range(block.first, block.last + 1))
    text = "\n".join(line for number, line in enumerate(lines) if number not in hidden)
    text = re.sub(r"^( *)(`{3,}|~{3,}).*?^\1\2 *$", "", text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"^::: .*\n(?: +.*\n?)*", "", text, flags=re.MULTILINE)
    text = re.sub(r"<svg.*?</svg>|<style.*?</style>", "", text, flags=re.DOTALL)
    return re.sub(r"\]\([^)]*\)", "]", re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL))


def test_every_page_says_what_it_is(pages: list[Path]) -> None:
    faults = []
    for page in pages:
        head, lines = split(page)
        if not head.get("title") and page not in RECIPE_PAGES:
            faults.append(f"{page}: write `title:` in the front matter")
        if not 40 <= len(head.get("description", "")) <= 160:
            faults.append(f"{page}: write a `description:` of 40 to 160 characters in the front matter")
        if sum(line.startswith("# ") for line in lines) != 1:
            faults.append(f"{page}: write one heading of the first rank")
    assert faults == []


def test_the_search_words_of_pages_are_short_and_differ(pages: list[Path]) -> None:
    """What `asked:` in the front matter holds: questions of at most 80 characters, each leading to one page."""
    asked = [(text, page) for page in pages for text in split(page)[0].get("asked", [])]
    faults = [
        f"{page}: {text!r}; write a text of 1 to 80 characters" for text, page in asked if not 0 < len(text) <= 80
    ]
    first: dict[str, Path] = {}
    for text, page in asked:
        if first.setdefault(text.lower(), page) != page:
            faults.append(f"{page}: {text!r} stands in {first[text.lower()]}, too; leave it where it is answered best")
    assert faults == []


def test_every_guide_has_the_parts_of_a_guide(guides: list[Path]) -> None:
    """400 to 1,000 words; a short program first; wrong and right; two replays."""
    faults = []
    for page in guides:
        _, lines = split(page)
        found = [block for block in blocks.find(lines) if block.kind == "snippet"]
        words = len(prose(lines).split())
        if not 400 <= words <= 1000:
            faults.append(f"{page}: has {words} words; write 400 to 1,000, and split what is longer")
        before = len(prose(lines[: found[0].first]).split())
        if before > 90:
            faults.append(f"{page}: has {before} words before the first program; write at most 90")
        first = SNIPPETS[found[0].name]
        if sum(bool(line) for line in first.program.split("\n")) > 15 or first.expectation.wrong:
            faults.append(f"{page}: begin with a right program of at most 15 lines, not with {first.name}")
        wrong = [SNIPPETS[block.name].expectation.wrong is not None for block in found]
        if not any(wrong) or all(wrong):
            faults.append(f"{page}: show a wrong example and a right one")
        if sum("replay" in block.shown for block in found) < 2:
            faults.append(f"{page}: show at least two replays (`show: [code, output, replay]`)")
    assert faults == []


def test_every_page_of_a_recipe_has_its_parts(recipe_pages: list[Path]) -> None:
    """200 to 700 words, the wrong way and a demo, the docstring."""
    faults = []
    for page in recipe_pages:
        _, lines = split(page)
        words = len(prose(lines).split())
        if not 200 <= words <= 700:
            faults.append(f"{page}: has {words} words; write 200 to 700, docstring and tests say the rest")
        found = [block for block in blocks.find(lines) if block.kind == "snippet"]
        wrong = [SNIPPETS[block.name].expectation.wrong is not None for block in found]
        if not any(wrong) or all(wrong):
            faults.append(f"{page}: show the wrong way and a demo")
        name = page.stem.replace("-", "_")
        if f"::: recipes.{name}.{name}" not in lines:
            faults.append(f"{page}: show the docstring of {name} with `::: recipes.{name}.{name}`")
    assert faults == []


def test_a_guide_leads_to_each_recipe(page_blocks: dict[Path, list[blocks.Block]]) -> None:
    guides = [page for page in page_blocks if page.parent.name not in ("docs", "about", "reference", "recipes")]
    texts = [page.read_text(encoding="utf-8") for page in guides]
    lost = [page.name for page in RECIPE_PAGES if not any(f"(../recipes/{page.name})" in text for text in texts)]
    assert lost == [], "no guide links to these"


def test_the_list_of_recipes_names_each_once(page_blocks: dict[Path, list[blocks.Block]]) -> None:
    tables = [block for block in page_blocks[DOCS / "recipes/index.md"] if block.kind == "recipes"]
    assert sorted(name for block in tables for name in block.options.get("of", ())) == sorted(RECIPES)


def test_prose_names_no_line_by_number(pages: list[Path]) -> None:
    named = [page for page in pages if re.search(r"\blines? \d", prose(split(page)[1]))]
    assert named == [], "name a line by what it says"


@cache
def python_words() -> frozenset[str]:
    """Return the words of Python: keywords, builtins, modules, and what the modules of our subject define."""
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
    """Return the recipes, and what they define for others."""
    trees = [ast.parse(recipe.text) for recipe in RECIPES.values()]
    return frozenset((*RECIPES, *(node.name for tree in trees for node in tree.body if isinstance(node, DEFINITIONS))))


def test_words_set_as_code_exist(guides: list[Path], recipe_pages: list[Path]) -> None:
    """In the programs of the page, or in Python."""
    faults = []
    for page in [*guides, *recipe_pages]:
        _, lines = split(page)
        known = {*python_words(), *names_of_recipes()}
        for block in blocks.find(lines):
            if block.kind == "snippet":
                snippet = SNIPPETS[block.name]
                files = [snippet.path, *(approved.path for approved in snippet.approved)]
            else:
                files = [RECIPES[block.name].path, RECIPES[block.name].tests]
            texts = [path.read_text(encoding="utf-8") for path in files]
            known.update(re.findall(r"[A-Za-z_]\w*", "\n".join(texts)))
        unknown = {
            word
            for code in re.findall(r"`([^`\n]+)`", prose(re.sub(LINK_OUT, "", "\n".join(lines)).split("\n")))
            for word in re.findall(r"[A-Za-z_]\w*", code)
            if word not in known
        }
        if unknown:
            faults.append(f"{page}: in no program of the page, and not in Python: {sorted(unknown)}")
    assert faults == []
