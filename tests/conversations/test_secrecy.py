"""What a customer said is nowhere but under its seal, and gone for good after erasure."""

from __future__ import annotations

import base64
import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from akashi.conversations.erasure import erase_conversation
from akashi.conversations.model import Author, ErasureReason, HandoverReason, Thumb, Urgency
from akashi.conversations.purge import purge_leftovers
from akashi.conversations.retention import place_hold
from akashi.conversations.sealing import PURPOSE
from akashi.conversations.store import key_table
from akashi.conversations.talk import add_message, give_feedback, read_messages, request_person
from akashi.core.errors import ConflictError, EvidenceError
from akashi.platform.database import Database
from akashi.platform.keys import unseal
from tests.conversations.conftest import PRIVACY, Desk

SECRETS = [f"汐見 太郎{count}は{7_000_000 + count * 7919}番の口座" for count in range(50)]
SEALED_KEY_BYTES = 12 + 32 + 16


def plant(desk: Desk) -> list[str]:
    """Put fifty secrets into every place where people type; return the ids of the conversations."""
    keys, now, ids = desk.site.keys, desk.site.now(), []
    for start in range(0, 50, 5):
        text, meta, note, thumb, hold = SECRETS[start : start + 5]
        conversation = desk.start().conversation.id
        with desk.site.database.write() as connection:
            add_message(connection, keys, conversation, Author.CUSTOMER, text, {"quote": meta}, now)
            add_message(connection, keys, conversation, Author.ASSISTANT, text, {meta: 1}, now)
            reason = HandoverReason.COMPLAINT
            request_person(connection, keys, conversation, reason, Urgency.SOON, now, note=note)
            give_feedback(connection, keys, conversation, 2, Thumb.DOWN, now, reason=thumb)
            place_hold(connection, keys, conversation, hold, PRIVACY, now)
            with pytest.raises(EvidenceError):
                read_messages(connection, type(keys)(bytes(32)), conversation)
        ids.append(conversation)
    return ids


def written_forms(secret: str) -> Iterator[bytes]:
    """Yield the secret as files and logs would hold it."""
    plain = secret.encode()
    yield from (plain, secret.encode("utf-16-le"), secret.encode("utf-16-be"), secret.encode("shift_jis"))
    yield secret.encode("unicode_escape")
    yield plain.hex().encode()
    yield base64.b64encode(plain)


def assert_nowhere(content: bytes) -> None:
    """Fail when any planted secret is in ``content``."""
    found = [secret for secret in SECRETS if any(form in content for form in written_forms(secret))]
    assert found == []


def dump_rows(database: Database) -> bytes:
    """Return every row of every table, bytes as they are."""
    parts = []
    with database.read() as connection:
        for name in sa.inspect(connection).get_table_names():
            for row in connection.execute(sa.text(f'SELECT * FROM "{name}"')):
                parts += [bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in row]
    return b"\n".join(parts)


def read_files(database: Database) -> bytes:
    """Return the raw bytes in which the database keeps conversations and their keys."""
    if database.is_sqlite:
        path = Path(str(database.url.database))
        files = [path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))]
        return b"".join(file.read_bytes() for file in files if file.exists())
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("CHECKPOINT")
        folder = Path(str(connection.exec_driver_sql("SHOW data_directory").scalar_one()))
        name = connection.exec_driver_sql("SELECT pg_relation_filepath('conversations_key')").scalar_one()
        return (folder / str(name)).read_bytes()


def steal_key(desk: Desk, files: bytes, conversation: str) -> bytes | None:
    """Try, with the master key, every place of the raw files as a sealed conversation key."""
    master = desk.site.keys.derive(PURPOSE)
    for place in range(len(files) - SEALED_KEY_BYTES + 1):
        candidate = files[place : place + SEALED_KEY_BYTES]
        if candidate.count(0) > 12:
            continue
        try:
            return unseal(master, candidate, conversation)
        except EvidenceError:
            continue
    return None


def test_fifty_secrets_are_in_no_file_row_ledger_or_log(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    plant(desk)
    rows = dump_rows(desk.site.database)
    assert_nowhere(rows)
    assert b"conversations.person_requested" in rows
    assert_nowhere(read_files(desk.site.database))
    assert purge_leftovers(desk.site.database)
    assert_nowhere(read_files(desk.site.database))
    assert_nowhere(caplog.text.encode())
    logged = b"".join(str(record.__dict__).encode() for record in caplog.records)
    assert_nowhere(logged)


def test_search_for_secrets_finds_one_that_is_there(desk: Desk) -> None:
    with desk.site.database.write() as connection:
        table = sa.table("platform_meta", sa.column("key"), sa.column("value"))
        connection.execute(sa.insert(table).values(key="leak", value=SECRETS[7]))
    with pytest.raises(AssertionError):
        assert_nowhere(dump_rows(desk.site.database))


def test_after_erasure_not_even_the_old_master_key_and_the_raw_file_help(desk: Desk) -> None:
    conversation, other = desk.start().conversation.id, desk.start().conversation.id
    for name in (conversation, other):
        desk.say(name, "口座番号は1234567です")
    assert steal_key(desk, read_files(desk.site.database), conversation) is not None
    desk.site.clock.advance(timedelta(days=3000))  # type: ignore[attr-defined]
    reason = ErasureReason.CUSTOMER_REQUEST
    erase_conversation(desk.site, conversation, reason, PRIVACY, desk.site.now())
    files = read_files(desk.site.database)
    assert steal_key(desk, files, conversation) is None
    assert steal_key(desk, files, other) is not None
    with desk.site.database.read() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(key_table)).scalar() == 1
        with pytest.raises(ConflictError, match="erased"):
            read_messages(connection, desk.site.keys, conversation)
        assert len(read_messages(connection, desk.site.keys, other)) == 1
