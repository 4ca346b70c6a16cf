"""Makes the release: dist/restaurant-<version>.zip and its entry in dist/manifest.json.

The zip has one folder, `restaurant`, with the run-time files alone. The same files make
the same bytes on every machine: names in order, one fixed date, nothing compressed.

    dev/dist.py [BASE_URL]    where the zip will be downloaded from; else the project's
                              release page
"""

from __future__ import annotations

import hashlib
import json
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from staging import EXTENSION, REPO, runtime_files

DIST = REPO / "dist"
# The earliest date a zip can say.
FIXED_DATE = (1980, 1, 1, 0, 0, 0)
PLAIN_FILE = 0o100644 << 16


def read_json(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text())
    return content


def write_zip(target: Path, files: Iterable[tuple[str, bytes]]) -> str:
    """Write (path, content) pairs below one top folder; answers the zip's sha256."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for path, content in sorted(files):
            entry = zipfile.ZipInfo(f"{EXTENSION}/{path}", FIXED_DATE)
            entry.create_system = 3  # Unix, wherever this runs
            entry.external_attr = PLAIN_FILE
            archive.writestr(entry, content)
    return hashlib.sha256(target.read_bytes()).hexdigest()


def release_files() -> list[tuple[str, bytes]]:
    """The run-time files as (path, content)."""
    return [(path.as_posix(), (REPO / path).read_bytes()) for path in runtime_files()]


def manifest_entry(config: dict[str, Any], archive: str, sha256: str) -> dict[str, Any]:
    """The release as LNbits reads it from a manifest."""
    return {
        "id": EXTENSION,
        "name": config["name"],
        "version": config["version"],
        "short_description": config["short_description"],
        "icon": config["tile"],
        "archive": archive,
        "hash": sha256,
        "min_lnbits_version": config["min_lnbits_version"],
    }


def release_page(version: str) -> str:
    """Where the project's releases are downloaded from."""
    [repo] = read_json(REPO / "manifest.json")["repos"]
    project = f"{repo['organisation']}/{repo['repository']}"
    return f"https://github.com/{project}/releases/download/v{version}"


def make_release(folder: Path, base_url: str = "") -> Path:
    """Write zip and manifest.json into `folder`; answers the zip."""
    config = read_json(REPO / "config.json")
    name = f"{EXTENSION}-{config['version']}.zip"
    sha256 = write_zip(folder / name, release_files())
    base = base_url.rstrip("/") or release_page(config["version"])
    entry = manifest_entry(config, f"{base}/{name}", sha256)
    manifest = {"extensions": [entry], "repos": []}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
    return folder / name


if __name__ == "__main__":
    made = make_release(DIST, *sys.argv[1:2])
    print(f"{made.relative_to(REPO)}  {made.stat().st_size} bytes")
    print(f"sha256 {hashlib.sha256(made.read_bytes()).hexdigest()}")
