"""The dishes of the demo menu, drawn from shapes. Each function is one picture."""

from __future__ import annotations

from drawing import (
    board,
    box,
    circle,
    dots,
    ellipse,
    leaves,
    line,
    moved,
    path,
    plate,
    polygon,
    scatter,
    scene,
    shade,
)

LEAF, LEAF_DARK = "#6fae3d", "#4c8a2b"
CRUST, CRUST_DARK = "#f4c152", "#dd9d33"
MEAT, MEAT_DARK = "#8f4a2b", "#6b3320"
TOMATO, CREAM = "#e2483d", "#fffaf0"
PORK = (MEAT, "#a85a32", MEAT_DARK, "#c0703f")


def _lime_wedge(x: float, y: float, turn: float = 0, size: float = 1) -> str:
    rays = "".join(
        line(f"M0 0L{dx} {dy}", "#f3f8d8", 2.5)
        for dx, dy in ((-24, 8), (-14, 21), (0, 26), (14, 21), (24, 8))
    )
    return moved(
        x, y,
        path("M-34 0A34 34 0 0 0 34 0z", "#7fae2c"),
        path("M-28 0A28 28 0 0 0 28 0z", "#cfe58a"),
        rays,
        turn=turn, size=size,
    )  # fmt: skip


def _taco(x: float, y: float, turn: float, seed: int) -> str:
    filling = [
        (-62 + 15.5 * i, -20 - (62 - abs(-62 + 15.5 * i)) * 0.72) for i in range(9)
    ]
    return moved(
        x, y,
        path("M-84 10A84 82 0 0 1 84 10z", CRUST_DARK),
        "".join(circle(px, py - 6, 17, LEAF if i % 2 else LEAF_DARK)
                for i, (px, py) in enumerate(filling)),
        "".join(circle(px + 6, py + 4, 14, MEAT if i % 2 else MEAT_DARK)
                for i, (px, py) in enumerate(filling)),
        dots([(px + 3, py - 8) for px, py in filling[::2]], 7, TOMATO),
        "".join(box(px, py - 14, 13, 5, 2.5, CREAM) for px, py in filling[1::2]),
        path("M-86 34A86 80 0 0 1 86 34q0 8-9 8H-77q-9 0-9-8z", CRUST),
        shade(dots(scatter(seed, 16, (0, 8, 62, 26)), 3.2, "#b8741f"), opacity=0.45),
        path("M-86 34A86 80 0 0 1 86 34A86 68 0 0 0-86 34z", "#ffe09a", opacity=0.55),
        turn=turn,
    )  # fmt: skip


def tacos() -> str:
    return scene(
        "#ffe9c2", "#f6a95c", "Tacos",
        board(240, 258, 214, 78),
        _taco(148, 214, -8, 1),
        _taco(330, 212, 8, 2),
        _taco(240, 250, 0, 3),
        _lime_wedge(404, 274, -14),
        leaves(scatter(5, 12, (90, 284, 40, 14)), LEAF_DARK, 12),
    )  # fmt: skip


def _burrito_half(x: float, y: float, turn: float, seed: int) -> str:
    spots = scatter(seed, 22, (0, -66, 38, 30))
    return moved(
        x, y,
        path("M-58-60V70q0 34 58 34t58-34V-60z", "#f1d6a2"),
        shade(dots(scatter(seed + 9, 12, (0, 0, 44, 40)), 6, "#b98443"), opacity=0.5),
        path("M-58 22l16-10 14 12 14-12 14 12 14-12 14 12 14-12 16 10V70q0 34-58 34"
             "t-58-34z", "#cfd6da"),
        path("M-58 60q58 20 116 0V70q0 34-58 34t-58-34z", "#aeb8be"),
        line("M-34 40l6 44M2 36l-4 58M36 42l-8 42", "#eef2f4", 3),
        ellipse(0, -62, 58, 44, "#e6bf7e"),
        ellipse(0, -64, 49, 36, "#f7ecd2"),
        dots(spots[0:8], 8, MEAT),
        dots(spots[8:13], 6, "#3f2a24"),
        dots(spots[13:17], 6.5, TOMATO),
        leaves(spots[17:], LEAF, 18),
        turn=turn,
    )  # fmt: skip


