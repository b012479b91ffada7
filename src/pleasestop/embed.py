"""Show a snippet or a recipe on a page, by a Python-Markdown extension.

A block on a page names a snippet:

```
/// snippet | wait_on_an_event
highlight: stopping.wait
///
```

Options, in YAML: `region` (show only that part), `highlight` (texts or names of regions),
`show` (some of `code`, `output`, `replay`, `scale`). The block becomes an ordinary code fence for the theme's
own highlighting, so nothing of it is drawn here, and a figure around it.

Blocks of recipes are written alike and have no options: `recipe | NAME` is the whole file,
`promises | NAME` a table of what its tests prove, `changes | NAME` one of its releases, and
`recipes | all` one of all recipes. They put the files that they link to into the site.
"""

import difflib
import html
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml
from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor
from packaging.version import Version

from pleasestop import catalog, contract, inpage, picture, proof, publish, pythons, recipes, runner, timeline, watching
from pleasestop.catalog import WRONGS, Snippet
from pleasestop.check import Checked, check, write_whole
from pleasestop.errors import PleaseStopError
from pleasestop.pythons import SYSTEM_NAMES
from pleasestop.recipes import Recipe
from pleasestop.reporting import progress, report, summary

_OPEN = re.compile(r"^(?P<indent>\s*)/// (?P<kind>snippet|recipe|promises|changes|recipes) \|\s*(?P<name>\S+)\s*$")
_CLOSE = re.compile(r"^\s*///\s*$")
_OPTIONS = {"snippet": ("region", "highlight", "show")}
_PRE = re.compile(r"<pre.*?</pre>", re.DOTALL)
_PICTURE = re.compile(r'<svg class="ps-tl"[^>]* width="(\d+)" height="(\d+)"')
PARTS = ("code", "output", "replay", "scale")
SHOWN = ["code", "output"]
"""What is shown where a block does not say."""

LEGEND = "about/reading-a-replay/"
"""The page that explains the signs of a replay, below the site's root."""


@dataclass(frozen=True)
class Page:
    """Where a page comes from and goes to, as far as the site generator told.

    `source` is its path below `docs/`, `to_root` the relative URL of the site's root,
    `site` the folder that the site is written to; `source` and `site` are None in plain
    Python-Markdown. Of the whole site: its `name`, what it is `about`, its `address` ("" or
    ending with a slash) and its `nav` as the generator has it.
    """

    source: str | None = None
    to_root: str = ""
    site: Path | None = None
    name: str = ""
    about: str = ""
    address: str = ""
    nav: Sequence[Any] = ()


@dataclass(frozen=True)
class Block:
    """One embedding as written on a page: what of which snippet or recipe, options, 0-based lines."""

    kind: str
    name: str
    options: Mapping[str, Any]
    indent: str
    first: int
    last: int


def blocks(lines: Iterable[str]) -> list[Block]:
    """Find the embeddings in a page's lines; fenced code is passed over.

    Raises `PleaseStopError` (without the page's name) for a block that does not close, and
    for options that are no YAML mapping or unknown.
    """
    found: list[Block] = []
    fence: str | None = None
    opened: tuple[re.Match[str], int] | None = None
    body: list[str] = []
    for number, line in enumerate(lines):
        if opened is None:
            ticks = re.match(r"^\s*(`{3,}|~{3,})", line)
            if ticks and fence is None:
                fence = ticks[1]
            elif ticks and fence is not None and ticks[1].startswith(fence) and not line.strip().strip("`~"):
                fence = None
            elif fence is None and (match := _OPEN.match(line)):
                opened, body = (match, number), []
        elif _CLOSE.match(line):
            match, first = opened
            options = _options(body, first, _OPTIONS.get(match["kind"], ()))
            found.append(Block(match["kind"], match["name"], options, match["indent"], first, number))
            opened = None
        else:
            body.append(line)
    if opened is not None:
        raise _MisplacedError(opened[1], f"the block of {opened[0]['name']} does not close; end it with a line `///`.")
    return found


