"""Text as the dark and light modules of a QR code. Pure."""

import pyqrcode  # type: ignore[import-untyped]


def modules(text: str) -> list[str]:
    """Rows from top to bottom, a letter per module, ``1`` for dark; no white edge.

    Readable with a sixth of it damaged. Upper-case letters and digits alone take
    the least space. ValueError when it is too much for any QR code.
    """
    code = pyqrcode.create(text, error="M").code
    return ["".join(str(module) for module in row) for row in code]
