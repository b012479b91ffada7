"""Recipes released, listed, copied into a project, and told apart later."""

import json
import random
import re
import shutil
import socket
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result

from conftest import serving
from pleasestop import cli, copy, publish, recipes
from pleasestop.check import write_whole
from pleasestop.errors import PleaseStopError

LINES = {
    "1.0.0": ["def greet() -> str:", '    return "hello"'],
    "1.1.0": ["def greet() -> str:", '    return "good day"'],
    "2.0.0": ['GREETING = "good day"', "", "", "def greet() -> str:", "    return GREETING"],
}


def text(version: str, name: str = "greet") -> str:
    """The text of a recipe in a version."""
    head = (
        "SPDX-License-Identifier: 0BSD",
        f"Recipe: {name} {version}",
        f"Source: Please Stop, recipes/{name}",
        "Python: 3.8 or newer",
    )
    body = "\n".join([f'"""Say {name}."""', "", "import os", "", "", *LINES[version], "", "", "HERE = os.getcwd()"])
    return "".join(f"# {line}\n" for line in head) + body + "\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a recipe that was never released, in a checkout."""
    folder = tmp_path / "checkout/snippets/recipes/greet"
    folder.mkdir(parents=True)
    (folder / "test_greet.py").write_text('def test_it() -> None:\n    """Greets."""\n', encoding="utf-8")
    (folder / "greet.py").write_text(text("1.0.0"), encoding="utf-8")
    return folder


def release(folder: Path, *versions: str) -> None:
    for version in versions:
        (folder / f"{folder.name}.py").write_text(text(version, folder.name), encoding="utf-8")
        assert publish.release(folder, f"This is {version}.", date(2026, 1, 1))


@pytest.fixture
def site(folder: Path) -> Path:
    """A site with two recipes, one of them in two versions; its files are brought up to date by `publish_all`."""
    release(folder, "1.0.0", "1.1.0")
    other = folder.with_name("leave")
    other.mkdir()
    shutil.copy(folder / "test_greet.py", other / "test_leave.py")
    release(other, "1.0.0")
    return publish_all(folder.parent)


def publish_all(root: Path) -> Path:
    target = root.parents[2] / "site"
    offered = recipes.load(root).values()
    texts = {url: content for recipe in offered for url, content in publish.files(recipe).items()}
    for url, content in (texts | {publish.MANIFEST: publish.manifest(offered)}).items():
        (target / url).parent.mkdir(parents=True, exist_ok=True)
        (target / url).write_bytes(content.encode())
    return target


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A reader's project, empty, which is the current folder."""
    project = tmp_path / "project"
    project.mkdir()
    monkeypatch.chdir(project)
    return project


@pytest.fixture
def call(site: Path, project: Path) -> Callable[..., Result]:
    """Call `pleasestop` in the project, on the recipes of the site."""
    del project  # the current folder

    def called(command: str, *words: str) -> Result:
        result = CliRunner().invoke(cli.main, [command, *words, "--from", site.as_uri()])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.output
        return result

    return called


Call = Callable[..., Result]


# Releases.


def test_a_release_freezes_the_text(folder: Path) -> None:
    release(folder, "1.0.0", "1.1.0")
    recipe = recipes.read(folder)
    assert recipe.released
    assert [(str(one.version), one.date, one.note) for one in recipe.releases] == [
        ("1.1.0", "2026-01-01", "This is 1.1.0."),
        ("1.0.0", "2026-01-01", "This is 1.0.0."),
    ]
    assert [one.text for one in recipe.releases] == [text("1.1.0"), text("1.0.0")]


@pytest.mark.parametrize(
    ("content", "note", "said"),
    [
        (text("1.1.0") + "\n", "x", "1.1.0 was released with another text, and the last release is 1.1.0; raise the"),
        (text("1.0.0"), "x", "1.0.0 is not higher, and the last release is 1.1.0; raise the version in its header"),
        (text("2.0.0"), " \n", "say in the note what a reader gets who takes 2.0.0"),
    ],
)
def test_a_release_is_refused(folder: Path, content: str, note: str, said: str) -> None:
    release(folder, "1.0.0", "1.1.0")
    (folder / "greet.py").write_text(content, encoding="utf-8")
    before = state(folder)
    with pytest.raises(PleaseStopError, match=re.escape(said)):
        publish.release(folder, note, date(2026, 1, 2))
    assert state(folder) == before


