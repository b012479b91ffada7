"""Recipes copied into a project, compared with their releases later, and updated."""

import os
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from pleasestop import files
from pleasestop.messages import PleaseStopError
from pleasestop.recipes import project_copy, registry
from pleasestop.recipes.registry import Registry
from recipes.conftest import content_of, interrupt_second_write, publish, release, text

HERE = Path()


def add(
    offered: Registry, names: Sequence[str], folder: Path = HERE, *, tests: bool = False, force: bool = False
) -> list[str]:
    """Copy recipes into a folder; return what a reader sees."""
    steps = project_copy.additions(offered, names, folder, tests=tests, force=force)
    project_copy.write(steps, folder)
    return [f"{step.path}: {step.message}" for step in steps]


def verify(offered: Registry, *names: str) -> list[str]:
    """Return the state of each copy in the current folder, as a reader sees it."""
    return [f"{copy.path}: {copy.state} ({copy.detail})" for copy in project_copy.find(HERE, offered, names)]


def update(offered: Registry) -> list[str]:
    """Update the copies in the current folder; return what a reader sees."""
    steps = [project_copy.update(offered, copy) for copy in project_copy.find(HERE, offered)]
    project_copy.write(steps, HERE)
    return [f"{step.path}: {step.message}" for step in steps]


def diff(offered: Registry) -> str:
    """Return the differences of the copies in the current folder."""
    return "".join(project_copy.differences(offered, copy) for copy in project_copy.find(HERE, offered))


# Adding.


def test_add_creates_the_folder(offered: Registry, project: Path) -> None:
    folder = Path("src/some")
    assert add(offered, ["greet", "leave"], folder, tests=True) == [
        "src/some/greet.py: added",
        "src/some/test_greet.py: added",
        "src/some/leave.py: added",
        "src/some/test_leave.py: added",
    ]
    assert (project / "src/some/greet.py").read_bytes() == text("1.1.0").encode()
    (project / "src/some/greet.py").write_bytes(text("1.1.0").replace("\n", "\r\n").encode())
    assert add(offered, ["greet"], folder) == ["src/some/greet.py: exists already with this text"]


def test_add_copies_a_repeated_name_once(offered: Registry, project: Path) -> None:
    assert add(offered, ["greet", "greet"]) == ["greet.py: added"]
    assert list(project.iterdir()) == [project / "greet.py"]


def test_plan_writes_nothing(offered: Registry, project: Path) -> None:
    project_copy.additions(offered, ["greet"], Path("new"), tests=True, force=False)
    assert list(project.iterdir()) == []


def test_add_overwrites_only_with_force(offered: Registry, project: Path) -> None:
    (project / "greet.py").write_text("mine\n", encoding="utf-8")
    message = "greet.py: exists with another text; see `pleasestop diff`, or replace it with --force.\nNothing was"
    with pytest.raises(PleaseStopError, match=re.escape(message)):
        add(offered, ["leave", "greet"])
    assert content_of(project) == {project / "greet.py": b"mine\n"}
    assert add(offered, ["leave", "greet"], force=True) == ["leave.py: added", "greet.py: replaced"]
    assert (project / "greet.py").read_text(encoding="utf-8") == text("1.1.0")


def test_add_refuses_a_path_that_cannot_be_a_file(offered: Registry, project: Path) -> None:
    (project / "file").write_text("x", encoding="utf-8")
    with pytest.raises(PleaseStopError, match="file: is not a folder; name one with --to"):
        add(offered, ["greet"], Path("file"))
    with pytest.raises(PleaseStopError, match=r"greet\.py: Not a directory; nothing was written"):
        add(offered, ["greet"], Path("file/below"))
    (project / "greet.py").mkdir()
    with pytest.raises(PleaseStopError, match=r"greet\.py: exists with another text"):
        add(offered, ["greet"], force=True)


