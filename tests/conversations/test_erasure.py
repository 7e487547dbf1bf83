"""Erasure, retention and holds: in order, at once, interrupted, and after a restore."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from akashi.conversations.erasure import erase_conversation, erase_due, import_tombstones, restored
from akashi.conversations.model import Author, ErasureReason, Period
from akashi.conversations.retention import (
    erasable_before,
    keep_until,
    place_hold,
    release_hold,
    set_periods,
)
from akashi.conversations.store import (
    conversation_table,
    find_tombstone,
    key_table,
    list_tombstones,
    message_table,
    tombstone_table,
)
from akashi.conversations.talk import add_message, find_by_token, read_messages
from akashi.conversations.tombstones import append_tombstones, make_tombstone, read_tombstones, tombstone_file
from akashi.core.errors import ConflictError, EvidenceError, ForbiddenError, InputError, NotFoundError
from akashi.core.moments import TOKYO
from akashi.core.people import Actor, ActorKind, Role
from akashi.platform.database import Database
from akashi.platform.site import Site
from tests.conversations.conftest import OPERATOR, PRIVACY, Desk

ASKED = ErasureReason.CUSTOMER_REQUEST
SIX_YEARS = timedelta(days=2200)


def later(desk: Desk, step: timedelta = SIX_YEARS) -> datetime:
    desk.site.clock.advance(step)  # type: ignore[attr-defined]
    return desk.site.now()


def test_erasure_before_the_period_is_refused_with_its_date(desk: Desk) -> None:
    conversation = desk.start().conversation.id
    with pytest.raises(ConflictError, match="2031-11-20"):
        erase_conversation(desk.site, conversation, ASKED, PRIVACY, desk.site.now())
    last_day = datetime(2031, 11, 20, 23, 59, tzinfo=TOKYO)
    with pytest.raises(ConflictError, match="must be kept"):
        erase_conversation(desk.site, conversation, ASKED, PRIVACY, last_day)
    stone = erase_conversation(desk.site, conversation, ASKED, PRIVACY, last_day + timedelta(minutes=1))
    with desk.site.database.read() as connection:
        assert find_tombstone(connection, conversation) == stone
    assert read_tombstones(tombstone_file(desk.site.settings), desk.site.keys).tombstones == (stone,)


def test_hold_comes_before_erasure_and_before_the_duty(desk: Desk) -> None:
    conversation, now = desk.start().conversation.id, desk.site.now()
    with desk.site.database.write() as connection:
        hold = place_hold(connection, desk.site.keys, conversation, "訴訟 令和8年(ワ)第1号", PRIVACY, now)
    now = later(desk)
    with pytest.raises(ConflictError, match="legal hold"):
        erase_conversation(desk.site, conversation, ASKED, PRIVACY, now)
    assert erase_due(desk.site, now) == 0
    with desk.site.database.write() as connection:
        release_hold(connection, hold.id, PRIVACY, now)
        with pytest.raises(ConflictError, match="released already"):
            release_hold(connection, hold.id, PRIVACY, now)
    assert [erase_due(desk.site, now), erase_due(desk.site, now)] == [1, 0]


@pytest.mark.parametrize(
    "who",
    [
        OPERATOR,
        Actor("local:root", ActorKind.LOCAL, frozenset({Role.PRIVACY_OFFICER})),
        Actor("abe", ActorKind.PERSON, frozenset({Role.AUDITOR})),
        Actor("kimura", ActorKind.PERSON, frozenset({Role.PRIVACY_OFFICER}), confirmed=False),
    ],
)
def test_only_the_confirmed_privacy_officer_erases_and_holds(desk: Desk, who: Actor) -> None:
    conversation, now = desk.start().conversation.id, later(desk)
    with pytest.raises(ForbiddenError):
        erase_conversation(desk.site, conversation, ASKED, who, now)
    with desk.site.database.write() as connection, pytest.raises(ForbiddenError):
        place_hold(connection, desk.site.keys, conversation, "理由", who, now)


def test_erased_conversation_is_closed_to_everybody(desk: Desk) -> None:
    started = desk.start()
    desk.say(started.conversation.id, "秘密")
    erase_conversation(desk.site, started.conversation.id, ASKED, PRIVACY, later(desk))
    with desk.site.database.read() as connection:
        with pytest.raises(NotFoundError):
            find_by_token(connection, started.token)
        sealed = connection.execute(sa.select(message_table.c.sealed)).scalars().all()
        assert [bytes(body) for body in sealed] == [b""]
    with pytest.raises(ConflictError, match="erased"):
        desk.say(started.conversation.id, "まだ")
    with pytest.raises(ConflictError, match="erased"):
        erase_conversation(desk.site, started.conversation.id, ASKED, PRIVACY, desk.site.now())


def test_periods_are_data_of_the_institution(desk: Desk) -> None:
    now, conversation = desk.site.now(), desk.start().conversation.id
    with desk.site.database.write() as connection:
        for bad in (Period("faq", 0, "x"), Period("faq", 361, "x"), Period("faq", 12, " ")):
            with pytest.raises(InputError):
                set_periods(connection, [bad], "system", now)
        short = [Period("faq", 1, "文書管理規程 別表")]
        assert [set_periods(connection, short, "system", now) for _ in range(2)] == [True, False]
    assert erase_due(desk.site, later(desk, timedelta(days=30))) == 0
    assert erase_due(desk.site, later(desk, timedelta(days=1))) == 1
    with desk.site.database.read() as connection:
        stone = find_tombstone(connection, conversation)
    assert stone is not None
    assert (stone.reason, stone.erased_by) == (ErasureReason.RETENTION_OVER, "system")


@given(st.integers(0, 5 * 366 * 1440), st.integers(1, 360), st.integers(-3, 3))
def test_duty_and_refusal_agree_on_every_day(minutes: int, months: int, shift: int) -> None:
    last_at = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    today = keep_until(last_at, months) + timedelta(days=shift)
    assert (last_at < erasable_before(today, months)) == (today > keep_until(last_at, months))


def test_keeping_ends_with_the_month_where_the_day_does_not_exist() -> None:
    assert keep_until(datetime(2028, 2, 29, 3, tzinfo=UTC), 12) == date(2029, 2, 28)
    assert keep_until(datetime(2026, 10, 31, 15, tzinfo=UTC), 3) == date(2027, 2, 1)


def test_of_simultaneous_erasures_exactly_one_wins(desk: Desk) -> None:
    conversation, now = desk.start().conversation.id, later(desk)
    together = Barrier(4)

    def erase(_: int) -> bool:
        together.wait()
        try:
            erase_conversation(desk.site, conversation, ASKED, PRIVACY, now)
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(erase, range(4))) == 1
    assert len(read_tombstones(tombstone_file(desk.site.settings), desk.site.keys).tombstones) == 1


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from akashi.conversations import erasure
from akashi.core.people import Actor, ActorKind, Role
from akashi.platform.database import Database
from akashi.platform.keys import Keys
from akashi.platform.settings import Settings
from akashi.platform.site import Site
url, key_file, conversation, point = sys.argv[1:]
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
write = erasure.append_tombstones
def die_half(path, stones):
    write(path, stones)
    content = path.read_bytes()
    path.write_bytes(content[:len(content) // 2])
    die()
def die_after(path, stones):
    write(path, stones)
    die()
name, replacement = {
    "before file": ("append_tombstones", die),
    "in file": ("append_tombstones", die_half),
    "before commit": ("append_tombstones", die_after),
    "before purge": ("purge", die),
}[point]
setattr(erasure, name, replacement)
settings = Settings(home=Path(key_file).parent, key_file=Path(key_file), database_url=url)
site = Site(settings, Database(url), Keys(bytes(range(32))), ())
privacy = Actor("kimura", ActorKind.PERSON, frozenset({Role.PRIVACY_OFFICER}))
now = datetime(2033, 1, 1, tzinfo=UTC)
erasure.erase_conversation(site, conversation, erasure.ErasureReason.CUSTOMER_REQUEST, privacy, now)
"""


