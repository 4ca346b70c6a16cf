"""A circuit breaker: a service that keeps failing is left alone for a while. Pure.

Closed: calls go out. After ``BREAKER_FAILURES`` failures in a row it is open: no call
for ``BREAKER_OPEN_MS``. Then one call is let through as a trial; it closes the
breaker or opens it again.
"""

from dataclasses import dataclass, replace

from . import limits


@dataclass(frozen=True)
class Breaker:
    """What is remembered of one service. All times are milliseconds."""

    failures: int = 0
    opened_at: int | None = None
    trial_at: int | None = None

    def waits_until(self, at: int) -> int | None:
        """When the next call may go out; None when one may go out now.

        A trial that nobody ended is forgotten after as long as a pause.
        """
        if self.opened_at is None:
            return None
        since = max(self.opened_at, self.trial_at or self.opened_at)
        until = since + limits.BREAKER_OPEN_MS
        return until if at < until else None

    def begun(self, at: int) -> "Breaker":
        """A call goes out now; it is the trial if the breaker is open."""
        return self if self.opened_at is None else replace(self, trial_at=at)

    def succeeded(self) -> "Breaker":
        """The service answered, whatever it said."""
        return Breaker()

    def failed(self, at: int) -> "Breaker":
        """A call that began at ``at`` failed. Calls that began before the pause say
        nothing new."""
        failures = self.failures + 1
        if self.opened_at is None:
            is_enough = failures >= limits.BREAKER_FAILURES
            return Breaker(failures, at if is_enough else None)
        if at < self.opened_at + limits.BREAKER_OPEN_MS:
            return self
        return Breaker(failures, at)

    def released(self, at: int) -> "Breaker":
        """The call that began at ``at`` never reached the service: if it was the
        trial, the next call is."""
        return replace(self, trial_at=None) if self.trial_at == at else self
