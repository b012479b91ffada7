"""Collect what the search finds: each section of each page, as plain text.

The index is made in the browser, by the library in `static/minisearch.js`, when a reader opens
the search. So one tokenizer, in `static/search.js`, serves the text and the query, and the text
is loaded once, for the index and for the results.
"""

import json
import posixpath
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from markdown.extensions.toc import slugify, unique

from pleasestop.project import Project
from pleasestop.site import blocks
from pleasestop.site.render import html_url
from pleasestop.site.settings import Settings

INDEX = "assets/search-index.js"
"""Where the text stands below the site's root. It is a script because a page that is a file cannot fetch."""

LONGEST = 100
"""Letters of a section after which the index holds no further paragraph, only words from it that are code or rare."""

RARE = 6
"""Sections that have a word which is rare."""

SYNONYMS = Path(__file__).parent / "synonyms.yml"
"""Groups of words and phrases that mean the same to a reader who searches."""

_HEADING = re.compile(r"^(#{1,6}) (.*?)(?: \{#([\w-]+)\})?$")
_FENCE = re.compile(r"^ *(`{3,}|~{3,}).*?^ *\1 *$", re.DOTALL | re.MULTILINE)
_HIDDEN = re.compile(r"<svg.*?</svg>|<style.*?</style>|<!--.*?-->|</?\w[^>]*>", re.DOTALL)
_REFERENCE = re.compile(r"^::: .*(?:\n    .*)*", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]+)\)")
_LINK_INSIDE = re.compile(r"\]\((?!https?:)([^)\s]+)\)")
_RULE = re.compile(r"^\|[-| :]+\|$", re.MULTILINE)
_MARKS = re.compile(r"^ *(?:[-*>]|\d+\.) +|\*\*|`|(?<!\w)\*(?=\w)|(?<=\w)\*(?!\w)", re.MULTILINE)
_EXITS = re.compile(r"^Not your case\?\n\n(?:- .*\n)+|^## Next\n[^#]*", re.MULTILINE)  # they speak of other pages
_WORD = re.compile(r"\b[A-Za-z_][\w.]*\w")
_CODE = re.compile(r"[._]|[a-z][A-Z]|^[A-Z]{2}")
_END = re.compile(r"\n\s*\n|\n(?= *(?:[-*|]|\d+\. ))| *\| *")


@dataclass
class Section:
    """A section of a page: its anchor ("" for the top), its heading, its paragraphs, one on a line.

    `leads_to` is the section that the first link inside the site of an answered question leads to (a source below
    `docs/`, with its anchor). `asked` are the questions that lead here: for the top of a page, those that the list
    `asked` in its front matter holds, and for each section those that are answered elsewhere.
    """

    anchor: str
    heading: str
    text: str = ""
    leads_to: str = ""
    asked: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class PageText:
    """A page of the navigation: its source below `docs/`, the words that lead to it, its sections."""

    source: str
    tags: tuple[str, ...]
    sections: tuple[Section, ...]


def search_index(project: Project, settings: Settings) -> str:
    """Return the script that sets `pleaseStopIndex` to the text of all pages and the groups of synonyms.

    `pages` is a list of `[address, tags, [[anchor, heading, text, more, asked, target], ...]]`, each address
    relative to the site's root. `text` are the first paragraphs of the section, `more` are words of the others;
    `target` is the address of the page that answers a question, or "".
    """
    pages = [page_text(project, source) for _, source in settings.listed]
    sections = {f"{page.source}#{part.anchor}".rstrip("#"): part for page in pages for part in page.sections}
    for section in sections.values():
        if section.leads_to in sections:
            sections[section.leads_to].asked.append(section.heading)
    texts = (f"{section.heading} {section.text}" for section in sections.values())
    sections_with = Counter(word for text in texts for word in {word.lower() for word in _WORD.findall(text)})
    url = html_url("", directory_urls=not settings.offline)
    data = {
        "synonyms": yaml.safe_load(SYNONYMS.read_text(encoding="utf-8")),
        "pages": [
            [
                url(page.source),
                " ".join(page.tags),
                [
                    [
                        part.anchor,
                        part.heading,
                        *_indexed(part.text, sections_with),
                        "\n".join(part.asked),
                        part.leads_to and url(part.leads_to.partition("#")[0]),
                    ]
                    for part in page.sections
                ],
            ]
            for page in pages
        ],
    }
    return f"var pleaseStopIndex = {json.dumps(data, ensure_ascii=False, separators=(',', ':'))};\n"


def page_text(project: Project, source: str) -> PageText:
    """Return the text of the page at `source`, a path below `docs/`, with the claims of its programs."""
    head, body = blocks.front_matter((project.docs / source).read_text(encoding="utf-8"))
    sections: list[Section] = []
    used: set[str] = set()
    for line in _without(_with_claims(project, body), _EXITS, _REFERENCE, _FENCE).split("\n"):
        if match := _HEADING.match(line):
            rank, heading, anchor = match.groups()
            anchor = anchor or unique(slugify(plain(heading), "-"), used)
            used.add(anchor)
            sections.append(Section("" if rank == "#" else anchor, plain(heading)))
        elif sections:
            sections[-1].text += line + "\n"
    for section in sections:
        if section.anchor and section.heading.endswith("?") and (link := _LINK_INSIDE.search(section.text)):
            section.leads_to = posixpath.normpath(posixpath.join(posixpath.dirname(source), link[1]))
        section.text = plain(section.text)
    if sections:
        sections[0].text = "\n".join(filter(None, (head.get("description", ""), sections[0].text)))
        sections[0].asked += head.get("asked", ())
    return PageText(source, tuple(head.get("tags", ())), tuple(sections))


def _indexed(text: str, sections_with: Mapping[str, int]) -> tuple[str, str]:
    """Return the first paragraphs of a section, and the words that only the others have and that are code or rare."""
    paragraphs = text.split("\n")
    end = next((end for end in range(1, len(paragraphs)) if len("".join(paragraphs[:end])) > LONGEST), len(paragraphs))
    beginning, rest = "\n".join(paragraphs[:end]), "\n".join(paragraphs[end:])
    words = {word.lower(): word for word in _WORD.findall(rest)}
    for word in _WORD.findall(beginning):
        words.pop(word.lower(), None)
    return beginning, " ".join(word for low, word in words.items() if _CODE.search(word) or sections_with[low] <= RARE)


def _without(text: str, *patterns: re.Pattern[str]) -> str:
    for pattern in patterns:
        text = pattern.sub("", text)
    return text


def _with_claims(project: Project, body: str) -> str:
    """Return a page's text, each block replaced by the sentence of what it shows."""
    lines = body.split("\n")
    for block in reversed(blocks.find(lines)):
        sentence = ""
        if block.kind == "snippet" and block.name in project.content.snippets:
            sentence = project.content.snippets[block.name].claim
        elif block.kind == "recipe" and block.name in project.content.recipes:
            sentence = project.content.recipes[block.name].title
        lines[block.first : block.last + 1] = ["", sentence, ""]
    return "\n".join(lines)


def plain(text: str) -> str:
    """Return Markdown as plain paragraphs, one on a line; an item or a cell of a table is a paragraph."""
    text = _LINK.sub(r"\1", _RULE.sub("", _HIDDEN.sub("", text)))
    paragraphs = (" ".join(_MARKS.sub("", part).split()) for part in _END.split(text))
    return "\n".join(filter(None, paragraphs))
