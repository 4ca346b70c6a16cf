"""Which files of this checkout are the extension, and how they reach LNbits.

Tests and the demo never point LNbits at the checkout itself: a folder that is
called `restaurant` is laid out beside it, copied or linked, with the run-time
files only. The release zip takes the same list.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

REPO = Path(__file__).resolve().parents[1]
EXTENSION = "restaurant"

RUNTIME_FOLDERS = (
    "adapters",
    "core",
    "features",
    "flows",
    "printer_pi",
    "static",
    "templates",
)
RUNTIME_FILES = ("config.json", "description.md", "LICENSE", "README.md")
# Beside what tools leave behind: the demo's pictures stay with the demo.
LEFT_OUT = {"__pycache__", "tests", "node_modules", "build", "dist", "demo"}


def runtime_entries() -> list[Path]:
    """The run-time files and folders at the top of the checkout, sorted."""
    named = [REPO / name for name in (*RUNTIME_FOLDERS, *RUNTIME_FILES)]
    return sorted([*REPO.glob("*.py"), *(path for path in named if path.exists())])


def runtime_files() -> Iterator[Path]:
    """Every run-time file, as a path relative to the checkout, sorted."""
    for entry in runtime_entries():
        if entry.is_file():
            yield entry.relative_to(REPO)
            continue
        for path in sorted(entry.rglob("*")):
            relative = path.relative_to(REPO)
            if path.is_file() and not _is_left_out(relative):
                yield relative


def _is_left_out(relative: Path) -> bool:
    hidden = any(part.startswith(".") for part in relative.parts)
    made = relative.suffix == ".pyc" or relative.parent.name.endswith(".egg-info")
    return hidden or made or bool(LEFT_OUT.intersection(relative.parts))


def copy_extension(extensions: Path) -> Path:
    """Copy the run-time files into `extensions`/restaurant; answers that folder."""
    target = extensions / EXTENSION
    for relative in runtime_files():
        (target / relative).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(REPO / relative, target / relative)
    return target


def link_extension(extensions: Path) -> Path:
    """Link the run-time entries into `extensions`/restaurant, so that an edit counts.

    The folder is laid anew; only links inside it are ever removed.
    """
    target = extensions / EXTENSION
    target.mkdir(parents=True, exist_ok=True)
    for old in target.iterdir():
        if old.is_symlink():
            old.unlink()
    for entry in runtime_entries():
        (target / entry.name).symlink_to(entry)
    return target


if __name__ == "__main__":
    link_extension(Path(sys.argv[1]).resolve())