@pytest.mark.full
@pytest.mark.parametrize(
    ("point", "decided"),
    [("before file", False), ("in file", False), ("before commit", True), ("before purge", True)],
)
def test_killed_erasure_is_finished_or_never_happened(desk: Desk, point: str, decided: bool) -> None:
    conversation = desk.start().conversation.id
    desk.say(conversation, "秘密")
    url = desk.site.database.url.render_as_string(hide_password=False)
    arguments = [url, str(desk.site.settings.key_file), conversation, point]
    ended = subprocess.run([sys.executable, "-c", KILLED, *arguments], check=False)
    assert ended.returncode == -signal.SIGKILL
    now = desk.site.now() + timedelta(days=1)
    erase_due(desk.site, now)
    with desk.site.database.read() as connection:
        assert (find_tombstone(connection, conversation) is not None) == decided
        alive = connection.execute(sa.select(key_table.c.conversation_id)).scalars().all()
        assert alive == ([] if decided else [conversation])
        if not decided:
            assert read_messages(connection, desk.site.keys, conversation)[0].text == "秘密"
        unclear = list_tombstones(connection, tombstone_table.c.is_purged.is_(False))
        assert unclear == []
    assert erase_due(desk.site, now) == 0
    stone = make_tombstone(desk.site.keys, "con_next", now, ASKED, "kimura")
    append_tombstones(tombstone_file(desk.site.settings), [stone])
    graveyard = read_tombstones(tombstone_file(desk.site.settings), desk.site.keys)
    assert (len(graveyard.tombstones), graveyard.bad_lines) == (1 + decided, ())


