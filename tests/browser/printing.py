"""The machines of the printing tests, as the server sees them: a paired computer with
its printers, and a printer that asks by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

from browser.staff import Desk
from harness import API


@dataclass
class Machine:
    """A paired machine. It talks over HTTP alone, as printer-pi does."""

    desk: Desk
    token: str

    def ask(self, path: str, body: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"}
        url = f"{API}{path}"
        return self.desk.server.http.post(url, headers=headers, json=body)

    def tell(self, name: str, **status: Any) -> None:
        """How the printer of this name is."""
        body = {"printers": [{"name": name, **status}]}
        answer = self.ask(f"/restaurants/{self.desk.id}/printers/status", body)
        assert answer.status_code == 200, answer.text

    def claim(self, name: str, *stations: str) -> dict[str, Any] | None:
        """The next job for its printer of this name, of these stations (none: all)."""
        body: dict[str, Any] = {"printers": [name], "format": "escpos"}
        if stations:
            body["stations"] = list(stations)
        answer = self.ask(f"/restaurants/{self.desk.id}/print_jobs/claim", body)
        assert answer.status_code in (200, 204), answer.text
        return dict(answer.json()) if answer.content else None

    def print(self, name: str) -> dict[str, Any] | None:
        """Take the next job and say that its paper is out."""
        job = self.claim(name)
        if job:
            lease = {"lease_token": job["lease_token"]}
            assert self.ask(f"/print_jobs/{job['id']}/start", lease).is_success
            headers = {"Authorization": f"Bearer {self.token}"}
            url = f"{API}/print_jobs/{job['id']}/ack"
            http = self.desk.server.http
            assert http.put(url, headers=headers, json=lease).is_success
        return job


def show_code(desk: Desk, name: str, *printers: dict[str, Any]) -> dict[str, Any]:
    """A machine asks for a code, which it shows: answers id, secret and code."""
    body = {"name": name, "printers": list(printers)}
    made: dict[str, Any] = desk.server.call("POST", f"{API}/pairings", {}, body)
    return made


def collect(desk: Desk, pairing: dict[str, Any]) -> Machine:
    """The machine fetches its token after staff typed in the code."""
    path = f"{API}/pairings/{pairing['id']}/collect"
    found = desk.server.call("POST", path, {}, {"secret": pairing["secret"]})
    return Machine(desk, found["token"])


def pair(desk: Desk, name: str, *printers: str) -> Machine:
    """A machine that the owner paired already, with printers of these names."""
    pairing = show_code(desk, name, *({"name": each} for each in printers))
    desk.once(f"/restaurants/{desk.id}/pairings", {"code": pairing["code"]})
    return collect(desk, pairing)


def printers_of(desk: Desk) -> dict[str, dict[str, Any]]:
    """The restaurant's printers by name."""
    found = desk.call("GET", f"/restaurants/{desk.id}/printers")["data"]
    return {each["name"]: each for each in found}


def jobs_of(desk: Desk, **search: str) -> list[dict[str, Any]]:
    query = "&".join(f"{name}={value}" for name, value in search.items())
    path = f"/restaurants/{desk.id}/print_jobs?{query}"
    found: list[dict[str, Any]] = desk.call("GET", path)["data"]
    return found
