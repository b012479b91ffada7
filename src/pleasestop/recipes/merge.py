"""Merge two edited versions of a text."""

import difflib
from collections.abc import Sequence


def merge(base: str, mine: str, theirs: str, name: str) -> tuple[str, int]:
    """Apply the changes from `base` to `theirs` to `mine`; return the text and the number of conflicts.

    Between two lines that all three texts have, the side that changed wins. Where both sides changed and
    differ, the text holds both between the markers that git uses, theirs under `name`.
    (The one library for this on the package index is under the GPL.)
    """
    texts = [text.split("\n") for text in (base, mine, theirs)]
    in_mine, in_theirs = _matches(texts[0], texts[1]), _matches(texts[0], texts[2])
    common = [(line, in_mine[line], in_theirs[line]) for line in sorted(in_mine.keys() & in_theirs.keys())]
    merged: list[str] = []
    conflicts = 0
    start = (0, 0, 0)
    for end in [*common, tuple(len(lines) for lines in texts)]:
        old, ours, new = (lines[first:last] for lines, first, last in zip(texts, start, end, strict=True))
        if ours in (old, new):
            merged += new
        elif new == old:
            merged += ours
        else:
            conflicts += 1
            merged += ["<<<<<<< yours", *ours, "=======", *new, f">>>>>>> {name}"]
        merged += texts[0][end[0] : end[0] + 1]
        start = (end[0] + 1, end[1] + 1, end[2] + 1)
    return "\n".join(merged), conflicts


def _matches(base: Sequence[str], other: Sequence[str]) -> dict[int, int]:
    """Map the lines of `base` that `other` has in the same order to their positions in `other`."""
    blocks = difflib.SequenceMatcher(None, base, other, autojunk=False).get_matching_blocks()
    return {block.a + step: block.b + step for block in blocks for step in range(block.size)}
