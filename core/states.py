"""State machines are tables. A step that the table lacks is refused."""

from collections.abc import Mapping, Set
from enum import Enum
from typing import TypeVar

from .errors import Conflict

State = TypeVar("State", bound=Enum)


def check_step(
    steps: Mapping[State, Set[State]], old: State, new: State, code: str
) -> None:
    """Raise Conflict ``code`` with the allowed states unless old → new is a step."""
    allowed = steps[old]
    if new not in allowed:
        names = sorted(state.value for state in allowed)
        hint = f"allowed: {', '.join(names)}" if names else "it is final"
        raise Conflict(
            code, f"{old.value} cannot become {new.value}; {hint}.", allowed=names
        )
