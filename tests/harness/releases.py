"""Releases on a shelf: zips and a manifest served on loopback, as LNbits installs them.

Besides the real release there are made-up older ones: this checkout under a lower
version with only its first migrations, which is how an installation of that age looks.
"""

from __future__ import annotations

import functools
import json
import re
import shutil
import tempfile
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import dist
from harness.server import Server

MIGRATION = re.compile(r"^async def m\d\d\d_", re.MULTILINE)


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Stay quiet."""


class Shelf:
    """`with Shelf() as shelf:` an empty manifest; `add_*` puts releases on it."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="restaurant-shelf-"))
        self.entries: list[dict[str, Any]] = []
        handler = functools.partial(QuietHandler, directory=str(self.folder))
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.manifest_url = f"{self.url}/manifest.json"
        self._publish()

    def __enter__(self) -> Shelf:
        Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def add_this_release(self) -> str:
        """What `make dist` makes; answers its version."""
        dist.make_release(self.folder, self.url)
        made = dist.read_json(self.folder / "manifest.json")
        [entry] = made["extensions"]
        return self._add(entry)

    def add_older_release(self, version: str, migrations: int | None = None) -> str:
        """This code as `version`, with its first `migrations` only (None: all)."""
        files = dict(dist.release_files())
        config = {**json.loads(files["config.json"]), "version": version}
        files["config.json"] = json.dumps(config).encode()
        schema = files["migrations.py"].decode()
        files["migrations.py"] = first_migrations(schema, migrations).encode()
        name = f"restaurant-{version}.zip"
        sha256 = dist.write_zip(self.folder / name, files.items())
        return self._add(dist.manifest_entry(config, f"{self.url}/{name}", sha256))

    def spoil(self, version: str) -> None:
        """Change a byte of a release after its hash was published."""
        path = self.folder / f"restaurant-{version}.zip"
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)

    def _add(self, entry: dict[str, Any]) -> str:
        self.entries.append(entry)
        self._publish()
        return str(entry["version"])

    def _publish(self) -> None:
        manifest = {"extensions": self.entries, "repos": []}
        (self.folder / "manifest.json").write_text(json.dumps(manifest))


def first_migrations(source: str, count: int | None) -> str:
    """The text of migrations.py up to and including its first `count` migrations."""
    starts = [match.start() for match in MIGRATION.finditer(source)]
    if count is None or count >= len(starts):
        return source
    return source[: starts[count]]


def a_bare_server(shelf: Shelf, database_url: str | None) -> Server:
    """An LNbits without the extension that looks for releases on the shelf."""
    manifests = json.dumps([shelf.manifest_url])
    environment = {"LNBITS_EXTENSIONS_MANIFESTS": manifests}
    return Server(environment=environment, database_url=database_url, extension=False)


def install(server: Server, shelf: Shelf, version: str) -> Any:
    """Install or upgrade to `version` through LNbits' own API; the raw answer."""
    body = {
        "ext_id": "restaurant",
        "version": version,
        "archive": f"{shelf.url}/restaurant-{version}.zip",
        "source_repo": shelf.manifest_url,
    }
    return server.http.post("/api/v1/extension", headers=server.admin, json=body)