def state(folder: Path) -> dict[Path, bytes | None]:
    """All that is in a folder."""
    return {path: path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


def test_an_interrupted_release_leaves_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    interrupt(monkeypatch)
    before = state(folder)
    with pytest.raises(KeyboardInterrupt):
        publish.release(folder, "First.", date(2026, 1, 1))
    assert state(folder) == before


def test_release_on_the_command_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parents[2])
    told = CliRunner().invoke(cli.main, ["release", "greet", "First.", "--date", "2026-02-03"])
    assert told.output == "snippets/recipes/greet: released\n"
    assert recipes.read(folder).releases[0].date == "2026-02-03"
    told = CliRunner().invoke(cli.main, ["release", "greet", "First."])
    assert told.output == "snippets/recipes/greet: released already, with this text\n"
    told = CliRunner().invoke(cli.main, ["release", "great", "First."])
    assert told.output == "Error: no recipe is called great. Nearest: greet.\n"
    assert told.exit_code == 1


# What a site lists.


def test_the_list_holds_every_version_and_what_its_files_are(site: Path) -> None:
    told = json.loads((site / "recipes.json").read_text(encoding="utf-8"))
    jsonschema.validate(told, json.loads(publish.SCHEMA.read_text(encoding="utf-8")))
    greet, leave = told["recipes"]
    assert (greet["name"], greet["version"], leave["version"]) == ("greet", "1.1.0", "1.0.0")
    assert (greet["title"], greet["floor"], greet["dependencies"]) == ("Say greet.", "3.8", [])
    assert [one["version"] for one in greet["history"]] == ["1.1.0", "1.0.0"]
    for one in [*greet["files"], *greet["history"]]:
        content = (site / one["url"]).read_text(encoding="utf-8")
        assert publish.sha256(content) == one["sha256"]
    assert (site / "recipes/files/greet/latest.py").read_text(encoding="utf-8") == text("1.1.0")


def test_a_recipe_is_listed_when_it_is_released(folder: Path) -> None:
    assert json.loads(publish.manifest([recipes.read(folder)]))["recipes"] == []


def test_a_shelf_of_this_machine_is_like_that_of_a_site(folder: Path, site: Path) -> None:
    ours, theirs = publish.shelf(recipes.load(folder.parent).values()), publish.site(site.as_uri())
    assert ours.offers == theirs.offers
    for offer in ours.offers.values():
        for file in offer.files:
            assert ours.text(file) == theirs.text(file)
        for edition in offer.editions.values():
            assert ours.text(edition) == theirs.text(edition)


def test_the_recipes_of_this_project_can_be_had_from_it(call: Call) -> None:
    assert call("verify").exit_code == 1
    result = CliRunner().invoke(cli.main, ["add", "cancel_and_wait"])
    assert result.output == "cancel_and_wait.py: added\n"


def test_a_site_over_http(site: Path, project: Path) -> None:
    with serving(site) as address:
        for url in (address, address.rstrip("/"), f"{address}recipes.json"):
            result = CliRunner().invoke(cli.main, ["add", "greet", "--with-tests", "--from", url])
            assert result.exit_code == 0, result.output
        (site / "recipes/files/greet/1.1.0.py").write_text("changed", encoding="utf-8")
        result = CliRunner().invoke(cli.main, ["add", "greet", "--from", address])
        assert "Error: recipes/files/greet/1.1.0.py: is not what recipes.json" in result.output
        (site / "recipes.json").unlink()
        result = CliRunner().invoke(cli.main, ["add", "greet", "--from", address])
        assert f"{address}recipes.json: cannot be read (HTTP Error 404: File not found)" in result.output
    result = CliRunner().invoke(cli.main, ["add", "greet", "--from", address])
    assert "cannot be read (<urlopen error" in result.output
    assert (project / "greet.py").read_text(encoding="utf-8") == text("1.1.0")