class _MisplacedError(PleaseStopError):
    """A fault at a 0-based line of the text in hand, to be told with the page's own line."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(text)
        self.line = line


def _options(body: list[str], first: int, known: tuple[str, ...]) -> dict[str, Any]:
    try:
        options = yaml.safe_load("\n".join(body)) or {}
    except yaml.YAMLError as error:
        raise _MisplacedError(first, f"the options are no YAML: {error}") from None
    if not isinstance(options, dict):
        raise _MisplacedError(first, "options are written as `name: value`, one a line.")
    for name in options:
        if name not in known:
            near = difflib.get_close_matches(str(name), known, 1)
            hint = f"did you mean `{near[0]}`?" if near else f"known are: {', '.join(known) or 'none'}."
            raise _MisplacedError(first, f"unknown option `{name}`; {hint}")
    return options


class Site:
    """All snippets with their results, and all recipes, read again when a file among them changed."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.results: dict[str, Checked] = {}
        self.recipes: dict[str, Recipe] = {}
        self.state: object = None
        """What was read: equal as long as no file changes."""

    def refresh(self) -> None:
        """Run what is stale. Raises `PleaseStopError` listing everything that is wrong."""
        state = set(_files(self.root)) if self.root.is_dir() else set()  # `load` says that it is missing
        if state == self.state:
            return
        snippets = catalog.load(self.root)
        self.recipes = recipes.load(self.root / "recipes")
        own = [pythons.own()]
        runnable = runner.can_run_here()
        wanted = [(snippet, pythons.choose(snippet, own) if runnable else None) for snippet in snippets.values()]
        with progress(len(wanted), "running snippets", "nothing") as ended:
            results = check(wanted, ended=ended)
        self.results = {checked.snippet.name: checked for checked in results}
        failed = [report(checked) for checked in results if not checked.ok]
        if failed:
            raise PleaseStopError("\n".join(["the snippets do not hold:", *failed, summary(results)]))
        self.state = state


def _files(folder: str | Path) -> Iterator[tuple[str, int, int]]:
    """Path, time of the last change (nanoseconds) and size (bytes) of each file that decides what is shown.

    Asked for each page; `Path.rglob` takes four times as long.
    """
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                yield from _files(entry.path)
            elif entry.name.endswith((".py", ".out", ".json")):
                told = entry.stat()
                yield entry.path, told.st_mtime_ns, told.st_size


_sites: dict[Path, Site] = {}


def site_of(root: Path) -> Site:
    """Return the one `Site` of a folder of snippets."""
    return _sites.setdefault(root.resolve(), Site(root))