def burrito() -> str:
    return scene(
        "#fdeccd", "#e58f5a", "Burrito",
        plate(240, 272, 208, 70),
        _burrito_half(168, 206, -16, 21),
        _burrito_half(308, 212, 14, 33),
        leaves(scatter(6, 9, (392, 292, 30, 10)), LEAF_DARK, 13),
    )  # fmt: skip


def _cheese_wedge(x: float, y: float, turn: float, seed: int) -> str:
    return moved(
        x, y,
        path("M0-78L92 52q-92 30-184 0z", "#c98a35"),
        path("M-92 46q92 30 184 0l0 16q-20 4-26 22-7 14-14 0-6-14-22-10-14 4-18 24"
             "-7 16-15 0-6-18-24-18-14 2-18 14-7 12-14-2-6-16-33-30z", "#ffcf4d"),
        path("M0-86L92 42q-92 30-184 0z", "#f3c777"),
        shade(dots(scatter(seed, 13, (0, 14, 48, 32)), 8, "#a8651f"), opacity=0.5),
        turn=turn,
    )  # fmt: skip


def quesadilla() -> str:
    salsa = scatter(8, 9, (388, 262, 26, 8))
    return scene(
        "#fff0c9", "#eda63f", "Quesadilla",
        plate(240, 252, 214, 84),
        _cheese_wedge(150, 208, -12, 2),
        _cheese_wedge(286, 226, 9, 4),
        ellipse(388, 276, 46, 24, "#7c3a2a"), ellipse(388, 264, 46, 20, "#a5503a"),
        ellipse(388, 262, 38, 15, "#d63c30"),
        dots(salsa[:5], 5, "#f0776a"), leaves(salsa[5:], LEAF, 11),
    )  # fmt: skip


def _brisket_slice(x: float, y: float, turn: float, seed: int) -> str:
    return moved(
        x, y,
        box(-30, -74, 60, 148, 26, "#33201a"),
        box(-24, -66, 48, 132, 21, "#c4665a"),
        box(-18, -58, 36, 116, 17, "#a4593f"),
        line("M-8-40q8 20 0 40t2 44M8-34q-6 22 2 40t-2 36", "#d9a58b", 3, opacity=0.7),
        dots(scatter(seed, 5, (0, 0, 14, 50)), 2.5, "#e8c3a5", opacity=0.7),
        turn=turn,
    )  # fmt: skip


def brisket() -> str:
    pickles = ((362, 220), (392, 240), (356, 254))
    return scene(
        "#f7dfc4", "#b8623c", "Brisket plate",
        plate(240, 226, 218, 106),
        "".join(_brisket_slice(92 + 52 * i, 214 + 5 * i, 24, 40 + i) for i in range(5)),
        "".join(
            circle(x, y, 19, "#5f8f2f") + circle(x, y, 15, "#a8c95a")
            + dots(scatter(x, 5, (x, y, 8, 8)), 1.8, "#e6f0b8")
            for x, y in pickles
        ),
        "".join(ellipse(x, 166 + 9 * (x % 3), 27, 14, "none", stroke="#f4e6f2",
                        stroke_width=6) for x in (318, 346, 376)),
        ellipse(398, 194, 34, 20, "#e9e2d6"), ellipse(398, 190, 28, 14, "#5b1f14"),
        path("M380 188q14-8 26-3", "none", stroke="#b5543c", stroke_width=4),
    )  # fmt: skip


def _strips(seed: int, count: int, area: tuple[float, float, float, float],
            colours: tuple[str, ...], width: float) -> str:  # fmt: skip
    points = scatter(seed, count, area)
    return "".join(
        line(f"M{x - 15:.0f} {y:.0f}q8 {6 - (i % 3) * 6} 15 0t15 {3 - i % 5}",
             colours[i % len(colours)], width)
        for i, (x, y) in enumerate(points)
    )  # fmt: skip


def pulled_pork() -> str:
    seeds = (
        (176, 92),
        (214, 72),
        (258, 68),
        (300, 82),
        (236, 98),
        (280, 106),
        (200, 118),
    )
    return scene(
        "#ffe6c4", "#d97745", "Pulled pork sandwich",
        board(240, 286, 196, 58),
        path("M110 238h260q6 44-46 48H156q-52-4-46-48z", "#c47a32"),
        path("M110 238h260q2 14-3 24H113q-5-10-3-24z", "#e8aa5b"),
        _strips(11, 60, (240, 226, 128, 24), PORK, 8),
        _strips(12, 44, (240, 192, 122, 15), ("#f3f0dc", "#b9d68a", "#b777ac"), 6),
        path("M104 184q-4-132 136-132t136 132q-22 14-46 2-20 14-44 0-22 14-46 0-22 14"
             "-46 0-24 14-44 0-24 12-46-2z", "#d98b3d"),
        path("M122 150q6-84 118-84 62 0 92 34-40-14-104-6-74 8-106 56z", "#f3bd72"),
        "".join(moved(x, y, ellipse(0, 0, 8, 4.5, "#fff3d6"), turn=x % 60 - 30)
                for x, y in seeds),
    )  # fmt: skip


