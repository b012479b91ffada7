"""Print the names of snippets with a stale output of older versions: `python tools/stale_outputs.py [PROJECT]`.

A person who changes a program approves what it prints on the newest Python. What it prints on
older versions, where that differs, is then stale until a machine that has such a Python
approves it again. The workflow `prove` passes these names to `pleasestop approve`. A snippet
whose newest output is stale is not among them: a person must approve that output first.
"""

import sys
from pathlib import Path

from pleasestop.snippets import parse


def stale(snippets: Path) -> list[str]:
    """Return the names of the snippets whose newest output is approved, and an older one is stale."""
    return [
        snippet.name
        for snippet in parse.load(snippets)[0].values()
        if snippet.current[:1] == snippet.approved[:1] and len(snippet.current) < len(snippet.approved)
    ]


if __name__ == "__main__":
    print("\n".join(stale(Path(*sys.argv[1:2]) / "snippets")))
