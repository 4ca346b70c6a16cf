"""When each loop of this process last did its work, for the lamps."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class Beat:
    """``at``: last finished round (ms); ``detail``: what it found."""

    at: int | None = None
    ok: bool = True
    detail: str = ""


_beats: dict[str, Beat] = {}
_checks: dict[str, Callable[[], bool]] = {}


def beat(name: str, at: int, *, ok: bool = True, detail: str = "") -> None:
    _beats[name] = Beat(at, ok, detail)


def last(name: str) -> Beat:
    return _beats.get(name, Beat())


def watch(name: str, check: Callable[[], bool]) -> None:
    """Something that only works when asked: ``check`` says whether it is alive."""
    _checks[name] = check


def runs(name: str) -> bool:
    check = _checks.get(name)
    return check is not None and check()


def forget_all() -> None:
    _beats.clear()
    _checks.clear()