def _wing(x: float, y: float, turn: float, size: float = 1) -> str:
    return moved(
        x, y,
        path("M-62 14q-10-12 4-20 10-4 18 4l22-8q12-30 46-30 40 4 40 38-2 34-44 36"
             "-30 0-46-22l-18 6q-2 12-12 12-10-4-10-16z", "#a63f12"),
        path("M-22-8q16-30 50-26 32 4 34 32-4 26-38 28-30-2-42-24z", "#d5601b"),
        path("M-6-16q14-16 36-12 14 4 20 14-30-14-56-2z", "#f6a05a"),
        circle(-58, 6, 9, CREAM), circle(-52, -4, 8, CREAM),
        turn=turn, size=size,
    )  # fmt: skip


def wings() -> str:
    celery = "".join(
        moved(384 + 13 * i, 176, box(-7, -86, 14, 116, 7, "#9cc65b" if i % 2 else
              "#b7d978"), turn=6 + 9 * i)
        for i in range(3)
    )  # fmt: skip
    return scene(
        "#ffe3b8", "#e0683a", "Smoked wings",
        celery,
        plate(240, 250, 210, 84),
        _wing(150, 226, -14), _wing(262, 206, 22), _wing(196, 274, 10),
        _wing(306, 272, -30, 0.95), _wing(214, 230, 176, 0.9),
        ellipse(372, 244, 44, 26, "#d9cfc0"), ellipse(372, 238, 37, 19, "#fff8ea"),
        leaves(scatter(3, 7, (372, 237, 24, 10)), LEAF, 9),
        leaves(scatter(4, 11, (220, 240, 110, 44)), LEAF_DARK, 10),
    )  # fmt: skip


def _cob(x: float, y: float, turn: float) -> str:
    kernels = "".join(
        box(-30 + 15 * column + (row % 2) * 4 - 2, -104 + 14 * row, 13, 12, 5,
            "#ffd84a" if (row + column) % 3 else "#f7bd2c")
        for row in range(15)
        for column in range(4)
    )  # fmt: skip
    chili = dots(scatter(7, 22, (0, 0, 28, 92)), 3, "#c9301c")
    return moved(
        x, y,
        box(-6, 96, 12, 84, 5, "#c99a5f"),
        path("M-38 70q-4-186 38-186t38 186q-10 40-38 40t-38-40z", "#eaa91f"),
        kernels,
        line("M-26-84q30 14 52 2-40 24-54 34 40 12 58 0-42 28-58 36 42 14 60 2-44 26"
             "-60 34 40 16 58 4", CREAM, 10),
        chili, leaves(scatter(8, 9, (0, 6, 26, 84)), LEAF_DARK, 11),
        path("M-40 66q-22 40 34 60-12-36-4-54zM40 66q22 40-34 60 12-36 4-54z", LEAF),
        turn=turn,
    )  # fmt: skip


def elote() -> str:
    return scene(
        "#fff4c4", "#e9b53a", "Elote",
        plate(240, 262, 206, 74),
        _cob(186, 176, 26), _cob(304, 180, 14),
        _lime_wedge(126, 276, 12, 1.1),
    )  # fmt: skip


def fries() -> str:
    sticks = "".join(
        moved(136 + 16 * i, 178 - (i * 37 % 48), box(-8, -74, 16, 150, 4,
              "#f8cf5b" if i % 2 else "#eeb73c"), turn=-19 + i * 2.9)
        for i in range(14)
    )  # fmt: skip
    return scene(
        "#ffeab8", "#ef8f4b", "Papas fritas",
        ellipse(240, 326, 138, 20, "#000", opacity=0.2),
        path("M112 176q128 46 256 0l-12-34q-116 30-232 0z", "#9e2b23"),
        sticks,
        path("M106 170q134 64 268 0l-36 144q-2 12-14 12H156q-12 0-14-12z", "#d83a2e"),
        path("M106 170q134 64 268 0l-4 17q-130 60-260 0z", "#f2685a"),
        "".join(path(f"M{x} {y}l{w}-2 {dx} {h}-{w - 10} 0z", CREAM, opacity=0.92)
                for x, y, w, dx, h in ((176, 219, 26, 8, 104), (232, 226, 28, 2, 98),
                                       (290, 218, 26, -5, 106))),
        dots(scatter(14, 14, (240, 120, 96, 44)), 2, "#fff"),
    )  # fmt: skip