class SnippetExtension(Extension):
    """Python-Markdown extension that embeds snippets; entry point `pleasestop`.

    Config: `snippets`, the folder of snippets; `docs`, the folder of pages (for messages);
    `source_url`, the address that a snippet's path is appended to for its source ("" for no
    link); `in_page`, whether programs that can run in a page have buttons for it.
    """

    def __init__(self, **kwargs: Any) -> None:
        self.config = {
            "snippets": ["snippets", "Folder of the snippets"],
            "docs": ["docs", "Folder of the pages"],
            "source_url": ["", "Address that the path of a snippet is appended to"],
            "in_page": [False, "Whether programs can be run in the page"],
        }
        super().__init__(**kwargs)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (Python-Markdown's name)
        """Register the preprocessor, before the one that reads fences (priority 25)."""
        md.preprocessors.register(_Embedder(md, self.getConfigs()), "pleasestop", 26)


class _Embedder(Preprocessor):
    def __init__(self, md: Markdown, config: Mapping[str, Any]) -> None:
        super().__init__(md)
        self.markdown = md
        self.config = config
        # Of the page in hand: the scripts that it loads already, and the lacks that it has told of.
        self.loaded: set[str] = set()
        self.lacks: set[str] = set()

    def run(self, lines: list[str]) -> list[str]:
        page = page_of(self.markdown)
        try:
            found = blocks(lines)
            if not found:
                return lines
            site = site_of(Path(self.config["snippets"]))
            site.refresh()
            out, after = [], 0
            shown: set[str] = set()
            self.loaded, self.lacks = set(), set()
            for block in found:
                if block.kind != "snippet":
                    drawn = self._of_recipes(block, site, page)
                elif (checked := site.results.get(block.name)) is not None:
                    drawn = self._figure(block, checked, page, block.name not in shown)
                else:
                    raise _MisplacedError(block.first, catalog.unknown("snippet", block.name, site.results))
                out += lines[after : block.first]
                out += ["", block.indent + self.markdown.htmlStash.store(drawn), ""]
                shown.add(block.name)
                after = block.last + 1
            return out + lines[after:]
        except _MisplacedError as fault:
            raise PleaseStopError(f"{self._place(page, lines, fault.line)}: {fault.message}") from None

    def _place(self, page: Page, lines: list[str], number: int) -> str:
        """Name page and 1-based line; the text in hand may have lost the page's front matter."""
        if page.source is None:
            return f"line {number + 1}"
        path = Path(self.config["docs"], page.source)
        text = path.read_text(encoding="utf-8").splitlines()
        nth = lines[: number + 1].count(lines[number])
        places = [place for place, line in enumerate(text, 1) if line == lines[number]]
        return f"{path}:{places[nth - 1] if nth <= len(places) else number + 1}"

    def _figure(self, block: Block, checked: Checked, page: Page, first: bool) -> str:
        snippet = checked.snippet
        show = block.options.get("show", SHOWN)
        show = [show] if isinstance(show, str) else show
        if not isinstance(show, list) or not show or not set(show) <= set(PARTS):
            raise _MisplacedError(block.first, f"`show` takes some of: {', '.join(PARTS)}.")
        parts = []
        in_page = self.config["in_page"] and page.site is not None and {"code", "output"} <= {*show}
        in_page = in_page and "region" not in block.options and inpage.pyodide() is not None
        needed = inpage.lacks(snippet) if in_page else None
        if "code" in show:
            parts.append(self._code(block, snippet))
        if in_page and needed is None:
            assert page.site is not None
            inpage.publish(snippet, page.site)
            parts += [inpage.controls(snippet, page.to_root), *self._scripts("run", page)]
        if "output" in show:
            suffix = "" if first else f"-{block.first}"
            parts.append(_output(checked, f"{snippet.name}-output{suffix}"))
        if "replay" in show or "scale" in show:
            parts += _replay(block, snippet, page, show)
            parts += self._scripts("replay", page)
        raw = f"raw/{snippet.folder}/{snippet.name}.py"
        if in_page and needed is not None:
            parts.append(inpage.elsewhere(needed, page.address, raw, again=needed in self.lacks))
            self.lacks.add(needed)
        if page.site is not None:
            publish_file(recipes.standalone(snippet.raw, snippet.path.parent), page.site / raw)
        source = self.config["source_url"]
        return _figure(
            snippet,
            parts,
            raw=page.to_root + raw,
            source=f"{source.rstrip('/')}/{os.path.relpath(snippet.path)}" if source else None,
            identify=first,
        )

    def _scripts(self, name: str, page: Page) -> list[str]:
        """Load a script and its style, on pages that use it only, and only once."""
        if name in self.loaded:
            return []
        self.loaded.add(name)
        if page.site is not None:
            for file in (f"{name}.css", f"{name}.js"):
                publish_file((picture.ASSETS / file).read_text(encoding="utf-8"), page.site / "assets" / file)
        assets = f"{page.to_root}assets/{name}"
        return [f'<link rel="stylesheet" href="{assets}.css"><script defer src="{assets}.js"></script>']

    def _of_recipes(self, block: Block, site: Site, page: Page) -> str:
        """Draw a block about recipes, and put what it links to into the site."""
        known = site.recipes
        if block.kind == "recipes":
            if block.name != "all":
                raise _MisplacedError(block.first, "the table of recipes is written `/// recipes | all`.")
            if page.site is not None:
                publish_file(publish.manifest(known.values()), page.site / publish.MANIFEST)
                publish_file(publish.SCHEMA.read_text(encoding="utf-8"), page.site / publish.SCHEMA.name)
                publish_file(publish.feed(known.values(), page.name, page.address), page.site / publish.FEED)
            return _index(known.values(), site.results, page.to_root)
        recipe = known.get(block.name)
        if recipe is None:
            raise _MisplacedError(block.first, catalog.unknown("recipe", block.name, known))
        if page.site is not None:
            for url, text in publish.files(recipe).items():
                publish_file(text, page.site / url)
        if block.kind == "promises":
            return _promises(recipe, page.to_root)
        if block.kind == "changes":
            return _changes(recipe, page.to_root)
        code = self._fence("python", recipe.text.splitlines())
        command = self._fence("sh", [f"pleasestop add {recipe.name}"])
        return _recipe(recipe, code, command, page.to_root)

    def _code(self, block: Block, snippet: Snippet) -> str:
        """Draw the part of the program that the block asks for."""
        first, last = 0, len(snippet.program.splitlines())
        if (region := block.options.get("region")) is not None:
            if region not in snippet.regions:
                raise _MisplacedError(block.first, f"{snippet.name} has no region `{region}`; {_regions(snippet)}")
            first, last = snippet.regions[region]
        program = snippet.program.splitlines()[first:last]
        marks = " ".join(str(number - first + 1) for number in _highlighted(block, snippet, first, last))
        return self._fence(f'{{ .python hl_lines="{marks}" }}' if marks else "python", dedent(program))

    def _fence(self, language: str, lines: list[str]) -> str:
        """Let the fence reader of the site draw a program, and take its HTML back."""
        fence = ["````" + language, *lines, "````"]
        drawn = self.markdown.preprocessors["fenced_code_block"].run(fence)
        placeholders = [line.strip() for line in drawn if line.strip()]
        assert len(placeholders) == 1, "superfences turned one fence into one placeholder"
        position = int(placeholders[0].strip("\x02\x03").rpartition(":")[2])
        return str(self.markdown.htmlStash.rawHtmlBlocks[position])


def _replay(block: Block, snippet: Snippet, page: Page, show: list[str]) -> list[str]:
    """Draw what a watched run of the snippet did, from its record."""
    recording = proof.recording(snippet)
    if recording is None:
        raise _MisplacedError(
            block.first,
            f"{snippet.name} as it is now has no recording to replay; make one, on Python "
            f"{watching.OLDEST} or newer: pleasestop prove --only {snippet.name}",
        )
    source = timeline.Source(snippet.path.read_text(encoding="utf-8"), snippet.lines)
    told = timeline.tell(recording.moments, source)
    if not 0 < len(told.rows) <= timeline.MOST_ROWS:
        raise _MisplacedError(
            block.first,
            f"a picture of {snippet.name} would have {len(told.rows)} rows; from 1 to {timeline.MOST_ROWS} can be "
            "read. Show a shorter program.",
        )
    parts = []
    if "replay" in show:
        parts.append(picture.replay(told, snippet.name, recording.python, page.to_root + LEGEND))
    if "scale" in show:
        parts.append(picture.to_scale(told, snippet.name))
    return parts


def dedent(lines: list[str]) -> list[str]:
    """Take away the margin that all lines share."""
    margin = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return [line[margin:] for line in lines]


def _regions(snippet: Snippet) -> str:
    return f"it has: {', '.join(snippet.regions)}." if snippet.regions else "it has none."


def _highlighted(block: Block, snippet: Snippet, first: int, last: int) -> list[int]:
    """Return the 0-based lines of the program to light; each text must be in the part shown."""
    wanted = block.options.get("highlight", [])
    lines = snippet.program.splitlines()
    lit: set[int] = set()
    for text in [wanted] if isinstance(wanted, str) else wanted:
        if text in snippet.regions:
            here = set(range(*snippet.regions[text])) & set(range(first, last))
        else:
            here = {number for number in range(first, last) if str(text) in lines[number]}
        if not here:
            raise _MisplacedError(
                block.first, f"nothing to highlight: {text!r} is no line of {snippet.name} here, and no region."
            )
        lit |= here
    return sorted(lit)


def page_of(md: Markdown) -> Page:
    """Ask the site generator which page this is.

    Neither MkDocs nor Zensical has a public way to tell an extension: MkDocs leaves the page
    with the processor that mends links, Zensical with its context processor.
    """
    told: Any
    if "relpath" in md.treeprocessors:
        told = md.treeprocessors["relpath"]
        source, url, config = told.file.src_uri, told.file.url, told.config
    elif "rendering_context" in md.preprocessors:
        told = md.preprocessors["rendering_context"]
        source, url, config = told.page.path, told.page.url, told.config
    else:
        return Page()
    depth = url.strip("./").count("/") + (1 if url.endswith("/") and url.strip("./") else 0)
    return Page(
        source,
        "../" * depth,
        Path(config["site_dir"]),
        config["site_name"],
        config["site_description"] or "",
        config["site_url"].rstrip("/") + "/" if config["site_url"] else "",
        config["nav"] or (),
    )


def publish_file(text: str, path: Path) -> None:
    """Put a file into the site, with the same bytes on every system; what is there already stays as it is."""
    content = text.encode()
    if path.exists() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, content)  # pages are drawn at once by more than one thread or process


