"""What a site publishes of the recipes, and how a stranger's site is read."""

import functools
import http.server
import json
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from pleasestop.messages import PleaseStopError
from pleasestop.recipes import manifest, model, registry
from pleasestop.recipes.registry import RegistryFile
from pleasestop.recipes.releases import sha256
from recipes.conftest import text

SCHEMA = json.loads(manifest.schema())
Change = Callable[[dict[str, Any]], object]


def edit(site: Path, change: Change) -> Any:
    """Change the entry of `greet` in the manifest of a site; return the manifest."""
    path = site / "recipes.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content["recipes"][0])
    path.write_text(json.dumps(content), encoding="utf-8")
    return content


# What is published.


def test_manifest_is_valid_and_describes_every_file(site: Path) -> None:
    content = json.loads((site / "recipes.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(content, SCHEMA)
    greet, leave = content["recipes"]
    assert (greet["name"], greet["version"], leave["version"]) == ("greet", "1.1.0", "1.0.0")
    assert (greet["title"], greet["floor"], greet["dependencies"]) == ("Say greet.", "3.8", [])
    assert [(item["version"], item["date"], item["note"]) for item in greet["history"]] == [
        ("1.1.0", "2026-01-01", "This is 1.1.0."),
        ("1.0.0", "2026-01-01", "This is 1.0.0."),
    ]
    assert [(file["path"], file["kind"]) for file in greet["files"]] == [
        ("greet.py", "recipe"),
        ("test_greet.py", "tests"),
    ]
    for item in [*greet["files"], *greet["history"]]:
        assert sha256((site / item["url"]).read_text(encoding="utf-8")) == item["sha256"]
    assert (site / "recipes/files/greet/latest.py").read_text(encoding="utf-8") == text("1.1.0")


def test_draft_is_published_but_not_listed(folder: Path) -> None:
    draft = model.read(folder)
    assert json.loads(manifest.manifest([draft])) == {"schema": 1, "recipes": []}
    assert registry.from_recipes([draft]).entries == {}
    tests = draft.tests.read_text(encoding="utf-8")
    urls = ("recipes/files/greet/latest.py", "recipes/files/greet/test_greet.py")
    assert registry.files(draft) == dict(zip(urls, (text("1.0.0"), tests), strict=True))


@pytest.mark.usefixtures("site")
def test_latest_file_is_the_newest_release_while_the_next_one_is_written(folder: Path) -> None:
    (folder / "greet.py").write_text(text("2.0.0"), encoding="utf-8")
    assert registry.files(model.read(folder))["recipes/files/greet/latest.py"] == text("1.1.0")


def test_reader_accepts_the_manifest_that_is_published(folder: Path, site: Path) -> None:
    ours = registry.from_recipes(model.load(folder.parent)[0].values())
    theirs = registry.from_url(site.as_uri())
    assert ours.entries == theirs.entries
    assert list(ours.entries) == ["greet", "leave"]
    for entry in ours.entries.values():
        for file in (*entry.releases.values(), entry.tests):
            assert ours.text(file) == theirs.text(file)


def test_recipes_of_this_program_need_no_site() -> None:
    bundled = registry.bundled()
    assert "def cancel_and_wait" in bundled.text(bundled.entry("cancel_and_wait").newest)


def test_bundled_recipe_with_a_fault_is_reported(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "greet.py").write_text("", encoding="utf-8")
    own = folder.parents[1] / "pleasestop"
    folder.parent.rename(folder.parents[1] / "recipes_data")
    own.mkdir()
    (folder.parents[1] / "recipes_data").rename(own / "recipes_data")
    monkeypatch.setattr(registry, "__file__", str(own / "recipes/registry.py"))
    with pytest.raises(PleaseStopError, match=r"greet\.py:1: write a line"):
        registry.bundled()


ADD = """
import sys
from importlib.abc import MetaPathFinder
from pathlib import Path

class Block(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        package = name.partition(".")[0]
        if package not in {"pleasestop", "click", "packaging", *sys.stdlib_module_names}:
            raise ImportError(f"{name} is blocked")

sys.meta_path.insert(0, Block())
from pleasestop.recipes import feed, project_copy, registry, releases
site, folder = sys.argv[1], Path(sys.argv[2])
changes = project_copy.additions(registry.from_url(site), ["greet"], folder, tests=True, force=False)
changes += project_copy.additions(registry.bundled(), ["retry"], folder, tests=False, force=False)
project_copy.write(changes, folder)
"""


def test_add_needs_click_and_packaging_only(site: Path, project: Path) -> None:
    command = [sys.executable, "-c", ADD, site.as_uri(), str(project)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in project.iterdir()) == ["greet.py", "retry.py", "test_greet.py"]


# Sites.


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve a folder over HTTP; yield its address."""
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


def test_site_over_http(site: Path) -> None:
    with serve(site) as address:
        for url in (address, address.rstrip("/"), f"{address}recipes.json"):
            offered = registry.from_url(url)
            assert offered.text(offered.entry("greet").newest) == text("1.1.0")
        (site / "recipes/files/greet/1.1.0.py").write_text("changed", encoding="utf-8")
        with pytest.raises(
            PleaseStopError, match=r"files/greet/1\.1\.0\.py: was not used, because its SHA-256 differs"
        ):
            offered.text(offered.entry("greet").newest)
        (site / "recipes.json").unlink()
        with pytest.raises(PleaseStopError, match=re.escape(f"{address}recipes.json: cannot be read (HTTP Error 404")):
            registry.from_url(address)
    with pytest.raises(PleaseStopError, match="cannot be read \\(<urlopen error"):
        registry.from_url(address)


@pytest.mark.parametrize("address", ["ftp://host/", "host", "/etc", "data:,x", "https:"])
def test_other_addresses_are_refused(address: str) -> None:
    with pytest.raises(PleaseStopError, match=re.escape(f"{address}: is not the address of a site")):
        registry.from_url(address)


def test_invalid_host_is_refused() -> None:
    with pytest.raises(PleaseStopError, match=r"http://\[/recipes\.json: cannot be read \(Invalid IPv6 URL\)"):
        registry.from_url("http://[")


def test_server_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_TIMEOUT", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/"
        with pytest.raises(PleaseStopError, match="timed out"):
            registry.from_url(address)


def test_unknown_name_gets_the_nearest_or_all(site: Path) -> None:
    offered = registry.from_url(site.as_uri())
    with pytest.raises(PleaseStopError, match=r"^no recipe is called great\. Nearest: greet\.$"):
        offered.entry("great")
    with pytest.raises(PleaseStopError, match=r"^no recipe is called zzz\. There are: greet, leave\.$"):
        offered.entry("zzz")


def test_file_that_is_not_text_is_refused(site: Path) -> None:
    content = b"\xff"
    (site / "recipes/files/greet/1.1.0.py").write_bytes(content)
    offered = registry.from_url(site.as_uri())
    checksum = "a8100ae6aa1940d0b663bb31cd466142ebbdbd5187131b92d93818987832eb89"
    with pytest.raises(PleaseStopError, match=r"1\.1\.0\.py: is not UTF-8 text"):
        offered.text(RegistryFile("greet.py", "recipes/files/greet/1.1.0.py", checksum))


@pytest.mark.parametrize("bad", ["../greet.py", "/tmp/greet.py", "a/greet.py", "..\\greet.py", "other.py", ".py", ""])
def test_manifest_cannot_lead_out_of_the_folder(site: Path, bad: str) -> None:
    edit(site, lambda item: item["files"][0].update(path=bad))
    message = f"recipes.json: is not a manifest of recipes (ValueError({f'{bad!r} is refused'!r}))"
    with pytest.raises(PleaseStopError, match=re.escape(message)):
        registry.from_url(site.as_uri())


@pytest.mark.parametrize("bad", ["http://other/greet.py", "../../secret.py", "/etc/passwd", "recipes/files/../x/y.py"])
@pytest.mark.parametrize("place", [("files", 0), ("files", 1), ("history", 0), ("history", 1)])
def test_manifest_cannot_lead_out_of_the_site(site: Path, bad: str, place: tuple[str, int]) -> None:
    content = edit(site, lambda item: item[place[0]][place[1]].update(url=bad))
    with pytest.raises(PleaseStopError, match="is refused"):
        registry.from_url(site.as_uri())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(content, SCHEMA)


@pytest.mark.parametrize(
    "change",
    [
        lambda item: item.update(name="../greet"),
        lambda item: item.update(version="1"),
        lambda item: item.update(history=[]),
        lambda item: item.update(files=[]),
        lambda item: item["files"].pop(),
        lambda item: item["files"][0].update(kind="other"),
        lambda item: item["files"][0].update(sha256="0"),
        lambda item: item["history"][1].update(sha256="0"),
        lambda item: item["history"][1].pop("sha256"),
        lambda item: item.pop("history"),
        lambda item: item.update(files=7),
    ],
)
def test_manifest_with_a_fault_is_refused_by_reader_and_schema(site: Path, change: Change) -> None:
    content = edit(site, change)
    with pytest.raises(PleaseStopError, match="is not a manifest of recipes"):
        registry.from_url(site.as_uri())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(content, SCHEMA)


@pytest.mark.parametrize(
    "change",
    [
        lambda item: item.update(version="9.9.9"),
        lambda item: item.update(version="1.0.0"),
        lambda item: item["files"][0].update(sha256="0" * 64),
        lambda item: item["files"].__setitem__(0, item["files"][1]),
        lambda item: item.update(version="1.0.0") or item["files"][0].update(item["history"][1]),
    ],
)
def test_manifest_that_contradicts_itself_is_refused(site: Path, change: Change) -> None:
    edit(site, change)
    with pytest.raises(PleaseStopError, match="is not a manifest of recipes"):
        registry.from_url(site.as_uri())


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"schema": 2, "recipes": []}', "has schema 2, but this program reads schema 1; update pleasestop"),
        ("<html>", "is not a manifest of recipes"),
        ("[" * 100_000, "is not a manifest of recipes"),
        ("\xff", "is not a manifest of recipes"),
        ("7", "is not a manifest of recipes"),
    ],
)
def test_other_files_are_not_manifests(site: Path, content: str, message: str) -> None:
    (site / "recipes.json").write_text(content, encoding="latin-1")
    with pytest.raises(PleaseStopError, match=message):
        registry.from_url(site.as_uri())
