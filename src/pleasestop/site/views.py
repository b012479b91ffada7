"""What a page shows of a snippet, a recipe or a table: one frozen dataclass each.

A view holds no markup. Two templates render it, one to HTML and one to Markdown. Addresses
are paths below the site's root; that of a page is its source (`tasks/cancel-a-task.md`), and
the template turns it into the address of its HTML or Markdown form. Sentences may hold
`code` between backticks.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from itertools import groupby
from pathlib import Path

from packaging.version import Version

from pleasestop.messages import PleaseStopError, not_found
from pleasestop.project import Project
from pleasestop.recipes.model import Recipe
from pleasestop.site import playground
from pleasestop.site.blocks import Block
from pleasestop.snippets import compare
from pleasestop.snippets.check import Result
from pleasestop.snippets.model import WRONGS, Snippet, describe_range, minor_ranges
from pleasestop.snippets.output import Line, Output
from pleasestop.snippets.records import Proved
from pleasestop.trace.replay import LegendSign, ReplayView, legend_signs, replay_view
from pleasestop.trace.source import Source
from pleasestop.trace.timeline import MOST_ROWS, build_timeline

LEGEND = "about/reading-a-replay.md"
"""The page that explains the signs of a replay."""


@dataclass(frozen=True)
class Cell:
    """A text in a table, which may be set as code and may lead somewhere."""

    text: str
    link: str = ""
    code: bool = False


@dataclass(frozen=True)
class TableView:
    """A table whose first column names the row.

    `name` is its CSS class. `filter` is the word for its rows if a reader can filter the tables of the page.
    """

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    filter: str = ""


@dataclass(frozen=True)
class MarkView:
    """What a snippet did on one minor version: a sign, and its explanation for the pointer."""

    minor: str
    sign: str = ""
    title: str = ""
    deviates: bool = False


@dataclass(frozen=True)
class LedgerSection:
    """The claims of one page: each with its link, whether it is a wrong example, and its marks."""

    title: str
    anchor: str
    claims: tuple[tuple[Cell, bool, tuple[MarkView, ...]], ...]


@dataclass(frozen=True)
class LedgerView:
    """Every claim with a mark for each minor version."""

    minors: tuple[str, ...]
    sections: tuple[LedgerSection, ...]


@dataclass(frozen=True)
class LegendView:
    """Every sign of a replay with its meaning."""

    signs: tuple[LegendSign, ...]


@dataclass(frozen=True)
class OutputLine:
    """A line of output; `marked` if the output of other versions differs there."""

    text: str
    marked: bool


@dataclass(frozen=True)
class PanelView:
    """One output of a snippet: its lines in runs of one stream, its end, its origin.

    `versions` is for whom it is, such as "Python 3.12 and newer" or "PyPy"; "" where there is one output only.
    """

    versions: str
    parts: tuple[tuple[str, tuple[OutputLine, ...]], ...]
    end: str | None
    origin: str

    @property
    def height(self) -> int:
        """How many lines it takes."""
        return sum(len(lines) for _, lines in self.parts) + bool(self.end)


@dataclass(frozen=True)
class BadgeView:
    """What the records prove of a snippet as it is now."""

    systems: str
    runs: int
    proofs: tuple[Proved, ...]


@dataclass(frozen=True)
class OutputView:
    """The outputs of a snippet, the newest version first, and what is known about them.

    `missing` names the versions whose output was not approved since the program changed.
    """

    panels: tuple[PanelView, ...]
    varies: str
    missing: tuple[str, ...]
    badge: BadgeView | None


@dataclass(frozen=True)
class RunView:
    """How a reader runs the program: in the page, or the command for the reader's machine.

    `line` is the 1-based line of the file where the program begins.
    """

    in_page: bool
    line: int
    modules: tuple[str, ...]
    needs: str = ""
    command: str = ""


@dataclass(frozen=True)
class FigureView:
    """A snippet on a page. `anchor` is False where the page shows it a second time, or its replay alone.

    `scripts` are the scripts (each with its style) that no figure above it has loaded.
    """

    name: str
    claim: str
    wrong: str
    anchor: bool
    program: tuple[str, ...]
    highlighted: tuple[int, ...]
    output: OutputView | None
    replay: ReplayView | None
    run: RunView | None
    raw: str
    source: str
    requires: str
    proved: str
    variants: tuple[str, ...]
    problems: tuple[str, ...]
    scripts: tuple[str, ...]

    @cached_property
    def rooms(self) -> tuple[int, int]:
        """A guess of the heights of program and output, and of the drawings, in the theme's `rem`.

        The page keeps that much free while the figure is far from what is seen, and so not laid
        out. A line takes 0.95; a drawing is as wide as is allowed.
        """
        lines = len(self.program) + sum(panel.height for panel in (self.output.panels[:1] if self.output else ()))
        drawings = sum(23 * height / width + 7 for width, height in (self.replay.sizes if self.replay else ()))
        return round(0.95 * lines), round(drawings)


@dataclass(frozen=True)
class RecipeView:
    """A recipe on its page: what it does, the facts, the whole file, where its files are."""

    recipe: Recipe

    @property
    def folder(self) -> str:
        """The path of its files below the site's root."""
        return f"recipes/files/{self.recipe.name}"

    @property
    def lines(self) -> list[str]:
        """The lines of the file."""
        return self.recipe.text.removesuffix("\n").split("\n")

    @property
    def room(self) -> int:
        """A guess of its height, as that of a figure."""
        return round(0.95 * (len(self.lines) + 1))


