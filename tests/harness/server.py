"""A real LNbits server of its own for one test: data folder, port, users, wallets.

Plain blocking HTTP: these tests look at the server from outside.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx

import staging
from harness import free_port
from harness.environment import lnbits_environment, new_folder
from lnbits_process import LnbitsProcess

ADMIN = {"username": "admin", "password": "secret1234"}
HTTP_SECONDS = 120
NOT_LOADED = "Could not load extension `restaurant`"


@dataclass
class ServerWallet:
    """A wallet on a server, with its user's name and password for the browser."""

    id: str
    adminkey: str
    inkey: str
    user: str
    username: str
    password: str

    @property
    def admin(self) -> dict[str, str]:
        """Header of the owner."""
        return {"X-Api-Key": self.adminkey}

    @property
    def invoice(self) -> dict[str, str]:
        """Header of the reader."""
        return {"X-Api-Key": self.inkey}


class Server:
    """`with Server() as server:` starts LNbits with the extension, then ends it all.

    `environment` adds LNbits settings. `database_url` (postgres://…) replaces SQLite.
    `node` makes another Server's wallet the funding source (LNbitsWallet).
    `extension=False` leaves the extension out. `home` is kept when you pass one.
    """

    def __init__(
        self,
        *,
        environment: dict[str, str] | None = None,
        database_url: str | None = None,
        node: ServerWallet | None = None,
        node_url: str = "",
        price_url: str = "",
        extension: bool = True,
        home: Path | None = None,
    ) -> None:
        self.keep_home = home is not None
        self.home = home or new_folder("restaurant-server-")
        settings = lnbits_environment(self.home, database_url)
        if price_url:
            settings["LNBITS_PRICE_AGGREGATOR_ENABLED"] = "true"
            settings["LNBITS_PRICE_AGGREGATOR_URL"] = price_url
        if node:
            settings["LNBITS_BACKEND_WALLET_CLASS"] = "LNbitsWallet"
            settings["LNBITS_ENDPOINT"] = node_url
            settings["LNBITS_KEY"] = node.adminkey
        settings.update(environment or {})
        (self.home / "data").mkdir(parents=True, exist_ok=True)
        if extension:
            staging.copy_extension(self.home / "ext/extensions")
        self.process = LnbitsProcess(settings, free_port(), self.home / "server.log")
        self.http = httpx.Client(base_url=self.url, timeout=HTTP_SECONDS)
        self.admin: dict[str, str] = {}
        self.numbers = count(1)

    @property
    def url(self) -> str:
        return self.process.url

    @property
    def log(self) -> str:
        """Everything it has said so far."""
        return self.process.log.read_text(errors="replace")

    def start(self) -> Server:
        """Start, install or log in as admin (`self.admin` is the header)."""
        self.process.start()
        failed = [line for line in self.log.splitlines() if NOT_LOADED in line]
        if failed:
            self.process.stop()
            raise RuntimeError(failed[-1])
        answer = self.http.put(
            "/api/v1/auth/first_install",
            json={**ADMIN, "password_repeat": ADMIN["password"]},
        )
        if answer.status_code == 403:  # restarted on its old data
            answer = self.http.post("/api/v1/auth", json=ADMIN)
        token = _body(answer)["access_token"]
        self.http.cookies.clear()
        self.admin = {"Authorization": f"Bearer {token}"}
        return self

    def stop(self) -> None:
        """End it in good order, both processes; the data stay for a `start()`."""
        self.process.stop()

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self.process.kill()

    def restart(self) -> None:
        self.stop()
        self.start()

    def close(self) -> None:
        """Stop and throw the data away."""
        self.stop()
        self.http.close()
        if not self.keep_home:
            shutil.rmtree(self.home, ignore_errors=True)

    def __enter__(self) -> Server:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind:
            print(self.process.log_end())
        self.close()

    def make_wallet(
        self, sats: int = 0, extensions: tuple[str, ...] = ("restaurant",)
    ) -> ServerWallet:
        """A new user with the extension enabled, and the user's funded wallet.

        Hashing the password takes the server a quarter of a second.
        """
        name, password = f"user{next(self.numbers)}", "secret1234"
        user = self.call(
            "POST", "/users/api/v1/user", self.admin,
            {"username": name, "password": password, "password_repeat": password,
             "extensions": list(extensions)},
        )  # fmt: skip
        path = f"/users/api/v1/user/{user['id']}/wallet"
        [wallet, *_] = self.call("GET", path, self.admin)
        return self._funded(wallet, sats, name, password)

    def make_keys(self, sats: int = 0) -> ServerWallet:
        """The funded wallet of a new user who never logs in: its keys are all."""
        wallet = self.call("POST", "/api/v1/account", {}, {"name": "test"})
        return self._funded(wallet, sats)

    def _funded(
        self, wallet: dict[str, Any], sats: int, name: str = "", password: str = ""
    ) -> ServerWallet:
        if sats:
            self.top_up(wallet["id"], sats)
        keys = (wallet["id"], wallet["adminkey"], wallet["inkey"])
        return ServerWallet(*keys, wallet["user"], name, password)

    def top_up(self, wallet_id: str, sats: int) -> None:
        """Credit a wallet as LNbits' super user may."""
        body = {"id": wallet_id, "amount": sats}
        self.call("PUT", "/users/api/v1/balance", self.admin, body)

    def pay(self, bolt11: str, wallet: ServerWallet) -> Any:
        """Pay an invoice from a wallet of this server."""
        body = {"out": True, "bolt11": bolt11}
        return self.call("POST", "/api/v1/payments", wallet.admin, body)

    def call(
        self, method: str, path: str, headers: dict[str, str], body: Any = None
    ) -> Any:
        """One HTTP call that must succeed; answers the JSON body."""
        return _body(self.http.request(method, path, headers=headers, json=body))


def _body(answer: httpx.Response) -> Any:
    assert answer.is_success, (
        f"{answer.request.url}: {answer.status_code} {answer.text}"
    )
    return answer.json() if answer.content else None
