"""All that the engine knows of MkDocs and Zensical.

Neither has a public way to say to a Markdown extension which page it renders, or runs a step
after the pages in both `build` and `serve`; this file does what is needed for both.
"""

import logging
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import yaml
from markdown import Markdown
from mkdocs.__main__ import cli as mkdocs
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import Files
from yaml_env_tag import add_env_tag

from pleasestop.messages import PleaseStopError
from pleasestop.project import Content, project_at
from pleasestop.site import blocks
from pleasestop.site.publish import publish
from pleasestop.site.settings import Settings

CONFIG = "mkdocs.yml"
GENERATORS = ("mkdocs", "zensical")
_REFERENCE_STYLE = "assets/_mkdocstrings.css"


@dataclass(frozen=True)
class Page:
    """The page in hand: its source below `docs/` ("" if unknown), the way to the site's root, the site's address.

    `directory_urls` says whether the address of a page is a folder, not an HTML file.
    """

    source: str = ""
    to_root: str = ""
    address: str = ""
    directory_urls: bool = True


def load_settings(root: Path) -> Settings:
    """Read `mkdocs.yml`; raises `PleaseStopError` where it is missing or cannot be read."""
    path = root / CONFIG
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), add_env_tag(type("Loader", (yaml.SafeLoader,), {})))
    except FileNotFoundError:
        raise PleaseStopError(f"{path}: missing; run this in the project's folder.") from None
    except yaml.YAMLError as error:
        raise PleaseStopError(f"{path}: this is not YAML: {error}") from None
    return Settings(
        name=data["site_name"],
        about=data.get("site_description", ""),
        address=_address(data.get("site_url")),
        listed=tuple(_pages(data["nav"])),
        offline=bool(data.get("extra", {}).get("offline")),
    )


def _address(url: str | None) -> str:
    return url.rstrip("/") + "/" if url else ""


def _pages(nav: Sequence[Any], section: str = "") -> Iterator[tuple[str, str]]:
    for entry in nav:
        if isinstance(entry, str):
            yield section, entry
            continue
        for title, value in entry.items():
            yield from [(section, value)] if isinstance(value, str) else _pages(value, section or title)


def page_of(md: Markdown) -> Page:
    """Return which page a Markdown processor renders.

    MkDocs leaves the page with the processor that resolves links, Zensical with its context
    processor.
    """
    context: Any
    if "relpath" in md.treeprocessors:
        context = md.treeprocessors["relpath"]
        source, url, config = context.file.src_uri, context.file.url, context.config
    elif "rendering_context" in md.preprocessors:
        context = md.preprocessors["rendering_context"]
        source, url, config = context.page.path, context.page.url, context.config
    else:
        return Page()
    depth = url.strip("./").count("/") + (1 if url.endswith("/") and url.strip("./") else 0)
    return Page(source, "../" * depth, _address(config["site_url"]), config["use_directory_urls"])


class PluginConfig(Config):
    """The plugin has no options."""


