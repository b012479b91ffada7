"""Write every page once more in plain Markdown, with programs and outputs in full, and `llms.txt`.

The Markdown form of `docs/tasks/x.md` is `tasks/x.md` on the site: the same place, so a link
from one page to another is right as it is written.
"""

import re
from collections.abc import Iterable

import griffe

from pleasestop.messages import PleaseStopError
from pleasestop.project import Project
from pleasestop.site import blocks
from pleasestop.site.blocks import Block
from pleasestop.site.render import markdown_url, render
from pleasestop.site.settings import Settings
from pleasestop.site.views import PageViews, heading

_REFERENCE = re.compile(r"^::: (\S+)\n(?:    .*\n)*", re.MULTILINE)
_DRAWING = re.compile(r"<svg[^>]*><title[^>]*>.*?</title><desc[^>]*>(.*?)</desc>.*?</svg>", re.DOTALL)
_FOR_THE_SITE = re.compile(r"^(?:</?div[^>]*>(?:</div>)?|</details>|<!--(?s:.*?)-->)\n", re.MULTILINE)
_DETAILS = re.compile(r"^<details[^>]*>\n<summary>(.*?)</summary>$", re.MULTILINE)
_ANCHOR = re.compile(r"(?<=\S) \{#[\w-]+\}$", re.MULTILINE)


def markdown_page(project: Project, settings: Settings, source: str) -> str:
    """Return the page at `source`, a path below `docs/`, as Markdown that needs nothing else."""
    _, text = blocks.front_matter((project.docs / source).read_text(encoding="utf-8"))
    # The prose first: programs and outputs stay as they are.
    text = _REFERENCE.sub(lambda match: _reference(project, match[1]), text)
    text = _DETAILS.sub(r"**\1**", text)
    text = _FOR_THE_SITE.sub("", _DRAWING.sub(r"*(A drawing: \1)*", _ANCHOR.sub("", text)))
    lines = text.split("\n")
    views = PageViews(project, source, settings.address)
    to_root = "../" * source.count("/")
    parts: list[str] = []
    after = 0
    for block in blocks.find(lines):
        parts += ["\n".join(lines[after : block.first]), _rendered(views, block, to_root)]
        after = block.last + 1
    parts.append("\n".join(lines[after:]))
    return "\n\n".join(filter(None, (part.strip("\n") for part in parts))) + "\n"


def _rendered(views: PageViews, block: Block, to_root: str) -> str:
    try:
        return render("md", views.view(block), markdown_url(to_root))
    except PleaseStopError as fault:
        if not views.project.draft:
            raise
        return f"(This cannot be shown: {fault.message})"


def _reference(project: Project, path: str) -> str:
    """Return the docstrings of a module; a recipe has its own in the file that the page shows."""
    if path.startswith("recipes."):
        return "Its docstring is in the file above.\n"
    file = project.root.joinpath("src", *path.split(".")).with_suffix(".py")
    module = griffe.visit(path, file, file.read_text(encoding="utf-8"))
    parts = [f"## `{path}`", module.docstring.value if module.docstring else ""]
    for member in module.members.values():
        if member.is_alias or member.name.startswith("_") or not (member.is_function or member.is_class):
            continue
        if isinstance(member, griffe.Class):
            fields = [name for name, one in member.members.items() if one.is_attribute and not name.startswith("_")]
            signature = f"{member.name}({', '.join(fields)})"
        else:
            assert isinstance(member, griffe.Function)
            signature = member.signature()
        parts += [f"### `{signature}`", member.docstring.value if member.docstring else ""]
    return "\n\n".join(filter(None, parts)) + "\n"


def llms_txt(project: Project, settings: Settings) -> str:
    """Return the text of `llms.txt` (llmstxt.org): every page of the navigation, with what it is about."""
    parts = [f"# {settings.name}", "", f"> {settings.about}", ""]
    last = ""
    for section, source in settings.listed:
        if section != last:
            parts += ["", f"## {section}", ""]
            last = section
        head, _ = blocks.front_matter((project.docs / source).read_text(encoding="utf-8"))
        about = head.get("description", "")
        parts.append(f"- [{heading(project.docs / source)}]({settings.address}{source}): {about}")
    return "\n".join(parts) + "\n"


def llms_full(pages: Iterable[str]) -> str:
    """Return the text of `llms-full.txt`: all pages, one after the other."""
    return "\n\n".join(pages)
