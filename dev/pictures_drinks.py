"""The drinks of the demo menu, and the bus itself, drawn from shapes."""

from __future__ import annotations

from drawing import (
    box,
    circle,
    dots,
    ellipse,
    leaves,
    line,
    moved,
    path,
    scatter,
    scene,
    shade,
)

LEAF = "#5f9c3a"


def _ice(x: float, y: float, turn: float) -> str:
    return moved(
        x, y,
        box(-22, -22, 44, 44, 8, "#fff", opacity=0.55),
        line("M-12-10l10-6", "#fff", 4, opacity=0.9),
        turn=turn,
    )  # fmt: skip


def _tall_glass(drink: str, light: str, *inside: str) -> str:
    """A glass of 480 × 360 with its drink; `inside` floats in it."""
    return (
        ellipse(240, 322, 96, 18, "#000", opacity=0.2)
        + path("M158 62h164l-18 246q-2 14-16 14h-96q-14 0-16-14z", "#fff", opacity=0.4)
        + path("M166 100h148l-15 204q-1 10-12 10h-94q-11 0-12-10z", drink)
        + path("M166 100h46l-4 214h-17q-9 0-10-10z", light, opacity=0.5)
        + "".join(inside)
        + ellipse(240, 100, 74, 13, light)
        + line("M182 92l14 196", "#fff", 7, opacity=0.55)
        + ellipse(240, 62, 82, 13, "none", stroke="#fff", stroke_width=4, opacity=0.8)
    )


def _straw(x: float, colour: str) -> str:
    return line(f"M{x} 236L{x + 40} 18", "#fff", 13) + line(
        f"M{x} 236L{x + 40} 18", colour, 13, stroke_dasharray="14 16"
    )


def horchata() -> str:
    cinnamon = moved(
        212, 66,
        box(-11, -58, 22, 124, 8, "#9a5a2c"), line("M-3-52v110M5-52v110", "#6d3a18", 3),
        turn=-16,
    )  # fmt: skip
    return scene(
        "#fdf1dc", "#d9ab78", "Horchata",
        _straw(262, "#d9534a"), cinnamon,
        _tall_glass("#eedfc4", "#fbf4e4", _ice(206, 132, 14), _ice(262, 126, -18)),
        dots(scatter(4, 26, (236, 100, 56, 8)), 2.2, "#a5673a"),
    )  # fmt: skip


def hibiscus() -> str:
    lime = moved(
        306, 72,
        circle(0, 0, 38, "#6f9f2c"), circle(0, 0, 32, "#d7eb98"),
        line("M0-28V28M-26-12L26 12M-26 12L26-12", "#f6fbe4", 4),
    )  # fmt: skip
    return scene(
        "#ffe3e0", "#d5597a", "Jamaica",
        _straw(222, "#ffffff"), lime,
        _tall_glass(
            "#b3153f", "#e2547a", _ice(208, 134, 16), _ice(264, 128, -12),
            _ice(234, 182, 34),
            dots(scatter(3, 16, (240, 240, 52, 54)), 3.5, "#f3a3b8"),
        ),
        leaves([(196, 88), (200, 78), (190, 96)], LEAF, 40),
    )  # fmt: skip


def beer() -> str:
    foam = ((150, 96, 30), (186, 78, 36), (232, 70, 40), (278, 80, 34), (308, 100, 26))
    return scene(
        "#fff0c2", "#d9912f", "Craft beer",
        ellipse(240, 322, 128, 20, "#000", opacity=0.22),
        path("M318 138h38q44 0 44 48v44q0 52-52 52h-30v-32h26q22 0 22-22v-40q0-18-18-18"
             "h-30z", "#fff", opacity=0.65),
        box(132, 92, 192, 228, 24, "#fff", opacity=0.45),
        box(144, 108, 168, 200, 16, "#f0a41f"),
        box(144, 108, 58, 200, 16, "#ffd066", opacity=0.7),
        dots(scatter(6, 26, (234, 232, 66, 64)), 3.6, "#ffe9a8"),
        line("M172 150v132M226 150v132M280 150v132", "#fff", 6, opacity=0.3),
        "".join(circle(x, y, r, "#fffdf4") for x, y, r in foam),
        path("M132 96h192v34q-14 18-28 0-14 26-34 2-12 34-34 2-16 22-34 0-18 24-34-2"
             "-14 12-28-4z", "#fffdf4"),
    )  # fmt: skip


