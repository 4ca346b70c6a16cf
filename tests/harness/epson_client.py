"""An Epson printer that speaks Server Direct Print over HTTP, as its manual tells it.

It shares no code with the server and reads its XML with a strict parser.
"""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from httpx import AsyncClient, Response

SPACE = "{http://www.epson-pos.com/schemas/2011/03/epos-print}"
WELL = 0x0F000014  # online, paper there, cover closed


@dataclass(frozen=True)
class Dots:
    """A picture as it came out: rows of eight dots to a byte, 1 for black."""

    width: int
    height: int
    rows: bytes


@dataclass(frozen=True)
class Job:
    """One request as the printer read it."""

    version: str
    job_id: str | None
    timeout_ms: int
    parts: tuple[tuple[str, dict[str, str]], ...]
    pictures: tuple[Dots, ...]

    def names(self) -> list[str]:
        return [name for name, _ in self.parts]


@dataclass
class EpsonPrinter:
    """``version`` 1.00 is a printer that knows no job ids."""

    http: AsyncClient
    url: str
    version: str = "2.00"
    pictures: list[Dots] = field(default_factory=list)
    kicks: list[str] = field(default_factory=list)
    cuts: int = 0
    sounds: int = 0

    async def send(self, **fields: str) -> Response:
        return await self.http.post(self.url, data=fields)

    async def poll(self) -> Job | None:
        """Ask for a job; nothing is printed yet."""
        response = await self.send(ConnectionType="GetRequest", ID="", Name="")
        assert response.status_code == 200, response.text
        assert response.headers["Content-Type"] == "text/xml; charset=utf-8"
        return read_job(response.content) if response.content else None

    def print(self, job: Job) -> None:
        """Put it on paper."""
        self.pictures += job.pictures
        for name, attributes in job.parts:
            self.cuts += name == "cut"
            self.sounds += name == "sound"
            if name == "pulse":
                self.kicks.append(attributes["drawer"])

    async def answer(self, job: Job, code: str = "", asb: int | None = WELL) -> None:
        """Say how it went: a code is a failure."""
        success = "false" if code else "true"
        status = "" if asb is None else f' status="{asb}"'
        result = f'<response success="{success}" code="{code}"{status} battery="0"/>'
        await self.say(result, job.job_id)

    async def say(self, result: str, job_id: str | None) -> None:
        xml = f'<PrintResponseInfo Version="{self.version}">{result}'
        if self.version != "1.00":
            xml = (
                f'<PrintResponseInfo Version="{self.version}"><ePOSPrint><Parameter>'
                f"<devid>local_printer</devid><printjobid>{job_id}</printjobid>"
                f"</Parameter><PrintResponse>{result}</PrintResponse></ePOSPrint>"
            )
        await self.post(f"{xml}</PrintResponseInfo>")

    async def post(self, xml: str) -> None:
        """A result in these very words."""
        response = await self.send(
            ConnectionType="SetResponse", ID="", ResponseFile=xml
        )
        assert (response.status_code, response.content) == (200, b""), response.text

    async def tell(self, asb: int) -> None:
        """Status notification."""
        xml = (
            '<?xml version="1.0" encoding="utf-8"?>\n<statusmonitor Version="1.00">\n'
            '<printerstatus devicename="kitchen_printer" asbstatus = "0x00000001"/>\n'
            f'<printerstatus devicename="local_printer" asbstatus = "0x{asb:08X}"/>\n'
            "</statusmonitor>"
        )
        response = await self.send(ConnectionType="SetStatus", ID="", Status=xml)
        assert (response.status_code, response.content) == (200, b""), response.text

    async def work(self) -> bool:
        """Poll, and print what there is; whether there was something."""
        job = await self.poll()
        if job is None:
            return False
        self.print(job)
        await self.answer(job)
        return True


def read_job(raw: bytes) -> Job:
    assert not raw.startswith(b"\xef\xbb\xbf")
    root = ET.fromstring(raw)
    [request] = root.findall("ePOSPrint")
    parameter = {each.tag: each.text or "" for each in request.iter() if each.text}
    [paper] = request.findall(f"PrintData/{SPACE}epos-print")
    assert parameter["devid"] == "local_printer"
    return Job(
        version=root.attrib["Version"],
        job_id=parameter.get("printjobid"),
        timeout_ms=int(parameter["timeout"]),
        parts=tuple((e.tag.removeprefix(SPACE), dict(e.attrib)) for e in paper),
        pictures=tuple(_dots(image) for image in paper.findall(f"{SPACE}image")),
    )


def _dots(image: ET.Element) -> Dots:
    assert image.attrib["mode"] == "mono"
    width, height = int(image.attrib["width"]), int(image.attrib["height"])
    rows = b64decode(image.text or "", validate=True)
    assert len(rows) == (width + 7) // 8 * height
    return Dots(width, height, rows)
