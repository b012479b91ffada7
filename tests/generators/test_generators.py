"""The whole site, built by each generator, twice, and for an address."""

import hashlib
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest

from support import DOCS, ROOT, SNIPPETS, build

PAGES = sorted(path.relative_to(DOCS) for path in DOCS.rglob("*.md"))
VARIES = [pattern for snippet in SNIPPETS.values() for pattern in snippet.expectation.patterns]
"""What the programs may print differently from run to run."""


def tree(folder: Path) -> dict[str, str]:
    """Return the checksum of every file in a folder."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def html_of(site: Path, page: Path) -> str:
    folder = page.parent if page.name == "index.md" else page.with_suffix("")
    return (site / folder / "index.html").read_text(encoding="utf-8")


class Text(HTMLParser):
    """The text of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.feed(html)

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def words(html: str) -> list[str]:
    """Return what an article says, without what varies from run to run and the tags that one generator shows."""
    article = html[html.index("<article") : html.index("</article>")]
    article = re.sub(r'<nav class="md-tags".*?</nav>', "", article, flags=re.DOTALL)
    text = "".join(Text(article).parts)
    for pattern in VARIES:
        text = pattern.sub("(varies)", text)
    return text.split()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project: Zensical keeps a cache in it, and the builds must not see one another's."""
    copy = tmp_path_factory.mktemp("project")
    left_out = shutil.ignore_patterns("lighthouse-*", "vnu-*", "site-*", "environments")
    for folder in ("docs", "theme", "snippets", "records", "src", ".pleasestop"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=left_out)
    (copy / ".pleasestop/environments").symlink_to(ROOT / ".pleasestop/environments")  # 20,000 files
    shutil.copy(ROOT / "mkdocs.yml", copy)
    return copy


def test_two_builds_give_the_same_tree(site: Path, project: Path) -> None:
    """Under both generators; and Zensical shows the words that MkDocs shows, and the same files beside its pages.

    MkDocs has built the first of its two sites from another folder.
    """
    built = {"mkdocs": tree(site)}
    for generator in ("mkdocs", "zensical", "zensical"):
        target = project / generator
        build(["pleasestop", "build", "--with", generator, "--to", generator], target, project)
        first, second = built.get(generator, {}), tree(target)
        changed = sorted(name for name in first.keys() | second.keys() if first.get(name) != second.get(name))
        assert changed == [] or not first, generator
        built[generator] = second
    for page in PAGES:
        assert words(html_of(project / "zensical", page)) == words(html_of(project / "mkdocs", page)), page
    beside = re.compile(
        r"(raw|recipes/files)/.*\.py|.*\.(md|txt)|recipes.*\.(json|xml)|assets/(pyodide|run|replay|figure).*"
    )
    ours = {name: checksum for name, checksum in built["mkdocs"].items() if beside.fullmatch(name)}
    assert len(ours) > len(SNIPPETS)
    assert {name: built["zensical"].get(name) for name in ours} == ours


def test_a_build_that_fails_leaves_the_site(project: Path) -> None:
    (project / "kept").mkdir()
    (project / "kept/index.html").write_text("the site that was there", encoding="utf-8")
    page = project / "docs/index.md"
    text = page.read_text(encoding="utf-8")
    page.write_text(f"{text}\n/// snippet | no_such_snippet\n///\n", encoding="utf-8")
    try:
        with pytest.raises(AssertionError, match=r"docs/index\.md:\d+: no snippet is called no_such_snippet") as failed:
            build(["pleasestop", "build", "--to", "kept"], project / "kept", project)
    finally:
        page.write_text(text, encoding="utf-8")
    assert "Traceback" not in str(failed.value)
    assert (project / "kept/index.html").read_text(encoding="utf-8") == "the site that was there"


def test_the_address_of_the_site_is_one_setting(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = "https://example.org/stop/"
    monkeypatch.setenv("PLEASESTOP_SITE_URL", address.rstrip("/"))
    build(["pleasestop", "build", "--to", str(tmp_path / "site")], tmp_path / "site", project)
    expected = {
        "tasks/cancel-a-task/index.html": f'<link rel="canonical" href="{address}tasks/cancel-a-task/">',
        "threads/stop-a-thread/index.html": f'<meta property="og:url" content="{address}threads/stop-a-thread/">',
        "index.html": f'<meta property="og:image" content="{address}assets/card.png">',
        "robots.txt": f"Sitemap: {address}sitemap.xml\n",
        "llms.txt": f"({address}tasks/cancel-a-task.md)",
        "recipes/feed.xml": f'href="{address}recipes/finish/"',
        "sitemap.xml": f"<loc>{address}recipes/finish/</loc>",
    }
    texts = {file: (tmp_path / "site" / file).read_text(encoding="utf-8") for file in expected}
    assert [file for file, line in expected.items() if line not in texts[file]] == []
    assert list((project / ".pleasestop").glob("site-*")) == [], "no folder of an unfinished build is left"
