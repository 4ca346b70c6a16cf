"""A QR code as dots on paper."""

from __future__ import annotations

from collections.abc import Sequence

EDGE_MODULES = 4  # the white edge that readers need
MODULE_DOTS_MAX = 6  # 0.75 mm: large enough for every camera


def draw(modules: Sequence[str], width: int) -> list[bytes]:
    """The code in the middle of paper `width` dots wide, as large as it may be.

    `modules` are square rows of 0 and 1. Returns rows of dots, eight to a byte, the
    leftmost in the highest bit; none when the paper is too narrow.
    """
    side = len(modules) + 2 * EDGE_MODULES
    scale = min(width // side, MODULE_DOTS_MAX)
    if not modules or scale < 1:
        return []
    left = (width - len(modules) * scale) // 2
    bytes_wide = (width + 7) // 8
    edge = [bytes(bytes_wide)] * (EDGE_MODULES * scale)
    drawn = []
    for row in modules:
        dots = "0" * left + "".join(module * scale for module in row)
        packed = int(dots.ljust(bytes_wide * 8, "0"), 2).to_bytes(bytes_wide, "big")
        drawn += [packed] * scale
    return [*edge, *drawn, *edge]