@pytest.mark.parametrize("address", ["ftp://host/", "host", "/etc", "http://[", "data:,x"])
def test_an_address_that_is_none(address: str, project: Path) -> None:
    result = CliRunner().invoke(cli.main, ["add", "greet", "--from", address])
    assert result.exit_code == 1
    assert f"Error: {address}: no address of a site" in result.output
    assert list(project.iterdir()) == []


def test_a_server_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "_PATIENCE", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/"
        with pytest.raises(PleaseStopError, match="timed out"):
            publish.site(address)


def changed(site: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change the entry of `greet` in a site's list."""
    path = site / "recipes.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    change(told["recipes"][0])
    path.write_text(json.dumps(told), encoding="utf-8")


@pytest.mark.parametrize("bad", ["../greet.py", "/tmp/greet.py", "a/greet.py", "..\\greet.py", "other.py", ".py", ""])
def test_a_list_that_would_lead_out_of_the_folder(call: Call, site: Path, project: Path, bad: str) -> None:
    changed(site, lambda entry: entry["files"][0].update(path=bad))
    result = call("add", "greet")
    assert result.exit_code == 1
    assert f"recipes.json: no list of recipes that can be used (ValueError({f'{bad!r} is refused'!r}))" in result.output
    assert list(project.iterdir()) == []


@pytest.mark.parametrize("bad", ["http://other/greet.py", "../../secret.py", "/etc/passwd", "recipes/files/../x/y.py"])
def test_a_list_that_would_lead_out_of_the_site(call: Call, site: Path, bad: str) -> None:
    changed(site, lambda entry: entry["files"][0].update(url=bad))
    assert "is refused" in call("add", "greet").output
    changed(site, lambda entry: entry["history"][0].update(url=bad))
    assert "is refused" in call("verify").output


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: entry.update(name="../greet"),
        lambda entry: entry.update(version="9.9.9"),
        lambda entry: entry.update(version="1"),
        lambda entry: entry.update(history=[]),
        lambda entry: entry.update(files=[]),
        lambda entry: entry["files"][0].update(kind="other"),
        lambda entry: entry.pop("history"),
        lambda entry: entry.update(files=7),
    ],
)
def test_a_list_with_a_fault(call: Call, site: Path, change: Callable[[dict[str, Any]], object]) -> None:
    changed(site, change)
    result = call("add", "greet")
    assert result.exit_code == 1
    assert "no list of recipes that can be used" in result.output


def test_a_list_of_another_form(call: Call, site: Path) -> None:
    (site / "recipes.json").write_text('{"schema": 2, "recipes": []}', encoding="utf-8")
    assert "written in form 2, and this program reads form 1; take a newer one" in call("add", "greet").output
    (site / "recipes.json").write_text("<html>", encoding="utf-8")
    assert "no list of recipes that can be used" in call("add", "greet").output


# Adding.


def test_add_copies_into_a_folder_that_it_makes(call: Call, project: Path) -> None:
    result = call("add", "greet", "leave", "--to", "src/some", "--with-tests")
    assert result.output.splitlines() == [
        "src/some/greet.py: added",
        "src/some/test_greet.py: added",
        "src/some/leave.py: added",
        "src/some/test_leave.py: added",
    ]
    assert (project / "src/some/greet.py").read_bytes() == text("1.1.0").encode()
    assert call("add", "greet", "--to", "src/some").output == "src/some/greet.py: is there already, the same\n"


def test_add_takes_a_name_once(call: Call) -> None:
    assert call("add", "greet", "greet").output == "greet.py: added\n"


def test_add_on_trial_writes_nothing(call: Call, project: Path) -> None:
    result = call("add", "greet", "--to", "new", "--dry-run")
    assert result.output == "Only tried, nothing is written:\nnew/greet.py: added\n"
    assert list(project.iterdir()) == []


