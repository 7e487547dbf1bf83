"""Verification of the stored chain: tampering in the database itself is found, signed ends are kept."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from akashi.core.display import Health, Tone
from akashi.core.errors import EvidenceError
from akashi.core.people import SYSTEM
from akashi.ledger.chain import FaultKind
from akashi.ledger.checkpoints import Checkpoint, read_checkpoint, write_checkpoint
from akashi.ledger.model import make_entry
from akashi.ledger.report import checks, tiles
from akashi.ledger.store import append, checkpoint_table, entry_table, last_verification, list_checkpoints
from akashi.ledger.verify import sign_daily, take_checkpoint, verify_ledger, verify_recent, verify_weekly
from akashi.platform.database import Database
from akashi.platform.keys import Keys
from akashi.platform.site import Site
from tests.conftest import FrozenClock
from tests.ledger.chains import break_guards, fill, make_record

COLUMNS = ["digest", "previous", "kind", "subject", "actor", "at", "payload"]


def tamper(site: Site, statement: str) -> None:
    """Run a statement as somebody who owns the database."""
    with site.database.write() as connection:
        break_guards(connection)
        connection.execute(sa.text(statement))


def found(site: Site, *others: Checkpoint) -> tuple[FaultKind, int, int]:
    """Return what a full verification finds, and where."""
    fault = verify_ledger(site, "p1", others=others).fault
    assert fault is not None
    return fault.kind, fault.sequence, fault.other


def sign(site: Site) -> Checkpoint:
    """Return a new checkpoint over the present end."""
    signed = take_checkpoint(site, "p1")
    assert signed is not None
    return signed


def test_whole_chain_verifies_and_the_outcome_is_kept(chained: Site) -> None:
    seen: list[int] = []
    outcome = verify_ledger(chained, "p1", progress=seen.append)
    assert (outcome.fault, outcome.first, outcome.entries, outcome.last) == (None, 1, 9, 9)
    with chained.database.read() as connection:
        assert last_verification(connection) == outcome


@pytest.mark.parametrize("column", COLUMNS)
def test_changed_column_is_located(chained: Site, column: str) -> None:
    tamper(chained, f"UPDATE ledger_entry SET {column} = {column} || '0' WHERE sequence = 6")
    assert found(chained) == (FaultKind.CHANGED, 6, 6)


def test_deleted_entry_is_located(chained: Site) -> None:
    tamper(chained, "DELETE FROM ledger_entry WHERE sequence IN (4, 5)")
    assert found(chained) == (FaultKind.MISSING, 4, 5)


def test_exchanged_entries_are_located(chained: Site) -> None:
    steps = [
        "sequence = -1 WHERE sequence = 3",
        "sequence = 3 WHERE sequence = 7",
        "sequence = 7 WHERE sequence = -1",
    ]
    for step in steps:
        tamper(chained, f"UPDATE ledger_entry SET {step}")
    assert found(chained) == (FaultKind.REORDERED, 3, 7)


def test_entry_replaced_with_a_fitting_digest_is_located(chained: Site) -> None:
    with chained.database.write() as connection:
        break_guards(connection)
        previous = connection.execute(
            sa.select(entry_table.c.previous).where(entry_table.c.sequence == 5)
        ).scalar_one()
        forged = make_entry(replace(make_record(5), actor="forger"), 5, previous)
        connection.execute(
            sa.update(entry_table)
            .where(entry_table.c.sequence == 5)
            .values(actor="forger", digest=forged.digest)
        )
    assert found(chained) == (FaultKind.CHANGED, 5, 5)


def test_cut_end_is_found_by_stored_and_by_kept_checkpoints(chained: Site, tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.json"
    path.write_bytes(write_checkpoint(sign(chained)))
    tamper(chained, "DELETE FROM ledger_entry WHERE sequence > 6")
    assert found(chained) == (FaultKind.TRUNCATED, 7, 9)
    tamper(chained, "DELETE FROM ledger_checkpoint")
    assert verify_ledger(chained, "p1").fault is None  # nothing inside can tell any more
    assert found(chained, read_checkpoint(path)) == (FaultKind.TRUNCATED, 7, 9)


def test_forged_checkpoint_is_found(chained: Site) -> None:
    sign(chained)
    tamper(chained, "UPDATE ledger_checkpoint SET at = '2026-11-20T02:00:00.000000Z'")
    assert found(chained) == (FaultKind.FORGED, 9, 9)


def test_checkpoint_signed_by_a_stranger_is_found(chained: Site) -> None:
    stranger = replace(chained, keys=Keys(bytes([7]) * 32))
    sign(stranger)
    assert found(chained) == (FaultKind.FORGED, 9, 9)
    recent = verify_recent(chained, "p1").fault
    assert recent is not None
    assert recent.kind is FaultKind.FORGED


def test_nothing_is_signed_over_a_chain_that_does_not_verify(chained: Site) -> None:
    tamper(chained, "UPDATE ledger_entry SET actor = 'forger' WHERE sequence = 2")
    with pytest.raises(EvidenceError, match="Entry 2 was changed"):
        take_checkpoint(chained, "p1")
    with chained.database.read() as connection:
        assert list_checkpoints(connection) == []


def test_checkpoint_is_signed_once_a_day_when_something_came_in(site: Site, clock: FrozenClock) -> None:
    assert sign_daily(site, clock()) == 0
    fill(site, 3)
    assert (sign_daily(site, clock()), sign_daily(site, clock())) == (1, 0)
    with site.database.write() as connection:
        append(connection, make_record(4))
    assert sign_daily(site, clock()) == 0
    clock.advance(timedelta(hours=14))
    assert (sign_daily(site, clock()), sign_daily(site, clock())) == (1, 0)
    clock.advance(timedelta(days=1))
    assert sign_daily(site, clock()) == 0
    with site.database.read() as connection:
        assert [item.sequence for item in list_checkpoints(connection)] == [3, 4]


def test_recent_verification_begins_at_the_last_checkpoint(chained: Site) -> None:
    sign(chained)
    with chained.database.write() as connection:
        append(connection, make_record(10))
    outcome = verify_recent(chained, "p1")
    assert (outcome.first, outcome.entries, outcome.fault) == (9, 2, None)
    tamper(chained, "UPDATE ledger_entry SET actor = 'forger' WHERE sequence = 10")
    fault = verify_recent(chained, "p1").fault
    assert fault is not None
    assert (fault.kind, fault.sequence) == (FaultKind.CHANGED, 10)


@pytest.mark.parametrize("word", [b"subject0006", b"test.recorded", b'{"n":6}', b"2026-04-01T06"])
@pytest.mark.parametrize("flip", [0x01, 0x80])
def test_flipped_bit_in_the_database_file_is_located(sqlite_site: Site, word: bytes, flip: int) -> None:
    fill(sqlite_site, 9)
    path = _close(sqlite_site.database)
    content = bytearray(path.read_bytes())
    entry = content.index(
        b"subject0006p0"
    )  # kind, subject, actor, at and payload lie side by side in the row
    place = content.index(word, entry - 20)
    content[place] ^= flip
    path.write_bytes(content)
    assert found(sqlite_site) == (FaultKind.CHANGED, 6, 6)


def test_damaged_page_of_the_database_file_is_told_as_unreadable(sqlite_site: Site) -> None:
    fill(sqlite_site, 200)
    path = _close(sqlite_site.database)
    connection = sqlite3.connect(path)
    size = connection.execute("PRAGMA page_size").fetchone()[0]
    connection.close()
    content = bytearray(path.read_bytes())
    page = content.index(b"subject0150") // size * size
    content[page] = 0xEE
    path.write_bytes(content)
    kind, sequence, _other = found(sqlite_site)
    assert kind is FaultKind.UNREADABLE
    assert 1 < sequence <= 150


def test_tile_and_doctor_tell_what_was_found(chained: Site, clock: FrozenClock) -> None:
    assert tiles(chained, SYSTEM)[0].tone is Tone.NOTICE
    assert checks(chained)[0].health is Health.WARNING
    sign(chained)
    verify_ledger(chained, "p1")
    assert (tiles(chained, SYSTEM)[0].title, tiles(chained, SYSTEM)[0].value) == (
        "Ledger verified",
        "2026-11-20",
    )
    assert checks(chained)[0].health is Health.OK
    clock.advance(timedelta(days=3))
    assert checks(chained)[0].health is Health.OK  # nothing came in since
    tamper(chained, "UPDATE ledger_entry SET actor = 'forger' WHERE sequence = 9")
    verify_ledger(chained, "p1")
    assert (tiles(chained, SYSTEM)[0].tone, tiles(chained, SYSTEM)[0].value) == (Tone.ALERT, 9)
    assert checks(chained)[0].health is Health.FAILED


def test_fault_of_the_whole_stands_until_the_whole_verifies(chained: Site) -> None:
    sign(chained)
    tamper(chained, "UPDATE ledger_entry SET actor = 'forger' WHERE sequence = 2")
    verify_ledger(chained, "p1")
    assert verify_recent(chained, "p1").fault is None
    assert tiles(chained, SYSTEM)[0].tone is Tone.ALERT
    assert checks(chained)[0].health is Health.FAILED
    tamper(chained, "UPDATE ledger_entry SET actor = 'p2' WHERE sequence = 2")
    verify_ledger(chained, "p1")
    assert tiles(chained, SYSTEM)[0].tone is Tone.CALM


def test_whole_chain_is_verified_every_week(chained: Site, clock: FrozenClock) -> None:
    assert (verify_weekly(chained, clock()), verify_weekly(chained, clock())) == (1, 0)
    clock.advance(timedelta(days=7))
    assert verify_weekly(chained, clock()) == 1
    clock.advance(timedelta(days=9))
    assert tiles(chained, SYSTEM)[0].tone is Tone.NOTICE


def test_checkpoint_row_is_what_was_signed(chained: Site) -> None:
    signed = sign(chained)
    assert signed.is_genuine()
    assert sign(chained) == signed  # nothing came in since
    with chained.database.read() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(checkpoint_table)).scalar() == 1


def _close(database: Database) -> Path:
    """Bring everything into the file itself and let go of it."""
    with database.engine.connect() as connection:
        connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return Path(str(database.url.database))