def coffee() -> str:
    steam = "".join(
        line(f"M{x} 112q-18-22 0-44t0-44", "#fff", 9, opacity=0.55)
        for x in (190, 236, 282)
    )
    return scene(
        "#f6e6d3", "#9c6843", "Café de Antigua",
        steam,
        ellipse(236, 306, 176, 34, "#000", opacity=0.2),
        ellipse(236, 296, 172, 34, "#fdf8ef"), ellipse(236, 292, 118, 20, "#e9dcc9"),
        path("M338 164h24q44 0 44 42 0 48-62 54l6-26q26-6 26-28 0-16-18-16h-20z",
             "#fdf8ef"),
        path("M118 150h236q2 92-54 134-10 8-24 8h-80q-14 0-24-8-56-42-54-134z",
             "#fdf8ef"),
        shade(path("M292 150h62q2 92-54 134-10 8-24 8h-26q44-40 42-142z", "#8a6a4a")),
        ellipse(236, 150, 118, 32, "#efe3d2"), ellipse(236, 150, 105, 26, "#5a2f1a"),
        ellipse(236, 151, 92, 21, "#8a5230"),
        path("M236 170q-46-14-40-28 12-14 40 0 28-14 40 0 6 14-40 28z", "#f1dcc0"),
        "".join(moved(x, y, ellipse(0, 0, 13, 9, "#4b2a1a"),
                      line("M-9 2q9-6 18-2", "#2d170d", 2.5), turn=x % 70)
                for x, y in ((78, 316), (104, 330), (398, 322))),
    )  # fmt: skip


def _wheel(x: float) -> str:
    return (
        circle(x, 292, 36, "#2d2a32") + circle(x, 292, 21, "#d9d4c8")
        + circle(x, 292, 9, "#8d887d")
    )  # fmt: skip


def bus() -> str:
    flags = ("#e2483d", "#f4c152", "#6fae3d", "#3f8fc4")
    garland = "".join(
        path(f"M{40 + 40 * i} {40 + (i % 2) * 8}l32 2-16 28z", flags[i % 4])
        for i in range(10)
    )
    window = "".join(
        box(x, 118, 58, 60, 9, "#bfe3ee") + path(f"M{x} 176V126l34-8z", "#fff",
                                                 opacity=0.4)
        for x in (74, 142)
    )  # fmt: skip
    awning = "".join(
        path(f"M{212 + 26 * i} 104h26v34q-13 16-26 0z", "#fff" if i % 2 else "#e2483d")
        for i in range(5)
    )
    return scene(
        "#dff1f2", "#7fbfcb", "Big Jay's Bustaurant",
        box(0, 306, 480, 54, 0, "#a8a196"), box(0, 306, 480, 6, 0, "#8c867c"),
        line("M20 46Q240 20 460 46", "#5c5650", 3), garland,
        ellipse(240, 326, 206, 14, "#000", opacity=0.25),
        path("M44 118q2-30 34-30h300q46 0 56 52l12 70v74q0 10-10 10H54q-10 0-10-10z",
             "#f4b32e"),
        path("M44 214h402v70q0 10-10 10H54q-10 0-10-10z", "#d8402f"),
        box(44, 206, 402, 12, 0, "#fff6e0"),
        window,
        box(214, 118, 126, 84, 6, "#5a3423"), box(206, 196, 142, 13, 5, "#a9693a"),
        circle(262, 156, 17, "#e0a878"), path("M238 202q2-30 24-30t24 30z", "#fff"),
        path("M243 148q19-32 38 0z", "#fff"), box(246, 140, 32, 9, 4, "#fff"),
        moved(312, 182, path("M-20 12A20 20 0 0 1 20 12z", "#f6d06a"),
              dots([(-9, -2), (0, -6), (9, -2)], 5, "#6fae3d")),
        awning,
        path("M362 118h20q24 0 30 28l8 46h-58z", "#bfe3ee"),
        path("M362 192l26-74h-26z", "#fff", opacity=0.4),
        "".join(circle(x, 250, 7, "#f9d56a") for x in (130, 166, 202, 278, 314)),
        box(428, 226, 16, 22, 6, "#fff3c4"), box(40, 272, 412, 12, 6, "#8f2a20"),
        _wheel(126), _wheel(360),
    )  # fmt: skip