def guacamole() -> str:
    chips = "".join(
        moved(x, y, polygon([(-46, 40), (46, 40), (0, -48)], "#e9a53a"),
              polygon([(-38, 36), (38, 36), (0, -38)], "#f6c566"),
              dots(scatter(int(x), 6, (0, 12, 20, 16)), 2.5, "#b9771f"), turn=turn)
        for x, y, turn in ((110, 150, -38), (168, 116, -16), (240, 104, 6),
                           (312, 116, 20), (370, 150, 42))
    )  # fmt: skip
    mash = scatter(19, 30, (240, 190, 116, 28))
    return scene(
        "#f3f3c3", "#b6b74a", "Guacamole and chips",
        ellipse(240, 312, 150, 26, "#000", opacity=0.22),
        chips,
        path("M94 190h292q-4 92-84 112l10 18h-28l-10-12h-68l-10 12h-28l10-18"
             "q-80-20-84-112z", "#4d4a4c"),
        shade(dots(scatter(18, 40, (240, 250, 120, 40)), 3, "#fff"), opacity=0.18),
        ellipse(240, 190, 146, 44, "#5d595b"), ellipse(240, 188, 130, 36, "#86b243"),
        dots(mash[:12], 12, "#9cc655"), dots(mash[12:18], 6, TOMATO),
        "".join(box(x, y, 12, 5, 2.5, "#f5e8f3") for x, y in mash[18:24]),
        leaves(mash[24:], LEAF_DARK, 13),
    )  # fmt: skip


def _churro(x: float, y: float, turn: float, seed: int) -> str:
    ridges = "".join(
        box(-16 + 11 * i, -104, 5, 208, 2.5, "#b8722f", opacity=0.55) for i in range(3)
    )
    return moved(
        x, y,
        box(-22, -108, 44, 216, 21, "#d79345"), ridges,
        dots(scatter(seed, 60, (0, 0, 20, 100)), 1.9, "#fff6e2"),
        turn=turn,
    )  # fmt: skip


def churros() -> str:
    return scene(
        "#ffe9d2", "#c8764a", "Churros",
        plate(240, 246, 216, 92),
        _churro(150, 196, 52, 1), _churro(186, 214, 66, 2), _churro(168, 234, 40, 3),
        _churro(226, 226, 78, 4),
        path("M304 196h136q-2 82-68 84-66-2-68-84z", "#f6efe4"),
        ellipse(372, 196, 68, 26, "#fffaf2"), ellipse(372, 196, 57, 19, "#4a2417"),
        path("M330 192q30-14 62-8", "none", stroke="#8a4f35", stroke_width=5),
        dots(scatter(9, 26, (220, 292, 120, 16)), 1.8, "#fff"),
    )  # fmt: skip


def flan() -> str:
    return scene(
        "#fff0d0", "#d68d4a", "Flan",
        plate(240, 256, 210, 82),
        ellipse(240, 264, 150, 46, "#a6541a"),
        ellipse(228, 260, 132, 36, "#c96f22"),
        path("M150 128h180l30 120q-50 34-120 34t-120-34z", "#f4c86a"),
        path("M150 128h64l-18 150q-46-6-76-30z", "#fadb93", opacity=0.8),
        ellipse(240, 128, 91, 30, "#b45c1c"),
        path("M149 128q6 28 20 40 12 6 16-12 6 30 20 34 14-2 14-30 16 44 30 42 14-6 12"
             "-44 12 30 24 26 14-6 16-24 8 14 16 8 12-16 14-40z", "#b45c1c"),
        ellipse(222, 121, 48, 11, "#e59a4c", opacity=0.8),
        circle(264, 108, 15, "#c4263a"), line("M266 94q6-20 26-24", "#4c7a2b", 4),
        leaves([(288, 72), (296, 78)], LEAF, 24),
    )  # fmt: skip
