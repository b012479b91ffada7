"""Every fence of README, CONTRIBUTING and the pages: run where it stands, or with a reason why not."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_codeblocks.main import extract_from_file

from support import DOCS, ROOT

ELSEWHERE = {DOCS / "cheat-sheet.md"}
"""Pages whose fences are run by a test of their own."""
TEXTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted({*DOCS.rglob("*.md")} - ELSEWHERE)]
REASONS = (
    "serves until it is stopped",
    "is the test run itself",
    "is Markdown of a page, not a program",
    "asks a package index",
)
"""The only reasons for which a fence is not run."""


def fences(text: Path) -> list[tuple[str, str, str]]:
    """Return syntax, program and reason not to run it ("" if there is none) of each fence."""
    found = []
    for block in extract_from_file(text):
        reason = re.search(r'skip\(reason="([^"]+)"', " ".join(block.marks))
        found.append((block.syntax or "", block.code, reason[1] if reason else ""))
    return found


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project that commands may change; its environment is that of the tests."""
    copy = tmp_path_factory.mktemp("scratch")
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    files = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    for name in (name for name in files if name and (ROOT / name).is_file()):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, copy / name)
    (copy / ".venv").symlink_to(Path(sys.executable).parent.parent)
    return copy


def test_every_fence_is_seen() -> None:
    faults = []
    for text in TEXTS:
        written, fence = 0, None
        for line in text.read_text(encoding="utf-8").split("\n"):
            ticks = re.match(r"^\s*(`{3,}|~{3,})", line)
            if ticks and fence is None:
                fence, written = ticks[1], written + 1
            elif ticks and fence and line.strip() == fence:
                fence = None
        if len(fences(text)) != written:
            faults.append(f"{text}: {len(fences(text))} of {written} fences are seen")
    assert faults == []


@pytest.mark.parametrize(
    "text", [text for text in TEXTS if fences(text)], ids=lambda text: text.relative_to(ROOT).as_posix()
)
def test_every_fence_runs(text: Path, scratch: Path) -> None:
    """One after the other, in one copy of the project, as a person types them."""
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    for syntax, program, reason in fences(text):
        if reason:
            assert reason in REASONS, f"{text}: {reason}"
            continue
        commands = {"python": [sys.executable, "-c", program], "sh": ["sh", "-ec", program]}
        assert syntax in commands, f'{text}: not run; put <!--pytest.mark.skip(reason="why")--> before:\n{program}'
        done = subprocess.run(
            commands[syntax], cwd=scratch, env=environment, capture_output=True, text=True, timeout=250, check=False
        )
        assert done.returncode == 0, f"{text}: {program}\n{done.stdout}{done.stderr}"