View = FigureView | RecipeView | TableView | LedgerView | LegendView


class PageViews:
    """Make the views of one page, in the order of its blocks.

    `page` is the source of the page, `address` the site's address or "", `source_url` the
    address of the sources or "".
    """

    def __init__(self, project: Project, page: str, address: str = "", source_url: str = "") -> None:
        self.project = project
        self.page = page
        self.address = address
        self.source_url = source_url
        self._shown: set[str] = set()
        self._needs: set[str] = set()
        self._scripts: set[str] = set()

    def view(self, block: Block) -> View:
        """Return the view of a block; raises `PleaseStopError` that says what is wrong with it."""
        content = self.project.content
        if block.fault:
            raise PleaseStopError(block.fault)
        if (fault := content.faults.get(block.name)) is not None and block.kind != "table":
            raise fault
        if block.kind == "snippet":
            if block.name not in content.results:
                raise PleaseStopError(not_found("snippet", block.name, content.results))
            return self._figure(block, content.results[block.name])
        if block.kind == "recipes":
            return recipe_table(content.recipes, block)
        if block.kind == "table":
            if block.name not in TABLES:
                raise PleaseStopError(not_found("table", block.name, TABLES, f"There are: {', '.join(TABLES)}."))
            return TABLES[block.name](self.project, block)
        if block.name not in content.recipes:
            raise PleaseStopError(not_found("recipe", block.name, content.recipes))
        return RECIPE_VIEWS[block.kind](content.recipes[block.name])

    def _figure(self, block: Block, result: Result) -> FigureView:
        snippet, shown = result.snippet, block.shown
        # A replay alone leaves the anchor to the figure that shows the program.
        first = snippet.name not in self._shown and bool({"code", "output"} & set(shown))
        if first:
            self._shown.add(snippet.name)
        wrong = snippet.expectation.wrong
        raw = f"raw/{snippet.folder}/{snippet.name}.py"
        proved = [one for one in self.project.records.fresh(snippet) if one.proof.holds]
        run = self._run(snippet, raw) if {"code", "output"} <= set(shown) else None
        replay = self._replay(block, snippet)
        wanted = (["run"] if run and run.in_page else []) + (["replay"] if replay else [])
        scripts = tuple(name for name in wanted if name not in self._scripts)
        self._scripts.update(scripts)
        return FigureView(
            name=snippet.name,
            claim=snippet.claim,
            # A claim says how its program misleads; the other ways to go wrong are named before it.
            wrong=""
            if wrong is None
            else "Wrong example"
            if wrong == "misleads"
            else f"Wrong example that {WRONGS[wrong]}",
            anchor=first,
            program=tuple(snippet.program.removesuffix("\n").split("\n")) if "code" in shown else (),
            highlighted=_highlighted(block, snippet),
            output=_output(self.project, result) if "output" in shown else None,
            replay=replay,
            run=run,
            raw=raw,
            source=f"{self.source_url.rstrip('/')}/{snippet.path.as_posix()}" if self.source_url else "",
            requires=describe_range(snippet.requires_python),
            proved=minor_ranges(one.record.minor for one in proved if not one.record.variant),
            variants=tuple(dict.fromkeys(one.record.label for one in proved if one.record.variant)),
            problems=result.problems,
            scripts=scripts,
        )

    def _run(self, snippet: Snippet, raw: str) -> RunView | None:
        if playground.folder(self.project.root) is None:
            return None
        needed = playground.needs(snippet)
        again = needed in self._needs
        self._needs.add(needed)
        local = "uv run" if snippet.dependencies else "python"
        command = f"uv run {self.address}{raw}" if self.address else f"{local} {snippet.name}.py"
        return RunView(
            in_page=not needed,
            line=min(snippet.lines),
            modules=tuple(url for _, url in playground.module_urls(snippet)),
            needs="" if again else needed,
            command=command,
        )

    def _replay(self, block: Block, snippet: Snippet) -> ReplayView | None:
        shown = block.shown
        if "replay" not in shown and "scale" not in shown:
            return None
        recording = self.project.recording(snippet)
        if recording is None:
            if self.project.draft:
                return None
            raise PleaseStopError(
                f"{snippet.name} as it is now has no recording to replay; make one on Python 3.12 or newer: "
                f"python dev.py approve {snippet.name}"
            )
        timeline = build_timeline(recording.events, Source(snippet.program))
        if not 0 < len(timeline.rows) <= MOST_ROWS:
            raise PleaseStopError(
                f"the replay of {snippet.name} would have {len(timeline.rows)} rows, and a reader can follow 1 to "
                f"{MOST_ROWS}; show a shorter program."
            )
        return replay_view(
            timeline,
            snippet.name,
            recording.interpreter,
            LEGEND,
            show_replay="replay" in shown,
            show_scale="scale" in shown,
        )


