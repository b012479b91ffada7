"""The text that the search finds: sections of pages with their anchors, claims and questions."""

import json
from pathlib import Path

import pytest

from pleasestop.project import Project
from pleasestop.site import search
from pleasestop.site.search import Section, page_text, plain
from pleasestop.site.settings import Settings
from scratch_project import Scratch
from support import DOCS

SETTINGS = Settings("Name", "about", "", (("", "questions.md"), ("Guides", "guides/stop.md")))


def index_of(script: str) -> dict[str, object]:
    """Return the data of a script that sets it."""
    head, _, data = script.partition(" = ")
    assert head == "var pleaseStopIndex"
    loaded: dict[str, object] = json.loads(data.rstrip(";\n"))
    return loaded


def sections_of(scratch: Scratch, text: str) -> list[list[str]]:
    """Return what the index of a site with one page, of this text, holds of its sections."""
    page = scratch.root / "docs/page.md"
    page.parent.mkdir()
    page.write_text(text, encoding="utf-8")
    script = search.search_index(Project(scratch.root, draft=True), Settings("", "", "", (("", "page.md"),)))
    pages = index_of(script)["pages"]
    assert isinstance(pages, list)
    ((_, _, sections),) = pages
    assert isinstance(sections, list)
    return sections


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("Call `stop()` **now**, *please*: [a page](x.md#y).", "Call stop() now, please: a page."),
        ("one\ntwo\n\nthree", "one two\nthree"),
        ("- one\n- two\n\n1. three", "one\ntwo\nthree"),
        ("| a | b |\n|---|---|\n| c `d` | e |", "a\nb\nc d\ne"),
        ("2 * 3 * 4 and `a * b`", "2 * 3 * 4 and a * b"),
        ("<div class=x markdown>\n\ntext <!-- hidden -->\n\n</div>", "text"),
        ("", ""),
    ],
)
def test_markdown_becomes_plain_paragraphs(markdown: str, text: str) -> None:
    assert plain(markdown) == text


def test_a_page_is_split_at_its_headings(scratch: Scratch) -> None:
    scratch.write("print()\n", approve=False)
    project = Project(scratch.root, draft=True)
    project.content = project.read()
    page = scratch.root / "docs/page.md"
    page.parent.mkdir(exist_ok=True)
    page.write_text(
        "---\ntitle: T\ndescription: About it.\ntags: [a, b]\n---\n\n# How?\n\nLike [this](other.md).\n\n"
        "/// snippet | try_it\n///\n\n```sh\n# no heading\n```\n\nNot your case?\n\n- [Another](x.md).\n\n"
        "## Twice\n\nfirst\n\n## Twice\n\nsecond\n\n### `x.y()` {#given}\n\nthird\n\n## Next\n\n- [Away](x.md)\n",
        encoding="utf-8",
    )
    text = page_text(project, "page.md")
    assert text.tags == ("a", "b")
    assert list(text.sections) == [
        Section("", "How?", "About it.\nLike this.\nIt holds."),
        Section("twice", "Twice", "first"),
        Section("twice_1", "Twice", "second"),
        Section("given", "x.y()", "third"),
    ]


def test_a_question_leads_to_the_section_that_answers(scratch: Scratch) -> None:
    docs = scratch.root / "docs"
    (docs / "guides").mkdir(parents=True)
    (docs / "questions.md").write_text(
        "# Questions\n\n### Why not?\n\n[So](https://x.y/). [Here](guides/stop.md#rules) · [there](x.md)\n",
        encoding="utf-8",
    )
    (docs / "guides/stop.md").write_text("# Stop\n\n## Rules\n\nRule.\n", encoding="utf-8")
    data = index_of(search.search_index(Project(scratch.root, draft=True), SETTINGS))
    assert data["pages"] == [
        [
            "questions/",
            "",
            [["", "Questions", "", "", "", ""], ["why-not", "Why not?", "So. Here · there", "", "", "guides/stop/"]],
        ],
        ["guides/stop/", "", [["", "Stop", "", "", "", ""], ["rules", "Rules", "Rule.", "", "Why not?", ""]]],
    ]


def test_the_questions_of_a_page_lead_to_its_top(scratch: Scratch) -> None:
    sections = sections_of(scratch, "---\nasked:\n  - kill it\n  - end it\n---\n# How?\n")
    assert sections == [["", "How?", "", "", "kill it\nend it", ""]]


def test_of_a_long_section_the_index_keeps_the_beginning_and_the_words_that_tell(scratch: Scratch) -> None:
    first = "It waits for the event. " * 5
    often = "".join(f"## Part {number}\n\nOften.\n\n" for number in range(search.RARE))
    second = "Call `Event.set` often, and the event is set; rarely also SIGTERM."
    top, *_ = sections_of(scratch, f"# Stop\n\n{first}\n\n{second}\n\n{often}")
    assert top == ["", "Stop", first.strip(), "Call Event.set and is set rarely also SIGTERM", "", ""]


def test_every_section_has_its_place_in_the_built_site(site: Path) -> None:
    data = index_of((site / search.INDEX).read_text(encoding="utf-8"))
    pages = data["pages"]
    assert isinstance(pages, list)
    assert len(pages) == len(list(DOCS.rglob("*.md")))
    lost = []
    for url, _, sections in pages:
        html = (site / url / "index.html").read_text(encoding="utf-8")
        lost += [f"{url}#{anchor}" for anchor, *_ in sections if anchor and f'id="{anchor}"' not in html]
    assert lost == []
