"""Time as an argument: state is a function of events and now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from akashi.core.moments import TOKYO, tokyo_day

__all__ = ["TOKYO", "Clock", "system_clock", "tokyo_day"]

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Return now, aware, in UTC."""
    return datetime.now(UTC)