def _highlighted(block: Block, snippet: Snippet) -> tuple[int, ...]:
    """Return the 1-based lines of the program that hold one of the texts to highlight."""
    lines = snippet.program.split("\n")
    found: set[int] = set()
    for text in block.highlights:
        here = {number for number, line in enumerate(lines, 1) if text in line}
        if not here:
            raise PleaseStopError(f"nothing to highlight: no line of {snippet.name} holds {text!r}.")
        found |= here
    return tuple(sorted(found))


def _output(project: Project, result: Result) -> OutputView:
    """Return the outputs of a snippet: this build's own where it ran the program, else those approved for it."""
    snippet, run = result.snippet, result.run
    own = snippet.approved_for(run.interpreter.version, run.interpreter.variant) if run is not None else None
    shown: list[tuple[str, Output, str]] = []
    missing = []
    for approved in snippet.approved:
        versions = snippet.versions(approved) if approved.variant else f"Python {snippet.versions(approved)}"
        if run is not None and approved == own:
            output = compare.observe(run)
            shown.append((versions, output, f"Printed by {output.python} where this page was built."))
        elif approved.fingerprint == snippet.fingerprint:
            why = "" if run is not None else f" When this page was built, {result.obstacle}."
            shown.append((versions, approved.output, f"Printed by {approved.output.python}, and approved.{why}"))
        else:
            missing.append(versions)
    if run is not None and own is None:
        output = compare.observe(run)
        shown.insert(0, ("", output, f"Printed by {output.python} where this page was built; not approved yet."))
    several = len(snippet.approved) > 1
    panels = []
    for number, (versions, output, origin) in enumerate(shown):
        other = shown[1 if number == 0 else 0][1] if len(shown) > 1 else None
        panels.append(PanelView(versions if several else "", _parts(output, other), output.end, origin))
    return OutputView(
        tuple(panels), compare.describe(snippet.expectation), tuple(missing), _badge(project.records.fresh(snippet))
    )


def _parts(output: Output, other: Output | None) -> tuple[tuple[str, tuple[OutputLine, ...]], ...]:
    """Cut lines into runs of one stream; mark where the other output differs."""
    marked = _differing(output.lines, other.lines) if other is not None else frozenset()

    def stream(numbered: tuple[int, Line]) -> str:
        return numbered[1].stream

    return tuple(
        (name, tuple(OutputLine(line.text, number in marked) for number, line in lines))
        for name, lines in groupby(enumerate(output.lines), stream)
    )


