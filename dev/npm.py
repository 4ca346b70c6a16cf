"""Fonts out of pinned packages of the npm registry, as `fonts.json` lists them."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path

LIST = Path(__file__).parent / "fonts.json"
LICENCE = "LICENSE_FONT"


@dataclass(frozen=True)
class Font:
    """One font of a package: its path there, our file's name, what is kept of it."""

    path: str
    name: str
    unicodes: str
    features: str


@dataclass(frozen=True)
class Package:
    """One release; ``integrity`` is the registry's own SHA-512 of it."""

    package: str
    version: str
    integrity: str
    fonts: tuple[Font, ...]

    def files(self, cache: Path) -> dict[str, bytes]:
        """Its fonts by our names, and ``LICENSE_FONT``. SystemExit when what was
        downloaded is not what is pinned."""
        archive = self._download(cache)
        digest = hashlib.sha512(archive.read_bytes()).digest()
        found = "sha512-" + base64.b64encode(digest).decode()
        if found != self.integrity:
            raise SystemExit(f"{self.package} is {found}, not {self.integrity}")
        wanted = {LICENCE: LICENCE, **{font.path: font.name for font in self.fonts}}
        contents = {}
        with tarfile.open(archive) as package:
            for path, name in wanted.items():
                member = package.extractfile(f"package/{path}")
                if member is None:
                    raise SystemExit(f"{self.package} has no {path}")
                contents[name] = member.read()
        return contents

    def _download(self, cache: Path) -> Path:
        stem = self.package.strip("@").replace("/", "-")
        archive = cache / f"{stem}-{self.version}.tgz"
        if not archive.exists():
            cache.mkdir(parents=True, exist_ok=True)
            command = ("npm", "pack", "--silent", f"{self.package}@{self.version}")
            subprocess.run(command, cwd=cache, check=True, stdout=subprocess.DEVNULL)
        return archive


def packages(group: str) -> list[Package]:
    """What is ``bundled``, or in the ``pack``."""
    listed = json.loads(LIST.read_text("utf-8"))[group]
    return [
        Package(
            entry["package"],
            entry["version"],
            entry["integrity"],
            tuple(Font(**font) for font in entry["fonts"]),
        )
        for entry in listed
    ]
