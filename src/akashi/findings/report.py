"""What findings show to others: tiles, the table for spreadsheets, the management dashboard."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.core.display import Tile, Tone
from akashi.core.errors import AkashiError
from akashi.core.lifecycle import FindingState
from akashi.core.people import Actor
from akashi.core.thread import Severity
from akashi.findings import store
from akashi.findings.model import UNANSWERED_WORD, Due, Row, Wanted
from akashi.findings.words import SEVERITIES, STATES
from akashi.platform.rooms import Room, call_name
from akashi.platform.site import Site

log = logging.getLogger(__name__)

FAILURES = (
    AkashiError,
    sa.exc.SQLAlchemyError,
    ImportError,
    OSError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What a room's tiles may end in without taking the other rooms' tiles along."""

Speak = Callable[[str], str]
Figure = tuple[Room, Tile]

COLUMNS = (
    "Id",
    "Finding",
    "Severity",
    "State",
    "Room",
    "Subject",
    "Requirement",
    "Owner",
    "Due",
    "Valid until",
    "Past due",
    "Opened on",
)

_TONES = {Severity.CRITICAL: Tone.ALERT, Severity.HIGH: Tone.NOTICE}
_OPEN_TITLES = {
    Severity.CRITICAL: "Open findings, critical",
    Severity.HIGH: "Open findings, high",
    Severity.MEDIUM: "Open findings, medium",
    Severity.LOW: "Open findings, low",
}


@dataclass(frozen=True, slots=True)
class RoomTiles:
    """One room's tiles; ``failure`` says why there are none. A failure is shown, never a zero."""

    room: Room
    tiles: tuple[Tile, ...] = ()
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of the board: open findings of one room and severity; ``link`` leads to them."""

    count: int
    link: str


@dataclass(frozen=True, slots=True)
class BoardLine:
    """The open findings of one room by severity, worst first, and their sum."""

    room: str
    cells: tuple[Cell, ...]
    total: Cell


def tiles(site: Site, actor: Actor) -> list[Tile]:
    """Return open findings by severity, what is past due, and what expires within 30 days."""
    now = site.now()
    with site.database.read() as connection:
        return list_tiles(connection, now)


def list_tiles(connection: Connection, now: datetime) -> list[Tile]:
    """Return the tiles as they stand at ``now``."""
    by_severity = store.count_by_severity(connection, Wanted(state=UNANSWERED_WORD), now)
    past_due = store.count_rows(connection, Wanted(due=Due.PAST), now)
    accepted = Wanted(state=FindingState.ACCEPTED.value, due=Due.EXPIRING)
    expiring = store.count_rows(connection, accepted, now)
    found = [
        Tile(
            _OPEN_TITLES[severity],
            count,
            findings_path(state=UNANSWERED_WORD, severity=severity.value),
            "findings",
            _TONES.get(severity, Tone.CALM) if count else Tone.CALM,
        )
        for severity, count in by_severity.items()
    ]
    late = Tone.ALERT if past_due else Tone.CALM
    soon = Tone.NOTICE if expiring else Tone.CALM
    expiring_path = findings_path(state=FindingState.ACCEPTED.value, due=Due.EXPIRING.value)
    return [
        *found,
        Tile("Treatments past due", past_due, findings_path(due=Due.PAST.value), "findings", late),
        Tile("Risk acceptances that expire within 30 days", expiring, expiring_path, "findings", soon),
    ]


def findings_path(**query: str) -> str:
    """Return the address of the list narrowed by ``query``.

    >>> findings_path(due="past")
    '/findings?due=past'
    """
    return "/findings" + (f"?{urlencode(query)}" if query else "")


def collect_tiles(site: Site, actor: Actor) -> tuple[RoomTiles, ...]:
    """Return every room's tiles; what a room cannot say is said to have failed."""
    return tuple(_collect(site, actor, room) for room in site.rooms if room.tiles)


def list_urgent(figures: Sequence[Figure]) -> tuple[Figure, ...]:
    """Return the tiles that need attention, alerts first."""
    alerts, notices = (
        tuple(one for one in figures if one[1].tone is tone) for tone in (Tone.ALERT, Tone.NOTICE)
    )
    return (*alerts, *notices)


def list_calm(figures: Sequence[Figure]) -> tuple[tuple[Room, tuple[Tile, ...]], ...]:
    """Return the calm tiles by room, in the order of the rooms."""
    calm = [one for one in figures if one[1].tone is Tone.CALM]
    rooms = dict.fromkeys(room for room, _ in calm)
    return tuple((room, tuple(tile for owner, tile in calm if owner is room)) for room in rooms)


def list_figures(collected: Sequence[RoomTiles], board: Sequence[BoardLine]) -> tuple[Figure, ...]:
    """Return every tile with its room, except those that say the same number as a sum of the board."""
    said = {cell.link for line in board if not line.room for cell in (*line.cells, line.total)}
    return tuple((one.room, tile) for one in collected for tile in one.tiles if tile.link not in said)


def _collect(site: Site, actor: Actor, room: Room) -> RoomTiles:
    try:
        return RoomTiles(room, tuple(call_name(room.tiles, site, actor)))
    except FAILURES as error:
        log.error("the tiles of %s failed", room.name, exc_info=error)
        return RoomTiles(room, failure=type(error).__name__)


def count_board(connection: Connection, now: datetime) -> tuple[BoardLine, ...]:
    """Return the open findings by room and severity, and their sums in a last line named ``""``."""
    rooms = store.list_values(connection, "room")
    counted = {
        room: store.count_by_severity(connection, Wanted(room=room, state=UNANSWERED_WORD), now)
        for room in rooms
    }
    lines = [_board_line(room, counts) for room, counts in counted.items()]
    total = {severity: sum(counts[severity] for counts in counted.values()) for severity in Severity}
    return (*lines, _board_line("", total))


def _board_line(room: str, counts: Mapping[Severity, int]) -> BoardLine:
    query = {"state": UNANSWERED_WORD, **({"room": room} if room else {})}
    cells = tuple(Cell(counts[one], findings_path(**query, severity=one.value)) for one in Severity)
    return BoardLine(room, cells, Cell(sum(counts.values()), findings_path(**query)))


def write_rows(rows: Sequence[Row], names: Mapping[str, str], speak: Speak) -> list[list[str]]:
    """Return the list as a table of text in the reader's language, header first."""
    return [[speak(title) for title in COLUMNS], *(_write_row(row, names, speak) for row in rows)]


def _write_row(row: Row, names: Mapping[str, str], speak: Speak) -> list[str]:
    return [
        row.id,
        row.title,
        speak(SEVERITIES[row.severity]),
        speak(STATES[row.state]),
        row.room,
        row.subject,
        row.requirement_id,
        names.get(row.owner, row.owner),
        row.due_on.isoformat() if row.due_on else "",
        row.ends_on.isoformat() if row.ends_on else "",
        speak("Yes") if row.is_past_due else speak("No"),
        row.opened_at.isoformat(timespec="seconds"),
    ]
