"""What this machine prints by itself: a test ticket, and the code to pair it with."""

from __future__ import annotations

from dataclasses import dataclass

from . import __version__, escpos, plain
from .config import Printer
from .pairing import Invitation
from .uris import Format

_TEST = """\
printer-pi {version}
Printer: {name}
{address}
123456789012345678901234567890123456789012345678
Äpfel, Öl, Übung, ß, é è ñ ç, ¡sin cebolla!
ABCDEFGHIJKLMNOPQRSTUVWXYZ
abcdefghijklmnopqrstuvwxyz
If the paper is cut below this line, this
printer is connected well.
"""
_PAIR = """\
Type this code on the staff page,
or scan it:
{url}

{code}

"""


@dataclass(frozen=True)
class Page:
    """The same words for people and for printers. `name` is for files."""

    name: str
    text: str
    body: bytes

    def data_for(self, form: Format, printer: str) -> bytes:
        """The data that one sink takes."""
        if form == "escpos":
            return escpos.page(self.body)
        if form == "frame":
            return plain.as_frames(self.text, printer, 1)
        return plain.as_text(self.text, 1)


def test(printer: Printer) -> Page:
    """A ruler, letters with accents, and a cut."""
    address = printer.targets[0].uri
    text = _TEST.format(version=__version__, name=printer.name, address=address)
    return Page("test", text, escpos.big("TEST") + escpos.letters(text))


def pair(url: str, invitation: Invitation) -> Page:
    """The code in large letters, and a QR code that leads to the staff page."""
    code = invitation.code
    text = _PAIR.format(url=f"{url}/restaurant/", code=code)
    before, after = text.split(f"{code}\n", 1)
    body = escpos.letters(before) + escpos.big(code) + escpos.letters(after)
    return Page("pair", text, body + escpos.qr(f"{url}/restaurant/#pair={code}"))