def test_no_link_is_followed_out_of_the_folder(offered: Registry, project: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.py"
    (project / "greet.py").symlink_to(outside)
    with pytest.raises(PleaseStopError, match=r"greet\.py: is a link that leads out of \."):
        add(offered, ["greet"], force=True)
    assert not outside.exists()
    outside.write_text(text("1.0.0"), encoding="utf-8")
    with pytest.raises(PleaseStopError, match="leads out"):
        update(offered)
    assert outside.read_text(encoding="utf-8") == text("1.0.0")


def test_add_follows_a_link_within_the_folder(offered: Registry, project: Path) -> None:
    (project / "greet.py").symlink_to("real.py")
    assert add(offered, ["greet"]) == ["greet.py: added"]
    assert (project / "greet.py").is_symlink()
    assert (project / "real.py").read_text(encoding="utf-8") == text("1.1.0")


@pytest.mark.parametrize("target", ["there", "a/b"])
def test_interruption_undoes_what_was_written(
    offered: Registry, project: Path, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    (project / "there").mkdir()
    (project / "there/greet.py").write_text("mine\n", encoding="utf-8")
    before = content_of(project)
    interrupt_second_write(monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        add(offered, ["greet", "leave"], Path(target), tests=True, force=True)
    assert content_of(project) == before


def test_full_disk_leaves_nothing(offered: Registry, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    atomic_write = files.atomic_write

    def write(path: Path, content: str | bytes) -> None:
        if path.name == "leave.py":
            raise OSError(28, "No space left on device")
        atomic_write(path, content)

    monkeypatch.setattr(files, "atomic_write", write)
    with pytest.raises(PleaseStopError, match=r"leave\.py: No space left on device; nothing was written\.$"):
        add(offered, ["greet", "leave"])
    assert list(project.iterdir()) == []


# Comparing.

STATES = {
    "unmodified": text("1.1.0"),
    "outdated": text("1.0.0"),
    "edited": text("1.1.0").replace("good day", "hi"),
    "edited and outdated": text("1.0.0").replace("hello", "hi"),
    "unknown": text("1.0.0").replace("1.0.0", "1.0.7"),
}


@pytest.mark.parametrize("crlf", [False, True], ids=["lf", "crlf"])
@pytest.mark.parametrize("state", STATES)
def test_copy_is_recognised_by_its_header(offered: Registry, project: Path, state: str, crlf: bool) -> None:
    (project / "src").mkdir()
    content = STATES[state].replace("\n", "\r\n") if crlf else STATES[state]
    (project / "src/renamed.py").write_bytes(content.encode())
    [copy] = project_copy.find(HERE, offered)
    assert (copy.path, copy.state, copy.crlf, copy.text) == (Path("src/renamed.py"), state, crlf, STATES[state])


def test_detail_names_the_versions_or_the_reason(offered: Registry, project: Path) -> None:
    for name, content in (
        ("a.py", STATES["edited"]),
        ("b.py", STATES["outdated"]),
        ("c.py", text("1.0.0", "great")),
        ("d.py", text("1.0.0").replace("1.0.0", "1.0")),
        ("e.py", text("1.0.0").replace("1.0.0", "3.0.0")),
    ):
        (project / name).write_text(content, encoding="utf-8")
    assert verify(offered) == [
        "a.py: edited (greet 1.1.0)",
        "b.py: outdated (greet 1.0.0, the newest is 1.1.0)",
        "c.py: unknown (no recipe is called great. Nearest: greet.)",
        "d.py: unknown (greet has no release 1.0; the newest is 1.1.0)",
        "e.py: unknown (greet has no release 3.0.0; the newest is 1.1.0)",
    ]
    assert "c.py: no recipe is called great. Nearest: greet.\n" in diff(offered)
    assert "c.py: left as it is: no recipe is called great. Nearest: greet." in update(offered)


def test_names_select_copies_and_find_one_without_its_header(offered: Registry, project: Path) -> None:
    (project / "leave.py").write_text(text("1.0.0", "leave"), encoding="utf-8")
    (project / "greet.py").write_text("def greet() -> None: ...\n", encoding="utf-8")
    assert verify(offered) == ["leave.py: unmodified (leave 1.0.0)"]
    reason = "it has no header with the name and the version of a recipe"
    assert verify(offered, "greet") == [f"greet.py: unknown ({reason})"]
    with pytest.raises(PleaseStopError, match=r"^no recipe is called great\. Nearest: greet\.$"):
        verify(offered, "great")


def test_check_of_nothing_does_not_pass(offered: Registry, project: Path) -> None:
    for folder in (".hidden", "node_modules", "venv/lib"):
        (project / folder).mkdir(parents=True)
        (project / folder / "greet.py").write_text(text("1.1.0"), encoding="utf-8")
    (project / "venv/pyvenv.cfg").touch()
    (project / "broken.py").symlink_to("gone.py")
    os.mkfifo(project / "pipe.py")
    (project / "other.py").write_bytes(b"\xff\xfe # not a recipe")
    with pytest.raises(PleaseStopError, match="holds no copy of a recipe; `pleasestop add NAME` makes one"):
        verify(offered)
    with pytest.raises(PleaseStopError, match="holds no copy of greet or leave"):
        verify(offered, "leave", "greet")


def test_copy_in_another_encoding_is_refused(offered: Registry, project: Path) -> None:
    (project / "greet.py").write_bytes(text("1.0.0").replace("hello", "grüezi").encode("latin-1"))
    with pytest.raises(PleaseStopError, match=r"greet\.py: is not written in UTF-8; save it as UTF-8"):
        verify(offered)


# Differences and updates.


def test_diff_shows_edits_and_what_is_new(offered: Registry, project: Path) -> None:
    path = project / "greet.py"
    path.write_text(STATES["unmodified"], encoding="utf-8")
    assert diff(offered) == ""
    path.write_text(STATES["edited"], encoding="utf-8")
    assert diff(offered).startswith("--- greet 1.1.0\n+++ greet.py\n")
    assert '-    return "good day"\n+    return "hi"\n' in diff(offered)
    path.write_text(STATES["outdated"], encoding="utf-8")
    assert diff(offered).startswith("--- greet 1.0.0\n+++ greet 1.1.0\n")
    path.write_text(STATES["edited and outdated"], encoding="utf-8")
    edits, news = "--- greet 1.0.0\n+++ greet.py\n", "--- greet 1.0.0\n+++ greet 1.1.0\n"
    assert diff(offered).index(edits) < diff(offered).index(news)


def test_diff_shows_a_form_feed_and_a_missing_last_line_feed(offered: Registry, project: Path) -> None:
    (project / "greet.py").write_text(text("1.1.0").replace("import os", "import\x0cos"), encoding="utf-8")
    assert "-import os\n+import\x0cos\n" in diff(offered)
    (project / "greet.py").write_text(text("1.1.0").removesuffix("\n"), encoding="utf-8")
    last = "HERE = os.getcwd()\n"
    assert diff(offered).endswith(f"-{last}+{last}\\ No newline at end of file\n")


@pytest.mark.parametrize("ending", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_update_replaces_an_outdated_copy(offered: Registry, project: Path, ending: str) -> None:
    path = project / "greet.py"
    path.write_bytes(text("1.0.0").replace("\n", ending).encode())
    path.chmod(0o640)
    project_copy.update(offered, *project_copy.find(HERE, offered))
    assert path.read_bytes() == text("1.0.0").replace("\n", ending).encode()
    assert update(offered) == ["greet.py: 1.0.0 replaced by 1.1.0"]
    assert path.read_bytes() == text("1.1.0").replace("\n", ending).encode()
    assert path.stat().st_mode & 0o777 == 0o640
    assert update(offered) == ["greet.py: is the newest release"]


def test_update_leaves_an_edited_copy_of_the_newest_release(offered: Registry, project: Path) -> None:
    (project / "greet.py").write_text(STATES["edited"], encoding="utf-8")
    assert update(offered) == ["greet.py: left as it is: edited, not outdated"]
    assert (project / "greet.py").read_text(encoding="utf-8") == STATES["edited"]


def test_update_merges_edits(offered: Registry, project: Path) -> None:
    def edited(version: str) -> str:
        return text(version).replace("import os\n", "import os\nimport sys\n") + "THERE = sys.path\n"

    (project / "greet.py").write_text(edited("1.0.0"), encoding="utf-8")
    assert update(offered) == ["greet.py: your changes to 1.0.0 merged into 1.1.0"]
    assert (project / "greet.py").read_text(encoding="utf-8") == edited("1.1.0")
    assert verify(offered) == ["greet.py: edited (greet 1.1.0)"]


def test_update_marks_and_counts_conflicts(offered: Registry, project: Path) -> None:
    path = project / "greet.py"
    path.write_text(STATES["edited and outdated"], encoding="utf-8")
    step = project_copy.update(offered, *project_copy.find(HERE, offered))
    assert step.conflicts == 1
    detail = "your changes to 1.0.0 merged into 1.1.0, with 1 conflict: edit the lines between <<<<<<< and >>>>>>>"
    assert update(offered) == [f"greet.py: {detail}"]
    conflict = '<<<<<<< yours\n    return "hi"\n=======\n    return "good day"\n>>>>>>> greet 1.1.0\n'
    assert conflict in path.read_text(encoding="utf-8")
    step = project_copy.update(offered, *project_copy.find(HERE, offered))
    assert (step.text, step.conflicts) == (None, 0)


def test_update_over_several_releases(site: Path, folder: Path, project: Path) -> None:
    release(folder, "2.0.0")
    publish(folder.parent)
    (project / "greet.py").write_text(text("1.0.0") + "MINE = 1\n", encoding="utf-8")
    newer = registry.from_url(site.as_uri())
    assert update(newer) == ["greet.py: your changes to 1.0.0 merged into 2.0.0"]
    assert (project / "greet.py").read_text(encoding="utf-8") == text("2.0.0") + "MINE = 1\n"
