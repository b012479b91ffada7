"""Write a twin of every page in plain Markdown, with programs and outputs in full, and `llms.txt`.

A Python-Markdown extension, so that every site generator writes the same. The twin of
`docs/tasks/x.md` is `tasks/x.md` on the site: the same place, so a link from one page to
another is right in the twin as it is written.
"""

import ast
import contextlib
import html
import importlib
import inspect
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

from pleasestop import embed, hosting, proof, publish, timeline
from pleasestop.catalog import WRONGS
from pleasestop.check import Checked
from pleasestop.embed import SHOWN, Block, Page, Site
from pleasestop.recipes import Recipe

LIST = "llms.txt"
"""The pages with a line on each; the form is that of llmstxt.org."""

FULL = "llms-full.txt"
"""All twins, one after the other."""

_FRONT_MATTER = re.compile(r"\A---\n(.*?)^---\n", re.DOTALL | re.MULTILINE)
_COMPUTED = re.compile(r'^```python exec="on"[^\n]*\n(.*?)^```$', re.DOTALL | re.MULTILINE)
_REFERENCE = re.compile(r"^::: (\S+)\n(?:    .*\n)*", re.MULTILINE)
_DRAWING = re.compile(r"<svg[^>]*><title[^>]*>.*?</title><desc[^>]*>(.*?)</desc>.*?</svg>", re.DOTALL)
_FOR_THE_SITE = re.compile(r"^(?:</?div[^>]*>(?:</div>)?|<!--pytest.*?-->)\n", re.MULTILINE)
_ANCHOR = re.compile(r"(?<=\S) \{#[\w-]+\}$", re.MULTILINE)
# What is computed links to built pages, as seen from a page one folder down.
_BUILT = re.compile(r'(?<=[("])\.\./\.\./(?:([\w/-]+)/)?(#[\w-]+)?(?=[)"])')


