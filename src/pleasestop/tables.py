"""Tables that pages compute from the catalog when they are built."""

from collections import defaultdict
from pathlib import Path

from packaging.version import Version

from pleasestop import catalog, contract


def by_page(root: Path = Path("snippets"), docs: Path = Path("docs")) -> str:
    """Count the programs of each page, as a Markdown table for a page one folder below `docs`.

    For each folder of snippets: how many programs, how many of them are wrong examples, and
    how many have an output of its own for older versions.
    """
    folders = defaultdict(list)
    for snippet in catalog.load(root).values():
        folders[snippet.folder].append(snippet)
    rows = ["| Page | Programs | Wrong examples | With other output on older versions |", "|---|---|---|---|"]
    for folder, snippets in sorted(folders.items()):
        page = folder.replace("_", "-")
        text = (docs / f"{page}.md").read_text(encoding="utf-8")
        title = next(line.removeprefix("# ") for line in text.splitlines() if line.startswith("# "))
        wrong = sum(snippet.rules.wrong is not None for snippet in snippets)
        other = sum(len(snippet.approved) > 1 for snippet in snippets)
        # markdown-exec renders apart from the page, where a link to a `.md` file is not followed.
        address = "../../" if page == "index" else f"../../{page}/"
        rows.append(f"| [{title}]({address}) | {len(snippets)} | {wrong} | {other} |")
    every = [snippet for snippets in folders.values() for snippet in snippets]
    wrong = sum(snippet.rules.wrong is not None for snippet in every)
    rows.append(f"| All | {len(every)} | {wrong} | {sum(len(snippet.approved) > 1 for snippet in every)} |")
    return "\n".join(rows)


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
    """Make a Markdown table of what the programs of one folder printed.

    Each program prints lines of the form `heading: cell`; the first is the row's name and
    links to the program's figure on the page. All print the same headings, in one order; a
    `ValueError` names the program that does not.
    """
    rows: list[str] = []
    headings: list[str] = []
    for snippet in catalog.load(root).values():
        newest = snippet.approved_for_newest()
        if snippet.folder != folder or newest is None:
            continue
        cells = [line.text.partition(": ") for line in contract.approved(newest).lines]
        if not headings:
            headings = [heading for heading, _, _ in cells]
            rows += [f"| {' | '.join(headings)} |", "|---" * len(headings) + "|"]
        if [heading for heading, _, _ in cells] != headings:
            raise ValueError(f"{newest}: its lines must begin with {headings}, in this order")
        name, *others = (cell for _, _, cell in cells)
        rows.append(f"| [`{name}`](#{snippet.name}) | {' | '.join(others)} |")
    return "\n".join(rows)
