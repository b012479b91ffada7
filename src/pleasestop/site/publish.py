"""Write the files of a site that stand beside its pages, from the project.

`publish` runs after the pages are built, whichever generator built them. What it writes
depends on the project alone, not on which pages were rendered.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

from pleasestop.files import atomic_write
from pleasestop.project import Project
from pleasestop.recipes import feed, manifest, model, registry
from pleasestop.site import markdown_pages, playground, policy, search
from pleasestop.site.settings import Settings
from pleasestop.trace.replay import STATIC as REPLAY_STATIC


def publish(project: Project, settings: Settings, site: Path) -> None:
    """Write programs, recipes, Markdown pages, lists and scripts into the folder of a built site.

    A file that has the right content already is left alone. Raises `PleaseStopError` where a
    page cannot be written as Markdown, and OSError where the folder cannot be written to.
    """
    for path, text in _texts(project, settings):
        target, content = site / path, text.encode()
        if not target.exists() or target.read_bytes() != content:
            target.parent.mkdir(parents=True, exist_ok=True)
            atomic_write(target, content)
    for path, source in _copies(project, settings):
        target = site / path
        if not target.exists() or target.stat().st_mtime_ns != source.stat().st_mtime_ns:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)


def _texts(project: Project, settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield each file that is made of the project's content: its path in the site, and its text."""
    for snippet in project.content.snippets.values():
        yield f"raw/{snippet.folder}/{snippet.name}.py", model.standalone(snippet.text, snippet.path.parent)
    recipes = list(project.content.recipes.values())
    for recipe in recipes:
        yield from registry.files(recipe).items()
    yield registry.MANIFEST, manifest.manifest(recipes)
    yield registry.SCHEMA, manifest.schema()
    yield feed.FEED, feed.feed(recipes, settings.name, settings.address)
    pages = {source: markdown_pages.markdown_page(project, settings, source) for _, source in settings.listed}
    yield from pages.items()
    yield "llms.txt", markdown_pages.llms_txt(project, settings)
    yield "llms-full.txt", markdown_pages.llms_full(pages.values())
    yield search.INDEX, search.search_index(project, settings)
    yield "robots.txt", policy.robots(settings.address)


def _copies(project: Project, settings: Settings) -> Iterator[tuple[str, Path]]:
    """Yield each file that is copied as it is: its path in the site, and where it comes from."""
    for name in ("replay.css", "replay.js"):
        yield f"assets/{name}", REPLAY_STATIC / name
    for name in ("figure.css", "search.js", "minisearch.js"):
        yield f"assets/{name}", playground.STATIC / name
    pyodide = playground.folder(project.root)
    if pyodide is None:
        return
    for name in ("run.css", "run.js"):
        yield f"assets/{name}", playground.STATIC / name
    if settings.offline:  # a page that is a file may not start Python
        return
    for name in ("prism.js", "run-editor.css", "run-editor.js", "run-worker.js", "run_loop.py"):
        yield f"assets/{name}", playground.STATIC / name
    for name in playground.LOADED:
        yield f"assets/{playground.FOLDER}/{name}", pyodide / name
    for snippet in project.content.snippets.values():
        if not playground.needs(snippet):
            yield from ((url, path) for path, url in playground.module_urls(snippet))
