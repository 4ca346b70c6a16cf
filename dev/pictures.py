"""Draws the demo menu's pictures into static/demo/: `python dev/pictures.py`.

All of them are made of plain shapes by the code beside this file.
"""

from __future__ import annotations

from pathlib import Path

import pictures_drinks as drinks
import pictures_food as food

FOLDER = Path(__file__).resolve().parents[1] / "static/demo"
PICTURES = {
    picture.__name__.replace("_", "-"): picture
    for picture in (
        drinks.beer, drinks.bus, drinks.coffee, drinks.hibiscus, drinks.horchata,
        food.brisket, food.burrito, food.churros, food.elote, food.flan, food.fries,
        food.guacamole, food.pulled_pork, food.quesadilla, food.tacos, food.wings,
    )
}  # fmt: skip


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, draw in PICTURES.items():
        (FOLDER / f"{name}.svg").write_text(draw())


if __name__ == "__main__":
    main()
