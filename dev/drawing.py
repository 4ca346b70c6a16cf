"""A few shapes to draw with: each function answers a piece of SVG.

The canvas is 480 × 360; lengths are its units, angles degrees.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Sequence

WIDTH, HEIGHT = 480, 360
Point = tuple[float, float]


def number(value: float) -> str:
    """At most one decimal, none when it is zero."""
    return f"{value:.1f}".removesuffix(".0")


def tag(name: str, fill: str, **attributes: float | str) -> str:
    """One element; underscores in names become dashes."""
    pairs = {"fill": fill, **attributes}
    written = (
        f'{key.replace("_", "-")}="'
        f'{number(value) if isinstance(value, (int, float)) else value}"'
        for key, value in pairs.items()
    )
    return f"<{name} {' '.join(written)}/>"


def ellipse(
    x: float, y: float, rx: float, ry: float, fill: str, **more: float | str
) -> str:
    return tag("ellipse", fill, cx=x, cy=y, rx=rx, ry=ry, **more)


def circle(x: float, y: float, r: float, fill: str, **more: float | str) -> str:
    return tag("circle", fill, cx=x, cy=y, r=r, **more)


def box(
    x: float, y: float, width: float, height: float, radius: float, fill: str,
    **more: float | str,
) -> str:  # fmt: skip
    """A rectangle with round corners from its upper left corner."""
    return tag(
        "rect", fill, x=x, y=y, width=width, height=height, rx=radius, **more
    )  # fmt: skip


def path(data: str, fill: str, **more: float | str) -> str:
    return tag("path", fill, d=data, **more)


def line(data: str, stroke: str, width: float, **more: float | str) -> str:
    """A stroke with round ends along path data."""
    return path(
        data, "none", stroke=stroke, stroke_width=width, stroke_linecap="round",
        stroke_linejoin="round", **more,
    )  # fmt: skip


def polygon(points: Iterable[Point], fill: str, **more: float | str) -> str:
    written = " ".join(f"{number(x)},{number(y)}" for x, y in points)
    return tag("polygon", fill, points=written, **more)


def moved(x: float, y: float, *parts: str, turn: float = 0, size: float = 1) -> str:
    """Parts drawn around 0,0, put at x,y, turned and scaled."""
    steps = f"translate({number(x)} {number(y)})"
    steps += f" rotate({number(turn)})" if turn else ""
    steps += f" scale({size:g})" if size != 1 else ""
    return f'<g transform="{steps}">{"".join(parts)}</g>'


def shade(*parts: str, opacity: float = 0.15) -> str:
    """Parts as a see-through layer."""
    return f'<g opacity="{opacity:g}">{"".join(parts)}</g>'


def scatter(
    seed: int, count: int, area: tuple[float, float, float, float]
) -> list[Point]:
    """Points that look thrown into an ellipse (x, y, rx, ry); the same every time."""
    dice = random.Random(seed)
    x, y, rx, ry = area
    points = []
    for _ in range(count):
        angle, far = dice.uniform(0, 2 * math.pi), math.sqrt(dice.random())
        points.append((x + rx * far * math.cos(angle), y + ry * far * math.sin(angle)))
    return points


def leaves(points: Sequence[Point], fill: str, length: float = 9) -> str:
    """Small leaves, each turned another way."""
    shape = f"M0 0q{number(length / 2)} {number(-length / 2)} {number(length)} 0"
    shape += f"q{number(-length / 2)} {number(length / 2)} {number(-length)} 0z"
    return "".join(
        moved(x, y, path(shape, fill), turn=index * 67 % 360)
        for index, (x, y) in enumerate(points)
    )


def dots(points: Sequence[Point], r: float, fill: str, **more: float | str) -> str:
    return "".join(circle(x, y, r, fill, **more) for x, y in points)


def plate(x: float, y: float, rx: float, ry: float, rim: str = "#fdfaf4") -> str:
    """A plate from obliquely above, with its shadow on the table."""
    return (
        ellipse(x, y + ry * 0.22, rx * 1.03, ry, "#000", opacity=0.18)
        + ellipse(x, y, rx, ry, rim)
        + ellipse(x, y, rx * 0.97, ry * 0.94, "#000", opacity=0.05)
        + ellipse(x, y - ry * 0.03, rx * 0.74, ry * 0.68, "#fff", opacity=0.75)
    )


def board(x: float, y: float, rx: float, ry: float) -> str:
    """A round wooden board."""
    rings = "".join(
        ellipse(x, y, rx * f, ry * f, "none", stroke="#8a5a33", stroke_width=2,
                opacity=0.35)
        for f in (0.85, 0.62, 0.38)
    )  # fmt: skip
    return (
        ellipse(x, y + 12, rx * 1.02, ry, "#000", opacity=0.2)
        + ellipse(x, y + 8, rx, ry, "#8a5a33")
        + ellipse(x, y, rx, ry, "#b87f4b")
        + rings
    )


def scene(light: str, deep: str, title: str, *parts: str) -> str:
    """The whole picture: a warm ground with a lit spot, then the parts."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'role="img"><title>{title}</title>'
        '<defs><radialGradient id="g" cx=".5" cy=".42" r=".75">'
        f'<stop offset="0" stop-color="{light}"/><stop offset="1" stop-color="{deep}"/>'
        f"</radialGradient></defs>{box(0, 0, WIDTH, HEIGHT, 0, 'url(#g)')}"
        f"{''.join(parts)}</svg>\n"
    )