class BuildPlugin(BasePlugin[PluginConfig]):
    """MkDocs plugin `pleasestop`: refresh the project once per build; serve it as a draft.

    `serve` is dirty: MkDocs builds only pages whose source is newer than their HTML. This
    plugin makes the HTML of a page that shows a changed snippet look old, and publishes the
    files beside the pages.
    """

    def __init__(self) -> None:
        self.serving = False
        self._project = project_at(Path(), draft=False)
        self._before = Content()
        self._frame: object = None

    def on_startup(self, *, command: str, dirty: bool) -> None:  # noqa: ARG002 (MkDocs' signature)
        """Learn whether the site is served; this method also keeps the plugin alive between builds."""
        self.serving = command == "serve"
        self._project = project_at(Path(), draft=self.serving)
        logging.getLogger("mkdocs.commands.build").addFilter(lambda record: "'dirty' build" not in record.getMessage())

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Configure the Markdown extension, the styles, and a site that is read from files."""
        if config.extra.get("offline"):
            config.use_directory_urls = False  # a folder would show its list of files
            config.theme.static_templates.discard("404.html")  # only a server shows it, and its links need one
        # mkdocstrings styles all pages; `theme/main.html` does so where a page needs it.
        if _REFERENCE_STYLE in config.extra_css:
            config.extra_css.remove(_REFERENCE_STYLE)
        extension = config.mdx_configs.setdefault("pleasestop", {})
        extension |= {"draft": self.serving, "managed": True}
        return config

    def on_pre_build(self, *, config: MkDocsConfig) -> None:  # noqa: ARG002
        """Run what is stale."""
        self._before = self._project.content
        self._project.refresh()

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Let MkDocs build the pages that show what changed."""
        if self.serving:
            frame = [(path, path.stat().st_mtime_ns) for path in (Path(CONFIG), *sorted(Path("theme").rglob("*")))]
            changed = changed_names(self._before, self._project.content)
            for file in files.documentation_pages():
                html = Path(config.site_dir, file.dest_uri)
                if html.exists() and (frame != self._frame or shows(Path(config.docs_dir, file.src_uri), changed)):
                    os.utime(html, (0, 0))
            self._frame = frame
        return files

    def on_page_content(self, html: str, *, page: Any, config: MkDocsConfig, files: Files) -> None:  # noqa: ARG002
        """Name the anchors of figures to MkDocs, which knows those of headings only."""
        figures = re.findall(r'<figure [^>]*?\bid="(\w+)"', html)
        page.present_anchor_ids = {*(page.present_anchor_ids or ()), *figures}

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Publish the files beside the pages of a site that is served; `build` does so itself."""
        if self.serving:
            publish(self._project, load_settings(Path()), Path(config.site_dir))


def changed_names(before: Content, now: Content) -> set[str]:
    """Return the names of snippets and recipes whose file, run, output or record may have changed."""
    if before.state == now.state:
        return set()
    touched = {Path(path).name.partition(".")[0] for path, _, _ in before.state ^ now.state}
    changed = touched | (before.snippets.keys() ^ now.snippets.keys())
    for name, snippet in now.snippets.items():
        if touched & {path.stem for path in snippet.modules}:
            changed.add(name)
    records = any(
        "records" in Path(path).parts and "traces" not in Path(path).parts for path, _, _ in before.state ^ now.state
    )
    return changed | (set(now.snippets) if records else set())


def shows(page: Path, names: set[str]) -> bool:
    """Return whether a page has a block that depends on one of the names; a table depends on all."""
    if not names:
        return False
    found = blocks.find(page.read_text(encoding="utf-8").split("\n"))
    return any(block.name in names or block.kind in ("table", "recipes") for block in found)


@contextmanager
def replaced_folder(folder: Path) -> Iterator[Path]:
    """Yield a new folder that takes the place of `folder` when the block succeeds; otherwise `folder` stays."""
    parent = Path(".pleasestop")
    parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=parent, prefix="site-") as temporary:
        made, before = Path(temporary, "new"), Path(temporary, "before")
        yield made
        made.chmod(0o755)
        if folder.exists():
            folder.rename(before)
        folder.parent.mkdir(parents=True, exist_ok=True)
        made.rename(folder)


def build(root: Path, generator: str, target: Path, arguments: Sequence[str]) -> None:
    """Build the pages of the project at `root`, the current folder, into `target` by one of `GENERATORS`.

    Raises `PleaseStopError` where the generator fails; it has said why.
    """
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")  # Material announces MkDocs 2 at each build
    failed = PleaseStopError("the pages cannot be built, for the reason above; the site is as it was.")
    if generator == "mkdocs":
        # In this process, so that the project is read once.
        try:
            mkdocs.main(["build", "--strict", "--site-dir", str(target.resolve()), *arguments], standalone_mode=False)
        except click.exceptions.Abort:
            raise failed from None
        return
    # Zensical has no option for the folder, and writes below the project only.
    config = root / "zensical.build.yml"
    text = (root / CONFIG).read_text(encoding="utf-8")
    config.write_text(f"{text}\nsite_dir: {target.as_posix()}\n", encoding="utf-8")
    try:
        command = [sys.executable, "-m", "zensical", "build", "--strict", "--config-file", config.name, *arguments]
        if subprocess.run(command, cwd=root, check=False).returncode:
            raise failed
    finally:
        config.unlink()


def serve(root: Path, arguments: Sequence[str]) -> None:
    """Become `mkdocs serve` for a draft of the project at `root`; does not return."""
    os.chdir(root)
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    os.execv(sys.executable, [sys.executable, "-m", "mkdocs", "serve", "--dirty", *arguments])
