"""Replace the blocks of a page by what they stand for: a Python-Markdown extension.

Rendering is a pure function of the page, the project and its records: the extension writes no
file and fetches nothing. `publish` puts the files that pages link to into the site.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor
from markupsafe import Markup

from pleasestop.messages import PleaseStopError
from pleasestop.project import project_at
from pleasestop.site import blocks
from pleasestop.site.blocks import place_of
from pleasestop.site.generator import page_of
from pleasestop.site.render import html_url, render, render_fault, render_markdown_link
from pleasestop.site.views import PageViews


class SnippetExtension(Extension):
    """Python-Markdown extension `pleasestop`.

    Config: `root`, the project's folder; `source_url`, the address that a snippet's path is
    appended to for its source ("" for no link); `draft`, whether faults are shown in their
    place instead of raised; `managed`, whether somebody else refreshes the project before
    each build.
    """

    def __init__(self, **kwargs: Any) -> None:
        self.config = {
            "root": [".", "Folder of the project"],
            "source_url": ["", "Address that the path of a snippet is appended to"],
            "draft": [False, "Whether faults are shown on the page"],
            "managed": [False, "Whether the project is refreshed before each build"],
        }
        super().__init__(**kwargs)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (Python-Markdown's name)
        """Register the preprocessor, before the one that reads fences (priority 25)."""
        md.preprocessors.register(_Embedder(md, self.getConfigs()), "pleasestop", 26)


class _Embedder(Preprocessor):
    def __init__(self, md: Markdown, config: Mapping[str, Any]) -> None:
        super().__init__(md)
        self.markdown = md
        self.config = config

    def run(self, lines: list[str]) -> list[str]:
        page = page_of(self.markdown)
        project = project_at(Path(self.config["root"]), draft=self.config["draft"])
        found = blocks.find(lines)
        if found and not self.config["managed"]:
            project.refresh()
        views = PageViews(project, page.source, page.address, self.config["source_url"])
        path = project.docs / page.source if page.source else None
        url = html_url(page.to_root, directory_urls=page.directory_urls)
        out: list[str] = []
        after = 0
        for block in found:
            out += lines[after : block.first]
            after = block.last + 1
            try:
                drawn = render("html", views.view(block), url, self._draw)
            except PleaseStopError as fault:
                place = place_of(block, path, lines)
                if not project.draft:
                    raise PleaseStopError(f"{place}: {fault.message}") from None
                if fault not in project.content.faults.values():  # those were reported when they were read
                    project.warn(f"{place}: {fault.message}")
                drawn = render_fault(place, fault.message)
            out += ["", block.indent + self.markdown.htmlStash.store(drawn), ""]
        return self._with_link(out + lines[after:], page.source, page.to_root)

    def _with_link(self, lines: list[str], source: str, to_root: str) -> list[str]:
        """Put a link to the page's Markdown form below its title; a piece of a page has no title."""
        title = next((number for number, line in enumerate(lines) if line.startswith("# ")), None)
        if not source or title is None:
            return lines
        link = self.markdown.htmlStash.store(render_markdown_link(f"{to_root}{source}"))
        return [*lines[: title + 1], "", link, "", *lines[title + 1 :]]

    def _draw(self, language: str, lines: Sequence[str], highlighted: Sequence[int]) -> Any:
        """Let the site's own fence reader draw a program, and return its HTML."""
        marks = " ".join(map(str, highlighted))
        head = f'````{{ .{language} hl_lines="{marks}" }}' if marks else f"````{language}"
        drawn = self.markdown.preprocessors["fenced_code_block"].run([head, *lines, "````"])
        placeholders = [line.strip() for line in drawn if line.strip()]
        assert len(placeholders) == 1, "superfences turned one fence into one placeholder"
        position = int(placeholders[0].strip("\x02\x03").rpartition(":")[2])
        return Markup(self.markdown.htmlStash.rawHtmlBlocks[position])