def inline(text: str) -> str:
    """Escape a sentence for HTML; what stands between backticks becomes code."""
    parts = html.escape(text, quote=False).split("`")
    return "".join(f"<code>{part}</code>" if odd % 2 else part for odd, part in enumerate(parts))


def _figure(snippet: Snippet, parts: list[str], *, raw: str, source: str | None, identify: bool) -> str:
    wrong = snippet.rules.wrong
    # What misleads says how in its claim; the other ways to go wrong are told before it.
    how = "" if wrong is None or wrong == "misleads" else f": it {WRONGS[wrong]}"
    label = f'<strong class="ps-wrong">Wrong{how}.</strong> ' if wrong else ""
    links = [f'<a href="{html.escape(raw)}" download>{snippet.name}.py</a>']
    if source is not None:
        links.append(f'<a href="{html.escape(source)}">source</a>')
    links.append("0BSD: copy freely")
    if snippet.requires_python:
        needs = html.escape(str(snippet.requires_python).replace(">=", "").replace(",", ", "))
        links.append(f"Python {needs}{' or newer' if str(snippet.requires_python).startswith('>=') else ''}")
    return "\n".join(
        (
            f'<figure class="ps-snippet{" ps-snippet--wrong" if wrong else ""}"'
            + (f' id="{snippet.name}" ' if identify else " ")
            + f"{_room(parts)}>",
            f'<figcaption class="ps-claim">{label}{inline(snippet.claim)}</figcaption>',
            *parts,
            f'<p class="ps-links" data-search-exclude>{" · ".join(links)}</p>',
            "</figure>",
        )
    )