class TwinExtension(Extension):
    """Python-Markdown extension that writes the twins.

    Config: `snippets` and `docs`, the folders of snippets and of pages.
    """

    def __init__(self, **kwargs: Any) -> None:
        self.config = {"snippets": ["snippets", "Folder of the snippets"], "docs": ["docs", "Folder of the pages"]}
        super().__init__(**kwargs)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (Python-Markdown's name)
        """Register the preprocessor, before the one that embeds (priority 26)."""
        md.preprocessors.register(_Writer(md, self.getConfigs()), "pleasestop.twins", 27)


class _Writer(Preprocessor):
    def __init__(self, md: Markdown, config: Mapping[str, Any]) -> None:
        super().__init__(md)
        self.markdown = md
        self.snippets, self.docs = Path(config["snippets"]), Path(config["docs"])

    def run(self, lines: list[str]) -> list[str]:
        page = embed.page_of(self.markdown)
        # A piece of a page that is rendered apart, such as a computed table, has no title.
        heading = next((number for number, line in enumerate(lines) if line.startswith("# ")), None)
        if page.source is None or page.site is None or heading is None:
            return lines
        site = embed.site_of(self.snippets)
        site.refresh()
        embed.publish_file(twin(self.docs, page.source, site), page.site / page.source)
        if page.source == "index.md":
            listed = list(_listed(page.nav))
            embed.publish_file(llms(self.docs, listed, page), page.site / LIST)
            full = (twin(self.docs, source, site) for _, source in listed)
            embed.publish_file("\n\n".join(full), page.site / FULL)
            embed.publish_file(hosting.robots(page.address), page.site / "robots.txt")
        link = (
            f'<p class="ps-twin" data-search-exclude><a href="{page.to_root}{page.source}" type="text/markdown">'
            "View as Markdown</a></p>"
        )
        return [*lines[: heading + 1], "", self.markdown.htmlStash.store(link), "", *lines[heading + 1 :]]


def _listed(nav: Iterable[Any], section: str = "") -> Iterator[tuple[str, str]]:
    """Flatten a navigation into (title of the top section, page); MkDocs' form, and Zensical's."""
    for entry in nav:
        if isinstance(entry, str):
            yield section, entry
        elif "children" in entry:
            inside = section or entry["title"] or ""
            yield from [(section, entry["url"])] if entry["url"] else _listed(entry["children"], inside)
        else:
            for title, value in entry.items():
                yield from [(section, value)] if isinstance(value, str) else _listed(value, section or title)


def llms(docs: Path, listed: Iterable[tuple[str, str]], page: Page) -> str:
    """Return the text of `llms.txt`: every page of the navigation, with what it is about."""
    told, last = [f"# {page.name}", "", f"> {page.about}", ""], ""
    for section, source in listed:
        if section != last:
            told += ["", f"## {section}", ""]
            last = section
        text = (docs / source).read_text(encoding="utf-8")
        front = _FRONT_MATTER.match(text)
        about = yaml.safe_load(front[1])["description"] if front else ""
        title = next(line.removeprefix("# ") for line in text.splitlines() if line.startswith("# "))
        told.append(f"- [{title}]({page.address}{source}): {about}")
    return "\n".join(told) + "\n"


def twin(docs: Path, source: str, site: Site) -> str:
    """Return the page at `source`, a path below `docs`, as Markdown that needs nothing else."""
    text = (docs / source).read_text(encoding="utf-8")
    made_of, told = _twins.get(docs / source, (None, ""))
    if made_of != (text, site.state):
        told = _twin(_FRONT_MATTER.sub("", text), "../" * source.count("/"), site)
        _twins[docs / source] = (text, site.state), told
    return told


# Each is wanted twice in a build: as a file, and in `llms-full.txt`.
_twins: dict[Path, tuple[object, str]] = {}


def _twin(text: str, to_root: str, site: Site) -> str:
    # The prose first: programs and outputs stay as they are.
    text = _COMPUTED.sub(lambda match: _computed(match[1], to_root), text)
    text = _REFERENCE.sub(lambda match: _reference(match[1]), text)
    text = _FOR_THE_SITE.sub("", _DRAWING.sub(r"*(A drawing: \1)*", _ANCHOR.sub("", text)))
    lines = text.splitlines()
    parts, after = [], 0
    for block in embed.blocks(lines):
        parts += [lines[after : block.first], _expanded(block, site, to_root)]
        after = block.last + 1
    told = ("\n".join(part).strip("\n") for part in [*parts, lines[after:]])
    return "\n\n".join(filter(None, told)) + "\n"


def _computed(program: str, to_root: str) -> str:
    """Run what the page computes, and point its links to twins."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(program, {})  # our own page; the build runs it in the same way
    told = _plain(printed.getvalue())
    return _BUILT.sub(lambda match: f"{to_root}{match[1] or 'index'}.md{match[2] or ''}", told)


def _plain(computed: str) -> str:
    """Turn the HTML that `tables` and `picture` write into Markdown; Markdown stays as it is."""
    if "<table" not in computed:
        return computed
    text = re.sub(r"<svg.*?</svg>|<wbr>", "", computed, flags=re.DOTALL)
    text = re.sub(r"<h2[^>]*>(.*?)</h2>", r"\n\n## \1\n\n", text)
    text = re.sub(r"<thead>(<tr.*?</tr>)</thead>", lambda head: head[1] + "|---" * head[1].count("<th") + "|\n", text)
    text = re.sub(r"<t[hd][^>]*>(.*?)</t[hd]>", r"| \1 ", text, flags=re.DOTALL).replace("</tr>", "|\n")
    text = re.sub(r'<a href="([^"]*)">(.*?)</a>', r"[\2](\1)", text)
    text = re.sub(r"</?strong[^>]*>", "**", re.sub(r"</?code>", "`", text))
    return html.unescape(re.sub(r"</?\w+[^>]*>", "", text))


def _reference(path: str) -> str:
    """Return the docstrings of a module; a recipe has its own in the file that the page shows."""
    if path.startswith("recipes."):
        return "Its docstring, in the file above, says it.\n"
    module = ast.parse(inspect.getsource(importlib.import_module(path)))
    told = [f"## `{path}`", ast.get_docstring(module) or ""]
    for node in module.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            told += [f"### `{_signature(node)}`", ast.get_docstring(node) or ""]
    return "\n\n".join(told) + "\n"


def _signature(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> str:
    if isinstance(node, ast.ClassDef):
        fields = [one for one in node.body if isinstance(one, ast.AnnAssign)]
        return f"{node.name}({', '.join(map(ast.unparse, fields))})"
    returns = "" if node.returns is None else f" -> {ast.unparse(node.returns)}"
    return f"{node.name}({ast.unparse(node.args)}){returns}"


def _expanded(block: Block, site: Site, to_root: str) -> list[str]:
    """Return the lines that stand for an embedding; an unknown name was told by the embedder."""
    if block.kind == "recipes":
        return _recipes(site.recipes.values(), to_root)
    if block.kind == "snippet":
        checked = site.results.get(block.name)
        return [] if checked is None else _snippet(block, checked, to_root)
    recipe = site.recipes.get(block.name)
    return [] if recipe is None else _OF_A_RECIPE[block.kind](recipe, to_root)


def _snippet(block: Block, checked: Checked, to_root: str) -> list[str]:
    snippet = checked.snippet
    show = block.options.get("show", SHOWN)
    wrong = snippet.rules.wrong
    how = "" if wrong is None or wrong == "misleads" else f": it {WRONGS[wrong]}"
    told = ["", f"**{f'Wrong{how}. ' if wrong else ''}{snippet.claim}**", ""]
    if "code" in show:
        lines = snippet.program.splitlines()
        first, last = snippet.regions.get(block.options.get("region", ""), (0, len(lines)))
        told += _fence("python", embed.dedent(lines[first:last]))
    if "output" in show:
        panels, versions = embed.panels(checked), embed.versions(snippet)
        for panel in panels:
            where = f" on Python {versions[panel.path]}" if len(panels) > 1 else ""
            lines = [line.text for line in panel.output.lines]
            if (end := embed.end(panel.output)) is not None:
                lines.append(f"({end})")
            told += [f"Output{where}:", "", *_fence("text", lines or ["(no output)"])]
    if "replay" in show and (recording := proof.recording(snippet)) is not None:
        source = timeline.Source(snippet.path.read_text(encoding="utf-8"), snippet.lines)
        story = timeline.tell(recording.moments, source)
        told += [f"What happened, watched on {recording.python}:", ""]
        told += [f"{number}. `{story.lanes[row.lane].name}`: `{row.words}`" for number, row in enumerate(story.rows, 1)]
        told.append("")
    proved = embed.proved(snippet)
    span = f"proved on Python {proof.spans(one.minor for one in proved)}, " if proved else ""
    return [*told, f"[{snippet.name}.py]({to_root}raw/{snippet.folder}/{snippet.name}.py), {span}0BSD", ""]


def _fence(language: str, lines: Iterable[str]) -> list[str]:
    return [f"````{language}", *lines, "````", ""]


def _recipe(recipe: Recipe, to_root: str) -> list[str]:
    folder = f"{to_root}recipes/files/{recipe.name}"
    needs = f"needs {', '.join(recipe.dependencies)}" if recipe.dependencies else "standard library only"
    facts = f"Version {recipe.version}, Python {recipe.floor} and newer, {needs}, 0BSD: "
    links = f"[{recipe.path.name}]({folder}/latest.py), [its tests]({folder}/{recipe.tests.name})"
    take = f"Take it: `pleasestop add {recipe.name}`"
    return ["", f"**{recipe.title}**", "", *_fence("python", recipe.text.splitlines()), f"{facts}{links}. {take}", ""]


def _promises(recipe: Recipe, to_root: str) -> list[str]:
    tests = f"{to_root}recipes/files/{recipe.name}/{recipe.tests.name}"
    rows = [(promise.sentence, f"[`{promise.test}`]({tests})") for promise in recipe.promises]
    return _table(("Promise", "Test that proves it"), rows)


def _changes(recipe: Recipe, to_root: str) -> list[str]:
    folder = f"{to_root}recipes/files/{recipe.name}"
    rows = [(f"[{one.version}]({folder}/{one.version}.py)", one.date, one.note) for one in recipe.releases]
    return _table(("Version", "Date", "What changed"), rows)


_OF_A_RECIPE = {"recipe": _recipe, "promises": _promises, "changes": _changes}


def _recipes(offered: Iterable[Recipe], to_root: str) -> list[str]:
    rows = [
        (f"[`{one.name}`]({to_root}{one.page.rstrip('/')}.md)", one.title, f"{one.floor}+", str(one.version))
        for one in offered
    ]
    return [
        *_table(("Recipe", "What it does", "Python", "Version"), rows),
        f"For programs: {to_root}{publish.MANIFEST}",
    ]


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    return ["", *(f"| {' | '.join(row)} |" for row in (heads, ("---",) * len(heads), *rows)), ""]
