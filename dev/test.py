"""Runs the test layers, two at a time, and says in one line each how they went.

    dev/test.py all             every layer on every database it is meant for
    dev/test.py flows -k late   one layer on SQLite and PostgreSQL, the rest to pytest

A layer fails when a test fails, when it collects nothing, and when it skips anything.
Each layer's whole output is kept in .test-logs/.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

REPO = Path(__file__).resolve().parents[1]
LOGS = REPO / ".test-logs"
AT_ONCE = 2
TAIL_LINES = 120
LAYER_SECONDS = 2400
RUNNING: list[subprocess.Popen[bytes]] = []
COUNT = re.compile(r"(\d+) (passed|failed|errors?|skipped|xfailed)")


@dataclass(frozen=True)
class Layer:
    """One process of tests: what to run, where, and on which database."""

    name: str
    command: tuple[str, ...]
    database: str = "sqlite"
    folder: Path = REPO
    #: It keeps a promise about time, so it gets the machine to itself.
    is_alone: bool = False

    @property
    def title(self) -> str:
        return f"{self.name} ({self.database})" if self.database else self.name


@dataclass
class Outcome:
    """How a layer went."""

    layer: Layer
    code: int
    seconds: float
    log: Path
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def fault(self) -> str:
        """Why it failed; empty when all is well."""
        if self.seconds > LAYER_SECONDS:
            return f"took more than {LAYER_SECONDS} s"
        if self.counts.get("skipped"):
            return "skipped tests count as failed"
        if self.layer.name != "check" and not self.counts.get("passed"):
            return "no test passed"
        return f"exit code {self.code}" if self.code else ""


def pytest_layer(name: str, *paths: str, database: str = "sqlite") -> Layer:
    command = (str(REPO / ".venv/bin/pytest"), "-q", "--color=no", "--durations=5")
    return Layer(name, (*command, *paths), database)


def on_both(name: str, *paths: str) -> list[Layer]:
    databases = ("postgres", "sqlite")
    return [pytest_layer(name, *paths, database=database) for database in databases]


def browser_layer(who: str) -> Layer:
    """The pages of staff or guests: half of the longest layer each."""
    files = sorted(REPO.glob(f"tests/browser/test_{who}_*.py"))
    return pytest_layer(f"browser-{who}", *(str(file) for file in files))


def printer_layer() -> Layer:
    layer = pytest_layer("printer")
    return Layer("printer", layer.command, "", REPO / "printer_pi")


# The longest first, so that two at a time end together.
LAYERS: list[Layer] = [
    # Pages beside the API, so that two browsers seldom share the machine.
    browser_layer("staff"),
    pytest_layer("api", "tests/api", database="postgres"),
    browser_layer("guest"),
    pytest_layer("api", "tests/api"),
    pytest_layer("printing", "tests/printing"),
    pytest_layer("rules", "tests/rules", "tests/raster", database=""),
    pytest_layer(
        "printing",
        "tests/printing/test_orders_to_paper.py",
        "tests/printing/test_server_dies.py",
        database="postgres",
    ),
    *on_both("install", "tests/install"),
    *on_both("races", "tests/races"),
    *on_both("flows", "tests/flows"),
    pytest_layer("demo", "tests/demo", database=""),
    printer_layer(),
    Layer("check", ("/bin/sh", "dev/check.sh"), ""),
    replace(pytest_layer("node", "tests/node", database=""), is_alone=True),
]


def run(layer: Layer, extra: Sequence[str]) -> Outcome:
    """Run one layer to its end, its output into its log."""
    slug = "-".join(filter(None, (layer.name, layer.database)))
    log = LOGS / f"{slug}.log"
    environment = {**os.environ, "RESTAURANT_TEST_DB": layer.database or "sqlite"}
    begin = time.monotonic()
    with log.open("w") as output:
        process = subprocess.Popen(
            [*layer.command, *extra],
            cwd=layer.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        RUNNING.append(process)
        code = wait(process)
    outcome = Outcome(layer, code, time.monotonic() - begin, log)
    outcome.counts = counts_in(log.read_text(errors="replace"))
    report(outcome)
    return outcome


def wait(process: subprocess.Popen[bytes]) -> int:
    """Its exit code. Past its time it is asked to clean up and stop, then made to."""
    for seconds, number in ((LAYER_SECONDS, signal.SIGINT), (30, signal.SIGKILL)):
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(number)
    return process.wait()


def stop_all(*_: object) -> None:
    """Pass a SIGTERM on: every layer ends its servers, then this ends too."""
    for process in RUNNING:
        process.send_signal(signal.SIGINT)


def counts_in(text: str) -> dict[str, int]:
    """What pytest's closing line counted, by word; nothing when there is none."""
    lines = [line for line in text.splitlines() if re.search(r" in \d.*s\b", line)]
    found = COUNT.findall(lines[-1]) if lines else []
    return {word.rstrip("s"): int(number) for number, word in found}


def report(outcome: Outcome) -> None:
    passed = outcome.counts.get("passed", 0)
    verdict = f"FAILED: {outcome.fault}" if outcome.fault else "ok"
    figures = f"{outcome.layer.title:<20} {passed:>5} passed {outcome.seconds:>7.1f} s"
    print(f"{figures}  {verdict}", flush=True)


def close(outcomes: list[Outcome], seconds: float) -> int:
    """Show what failed, then the sum of everything; answers the exit code."""
    broken = [outcome for outcome in outcomes if outcome.fault]
    for outcome in broken:
        print(f"\n--- {outcome.layer.title}: {outcome.fault}; end of {outcome.log}")
        lines = outcome.log.read_text(errors="replace").splitlines()
        print("\n".join(lines[-TAIL_LINES:]))
    passed = sum(outcome.counts.get("passed", 0) for outcome in outcomes)
    failed = sum(
        outcome.counts.get("failed", 0) + outcome.counts.get("error", 0)
        for outcome in outcomes
    )
    print(f"\n{len(outcomes)} layers in {seconds:.0f} s, {len(broken)} failed")
    print(f"{passed} passed, {max(failed, len(broken))} failed")
    return 1 if broken else 0


def is_chosen(layer: Layer, name: str) -> bool:
    """`browser` means `browser-guest` and `browser-staff`."""
    return name in ("all", layer.name) or layer.name.startswith(f"{name}-")


def main(name: str = "all", *extra: str) -> int:
    chosen = [layer for layer in LAYERS if is_chosen(layer, name)]
    if not chosen:
        print(f"No layer {name!r}; there are: {sorted({x.name for x in LAYERS})}")
        return 2
    LOGS.mkdir(exist_ok=True)
    begin = time.monotonic()
    together = [layer for layer in chosen if not layer.is_alone]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        outcomes = list(pool.map(lambda layer: run(layer, extra), together))
    outcomes += [run(layer, extra) for layer in chosen if layer.is_alone]
    return close(outcomes, time.monotonic() - begin)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, stop_all)
    sys.exit(main(*sys.argv[1:]))
