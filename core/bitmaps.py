"""Black dots on white paper, as every printer takes them. Pure."""

from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True)
class Bitmap:
    """Rows from top to bottom, eight dots to a byte, the leftmost in the highest bit,
    ``1`` for black; a row begins on a byte and what is beyond ``width`` is 0."""

    width: int
    height: int
    rows: bytes

    def __post_init__(self) -> None:
        if len(self.rows) != self.stride * self.height:
            raise ValueError("the rows do not have the bitmap's size")

    @property
    def stride(self) -> int:
        """Bytes of a row."""
        return (self.width + 7) // 8

    @property
    def sha256(self) -> str:
        """What tells one picture from another: its size and dots, in hex."""
        size = f"{self.width}x{self.height}:".encode()
        return sha256(size + self.rows).hexdigest()

    def row(self, y: int) -> bytes:
        return self.rows[y * self.stride : (y + 1) * self.stride]
