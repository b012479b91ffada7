"""A small project to show on pages."""

from pathlib import Path

import pytest

from pleasestop.project import project_at
from scratch_project import Scratch


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scratch:
    """An empty project, in the current folder."""
    monkeypatch.chdir(tmp_path)
    project_at.cache_clear()  # it knows projects by their folder, and all tests are in "."
    return Scratch(tmp_path)