def _differing(lines: Sequence[Line], others: Sequence[Line]) -> frozenset[int]:
    """Return the lines that differ from the line at their place, or, in an output of another length, that it lacks."""
    if len(lines) == len(others):
        return frozenset(number for number, line in enumerate(lines) if line != others[number])
    blocks = SequenceMatcher(None, others, lines, autojunk=False).get_matching_blocks()
    return frozenset(range(len(lines))) - {block.b + step for block in blocks for step in range(block.size)}


def _badge(fresh: Sequence[Proved]) -> BadgeView | None:
    holding = [one for one in fresh if one.proof.holds]
    if not holding:
        return None
    return BadgeView(
        systems=" and ".join(sorted({one.system_name for one in holding})),
        runs=sum(one.proof.runs for one in holding),
        proofs=tuple(fresh),
    )


def _promises(recipe: Recipe) -> TableView:
    tests = f"recipes/files/{recipe.name}/{recipe.tests.name}"
    rows = ((Cell(one.sentence), Cell(one.test, tests, code=True)) for one in recipe.promises)
    return TableView("ps-promises", ("Promise", "Test that proves it"), tuple(rows))


def _changes(recipe: Recipe) -> TableView:
    folder = f"recipes/files/{recipe.name}"
    rows = (
        (Cell(str(one.version), f"{folder}/{one.version}.py"), Cell(one.date), Cell(one.note))
        for one in recipe.releases
    )
    return TableView("ps-changes", ("Version", "Date", "What changed"), tuple(rows))


RECIPE_VIEWS: dict[str, Callable[[Recipe], View]] = {"recipe": RecipeView, "promises": _promises, "changes": _changes}


def page_of_recipe(recipe: Recipe) -> str:
    """Return the source of a recipe's page."""
    return f"{recipe.page.rstrip('/')}.md"


def recipe_table(recipes: Mapping[str, Recipe], block: Block) -> TableView:
    """Return the table of the recipes that a block names, or, if it names none, the filter of the tables below it."""
    rows = []
    for name in block.options.get("of", ()):
        if name not in recipes:
            raise PleaseStopError(not_found("recipe", str(name), recipes))
        recipe = recipes[name]
        python = Cell(f"Python {recipe.floor}+{', POSIX' if recipe.posix_only else ''}")
        rows.append((Cell(recipe.name, page_of_recipe(recipe), code=True), Cell(recipe.title), python))
    heads = ("Recipe", "What it does", "Python")
    return TableView("ps-recipes", heads, tuple(rows), "" if rows else "recipes")


# --- tables that span pages ---


def _by_page(project: Project) -> dict[str, list[Snippet]]:
    pages: dict[str, list[Snippet]] = defaultdict(list)
    for snippet in sorted(project.content.snippets.values(), key=lambda snippet: snippet.folder):
        pages[snippet.page].append(snippet)
    return pages


def heading(path: Path) -> str:
    """Return the first heading of a page."""
    lines = path.read_text(encoding="utf-8").split("\n")
    return next((line.removeprefix("# ") for line in lines if line.startswith("# ")), path.stem)


def _programs_by_page(project: Project, _: Block) -> TableView:
    """Count the programs of each page, the wrong examples, and those with another output on older versions."""

    def counts(snippets: Iterable[Snippet]) -> tuple[Cell, ...]:
        known = list(snippets)
        wrong = sum(snippet.expectation.wrong is not None for snippet in known)
        other = sum(len(snippet.by_version) > 1 for snippet in known)
        return tuple(Cell(str(count)) for count in (len(known), wrong, other))

    rows = [
        (Cell(heading(project.docs / page), page), *counts(snippets)) for page, snippets in _by_page(project).items()
    ]
    rows.append((Cell("All"), *counts(project.content.snippets.values())))
    heads = ("Page", "Programs", "Wrong examples", "With other output on older versions")
    return TableView("ps-counts", heads, tuple(rows))


