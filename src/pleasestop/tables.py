"""Tables that pages compute from the catalog when they are built."""

from collections import defaultdict
from pathlib import Path

from pleasestop import catalog, contract


def by_page(root: Path = Path("snippets")) -> str:
    """Count the programs of each page, as a Markdown table.

    For each folder of snippets: how many programs, how many of them are wrong examples, and
    how many have an output of its own for older versions.
    """
    folders = defaultdict(list)
    for snippet in catalog.load(root).values():
        folders[snippet.folder].append(snippet)
    rows = ["| Page | Programs | Wrong examples | With other output on older versions |", "|---|---|---|---|"]
    for folder, snippets in sorted(folders.items()):
        page = f"../{folder.replace('_', '-')}.md"
        wrong = sum(snippet.rules.wrong is not None for snippet in snippets)
        other = sum(len(snippet.approved) > 1 for snippet in snippets)
        rows.append(f"| [{folder.replace('_', ' ')}]({page}) | {len(snippets)} | {wrong} | {other} |")
    every = [snippet for snippets in folders.values() for snippet in snippets]
    wrong = sum(snippet.rules.wrong is not None for snippet in every)
    rows.append(f"| All | {len(every)} | {wrong} | {sum(len(snippet.approved) > 1 for snippet in every)} |")
    return "\n".join(rows)


def approved_on(root: Path = Path("snippets")) -> str:
    """Count on which Pythons the outputs were approved, as a Markdown table."""
    counts: dict[str, int] = defaultdict(int)
    for snippet in catalog.load(root).values():
        for path in snippet.approved.values():
            counts[contract.approved(path).python] += 1
    rows = ["| Python | Outputs approved on it |", "|---|---|"]
    return "\n".join(rows + [f"| {python} | {count} |" for python, count in sorted(counts.items())])
