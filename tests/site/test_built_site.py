"""The built site: every link alive, every file that a reader downloads, every page in Markdown."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
from click.testing import CliRunner

from pleasestop.cli import main
from pleasestop.recipes import model, registry
from pleasestop.recipes.feed import FEED
from pleasestop.site import blocks, generator, npm, policy
from pleasestop.site.blocks import Block
from support import DOCS, RECIPES, ROOT, SNIPPETS, broken_links, lacking, serving

SOURCES = sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))
ONLY_FOR_THE_SITE = re.compile(r"^///|^:::|^</?\w+|<!--|\{#|\{ \.", re.MULTILINE)
LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^(`{3,}).*?^\1$", re.DOTALL | re.MULTILINE)


def test_every_link_and_anchor_is_alive(site: Path) -> None:
    assert broken_links(site) == []


def test_the_link_test_can_fail(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "index.html").write_text(
        '<h1 id="here">x</h1><a href="#here">a</a><a href="#gone">b</a><a href="gone.html">c</a><img src="d.png">'
        '<a href="sub/#there">e</a><a href="sub">f</a><a href="https://example.org/">g</a><a href="mailto:h@i">h</a>',
        encoding="utf-8",
    )
    (tmp_path / "sub/index.html").write_text(
        '<a name="there" href="..">x</a><a href="../sub">y</a><a href="../#gone">y</a>', encoding="utf-8"
    )
    assert sorted(broken_links(tmp_path)) == [
        "index.html: #gone",
        "index.html: d.png",
        "index.html: gone.html",
        "index.html: sub",
        "sub/index.html: ../#gone",
        "sub/index.html: ../sub",
    ]


def test_every_snippet_can_be_downloaded_as_it_ran(site: Path) -> None:
    wrong = []
    for snippet in SNIPPETS.values():
        file = site / "raw" / snippet.folder / f"{snippet.name}.py"
        if file.read_text(encoding="utf-8") != model.standalone(snippet.text, snippet.path.parent):
            wrong.append(snippet.name)
    assert wrong == []


def test_every_recipe_can_be_copied_from_the_site(site: Path, tmp_path: Path) -> None:
    manifest = json.loads((site / registry.MANIFEST).read_text(encoding="utf-8"))
    jsonschema.validate(manifest, json.loads((site / registry.SCHEMA).read_text(encoding="utf-8")))
    released = [recipe for recipe in RECIPES.values() if recipe.releases]
    assert [entry["name"] for entry in manifest["recipes"]] == [recipe.name for recipe in released]
    for recipe in released:
        for url, text in registry.files(recipe).items():
            assert (site / url).read_bytes() == text.encode()
    with serving(site) as address:
        names = [recipe.name for recipe in released]
        words = ["add", *names, "--with-tests", "--to", str(tmp_path), "--from", address]
        assert CliRunner().invoke(main, words).exit_code == 0
    assert {file.name for file in tmp_path.iterdir()} == {
        path.name for recipe in released for path in (recipe.path, recipe.tests)
    }
    assert CliRunner().invoke(main, ["verify", "--in", str(tmp_path)]).exit_code == 0


def test_every_page_has_its_description(site: Path) -> None:
    pages = [file for file in site.rglob("*.html") if file.name != "404.html"]
    assert [page for page in pages if '<meta name="description" content="' not in page.read_text("utf-8")] == []


def test_the_policy_of_the_site_is_tight(site: Path) -> None:
    rules = dict(rule.split(" ", 1) for rule in policy.content_security_policy(site).split("; "))
    assert "unsafe" not in rules["script-src"].replace("'wasm-unsafe-eval'", "")
    assert len(rules["script-src"].split()) < 12, "the theme's own inline scripts are few, and ours are none"
    assert rules["default-src"] == "'self'"


def test_the_releases_of_recipes_are_a_feed(site: Path) -> None:
    atom = "{http://www.w3.org/2005/Atom}"
    root = ElementTree.parse(site / FEED).getroot()
    entries = root.findall(f"{atom}entry")
    released = [one for recipe in RECIPES.values() for one in recipe.releases]
    assert len({entry.findtext(f"{atom}id") for entry in entries}) == len(entries) == len(released)
    days = [entry.findtext(f"{atom}updated") or "" for entry in entries]
    assert days == sorted(days, reverse=True)
    assert root.findtext(f"{atom}updated") == days[0]
    for entry in entries:
        link = entry.find(f"{atom}link")
        assert link is not None
        assert (site / "recipes" / link.attrib["href"] / "index.html").is_file()


def test_the_markdown_form_of_a_page_holds_what_the_page_shows(site: Path) -> None:
    faults: list[str] = []
    for source in SOURCES:
        markdown = (site / source).read_text(encoding="utf-8")
        for block in blocks.find((DOCS / source).read_text(encoding="utf-8").split("\n")):
            faults += [f"{source}: {block.name} lacks {text[:60]!r}" for text in _shown(block) if text not in markdown]
        prose = FENCE.sub("", markdown)
        if not prose.startswith("# ") or ONLY_FOR_THE_SITE.findall(prose):
            faults.append(f"{source}: {ONLY_FOR_THE_SITE.findall(prose)}")
        for link in LINK.findall(prose):
            target = link.partition("#")[0]
            inside = target and "://" not in target and not target.startswith("mailto:")
            if inside and not (site / source).parent.joinpath(target).resolve().is_file():
                faults.append(f"{source}: {link}")
    assert faults == []


def _shown(block: Block) -> list[str]:
    """Return texts that must stand where a block stood."""
    if block.kind == "recipe":
        return [RECIPES[block.name].text.strip()]
    if block.kind == "promises":
        return [promise.sentence for promise in RECIPES[block.name].promises]
    if block.kind != "snippet":
        return []
    snippet = SNIPPETS[block.name]
    texts = [f"{snippet.claim}**"]
    if "code" in block.shown:
        texts.append(snippet.program.strip())
    for approved in snippet.approved if "output" in block.shown else ():
        lines = [line.text for line in approved.output.lines]
        if not any(pattern.search(line) for pattern in snippet.expectation.patterns for line in lines):
            texts.append("\n".join(lines))
    return texts


def test_all_pages_are_listed_for_programs(site: Path) -> None:
    listed = (site / "llms.txt").read_text(encoding="utf-8")
    assert listed.startswith("# Please Stop\n\n> ")
    assert sorted(LINK.findall(listed)) == SOURCES
    assert not re.search(r"\): *$", listed, re.MULTILINE), "a page without its description"
    full = (site / "llms-full.txt").read_text(encoding="utf-8")
    assert all((site / source).read_text(encoding="utf-8") in full for source in SOURCES)


def test_the_reference_of_the_engine_names_every_module() -> None:
    text = (DOCS / "about/engine.md").read_text(encoding="utf-8")
    named = re.findall(r"^::: (pleasestop\.\S+)$", text, re.MULTILINE)
    engine = ROOT / "src/pleasestop"
    modules = [path.relative_to(engine.parent).with_suffix("") for path in engine.rglob("*.py")]
    # Commands describe themselves; what runs inside of programs and pages is not imported.
    left_out = ("cli", "bootstrap", "monitor", "static")
    wanted = [
        path for path in modules if path.name not in ("__init__", "__main__") and not set(path.parts) & {*left_out}
    ]
    assert sorted(named) == sorted(".".join(path.parts) for path in wanted)


def test_only_pages_with_a_reference_load_its_styles(site: Path) -> None:
    pages = [page.read_text(encoding="utf-8") for page in site.rglob("index.html")]
    loads = ["_mkdocstrings.css" in page for page in pages]
    assert loads == ['class="doc ' in page for page in pages]
    assert 0 < sum(loads) < len(pages)


def test_every_page_is_in_the_navigation() -> None:
    assert sorted(source for _, source in generator.load_settings(ROOT).listed) == SOURCES


OF_THE_THEME = (
    "The empty string is not a valid integer",  # <label tabindex="">, of each folded part of the navigation
    "Attribute “autocomplete” is only allowed when the input type is",  # of the switches that fold
    "The value of the “for” attribute of the “label” element",  # of a table of contents that is hidden
)


def test_the_html_is_valid(site: Path) -> None:
    """What the Nu HTML checker says of every page, but for what the theme writes."""
    found = _nu([site])
    assert [line for line in found if not any(known in line for known in OF_THE_THEME)] == []


def test_the_html_checker_can_find_something(tmp_path: Path) -> None:
    page = tmp_path / "index.html"
    page.write_text('<!doctype html><html lang="en"><title>x</title><p><div id="a"></div></p><b id="a">x</b></html>')
    assert any("Duplicate ID" in line for line in _nu([page]))


def _nu(paths: list[Path]) -> list[str]:
    """Run the checker, which npm provides and Java runs; return its findings."""
    kept = ROOT / ".pleasestop" / "vnu-26.9.27"
    sha512 = (
        "4e441de4315f39a582f5e6edbe8cd3b2b1f655aa1dde3620faface791133217c"
        "417b12f3f7ead2d8336d8e7efe44f5226618258b44a0860057e9125135e6b428"
    )
    java = shutil.which("java")
    if java is None:
        lacking("no Java here, which runs the Nu HTML checker")
    if not kept.exists():
        try:
            npm.fetch("vnu-jar@26.9.27", sha512, ["build/dist/vnu.jar"], kept)
        except (OSError, subprocess.SubprocessError) as error:
            lacking(f"npm cannot give the Nu HTML checker: {error}")
    command = [java, "-jar", str(kept / "build/dist/vnu.jar"), "--skip-non-html", "--format", "gnu"]
    done = subprocess.run([*command, *map(str, paths)], capture_output=True, text=True, timeout=250, check=False)
    return done.stderr.splitlines()
