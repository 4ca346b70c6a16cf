"""Makes the release: dist/restaurant-<version>.zip and its entry in dist/manifest.json.

The zip has one folder, `restaurant`, with the run-time files alone, and printer-pi with
its installer among the static files: a machine beside a printer gets both from the
server that it prints for. The same files make the same bytes on every machine: names
in order, one fixed date, nothing compressed.

    dev/dist.py [BASE_URL]    where the zip will be downloaded from; else the project's
                              release page
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from staging import EXTENSION, REPO, runtime_files

DIST = REPO / "dist"
# The earliest date a zip can say.
FIXED_DATE = (1980, 1, 1, 0, 0, 0)
FIXED_DATE_SECONDS = "315532800"
PRINTER_PI = REPO / "printer_pi"
SERVED = "static/printer-pi"
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
    """The run-time files, and printer-pi to download, as (path, content)."""
    own = [(path.as_posix(), (REPO / path).read_bytes()) for path in runtime_files()]
    installer = (f"{SERVED}/install.sh", (PRINTER_PI / "install.sh").read_bytes())
    with tempfile.TemporaryDirectory() as folder:
        wheel = printer_pi_wheel(Path(folder))
        return [*own, installer, (f"{SERVED}/{wheel.name}", wheel.read_bytes())]


def printer_pi_wheel(folder: Path) -> Path:
    """printer-pi as a wheel; from a copy, since the builder leaves files behind."""
    source = folder / "source"
    left_out = shutil.ignore_patterns("build", "*.egg-info", "__pycache__", "tests")
    shutil.copytree(PRINTER_PI, source, ignore=left_out)
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"),
            *("--no-build-isolation", "--no-index", "--wheel-dir", str(folder)),
            str(source),
        ],
        check=True,
        env={**os.environ, "SOURCE_DATE_EPOCH": FIXED_DATE_SECONDS},
    )
    [wheel] = folder.glob("*.whl")
    return wheel


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
