"""Which outputs of older versions the workflow `prove` approves again."""

import subprocess
import sys
from pathlib import Path

from snippet_folder import Folder
from support import ROOT


def test_only_stale_outputs_of_older_versions_are_named(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "snippets")
    stale = "0123456789ab"
    outputs = {
        "one_output": {"": ""},
        "all_current": {"": "", "3.11": ""},
        "older_is_stale": {"": "", "3.12": "", "3.11": stale},
        "older_is_stale_and_no_newer_version_is_supported": {"3.13": "", "3.11": stale},
        "newest_is_stale": {"": stale, "3.11": stale},
        "only_newest_is_stale": {"": stale, "3.11": ""},
        "none_approved": {},
    }
    for name, fingerprints in outputs.items():
        snippet = folder.write(f"print({name!r})\n", name=name)
        for up_to, fingerprint in fingerprints.items():
            folder.approve(snippet, "printed\n", up_to, fingerprint)
    command = [sys.executable, str(ROOT / "tools/stale_outputs.py"), str(tmp_path)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert printed == ["older_is_stale", "older_is_stale_and_no_newer_version_is_supported"]
