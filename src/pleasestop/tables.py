"""Tables that pages compute from the catalog when they are built."""

from collections import defaultdict
from pathlib import Path

from packaging.version import Version

from pleasestop import catalog, contract, proof
from pleasestop.catalog import Snippet
from pleasestop.embed import inline, table


def by_page(root: Path = Path("snippets"), docs: Path = Path("docs")) -> str:
    """Count the programs of each page, as a Markdown table for a page one folder below `docs`.

    For each folder of snippets: how many programs, how many of them are wrong examples, and
    how many have an output of its own for older versions.
    """
    folders = _by_folder(root)
    rows = ["| Page | Programs | Wrong examples | With other output on older versions |", "|---|---|---|---|"]
    for folder, snippets in sorted(folders.items()):
        wrong = sum(snippet.rules.wrong is not None for snippet in snippets)
        other = sum(len(snippet.approved) > 1 for snippet in snippets)
        rows.append(f"| [{_title(folder, docs)}]({_address(folder)}) | {len(snippets)} | {wrong} | {other} |")
    every = [snippet for snippets in folders.values() for snippet in snippets]
    wrong = sum(snippet.rules.wrong is not None for snippet in every)
    rows.append(f"| All | {len(every)} | {wrong} | {sum(len(snippet.approved) > 1 for snippet in every)} |")
    return "\n".join(rows)


def _by_folder(root: Path) -> dict[str, list[Snippet]]:
    folders = defaultdict(list)
    for snippet in catalog.load(root).values():
        folders[snippet.folder].append(snippet)
    return dict(folders)


def _title(folder: str, docs: Path) -> str:
    """Return the heading of the page that a folder of snippets belongs to."""
    text = (docs / f"{folder.replace('_', '-')}.md").read_text(encoding="utf-8")
    return next(line.removeprefix("# ") for line in text.splitlines() if line.startswith("# "))


def _address(folder: str) -> str:
    """Return the page's address as seen from a page one folder down.

    markdown-exec renders apart from the page, where a link to a `.md` file is not followed.
    """
    return "../../" if folder == "index" else f"../../{folder.replace('_', '-')}/"


_MARKS = {
    "as approved": ("✓", "prints this"),
    "another approved output": ("≠", "prints something else, which is approved too"),
    "not supported": ("-", "is not for this version"),
    "differs": ("✗", "deviated"),
}


def ledger(root: Path = Path("snippets"), docs: Path = Path("docs")) -> str:
    """List every claim with its program and a cell for each Python, as HTML tables by page.

    A cell is empty where the program, as it is now, was not proved on that Python.
    """
    folders = _by_folder(root)
    proofs = {snippet.name: proof.fresh(snippet) for snippets in folders.values() for snippet in snippets}
    columns = sorted(
        {one.minor for fresh in proofs.values() for one in fresh},
        key=lambda minor: (int(minor.partition(".")[2].rstrip("t")), minor),
    )
    parts = []
    for folder, snippets in sorted(folders.items()):
        heads = "".join(f'<th scope="col" data-version="{minor}">{minor}</th>' for minor in columns)
        rows = []
        for snippet in snippets:
            cells = "".join(
                _cell(minor, [one for one in proofs[snippet.name] if one.minor == minor]) for minor in columns
            )
            wrong = '<strong class="ps-wrong">Wrong.</strong> ' if snippet.rules.wrong else ""
            link = f'<a href="{_address(folder)}#{snippet.name}">{inline(snippet.claim)}</a>'
            rows.append(f'<tr><th scope="row">{wrong}{link}</th>{cells}</tr>')
        parts.append(
            f'<h2 id="{folder.rpartition("/")[2]}">{inline(_title(folder, docs))}</h2>'
            f'<table class="ps-ledger" data-search-exclude><thead><tr><th scope="col">Claim</th>{heads}</tr></thead>'
            f"<tbody>{''.join(rows)}</tbody></table>"
        )
    return "\n".join(parts)


def _cell(minor: str, proofs: list[proof.Proof]) -> str:
    """Draw what was seen on one version; what is worst over the platforms counts."""
    if not proofs:
        return f'<td data-version="{minor}"></td>'
    order = list(_MARKS)
    worst = max(proofs, key=lambda one: order.index(one.outcome))
    mark, told = _MARKS[worst.outcome]
    runs = sum(one.runs for one in proofs)
    return f'<td data-version="{minor}" title="{worst.version}: {told}; {runs} runs">{mark}</td>'


def approved_on(root: Path = Path("snippets")) -> str:
    """Count on which Pythons the outputs were approved, newest first, as a Markdown table."""
    counts: dict[str, int] = defaultdict(int)
    for snippet in catalog.load(root).values():
        for path in snippet.approved.values():
            counts[contract.approved(path).python] += 1
    rows = ["| Python | Outputs approved on it |", "|---|---|"]
    newest_first = sorted(counts, key=lambda label: Version(label.split()[1]), reverse=True)
    return "\n".join(rows + [f"| {label} | {counts[label]} |" for label in newest_first])


def by_output(folder: str, root: Path = Path("snippets")) -> str:
    """Make an HTML table of what the programs of one folder printed.

    Each program prints lines of the form `heading: cell`; the first is the row's name and
    links to the program's figure on the page (give the fence `idprefix=""`, or markdown-exec
    renames the link's target). All print the same headings, in one order; a
    `ValueError` names the program that does not.
    """
    rows: list[tuple[str, ...]] = []
    headings: tuple[str, ...] = ()
    for snippet in catalog.load(root).values():
        newest = snippet.approved_for_newest()
        if snippet.folder != folder or newest is None:
            continue
        cells = [line.text.partition(": ") for line in contract.approved(newest).lines]
        headings = headings or tuple(heading for heading, _, _ in cells)
        if tuple(heading for heading, _, _ in cells) != headings:
            raise ValueError(f"{newest}: its lines must begin with {list(headings)}, in this order")
        name, *others = (inline(cell) for _, _, cell in cells)
        rows.append((f'<a href="#{snippet.name}"><code>{name}</code></a>', *others))
    return table("ps-outputs", headings, rows)
