"""Render views by Jinja2 templates, to HTML for a page and to Markdown for its plain form."""

import re
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Literal

import jinja2
from markupsafe import Markup, escape

from pleasestop.site import views
from pleasestop.site.playground import FOLDER as PYODIDE_FOLDER
from pleasestop.site.playground import PYTHON
from pleasestop.trace.replay import TEMPLATES as REPLAY_TEMPLATES

Form = Literal["html", "md"]
Draw = Callable[[str, Sequence[str], Sequence[int]], Markup]
"""Returns the HTML of a fence: its language, its lines, and which of them (1-based) are highlighted."""

TEMPLATES = Path(__file__).parent / "templates"

_NAMES: dict[type[views.View], str] = {
    views.FigureView: "figure",
    views.RecipeView: "recipe",
    views.TableView: "table",
    views.LedgerView: "ledger",
    views.LegendView: "legend",
}


@cache
def environment(form: Form) -> jinja2.Environment:
    """Return the environment of one form; HTML is escaped, Markdown is not."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader([TEMPLATES, REPLAY_TEMPLATES]),
        autoescape=form == "html",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        undefined=jinja2.StrictUndefined,
    )
    made.filters["inline"] = inline
    made.globals["pyodide"] = {"folder": PYODIDE_FOLDER, "python": f"CPython {PYTHON}"}
    return made


def inline(text: str) -> Markup:
    """Escape a sentence for HTML; what stands between backticks becomes code."""
    parts = str(escape(text)).replace("&#34;", '"').replace("&#39;", "'").split("`")
    return Markup("".join(f"<code>{part}</code>" if odd % 2 else part for odd, part in enumerate(parts)))


def html_url(to_root: str, *, directory_urls: bool = True) -> Callable[[str], str]:
    """Return a function that turns a path below the site's root into a relative address of a built page."""

    def url(path: str) -> str:
        page, hash_sign, anchor = path.partition("#")
        if page.endswith(".md"):
            page = page.removesuffix(".md") + ("/" if directory_urls else ".html")
            page = re.sub(r"(^|/)index/$", r"\1", page)
        return f"{to_root}{page}{hash_sign}{anchor}" or "./"

    return url


def markdown_url(to_root: str) -> Callable[[str], str]:
    """Return a function that turns a path below the site's root into a relative address of a Markdown page."""
    return lambda path: f"{to_root}{path}"


def render(form: Form, view: views.View, url: Callable[[str], str], draw: Draw | None = None) -> str:
    """Render a view.

    `url` turns a path below the site's root into an address. `draw`, for HTML, draws a fence.
    """
    template = environment(form).get_template(f"{_NAMES[type(view)]}.{form}.j2")
    return template.render(view=view, url=url, draw=draw)


def render_fault(place: str, message: str) -> str:
    """Return the HTML that stands for a block of a draft that cannot be shown."""
    return environment("html").get_template("fault.html.j2").render(place=place, message=message)


def render_markdown_link(address: str) -> str:
    """Return the HTML of the link to a page's Markdown form."""
    return environment("html").get_template("markdown_link.html.j2").render(address=address)
