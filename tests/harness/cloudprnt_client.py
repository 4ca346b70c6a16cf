"""A Star printer that speaks CloudPRNT over HTTP, as its maker's guide tells it.

It shares no code with the server. What comes out of it is on ``papers`` and
``kicks``; what goes wrong with it is switched on by tests.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import quote

from httpx import AsyncClient, Response
from PIL import Image

OK = "200 OK"


@dataclass(frozen=True)
class Paper:
    """What came out: the picture or the letters, and how it was cut off."""

    media: str
    data: bytes
    cut: str | None
    dither: str | None

    @property
    def picture(self) -> Image.Image:
        return Image.open(BytesIO(self.data))


@dataclass
class StarPrinter:
    """``knows_tokens``, ``answers`` and ``tells_printing`` are what old firmware
    lacks. ``status`` is what its next poll says."""

    http: AsyncClient
    url: str
    mac: str = "00:11:62:06:04:ff"
    status: str | None = OK
    takes: tuple[str, ...] = ("image/png", "text/plain")
    print_mm: str = "72"
    interval: str = "5"
    knows_tokens: bool = True
    answers: bool = True
    tells_printing: bool = True
    confirms_by_get: bool = False
    papers: list[Paper] = field(default_factory=list)
    kicks: int = 0
    buzzes: int = 0
    asked: list[str] = field(default_factory=list)

    async def poll(self, *, printing: bool = False, **also: Any) -> dict[str, Any]:
        """One poll; questions are answered by the next one, at once."""
        body: dict[str, Any] = {
            "status": "23 6 0 0 0 0 0 0 0 ",
            "printerMAC": self.mac,
            "statusCode": quote(self.status) if self.status is not None else None,
            "clientAction": None,
            **also,
        }
        if self.tells_printing:
            body["printingInProgress"] = printing
        response = await self.http.post(self.url, json=body)
        assert response.status_code == 200, response.text
        said: dict[str, Any] = response.json()
        assert not (said["jobReady"] and said.get("clientAction"))
        if self.answers and (questions := said.get("clientAction")):
            words = [question["request"] for question in questions]
            self.asked += words
            told = [{"request": w, "result": self._answer(w)} for w in words]
            return await self.poll(printing=printing, clientAction=told)
        return said

    def _answer(self, word: str) -> Any:
        page = {
            "paperWidth": "80",
            "printWidth": self.print_mm,
            "horizontalResolution": "8",
            "verticalResolution": "8",
        }
        return {
            "ClientType": "Star mC-Print3",
            "Encodings": "; ".join((*self.takes, "application/octet-stream")),
            "PageInfo": page,
            "GetPollInterval": self.interval,
        }[word]

    async def fetch(self, said: dict[str, Any], media: str | None = None) -> Response:
        """The job of a poll's answer; nothing is printed yet."""
        if media is None:
            media = next(m for m in said["mediaTypes"] if m in self.takes)
        query = {"type": media, "mac": self.mac, **self._token(said)}
        return await self.http.get(self.url, params=query)

    def print(self, job: Response) -> None:
        """Put a fetched job on paper."""
        assert job.status_code == 200, job.text
        if job.headers.get("X-Star-CashDrawer", "none") != "none":
            self.kicks += 1
        self.buzzes += int(job.headers.get("X-Star-Buzzerstartpattern", 0))
        if job.content.strip():
            self.papers.append(
                Paper(
                    job.headers["Content-Type"],
                    job.content,
                    job.headers.get("X-Star-Cut"),
                    job.headers.get("X-Star-ImageDitherPattern"),
                )
            )

    async def confirm(
        self, said: dict[str, Any], code: str | None = "OK", **also: str
    ) -> None:
        """Tell how it went, by DELETE or, as older web servers need it, by GET."""
        query = {"mac": self.mac, **self._token(said), **also}
        if code is not None:
            query["code"] = code
        if self.confirms_by_get:
            query["delete"] = ""
        method = "GET" if self.confirms_by_get else "DELETE"
        response = await self.http.request(method, self.url, params=query)
        assert response.status_code == 200, response.text
        assert response.content == b""

    async def work(self, code: str = OK) -> bool:
        """Poll, and print what there is; whether there was something."""
        said = await self.poll()
        if not said["jobReady"]:
            return False
        self.print(await self.fetch(said))
        await self.confirm(said, code)
        return True

    def _token(self, said: dict[str, Any]) -> dict[str, str]:
        return {"token": said["jobToken"]} if self.knows_tokens else {}
