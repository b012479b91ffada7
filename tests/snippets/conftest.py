"""A folder of snippets for each test."""

from pathlib import Path

import pytest

from snippet_folder import Folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """An empty folder of snippets."""
    return Folder(tmp_path / "snippets")
