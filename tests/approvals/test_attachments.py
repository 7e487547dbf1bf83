"""Files kept with a matter."""

from __future__ import annotations

import hashlib

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from akashi.approvals.attachments import (
    LIMIT_BYTES,
    MOST_FILES,
    attach_file,
    list_attachments,
    read_attachment,
)
from akashi.approvals.matters import act
from akashi.approvals.model import Action, Risk
from akashi.approvals.store import attachment_table
from akashi.approvals.texts import clean_name
from akashi.core.errors import ConflictError, EvidenceError, ForbiddenError, InputError, NotFoundError
from tests.approvals.conftest import Bank, actor


def test_file_comes_back_with_its_digest_and_a_safe_name(bank: Bank) -> None:
    matter, content = bank.open(risk=Risk.LOW), b"%PDF-1.7 minutes"
    with bank.database.write() as connection:
        name = "../../議事録\u202efdp.pdf"
        entry = attach_file(connection, matter.id, name, content, actor("tanaka"), bank.site.now())
        assert entry.name == "議事録fdp.pdf"
        assert entry.sha256 == hashlib.sha256(content).hexdigest()
        assert read_attachment(connection, matter.id, entry.id) == (entry, content)
        assert list_attachments(connection, matter.id) == [entry]
        with pytest.raises(NotFoundError):
            read_attachment(connection, "mat_other", entry.id)


def test_decider_sees_a_file_that_came_after_he_opened_the_page(bank: Bank) -> None:
    matter, now = bank.open(risk=Risk.LOW), bank.site.now()
    with bank.database.write() as connection:
        attach_file(connection, matter.id, "a.txt", b"late", actor("tanaka"), now)
    with bank.database.write() as connection, pytest.raises(ConflictError):
        act(connection, matter.id, Action.DECIDE, actor("ito"), now, seen=1)


def test_file_that_cannot_be_kept_changes_nothing(bank: Bank) -> None:
    matter, now = bank.open(risk=Risk.LOW), bank.site.now()
    with bank.database.write() as connection:
        for content in (b"", bytes(LIMIT_BYTES + 1)):
            with pytest.raises(InputError):
                attach_file(connection, matter.id, "a.txt", content, actor("tanaka"), now)
        for who in ("suzuki", "yamada", "abe", "okada"):
            with pytest.raises(ForbiddenError):
                attach_file(connection, matter.id, "a.txt", b"x", actor(who), now)
        assert list_attachments(connection, matter.id) == []


def test_number_of_files_is_limited(bank: Bank) -> None:
    matter, now = bank.open(risk=Risk.LOW), bank.site.now()
    with bank.database.write() as connection:
        for count in range(MOST_FILES):
            attach_file(connection, matter.id, f"{count}.txt", b"x", actor("tanaka"), now)
        with pytest.raises(InputError, match="at most"):
            attach_file(connection, matter.id, "one-more.txt", b"x", actor("tanaka"), now)


def test_changed_bytes_are_noticed(bank: Bank) -> None:
    matter = bank.open(risk=Risk.LOW)
    with bank.database.write() as connection:
        entry = attach_file(connection, matter.id, "a.txt", b"before", actor("tanaka"), bank.site.now())
        connection.execute(sa.update(attachment_table).values(content=b"after!"))
        with pytest.raises(EvidenceError):
            read_attachment(connection, matter.id, entry.id)


@given(st.text(max_size=400))
def test_any_name_becomes_a_safe_one(name: str) -> None:
    clean = clean_name(name)
    assert clean
    assert len(clean.encode()) <= 200
    assert not set(clean) & set('/\\<>:"|?*%;\r\n\x00\u202e')
    assert not clean.startswith(".")
    assert clean_name(clean) == clean