def _room(parts: Iterable[str]) -> str:
    """Guess the room that the programs, outputs and pictures of a figure take.

    The style of the site keeps that much free while the figure is far from what is seen, and so
    not laid out. In units of the theme's `rem`: a line is 0.95, a picture as wide as allowed.
    """
    drawn = "".join(parts)
    lines = sum(text.count("\n") for text in _PRE.findall(drawn))
    pictures = sum(23 * float(height) / float(width) + 7 for width, height in _PICTURE.findall(drawn))
    return f'style="--ps-room:{0.95 * lines + pictures:.0f}rem"'


def _output(checked: Checked, name: str) -> str:
    """Draw the output; where versions print different things, one tab each, newest first.

    The tabs are radio buttons named `name`, so they need no script.
    """
    snippet = checked.snippet
    shown = panels(checked)
    if len(shown) == 1:
        return f'<div class="ps-output">{_drawn(shown[0], None)}{_badge(snippet)}</div>'
    rows = [f'<div class="ps-output ps-versions" role="group" aria-label="Output of {snippet.name} by version">']
    named = versions(snippet)
    for number, panel in enumerate(shown):
        checked_attribute = ' checked=""' if number == 0 else ""
        rows.append(
            f'<input type="radio" name="{name}" id="{name}-{number}"{checked_attribute}>'
            f'<label for="{name}-{number}">Python {named[panel.path]}</label>'
        )
    for number, panel in enumerate(shown):
        other = shown[1 if number == 0 else 0].output
        heading = f'<p class="ps-version">Python {named[panel.path]}</p>'
        rows.append(f'<div class="ps-panel">{heading}{_drawn(panel, other)}</div>')
    return "".join(rows) + _badge(snippet) + "</div>"


@dataclass(frozen=True)
class Panel:
    """One output of a snippet: the approved file that it is judged by, itself, and who printed it."""

    path: Path
    output: contract.Output
    told: str


