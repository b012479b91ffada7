"""What a program can see of how we write: words and constructions that a hurried reader reads twice."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from pleasestop.site import blocks
from support import DOCS, RECIPES, ROOT, SNIPPETS

BANNED: dict[str, str] = {
    r"\btold\b": "name the verb: said, sent, reported, signalled",
    r"\bmend(?:s|ed|ing)?\b": "fix",
    r"\b[Ww]ho(?:m)?ever\b": "name the reader or the code",
    r"\bfor ever\b": "forever",
    r"\btid(?:y|ies|ied|ying)\b": "clean up",
    r"(?<![Tt]here )\b(?:is|are|was|were) no (?!longer\b|limit\b|error\b|more than\b|\W)": "is not a",
    r"\b(?:has|have) not (?:a|an|any|the|its|their|your)\b": "does not have",
    r"\b(?:has|have|had) not[.,;:]": "does not have",
    r"\bneeds? not\b": "does not need to",
    r"\bof no (?:more )?use\b": "useless, or what happens",
    r"\bworks? off\b": "runs until the queue is empty",
    r"\bin the midst of\b": "in the middle of, during",
    r"\bin one go\b": "at the same time",
    r"\bnobody hears\b": "nothing reports it",
    r"\bsimply\b": "leave it out",
    r"\b[Tt]akes? (?:it|them|all)? ?along\b": "say what happens",
}
"""Each construction, and what to write instead."""

HEADLESS = re.compile(r"^(?:Who|What|Whatever) (?!(?:if|about|to)\b)[^?]*\.$")
"""A sentence that begins with a relative clause which has no noun."""

SINCE = re.compile(r"\b(?:[Ss]ince|[Ff]rom) (?:(?:C?Python|version) )?3\.[\d.]*\d(?![\d.]*\d| to\b)")
SOURCE = re.compile(
    r"https://docs\.python\.org/|https://github\.com/python/|https://bugs\.python\.org/|what-changed|\b(?:gh|bpo)-\d+"
)
CLAIMS = {snippet.path for snippet in SNIPPETS.values()}
CHILDREN = DOCS / "explained-to-a-five-year-old.md"


def paragraphs(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the paragraphs, items and rows of a Markdown file that a person wrote, each with its first line."""
    lines = path.read_text(encoding="utf-8").split("\n")
    hidden = {number for block in blocks.find(lines) for number in range(block.first, block.last + 1)}
    fence = False
    start, parts = 0, list[str]()
    for number, line in enumerate([*lines, ""]):
        marks_fence = re.match(r" *(?:```|~~~)", line) is not None
        fence ^= marks_fence
        ends = fence or marks_fence or number in hidden or not line.strip() or line.startswith(("#", "<", ":::"))
        if parts and (ends or re.match(r" *(?:[-*|]|\d+\.) ?", line)):
            yield start + 1, " ".join(parts)
            parts = []
        if line.startswith("#") and not fence and number not in hidden:
            yield number + 1, line.lstrip("# ")
        elif not ends:
            start = start if parts else number
            parts.append(line.strip())


def sentences_of_code(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the docstrings, messages and comments of a Python file, each with its first line."""
    text = path.read_text(encoding="utf-8")
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string.lstrip("# ")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            yield node.lineno, node.value


def without_code(text: str) -> str:
    """Return a text without code, targets of links and addresses."""
    text = re.sub(r"``?[^`]*``?", "code", text)
    return re.sub(r"\]\([^)]*\)|https?://\S+", "]", text)


def texts() -> Iterator[tuple[Path, int, str]]:
    """Yield everything that a reader or a contributor reads: file, line, text."""
    markdown = [*sorted(DOCS.rglob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]
    for path in markdown:
        for line, text in paragraphs(path):
            yield path, line, text
    code = [snippet.path for snippet in SNIPPETS.values()]
    for recipe in RECIPES.values():
        code += [recipe.path, recipe.tests]
    code += [path for folder in ("src", "tests", "tools") for path in sorted((ROOT / folder).rglob("*.py"))]
    for path in code:
        if path != Path(__file__):
            for line, text in sentences_of_code(path):
                yield path, line, text


def test_no_construction_is_used_that_has_to_be_read_twice() -> None:
    faults = []
    for path, line, text in texts():
        if path == CHILDREN:
            continue
        found = without_code(text)
        for pattern, better in BANNED.items():
            faults += [f"{path}:{line}: {match[0]!r}: {better}" for match in re.finditer(pattern, found)]
        if path.suffix == ".md" or path in CLAIMS:
            sentences = re.split(r"(?<=[.?!:])\s+", found)
            described = text.startswith("---")  # a title and a description are no sentences
            faults += [
                f"{path}:{line}: {one!r}: name the subject"
                for one in sentences
                if HEADLESS.match(one) and not described
            ]
    assert faults == [], "\n".join(faults)


def test_since_names_its_source() -> None:
    """A "since 3.x" comes from a change log, with its address beside it; what was run is "seen on" versions."""
    faults = [
        f"{path}:{line}: link the change log or the documentation, or say on which versions it was seen"
        for path, line, text in texts()
        if path.is_relative_to(DOCS) or path in CLAIMS
        if path.stem != "what-changed" and path.parent.name != "what_changed"  # that page has the entries
        if SINCE.search(without_code(text)) and not SOURCE.search(text)
    ]
    assert faults == [], "\n".join(faults)


@pytest.mark.parametrize(
    "text",
    [
        "He was told.",
        "It waits for ever.",
        "This is no exception.",
        "The queue has not a limit.",
        "One that has not.",
        "It has not any.",
        "Whoever waits, waits.",
    ],
)
def test_the_rules_can_fail(text: str) -> None:
    assert any(re.search(pattern, text) for pattern in BANNED)


@pytest.mark.parametrize(
    ("sentence", "headless"),
    [
        ("Who joins first waits.", True),
        ("What catches it must raise it.", True),
        ("What is uncancel() for?", False),
        ("What about threads.", False),
        ("A parent that joins first waits.", False),
    ],
)
def test_a_sentence_without_its_noun_is_seen(sentence: str, headless: bool) -> None:
    assert bool(HEADLESS.match(sentence)) == headless


@pytest.mark.parametrize(
    ("text", "is_since"),
    [
        ("Since Python 3.12 it waits.", True),
        ("from 3.13.1 on", True),
        ("3.8 to 3.15", False),
        ("on 3.13.0", False),
        ("from 3.8 to 3.15", False),
    ],
)
def test_since_is_seen(text: str, is_since: bool) -> None:
    assert bool(SINCE.search(text)) == is_since
