"""Write files and folders so that a reader sees all of the new content or all of the old."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from pleasestop.messages import PleaseStopError


def atomic_write(path: Path, content: str | bytes) -> None:
    """Replace the file at `path` atomically; a text is written as UTF-8. Raises OSError."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".new")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


@contextmanager
def atomic_folder(folder: Path) -> Iterator[Path]:
    """Yield a temporary path that becomes `folder` when the block succeeds.

    If another process creates `folder` first, that folder stays and this one is discarded.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as parent:
        temporary = Path(parent) / "folder"
        yield temporary
        with suppress(OSError):
            temporary.rename(folder)


def write_all(texts: Mapping[Path, str]) -> None:
    """Write several files and create their folders; if one cannot be written, undo the others.

    Each file is replaced atomically. An error or an interruption (Ctrl-C) between two files
    restores what was there before. Raises `PleaseStopError` that names the file.
    """
    before: dict[Path, tuple[bytes, int] | None] = {}
    created: list[Path] = []
    target = Path()
    try:
        for target, text in texts.items():
            created += [parent for parent in target.parents if not parent.exists()]
            target.parent.mkdir(parents=True, exist_ok=True)
            before[target] = (target.read_bytes(), target.stat().st_mode) if target.exists() else None
            atomic_write(target, text)
            if (kept := before[target]) is not None:
                target.chmod(kept[1])
    except BaseException as error:
        for path, kept in before.items():
            with suppress(OSError):
                path.unlink() if kept is None else path.write_bytes(kept[0])
        for folder in created:  # the deepest first
            with suppress(OSError):
                folder.rmdir()
        if isinstance(error, OSError):
            raise PleaseStopError(f"{target}: {error.strerror}; nothing was written.") from None
        raise