def panels(checked: Checked) -> list[Panel]:
    """Return the outputs of a snippet, newest first; more than one where versions differ."""
    return [_panel(checked, path) for path in _approved_newest_first(checked.snippet)]


def _panel(checked: Checked, path: Path) -> Panel:
    """Take this build's own output where it ran the program for these versions, else the approved one."""
    run = checked.run
    if run is not None and path == checked.snippet.approved_for(run.python.version):
        output = contract.observed(run)
        return Panel(path, output, f"Printed by {output.python} when this page was built.")
    output = contract.approved(path)
    why = "" if run is not None else "; no Python on the building machine runs it"
    return Panel(path, output, f"Printed by {output.python}, and approved{why}.")


def _drawn(panel: Panel, other: contract.Output | None) -> str:
    return f'{_lines(panel.output, other)}<p class="ps-proof" data-search-exclude>{html.escape(panel.told)}</p>'


def _approved_newest_first(snippet: Snippet) -> list[Path]:
    named = sorted((upto for upto in snippet.approved if upto is not None), reverse=True)
    keys: list[Version | None] = [None] if None in snippet.approved else []
    return [snippet.approved[key] for key in [*keys, *named]]


def versions(snippet: Snippet) -> dict[Path, str]:
    """Name the versions that each approved output is for, such as "3.9 to 3.11"."""
    told: dict[Path, str] = {}
    first: int | None = None
    for upto in sorted(key for key in snippet.approved if key is not None):
        since = f"3.{first} to {upto}" if first != upto.minor else str(upto)
        told[snippet.approved[upto]] = f"{upto} and older" if first is None else since
        first = upto.minor + 1
    if None in snippet.approved:
        told[snippet.approved[None]] = f"3.{first} and newer"
    return told


def proved(snippet: Snippet) -> list[proof.Proof]:
    """Return the proofs of the snippet as it is now that hold, newest Python first."""
    return [one for one in proof.fresh(snippet) if one.holds]


def _badge(snippet: Snippet) -> str:
    """Tell what the record proves of this snippet as it is now, and what may vary."""
    varies = " ".join(inline(sentence) for sentence in contract.describe(snippet.rules))
    told = f'<p class="ps-proof">{varies}</p>' if varies else ""
    fresh = proof.fresh(snippet)
    kept = [one for one in fresh if one.holds]
    if not kept:
        return told
    systems = " and ".join(sorted({SYSTEM_NAMES[one.system] for one in kept}))
    span = proof.spans(one.minor for one in kept)
    rows = "".join(
        f"<tr><td>{one.implementation} {one.version}{' free-threaded' if one.free_threaded else ''}</td>"
        f"<td>{SYSTEM_NAMES[one.system]}</td><td>{one.runs or ''}</td><td>{_outcome(one)}</td><td>{one.date}</td></tr>"
        for one in fresh
    )
    return told + (
        f'<details class="ps-badge" data-search-exclude><summary>Proved on Python {span}, {systems}: '
        f"{sum(one.runs for one in kept):,} runs, none deviated</summary>"
        '<table class="ps-runs"><thead><tr><th>Python</th><th>System</th><th>Runs</th><th>Outcome</th>'
        f"<th>Day</th></tr></thead><tbody>{rows}</tbody></table></details>"
    )


def _outcome(one: proof.Proof) -> str:
    return f"{one.deviations} runs deviated" if one.outcome == "differs" else one.outcome


def _lines(output: contract.Output, other: contract.Output | None) -> str:
    """Draw lines of output: runs of stderr told apart, lines that `other` does not have marked."""
    rows = []
    for stream, lines in groupby(output.lines, lambda line: line.stream):
        drawn = []
        for line in lines:
            text = html.escape(line.text, quote=False)
            drawn.append(text if other is None or line in other.lines else f"<mark>{text}</mark>")
        joined = "\n".join(drawn)
        rows.append(f'<span class="ps-stderr">{joined}</span>' if stream == "stderr" else joined)
    if (told := end(output)) is not None:
        rows.append(f'<span class="ps-end">({told})</span>')
    if not rows:
        rows.append('<span class="ps-end">(no output)</span>')
    printed = "\n".join(rows)
    return f'<pre class="ps-printed" tabindex="0"><samp>{printed}</samp></pre>'