def test_restored_backup_does_not_bring_an_erased_conversation_back(
    sqlite_desk: Desk, tmp_path: Path
) -> None:
    site = sqlite_desk.site
    conversation, kept = sqlite_desk.start().conversation.id, sqlite_desk.start().conversation.id
    sqlite_desk.say(conversation, "秘密")
    sqlite_desk.say(kept, "残る")
    path = Path(str(site.database.url.database))
    site.database.close()
    shutil.copy(path, tmp_path / "backup.db")
    erase_conversation(site, conversation, ASKED, PRIVACY, later(sqlite_desk))
    site.database.close()
    shutil.copy(tmp_path / "backup.db", path)
    again = Site(site.settings, Database(str(site.database.url)), site.keys, site.rooms, clock=site.clock)
    with again.database.read() as connection:
        assert read_messages(connection, again.keys, conversation)[0].text == "秘密"
    restored(again)
    restored(again)
    with again.database.read() as connection:
        with pytest.raises(ConflictError, match="erased"):
            read_messages(connection, again.keys, conversation)
        assert read_messages(connection, again.keys, kept)[0].text == "残る"
    again.database.close()


def test_lost_tombstone_file_is_written_again_from_the_database(desk: Desk) -> None:
    conversation = desk.start().conversation.id
    erase_conversation(desk.site, conversation, ASKED, PRIVACY, later(desk))
    path = tombstone_file(desk.site.settings)
    before = path.read_bytes()
    path.unlink()
    restored(desk.site)
    assert path.read_bytes() == before
    assert path.stat().st_mode & 0o777 == 0o600


def test_tombstones_of_another_machine_are_applied_only_if_this_key_wrote_them(
    desk: Desk, tmp_path: Path
) -> None:
    ours, theirs = desk.start().conversation.id, desk.start().conversation.id
    now, foreign = desk.site.now(), tmp_path / "foreign.tombstones"
    append_tombstones(foreign, [make_tombstone(desk.site.keys, ours, now, ASKED, "kimura")])
    forged = make_tombstone(type(desk.site.keys)(bytes(32)), theirs, now, ASKED, "kimura")
    append_tombstones(foreign, [forged])
    with pytest.raises(EvidenceError, match="lines 2 "):
        import_tombstones(desk.site, foreign)
    with desk.site.database.read() as connection:
        assert find_tombstone(connection, ours) is not None
        assert find_tombstone(connection, theirs) is None
    with desk.site.database.write() as connection:
        erased = connection.execute(
            sa.select(conversation_table.c.id).where(conversation_table.c.erased_at.is_not(None))
        ).scalars()
        assert list(erased) == [ours]


def test_message_that_arrives_during_an_erasure_is_refused_or_erased(desk: Desk) -> None:
    conversation, now = desk.start().conversation.id, later(desk)
    with desk.site.database.write() as connection:
        long_ago = now - SIX_YEARS
        add_message(connection, desk.site.keys, conversation, Author.CUSTOMER, "前", {}, long_ago)

    def write(_: int) -> bool:
        try:
            with desk.site.database.write() as connection:
                add_message(connection, desk.site.keys, conversation, Author.CUSTOMER, "後", {}, long_ago)
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        writes = [threads.submit(write, count) for count in range(20)]
        erase_conversation(desk.site, conversation, ASKED, PRIVACY, now)
        assert {done.result() for done in writes} <= {True, False}
    with desk.site.database.read() as connection:
        sealed = connection.execute(sa.select(message_table.c.sealed)).scalars().all()
        assert {bytes(body) for body in sealed} == {b""}
