"""The commands that bring recipes into a project, and that they need click and packaging only."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from pleasestop.cli import COMMANDS, main


def call(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, list(words))
    return done.exit_code, done.output


def test_add_then_verify(tmp_path: Path) -> None:
    target = tmp_path / "src/mine"
    assert call("add", "finish", "--to", str(target), "--with-tests") == (
        0,
        f"{target}/finish.py: added\n{target}/test_finish.py: added\n",
    )
    status, text = call("verify", "--in", str(tmp_path))
    assert status == 0
    assert "finish.py: unmodified" in text


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    status, text = call("add", "finish", "--to", str(tmp_path), "--dry-run")
    assert status == 0
    assert text.startswith("A dry run, nothing is written:\n")
    assert list(tmp_path.iterdir()) == []


def test_the_worst_state_decides_the_exit_status(tmp_path: Path) -> None:
    call("add", "alarm", "finish", "--to", str(tmp_path))
    text = (tmp_path / "alarm.py").read_text(encoding="utf-8")
    old = Path(__file__).resolve().parents[2] / "snippets/recipes/alarm/releases/1.0.0.py"
    (tmp_path / "alarm.py").write_bytes(old.read_bytes())
    assert call("verify", "--in", str(tmp_path))[0] == 3
    (tmp_path / "finish.py").write_text(text.replace("alarm", "finish"), encoding="utf-8")
    assert call("verify", "--in", str(tmp_path))[0] == 4
    (tmp_path / "finish.py").unlink()
    assert call("update", "--in", str(tmp_path), "--dry-run")[0] == 0
    assert call("verify", "--in", str(tmp_path))[0] == 3
    assert call("update", "--in", str(tmp_path))[0] == 0
    assert call("verify", "--in", str(tmp_path))[0] == 0
    assert (tmp_path / "alarm.py").read_text(encoding="utf-8") == text


def test_conflicts_are_an_exit_status(tmp_path: Path) -> None:
    recipe = Path(__file__).resolve().parents[2] / "snippets/recipes/alarm"
    base = (recipe / "releases/1.0.0.py").read_text(encoding="utf-8").split("\n")
    new = (recipe / "alarm.py").read_text(encoding="utf-8").split("\n")
    changed = next(line for line in base if line not in new and not line.startswith("# Recipe"))
    mine = "\n".join(f"{line} # mine" if line == changed else line for line in base)
    (tmp_path / "alarm.py").write_text(mine, encoding="utf-8")
    status, text = call("update", "--in", str(tmp_path))
    assert status == 1
    assert "conflict" in text


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("add", "finnish"), "no recipe is called finnish. Nearest: finish"),
        (("verify", "--in", "gone"), "'gone' does not exist"),
        (("add", "finish", "--from", "ftp://x"), "is not the address of a site"),
    ],
)
def test_a_wrong_word_is_named(words: tuple[str, ...], message: str, tmp_path: Path) -> None:
    status, text = call(*words, *(["--to", str(tmp_path)] if words[0] == "add" else []))
    assert status in (1, 2)
    assert message in text


LIGHT = """
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in {allowed!r} and name.partition(".")[0] not in sys.stdlib_module_names:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Blocked())
from pleasestop.cli import main
main({words!r})
"""


def light(*words: str) -> subprocess.CompletedProcess[str]:
    """Call the program where only click and packaging can be imported."""
    program = LIGHT.format(allowed=["pleasestop", "click", "packaging"], words=list(words))
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)


def test_copying_needs_click_and_packaging_only(tmp_path: Path) -> None:
    assert light("add", "finish", "--to", str(tmp_path)).returncode == 0
    assert light("verify", "--in", str(tmp_path)).returncode == 0
    done = light("--help")
    assert all(name in done.stdout for commands in COMMANDS.values() for name in commands)
    done = light("check")
    assert done.returncode == 1
    assert "`check` needs the package" in done.stderr
    assert "pip install 'pleasestop[site]'" in done.stderr
