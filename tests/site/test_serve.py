"""`serve`: it starts whatever is wrong, shows what is wrong in its place, and shows what was saved."""

import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from scratch_project import Scratch

CONFIG = """
site_name: x
theme: {name: mkdocs}
plugins: [pleasestop]
markdown_extensions: [pymdownx.superfences, pleasestop]
watch: [snippets]
nav: [index.md, other.md]
"""


@dataclass
class Served:
    """A site that is served: its address, and the file that holds what the server prints."""

    address: str
    log: Path

    def shows(self, page: str, *texts: str, absent: str = "") -> None:
        """Wait until a page holds some texts, and not another one."""
        html, deadline = "", time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(self.address + page, timeout=60) as answer:
                    html = answer.read().decode()
            except urllib.error.URLError:
                pass
            else:
                if all(text in html for text in texts) and not (absent and absent in html):
                    return
            time.sleep(0.05)
        pytest.fail(f"{page} never showed {texts} without {absent!r}:\n{html}\n{self.log.read_text(encoding='utf-8')}")


def save(path: Path, text: str) -> None:
    """Write a file with a time of change that is newer than the last build's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def served(scratch: Scratch) -> Iterator[Served]:
    """A project with faults of every kind, served."""
    scratch.write("print('hello')\n")
    scratch.write("print('draft')\n", name="no_output", approve=False)
    save(scratch.root / "snippets/page/broken.py", '"""It holds."""\ndef broken(:\n')
    save(scratch.root / "mkdocs.yml", CONFIG)
    blocks = "".join(f"/// snippet | {name}\n///\n\n" for name in ("try_it", "no_output", "broken", "missing"))
    save(scratch.root / "docs/index.md", f"# One\n\n{blocks}")
    save(scratch.root / "docs/other.md", "# Other\n\nIts text.\n")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    log = scratch.root / "log.txt"
    with log.open("w") as out:
        command = [sys.executable, "-m", "pleasestop", "serve", "-a", address]
        process = subprocess.Popen(command, cwd=scratch.root, stdout=out, stderr=subprocess.STDOUT)
        try:
            yield Served(f"http://{address}/", log)
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(60) == 0


def test_every_page_is_shown_with_its_faults_and_what_is_saved_appears(served: Served, scratch: Scratch) -> None:
    faults = [
        "has no approved output",
        "python dev.py approve no_output",
        "broken.py:2:",
        "no snippet is called missing",
    ]
    served.shows("", "hello", "draft", *faults)
    served.shows("other/", "Its text.")
    lines = served.log.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("docs/index.md:12: no snippet is called missing")] != []
    assert sum("broken.py:2:" in line for line in lines) == 1, "a fault is reported once"
    assert not any("Traceback" in line for line in lines)

    program = scratch.root / "snippets/page/try_it.py"
    save(program, '"""It holds."""\n\nprint("good bye")\n')
    served.shows("", "good bye", "printed something else than approved", "python dev.py approve try_it")
    save(program, '"""It holds."""\n\nprint("hello")\n')
    served.shows("", "hello", absent="good bye")
    save(scratch.root / "docs/other.md", "# Other\n\nAnother text.\n")
    served.shows("other/", "Another text.")


def test_a_port_that_is_taken_is_named(scratch: Scratch) -> None:
    save(scratch.root / "mkdocs.yml", CONFIG)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        command = [sys.executable, "-m", "pleasestop", "serve", "-a", address]
        done = subprocess.run(command, cwd=scratch.root, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(f"Error: {address}: cannot listen there")
    assert "python dev.py serve -a 127.0.0.1:8001" in done.stderr