def _approved_on(project: Project, _: Block) -> TableView:
    """Count on which Pythons the outputs were approved, the newest first."""
    outputs = [approved.output for snippet in project.content.snippets.values() for approved in snippet.approved]
    # "CPython 3.15.0, anyio 4.16.0 on Linux" counts for its Python.
    labels = Counter(re.sub(r",.* on ", " on ", output.python) for output in outputs)
    newest_first = sorted(labels, key=lambda label: Version(label.split()[1]), reverse=True)
    rows = ((Cell(label), Cell(str(labels[label]))) for label in newest_first)
    return TableView("ps-counts", ("Python", "Outputs approved on it"), tuple(rows))


def _outputs(project: Project, block: Block) -> TableView:
    """Make a table of what the programs of one folder printed.

    Each program prints lines of the form `heading: cell`, all the same headings in one order.
    The first line names the row, which links to the program's figure. The last cell says what
    the program did under uvloop, where that was proved.
    """
    folder = str(block.options.get("of", ""))
    heads: tuple[str, ...] = ()
    rows = []
    for snippet in project.content.snippets.values():
        if snippet.folder != folder or not snippet.approved:
            continue
        lines = [line.text.partition(": ") for line in snippet.approved[0].output.lines]
        heads = heads or tuple(head for head, _, _ in lines)
        if tuple(head for head, _, _ in lines) != heads:
            raise PleaseStopError(
                f"{snippet.approved[0].path}: its lines must begin with {list(heads)}, in this order."
            )
        name, *cells = (cell for _, _, cell in lines)
        cells += _under_uvloop(project.records.fresh(snippet))
        rows.append((Cell(name, f"{snippet.page}#{snippet.name}", code=True), *map(Cell, cells)))
    if not rows:
        raise PleaseStopError(f"`of: {folder}` is not a folder of snippets with approved outputs.")
    several = len(rows[0]) > len(heads)
    return TableView("ps-outputs", (*heads, *(["under uvloop"] if several else [])), tuple(rows))


def _under_uvloop(proofs: Iterable[Proved]) -> list[str]:
    """Return whether a program did the same under uvloop as under asyncio's loop, in no or one cell."""
    found = [one.proof for one in proofs if one.record.loop == "uvloop"]
    return ["the same" if found[0].holds else "something else"] if found else []


_MARKS = {
    "as approved": ("✓", "prints this"),
    "another approved output": ("≠", "prints something else, which is approved too"),
    "not supported": ("-", "is not for this version"),
    "does something else": ("≠", "does something else"),
    "differs": ("✗", "deviated"),
}


def _ledger(project: Project, _: Block) -> LedgerView:
    """List every claim with its program and a mark for each minor version that any record knows."""
    records = sorted(project.records.by_name.values(), key=lambda one: (one.variant, one.order[1:], one.system))
    minors = tuple(dict.fromkeys(record.label for record in records))
    sections = []
    for page, snippets in _by_page(project).items():
        claims = []
        for snippet in snippets:
            fresh = project.records.fresh(snippet)
            marks = tuple(_mark(minor, [one for one in fresh if one.record.label == minor]) for minor in minors)
            link = Cell(snippet.claim, f"{page}#{snippet.name}")
            claims.append((link, snippet.expectation.wrong is not None, marks))
        anchor = snippets[0].folder.rpartition("/")[2]
        sections.append(LedgerSection(heading(project.docs / page), anchor, tuple(claims)))
    return LedgerView(minors, tuple(sections))


def _mark(minor: str, proofs: Sequence[Proved]) -> MarkView:
    """Mark what was seen on one version; the worst over the systems counts."""
    if not proofs:
        return MarkView(minor)
    worst = max((one.proof for one in proofs), key=lambda proof: list(_MARKS).index(proof.outcome))
    sign, meaning = _MARKS[worst.outcome]
    title = f"{worst.version}: {meaning}; {sum(one.proof.runs for one in proofs)} runs"
    return MarkView(minor, sign, title, worst.outcome == "differs")


def _signs(_: Project, __: Block) -> LegendView:
    return LegendView(tuple(legend_signs()))


TABLES: dict[str, Callable[[Project, Block], View]] = {
    "ledger": _ledger,
    "programs-by-page": _programs_by_page,
    "approved-on": _approved_on,
    "outputs": _outputs,
    "signs": _signs,
}
"""The tables that a block can name."""