def end(output: contract.Output) -> str | None:
    """Say how a program ended, None for the ordinary way."""
    if output.end is None:
        return None
    kind, _, rest = output.end.partition("| ")
    return f"exit status {rest}" if kind == "exit" else "still running: stopped from outside"


def _recipe(recipe: Recipe, code: str, command: str, to_root: str) -> str:
    """Draw a recipe: what it does, the facts, the whole file, how to take it."""
    folder = f"{to_root}recipes/files/{recipe.name}"
    facts = (
        f"version {recipe.version}",
        f"Python {recipe.floor} and newer",
        f"{recipe.lines} lines",
        f"needs {html.escape(', '.join(recipe.dependencies))}" if recipe.dependencies else "standard library only",
        "0BSD: copy freely",
    )
    links = [f'<a href="{folder}/latest.py" download="{recipe.path.name}">download {recipe.path.name}</a>']
    if recipe.released:
        links.append(f'<a href="{folder}/{recipe.version}.py">version {recipe.version}, which never changes</a>')
    links.append(f'<a href="{folder}/{recipe.tests.name}">its {len(recipe.promises)} tests</a>')
    return "\n".join(
        (
            f'<figure class="ps-snippet ps-recipe" id="recipe-{recipe.name}" {_room((code, command))}>',
            f'<figcaption class="ps-claim">{inline(recipe.title)}</figcaption>',
            f'<p class="ps-facts">{" · ".join(facts)}</p>',
            code,
            f'<div class="ps-take">{command}</div>',
            f'<p class="ps-links" data-search-exclude>{" · ".join(links)}</p>',
            "</figure>",
        )
    )


def _promises(recipe: Recipe, to_root: str) -> str:
    tests = f"{to_root}recipes/files/{recipe.name}/{recipe.tests.name}"
    rows = [
        (inline(promise.sentence), f'<a href="{tests}"><code>{promise.test.replace("_", "_<wbr>")}</code></a>')
        for promise in recipe.promises
    ]
    return table("ps-promises", ("Promise", "Test that proves it"), rows)


def _changes(recipe: Recipe, to_root: str) -> str:
    folder = f"{to_root}recipes/files/{recipe.name}"
    rows = [
        (f'<a href="{folder}/{one.version}.py">{one.version}</a>', one.date, inline(one.note))
        for one in recipe.releases
    ]
    return table("ps-changes", ("Version", "Date", "What changed"), rows)


def _index(offered: Iterable[Recipe], results: Mapping[str, Checked], to_root: str) -> str:
    def seen(recipe: Recipe) -> str:
        demo = results.get(f"{recipe.name}_demo")
        return proof.spans(one.minor for one in proved(demo.snippet)) if demo else ""

    rows = [
        (
            f'<a href="{to_root}{one.page}"><code>{one.name}</code></a>',
            inline(one.title),
            f"{one.floor}+",
            seen(one),
            str(one.lines),
            str(len(one.promises)),
            str(one.version),
        )
        for one in offered
    ]
    heads = ("Recipe", "What it does", "Python", "Demo proved on", "Lines", "Tests", "Version")
    drawn = table("ps-recipes", heads, rows)
    links = " · ".join(f'<a href="{to_root}{name}">{name}</a>' for name in (publish.MANIFEST, publish.SCHEMA.name))
    return (
        f'<div class="ps-filter" data-what="recipes" hidden></div>{drawn}'
        f'<p class="ps-proof">The same for programs: {links} · '
        f'news of them: <a href="{to_root}{publish.FEED}">Atom feed</a></p>'
    )


def table(name: str, heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Draw a table whose first column names the row; each cell knows its heading, for a narrow page."""
    head = "".join(f'<th scope="col">{text}</th>' for text in heads)
    body = []
    for first, *others in rows:
        cells = "".join(f'<td data-head="{text}">{cell}</td>' for text, cell in zip(heads[1:], others, strict=True))
        body.append(f'<tr><th scope="row">{first}</th>{cells}</tr>')
    return f'<table class="ps-table {name}"><thead><tr>{head}</tr></thead><tbody>{"".join(body)}</tbody></table>'
