"""The environment of an LNbits under test, the same in-process and as a server."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM_BYTES = 2 << 30


def new_folder(prefix: str) -> Path:
    """A new temporary folder, in memory where Linux has much room there.

    Nothing is lost by it: a kill is among the crashes that the tests play, a power
    cut is not, and every commit waits for the disk. TMPDIR goes first.
    """
    in_memory = (
        not os.environ.get("TMPDIR")
        and os.access(MEMORY, os.W_OK)
        and shutil.disk_usage(MEMORY).free > ROOM_BYTES
    )
    return Path(tempfile.mkdtemp(prefix=prefix, dir=MEMORY if in_memory else None))


def lnbits_environment(home: Path, database_url: str | None = None) -> dict[str, str]:
    """LNbits' settings for a test that lives in `home` (data/ and ext/ inside it).

    No outside address, no rate limit, FakeWallet; SQLite unless `database_url`
    (postgres://…) says otherwise.
    """
    environment = {
        "LNBITS_DATA_FOLDER": str(home / "data"),
        "LNBITS_EXTENSIONS_PATH": str(home / "ext"),
        "LNBITS_BACKEND_WALLET_CLASS": "FakeWallet",
        "FAKE_WALLET_SECRET": "abc",
        "LNBITS_ADMIN_UI": "true",
        "AUTH_HTTPS_ONLY": "false",
        "AUTH_SECRET_KEY": "a secret for tests that no real server may ever use",
        "LNBITS_RATE_LIMIT_NO": "1000000",
        "ENABLE_LOG_TO_FILE": "false",
        "LNBITS_EXTENSIONS_MANIFESTS": "[]",
        "LNBITS_WASM_EXTENSIONS_MANIFESTS": "[]",
        "LNBITS_PRICE_AGGREGATOR_ENABLED": "false",
        "LNBITS_PRICE_AGGREGATOR_URL": "http://127.0.0.1:9",
        "LNBITS_EXCHANGE_RATE_PROVIDERS": "[]",
        "LNBITS_AUDIT_ENABLED": "false",
        "LNBITS_CALLBACK_URL_RULES": "[]",
    }
    # Empty means SQLite, also beside a test process that is on PostgreSQL itself.
    environment["LNBITS_DATABASE_URL"] = database_url or ""
    return environment
