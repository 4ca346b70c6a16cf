"""A process that dies after so many statements: it executes nothing more, its open
transaction rolls back, and what it had committed stays."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

Execute = Callable[[Any, str, Any], Awaitable[Any]]


class ProcessDied(BaseException):
    """No ``except Exception`` may survive it, as none survives a power cut."""


class Mortal:
    """Lets a number of statements pass, then nothing."""

    def __init__(self, lives: int):
        self.lives = lives
        self.died = False

    def wrap(self, execute: Execute) -> Execute:
        async def execute_or_die(engine: Any, query: str, values: Any) -> Any:
            if self.died:
                raise ProcessDied
            result = await execute(engine, query, values)
            self.lives -= 1
            if self.lives == 0:
                self.die()
            return result

        return execute_or_die

    def die(self, *_: Any) -> None:
        """Die now, whatever is under way."""
        self.died = True
        raise ProcessDied


@contextmanager
def dying_after(statements: int) -> Iterator[Mortal]:
    """The database obeys so many statements, commits and begins included; what runs
    then ends without a word."""
    from restaurant import crud

    mortal = Mortal(statements)
    engines: tuple[Any, ...] = (
        crud.SqliteFile,
        crud.SqliteTransaction,
        crud.PostgresConnection,
    )
    originals = [engine.execute for engine in engines]
    for engine in engines:
        engine.execute = mortal.wrap(engine.execute)
    try:
        with suppress(ProcessDied):
            yield mortal
    finally:
        for engine, original in zip(engines, originals, strict=True):
            engine.execute = original
