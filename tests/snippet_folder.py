"""A folder of snippets that a test writes."""

from dataclasses import dataclass
from pathlib import Path

from pleasestop.snippets import interpreters, parse, runner
from pleasestop.snippets.cache import job
from pleasestop.snippets.model import Snippet
from pleasestop.snippets.runner import Run


@dataclass
class Folder:
    """A folder of snippets in a temporary project."""

    root: Path

    def write(self, body: str, *, rules: str = "", name: str = "try_it") -> Snippet:
        """Write a snippet of the page `page.md` with the `[tool.pleasestop]` table `rules`, and read it."""
        path = self.root / "page" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        block = "".join(f"# {line}\n" for line in rules.splitlines())
        header = f"# /// script\n# [tool.pleasestop]\n{block}# ///\n" if rules else ""
        path.write_text(f'"""It holds."""\n{header}\n{body}', encoding="utf-8")
        return self.read(name)

    def read(self, name: str = "try_it") -> Snippet:
        """Read a snippet again."""
        return parse.read(self.root / "page" / f"{name}.py", self.root)

    def lock(self, *packages: str) -> None:
        """Write the lock of packages, without their hashes."""
        self.root.mkdir(exist_ok=True)
        (self.root / "requirements.lock").write_text("".join(f"{one}\n" for one in packages), encoding="utf-8")

    def approve(self, snippet: Snippet, text: str, up_to: str = "", fingerprint: str = "") -> Snippet:
        """Write an approved output, and read the snippet again."""
        path = snippet.path.with_name(f"{snippet.name}{f'.{up_to}' if up_to else ''}.out")
        head = f"python| CPython 3.15.0 on Linux\nprogram| {fingerprint or snippet.fingerprint}\n"
        path.write_text(head + text, encoding="utf-8")
        return self.read(snippet.name)


def run_once(snippet: Snippet) -> Run:
    """Run one snippet on the Python of the tests."""
    seen: list[Run] = []
    runner.run_all([job(snippet, interpreters.own())], 1, lambda _, run: seen.append(run))
    return seen[0]
