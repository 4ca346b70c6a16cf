"""A real LNbits with this checkout inside, in the test's own process and loop.

`prepare()` must run before the first import of lnbits: its settings are read then.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import staging
from harness.environment import lnbits_environment, new_folder
from harness.postgres import Postgres
from lnbits_process import lnbits_parent


@dataclass
class Wallet:
    """A wallet of a user of its own who has the extension enabled."""

    id: str
    adminkey: str
    inkey: str
    user: str

    @property
    def admin(self) -> dict[str, str]:
        """Header of the owner."""
        return {"X-Api-Key": self.adminkey}

    @property
    def invoice(self) -> dict[str, str]:
        """Header of the reader."""
        return {"X-Api-Key": self.inkey}


def prepare() -> Path:
    """Lay out data and extension folders, set the environment; answers the folder.

    RESTAURANT_TEST_DB=postgres starts a PostgreSQL of its own until the process ends.
    """
    if "lnbits" in sys.modules:
        raise RuntimeError("lnbits was imported before its test environment was set")
    home = new_folder("restaurant-test-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    (home / "data").mkdir()
    staging.copy_extension(home / "ext/extensions")
    os.environ.update(lnbits_environment(home, new_database()))
    os.chdir(lnbits_parent())
    # LNbits appends this path; first, it beats any other folder called restaurant.
    sys.path.insert(0, str(home / "ext/extensions"))
    return home


def new_database() -> str | None:
    """URL of a new empty PostgreSQL database, None when this run is on SQLite."""
    if os.environ.get("RESTAURANT_TEST_DB") != "postgres":
        return None
    return _cluster().database()


@cache
def _cluster() -> Postgres:
    server = Postgres().start()
    atexit.register(server.stop)
    return server
