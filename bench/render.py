"""How long a ticket takes to draw, beside a plain text image of the same size.

Both are drawn in turn in one run, so that a machine whose speed drifts favours none;
only the ratios are quoted. `--memory` draws one of the two in a process of its own and
tells its peak.
"""

import argparse
import importlib
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

REPO = Path(__file__).resolve().parents[1]
FONT = REPO / "adapters" / "raster" / "fonts" / "NotoSans-Regular.ttf"
GOAL_MS = 25
WIDTH, HEIGHT = 576, 850
sys.path[:0] = [str(REPO / "tests"), str(REPO / "dev")]
package = ModuleType("restaurant")
package.__path__ = [str(REPO)]
sys.modules["restaurant"] = package

NAMES = (
    *("Tacos al pastor con piña", "Crème brûlée", "שקשוקה עם לחם (חריף)"),
    *("شاورما دجاج (كبير)", "ผัดไทยกุ้งสด", "Борщ со сметаной", "🌶 Hot Burger"),
)


def ours(number: int) -> int:
    """Draw the ticket of this number; answers how tall it is."""
    from golden_papers import a_line, a_ticket
    from restaurant.adapters import raster

    lines = [
        a_line(n + 1, NAMES[(number + n) % len(NAMES)], f"no onions {number}", "extra")
        for n in range(4)
    ]
    sheet = a_ticket(*lines, order_number=number, note=f"In {number} minutes, please.")
    return raster.draw(sheet, WIDTH).height


def plain(number: int) -> int:
    """The same amount of words by Pillow alone: one font, no wrapping, no fallback."""
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("L", (WIDTH, HEIGHT), 255)
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype(str(FONT), 24)
    for n in range(HEIGHT // 34):
        draw.text((0, n * 34), f"{n} x Tacos al pastor con piña {number}", 0, font)
    return len(image.point([255] * 128 + [0] * 128, "1").tobytes())


WAYS: dict[str, Callable[[int], int]] = {"ours": ours, "plain": plain}


def cold_and_peak(way: str) -> tuple[float, float]:
    """(milliseconds of the first drawing, peak MiB) of a process of its own."""
    command = (sys.executable, __file__, "--memory", way)
    found = subprocess.run(command, check=True, capture_output=True, text=True)
    cold, peak = json.loads(found.stdout)
    return cold, peak


def measure(way: str) -> None:
    """Both with the same modules, so that what differs is the drawing."""
    importlib.import_module("golden_papers")
    begin = time.perf_counter()
    WAYS[way](0)
    cold = (time.perf_counter() - begin) * 1000
    for number in range(200):
        WAYS[way](number)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([cold, peak]))


def milliseconds(way: Callable[[int], int], number: int) -> float:
    begin = time.perf_counter()
    way(number)
    return (time.perf_counter() - begin) * 1000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--memory", choices=list(WAYS))
    options = parser.parse_args()
    if options.memory:
        measure(options.memory)
        return 0
    # First, while this process is small: a child's peak counts from its parent's size.
    peaks = {name: cold_and_peak(name) for name in WAYS}
    for way in WAYS.values():
        way(0)
    times: dict[str, list[float]] = {name: [] for name in WAYS}
    for number in range(options.rounds):
        for name, way in WAYS.items():
            times[name].append(milliseconds(way, number))
    print(f"A ticket of {WIDTH} x {ours(0)} dots, a plain image of {WIDTH} x {HEIGHT}")
    for name, found in times.items():
        p95 = statistics.quantiles(found, n=20)[-1]
        cold, peak = peaks[name]
        print(
            f"  {name:6s} warm {statistics.median(found):6.2f} ms, p95 {p95:6.2f} ms, "
            f"first {cold:6.1f} ms, peak {peak:5.1f} MiB"
        )
    pairs = zip(times["ours"], times["plain"], strict=True)
    warm = statistics.median(times["ours"])
    print("\nRatios (ours / plain)")
    print(
        f"  time, median of the rounds {statistics.median(a / b for a, b in pairs):.2f}"
    )
    print(f"  peak memory                {peaks['ours'][1] / peaks['plain'][1]:.2f}")
    print(f"  goal: below {GOAL_MS} ms warm, {'met' if warm < GOAL_MS else 'missed'}")
    return 0 if warm < GOAL_MS else 1


if __name__ == "__main__":
    raise SystemExit(main())
