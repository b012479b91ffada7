"""The three-way merge of edits and a new release."""

import random
import shutil
import subprocess
from pathlib import Path

import pytest

from pleasestop.recipes.merge import merge


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "merged", "conflicts"),
    [
        ("a\nb\nc\n", "a\nb\nc\n", "a\nB\nc\n", "a\nB\nc\n", 0),
        ("a\nb\nc\n", "a\nB\nc\n", "a\nb\nc\n", "a\nB\nc\n", 0),
        ("a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n", "A\nb\nC\n", 0),
        ("a\nb\nc\n", "a\nX\nc\n", "a\nX\nc\n", "a\nX\nc\n", 0),
        ("a\nb\nc\n", "a\nc\n", "a\nb\nc\nd\n", "a\nc\nd\n", 0),
        ("a\nb\n", "x\na\nb\n", "a\nb\ny\n", "x\na\nb\ny\n", 0),
        ("a\nb", "a\nb", "a\nb\n", "a\nb\n", 0),
        ("a\x0cb\n", "a\x0cb\nc\n", "a\x0cb\n", "a\x0cb\nc\n", 0),
        ("a\nb\n", "A\nb\n", "a\nB\n", "<<<<<<< yours\nA\nb\n=======\na\nB\n>>>>>>> x 2\n", 1),
        ("b\n", "B\n", "", "<<<<<<< yours\nB\n=======\n>>>>>>> x 2\n", 1),
        ("", "a\n", "b\n", "<<<<<<< yours\na\n=======\nb\n>>>>>>> x 2\n", 1),
    ],
)
def test_merge_keeps_the_changes_of_both_sides(base: str, mine: str, theirs: str, merged: str, conflicts: int) -> None:
    assert merge(base, mine, theirs, "x 2") == (merged, conflicts)


def test_merge_of_a_long_file_with_repeated_lines() -> None:
    base = "pass\n\n" * 200
    assert merge(base, f"mine\n{base}", f"{base}theirs\n", "x 2") == (f"mine\n{base}theirs\n", 0)


def test_merge_agrees_with_git(tmp_path: Path) -> None:
    """The changed lines are far apart, because git joins two conflicts with three lines between them."""
    if shutil.which("git") is None:
        pytest.skip("no git to compare with")
    chance = random.Random(1)
    for _ in range(40):
        base = [f"line {number}" for number in range(60)]
        mine, theirs = list(base), list(base)
        for place in chance.sample(range(0, 60, 5), 5):
            mine[place] = "mine"
        for place in chance.sample(range(0, 60, 5), 5):
            theirs[place] = "theirs"
        paths = [tmp_path / name for name in ("mine", "base", "theirs")]
        for path, lines in zip(paths, (mine, base, theirs), strict=True):
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        git = subprocess.run(
            ["git", "merge-file", "-p", "-L", "yours", "-L", "x", "-L", "x 2", *map(str, paths)],
            capture_output=True,
            text=True,
            check=False,
        )
        before, ours, others = ("".join(f"{line}\n" for line in lines) for lines in (base, mine, theirs))
        assert merge(before, ours, others, "x 2") == (git.stdout, git.returncode)
