"""A small project to show on pages."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from markdown import Markdown

from pleasestop.recipes import model, releases
from pleasestop.snippets import compare, interpreters, output, parse, runner
from pleasestop.snippets.cache import job
from pleasestop.snippets.model import Snippet

PROGRAM = """import sys

print("<b>loud & clear</b>")
print("an error", file=sys.stderr)
"""

RECIPE = """# SPDX-License-Identifier: 0BSD
# Recipe: greet {version}
# Source: Please Stop, recipes/greet
# Python: 3.9 or newer
\"\"\"Say `hello` & <more>.\"\"\"

GREETING = "hello"
"""


@dataclass
class Scratch:
    """A project in a temporary folder, which is the current folder."""

    root: Path

    def write(self, body: str, *, rules: str = "", name: str = "try_it", approve: bool = True) -> Snippet:
        """Write a snippet of the page `page.md`, and approve what it prints."""
        path = self.root / "snippets/page" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        block = "".join(f"# {line}\n" for line in rules.splitlines())
        header = f"# /// script\n# [tool.pleasestop]\n{block}# ///\n" if rules else ""
        path.write_text(f'"""It holds."""\n{header}\n{body}', encoding="utf-8")
        snippet = self.read(name)
        if approve:
            seen: list[runner.Run] = []
            runner.run_all([job(snippet, interpreters.own())], 1, lambda _, run: seen.append(run))
            text = output.dump(compare.observe(seen[0]), snippet.fingerprint)
            snippet.output_path(None).write_text(text, encoding="utf-8")
        return self.read(name)

    def approve(self, snippet: Snippet, label: str, text: str, up_to: str = "", fingerprint: str = "") -> None:
        """Write an approved output of another Python."""
        path = snippet.path.with_name(f"{snippet.name}{f'.{up_to}' if up_to else ''}.out")
        path.write_text(f"python| {label}\nprogram| {fingerprint or snippet.fingerprint}\n{text}", encoding="utf-8")

    def read(self, name: str = "try_it") -> Snippet:
        """Read a snippet again."""
        return parse.read(self.root / "snippets/page" / f"{name}.py", self.root / "snippets")

    def recipe(self) -> Path:
        """Write a recipe and release it; return its folder."""
        folder = self.root / "snippets/recipes/greet"
        folder.mkdir(parents=True)
        (folder / "greet.py").write_text(RECIPE.format(version="1.0.0"), encoding="utf-8")
        (folder / "test_greet.py").write_text('def test_it() -> None:\n    """Says `hello`."""\n', encoding="utf-8")
        releases.release(model.read(folder), "First, with `hello`.", date(2026, 1, 2))
        return folder

    def render(self, text: str, *, draft: bool = False) -> str:
        """Render Markdown by the extension."""
        extensions = ["pymdownx.highlight", "pymdownx.superfences", "admonition", "pleasestop"]
        return Markdown(extensions=extensions, extension_configs={"pleasestop": {"draft": draft}}).convert(text)
