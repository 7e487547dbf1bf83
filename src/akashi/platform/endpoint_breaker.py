"""A circuit breaker: an endpoint that fails again and again rests, so that nobody waits for it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

FAILURES = 3
REST_SECONDS = 30.0
MOST_REST_SECONDS = 600.0


@dataclass
class Breaker:
    """Counts failures in a row. After ``FAILURES`` it rests, then lets one call through to try.

    Each failed try doubles the rest, up to ten minutes. Times are monotonic seconds, handed in.
    """

    failures: int = 0
    rest_seconds: float = REST_SECONDS
    rests_until: float = 0.0
    is_trying: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def enter(self, now: float) -> bool:
        """Return whether a call may go out now."""
        with self.lock:
            if self.failures < FAILURES:
                return True
            if now < self.rests_until or self.is_trying:
                return False
            self.is_trying = True
            return True

    def leave(self, now: float, *, is_healthy: bool | None) -> None:
        """Tell how a call went; None: it says nothing about the endpoint."""
        with self.lock:
            was_trying, self.is_trying = self.is_trying, False
            if is_healthy is None:
                return
            if is_healthy:
                self.failures, self.rest_seconds = 0, REST_SECONDS
                return
            self.failures += 1
            if was_trying:
                self.rest_seconds = min(self.rest_seconds * 2, MOST_REST_SECONDS)
            if self.failures >= FAILURES:
                self.rests_until = now + self.rest_seconds

    def is_resting(self, now: float) -> bool:
        """Return whether calls are kept back now."""
        with self.lock:
            return self.failures >= FAILURES and now < self.rests_until