def test_add_overwrites_nothing_unless_it_is_forced(call: Call, project: Path) -> None:
    (project / "greet.py").write_text("mine\n", encoding="utf-8")
    result = call("add", "leave", "greet")
    assert result.exit_code == 1
    assert "Error: greet.py: is there with another text" in result.output
    assert [path.name for path in project.iterdir()] == ["greet.py"]
    assert (project / "greet.py").read_text(encoding="utf-8") == "mine\n"
    assert "greet.py: replaced" in call("add", "leave", "greet", "--force").output
    assert (project / "greet.py").read_text(encoding="utf-8") == text("1.1.0")


def test_add_refuses_what_is_no_place_for_a_file(call: Call, project: Path) -> None:
    (project / "file").write_text("x", encoding="utf-8")
    assert "file: is no folder; name one with --to" in call("add", "greet", "--to", "file").output
    assert "greet.py: Not a directory; nothing was" in call("add", "greet", "--to", "file/below").output
    (project / "greet.py").mkdir()
    assert "greet.py: is there with another text" in call("add", "greet", "--force").output


def test_add_and_update_follow_no_link_out_of_the_folder(call: Call, project: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.py"
    (project / "greet.py").symlink_to(outside)
    result = call("add", "greet", "--force")
    assert "greet.py: is a link that leads out of ." in result.output
    assert not outside.exists()
    outside.write_text(text("1.0.0"), encoding="utf-8")
    assert "leads out" in call("update").output
    assert outside.read_text(encoding="utf-8") == text("1.0.0")


def test_add_follows_a_link_within_the_folder(call: Call, project: Path) -> None:
    (project / "greet.py").symlink_to("real.py")
    assert call("add", "greet").exit_code == 0
    assert (project / "greet.py").is_symlink()
    assert (project / "real.py").read_text(encoding="utf-8") == text("1.1.0")


def test_an_unknown_name(call: Call) -> None:
    assert call("add", "great").output == "Error: no recipe is called great. Nearest: greet.\n"
    assert call("add", "zzz").output == "Error: no recipe is called zzz. There are: greet, leave.\n"
    assert call("verify", "great").output == "Error: no recipe is called great. Nearest: greet.\n"


def interrupt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Press Ctrl-C, as it were, when the second file from now on is written."""
    written: list[Path] = []

    def write(path: Path, content: str) -> None:
        if written:
            raise KeyboardInterrupt
        written.append(path)
        write_whole(path, content)

    monkeypatch.setattr(publish, "write_whole", write)


def test_an_interruption_undoes_what_was_written(site: Path, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = publish.site(site.as_uri())
    (project / "there").mkdir()
    (project / "there/greet.py").write_text("mine\n", encoding="utf-8")
    (project / "there/greet.py").chmod(0o600)
    before = state(project)
    for folder in (Path("there"), Path("a/b")):
        steps = copy.additions(shelf, ["greet", "leave"], folder, tests=True, force=True)
        interrupt(monkeypatch)
        with pytest.raises(KeyboardInterrupt):
            copy.write(steps, folder)
        assert state(project) == before


def test_a_disk_that_refuses(call: Call, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(path: Path, content: str) -> None:
        if path.name == "leave.py":
            raise OSError(28, "No space left on device")
        write_whole(path, content)

    monkeypatch.setattr(publish, "write_whole", write)
    result = call("add", "greet", "leave")
    assert result.exit_code == 1
    assert result.output.endswith("leave.py: No space left on device; nothing was written.\n")
    assert list(project.iterdir()) == []


# Telling apart.

STATES = {
    "unmodified": text("1.1.0"),
    "outdated": text("1.0.0"),
    "edited": text("1.1.0").replace("good day", "hi"),
    "edited and outdated": text("1.0.0").replace("hello", "hi"),
    "unknown": text("1.0.0").replace("1.0.0", "1.0.7"),
}


@pytest.mark.parametrize("crlf", [False, True], ids=["lf", "crlf"])
@pytest.mark.parametrize("name", STATES)
def test_verify_tells_the_state(call: Call, project: Path, name: str, crlf: bool) -> None:
    (project / "src").mkdir()
    content = STATES[name].replace("\n", "\r\n") if crlf else STATES[name]
    (project / "src/renamed.py").write_bytes(content.encode())
    result = call("verify")
    assert result.output.startswith(f"src/renamed.py: {name} (")
    assert result.exit_code == {"unmodified": 0, "outdated": 3}.get(name, 4)


def test_the_worst_state_decides_the_exit_status(call: Call, project: Path) -> None:
    (project / "a.py").write_text(STATES["edited"], encoding="utf-8")
    (project / "b.py").write_text(STATES["outdated"], encoding="utf-8")
    (project / "c.py").write_text(STATES["unmodified"], encoding="utf-8")
    result = call("verify")
    assert result.exit_code == 4
    assert result.output == (
        "a.py: edited (greet 1.1.0)\nb.py: outdated (greet 1.0.0, 1.1.0 is out)\nc.py: unmodified (greet 1.1.0)\n"
    )


def test_why_a_copy_is_unknown(call: Call, project: Path) -> None:
    for name, content in (
        ("a.py", text("1.0.0", "great")),
        ("b.py", text("1.0.0").replace("1.0.0", "1.0")),
        ("c.py", text("1.0.0").replace("1.0.0", "3.0.0")),
    ):
        (project / name).write_text(content, encoding="utf-8")
    assert call("verify").output == (
        "a.py: unknown (no recipe is called great. Nearest: greet.)\n"
        "b.py: unknown (there is no release 1.0 of greet here, up to 1.1.0)\n"
        "c.py: unknown (there is no release 3.0.0 of greet here, up to 1.1.0)\n"
    )
    assert call("diff").output.startswith("a.py: no recipe is called great")
    assert call("update").output.startswith("a.py: left alone: no recipe is called great")


def test_names_restrict_and_find_a_copy_without_its_header(call: Call, project: Path) -> None:
    (project / "leave.py").write_text(text("1.0.0", "leave"), encoding="utf-8")
    (project / "greet.py").write_text("def greet() -> None: ...\n", encoding="utf-8")
    assert call("verify").output == "leave.py: unmodified (leave 1.0.0)\n"
    result = call("verify", "greet")
    assert result.output == "greet.py: unknown (it has no header that names recipe and version)\n"
    assert result.exit_code == 4


def test_a_check_of_nothing_does_not_pass(call: Call, project: Path) -> None:
    for folder in (".hidden", "node_modules", "venv/lib"):
        (project / folder).mkdir(parents=True)
        (project / folder / "greet.py").write_text(text("1.1.0"), encoding="utf-8")
    (project / "venv/pyvenv.cfg").touch()
    (project / "nowhere.py").symlink_to("gone.py")
    (project / "other.py").write_bytes(b"\xff\xfe # nothing of ours")
    for words in ((), ("greet",)):
        result = call("verify", *words)
        assert result.exit_code == 1
        assert "no copy of" in result.output
    assert "does not exist" in call("verify", "--in", "gone").output


def test_a_copy_in_another_encoding(call: Call, project: Path) -> None:
    (project / "greet.py").write_bytes(text("1.0.0").replace("hello", "grüezi").encode("latin-1"))
    assert "greet.py: is not written in UTF-8" in call("verify").output


# Differences and updates.


def test_diff_shows_what_was_edited_and_what_is_new(call: Call, project: Path) -> None:
    path = project / "greet.py"
    path.write_text(STATES["unmodified"], encoding="utf-8")
    assert call("diff").output == ""
    path.write_text(STATES["edited"], encoding="utf-8")
    assert call("diff").output.startswith("--- greet 1.1.0\n+++ greet.py\n")
    assert '-    return "good day"\n+    return "hi"\n' in call("diff").output
    path.write_text(STATES["outdated"], encoding="utf-8")
    assert call("diff").output.startswith("--- greet 1.0.0\n+++ greet 1.1.0\n")
    path.write_text(STATES["edited and outdated"], encoding="utf-8")
    told = call("diff").output
    assert told.index("--- greet 1.0.0\n+++ greet.py\n") < told.index("--- greet 1.0.0\n+++ greet 1.1.0\n")


@pytest.mark.parametrize("crlf", [False, True], ids=["lf", "crlf"])
def test_update_replaces_what_is_outdated(call: Call, project: Path, crlf: bool) -> None:
    ending = "\r\n" if crlf else "\n"
    path = project / "greet.py"
    path.write_bytes(text("1.0.0").replace("\n", ending).encode())
    path.chmod(0o640)
    told = call("update", "--dry-run")
    assert told.output == "Only tried, nothing is written:\ngreet.py: 1.0.0 replaced by 1.1.0\n"
    assert path.read_bytes() == text("1.0.0").replace("\n", ending).encode()
    assert call("update").output == "greet.py: 1.0.0 replaced by 1.1.0\n"
    assert path.read_bytes() == text("1.1.0").replace("\n", ending).encode()
    assert path.stat().st_mode & 0o777 == 0o640
    assert call("update").output == "greet.py: is the newest\n"


def test_update_leaves_alone_what_is_only_edited(call: Call, project: Path) -> None:
    (project / "greet.py").write_text(STATES["edited"], encoding="utf-8")
    assert call("update").output == "greet.py: edited, and of the newest version: left alone\n"
    assert (project / "greet.py").read_text(encoding="utf-8") == STATES["edited"]


def test_update_merges_what_was_edited_elsewhere(call: Call, project: Path) -> None:
    mine = text("1.0.0").replace("import os\n", "import os\nimport sys\n") + "THERE = sys.path\n"
    (project / "greet.py").write_text(mine, encoding="utf-8")
    result = call("update")
    assert result.exit_code == 0
    assert result.output == "greet.py: your changes to 1.0.0 merged into 1.1.0\n"
    merged = text("1.1.0").replace("import os\n", "import os\nimport sys\n") + "THERE = sys.path\n"
    assert (project / "greet.py").read_text(encoding="utf-8") == merged
    assert call("verify").output == "greet.py: edited (greet 1.1.0)\n"


def test_update_marks_what_it_cannot_decide(call: Call, project: Path) -> None:
    (project / "greet.py").write_text(STATES["edited and outdated"], encoding="utf-8")
    (project / "leave.py").write_text(text("1.0.0", "leave"), encoding="utf-8")
    result = call("update")
    assert result.exit_code == 1
    assert "greet.py: your changes to 1.0.0 merged into 1.1.0, with 1 conflict: edit what stands" in result.output
    assert '<<<<<<< yours\n    return "hi"\n=======\n    return "good day"\n>>>>>>> greet 1.1.0\n' in (
        project / "greet.py"
    ).read_text(encoding="utf-8")
    assert call("update").exit_code == 0


def test_update_over_several_releases(call: Call, folder: Path, project: Path) -> None:
    release(folder, "2.0.0")
    publish_all(folder.parent)
    mine = text("1.0.0") + "MINE = 1\n"
    (project / "greet.py").write_text(mine, encoding="utf-8")
    assert call("update").output == "greet.py: your changes to 1.0.0 merged into 2.0.0\n"
    assert (project / "greet.py").read_text(encoding="utf-8") == text("2.0.0") + "MINE = 1\n"


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
def test_merge(base: str, mine: str, theirs: str, merged: str, conflicts: int) -> None:
    assert copy.merge(base, mine, theirs, "x 2") == (merged, conflicts)


def test_merge_of_a_long_file_with_lines_that_come_again() -> None:
    base = "pass\n\n" * 200
    assert copy.merge(base, f"mine\n{base}", f"{base}theirs\n", "x 2") == (f"mine\n{base}theirs\n", 0)


def test_merge_agrees_with_git(tmp_path: Path) -> None:
    """Of lines that are far apart, for git makes one conflict of two with three lines between."""
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
        assert copy.merge(before, ours, others, "x 2") == (git.stdout, git.returncode)
