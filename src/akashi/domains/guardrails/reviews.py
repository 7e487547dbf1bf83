"""人の目: what waits to be looked at, its masked words, and what the person who looked says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.conversations.talk import read_feedback, read_messages
from akashi.core.errors import ConflictError, InputError, NotFoundError
from akashi.core.people import Actor
from akashi.core.thread import Evidence, Finding, Severity, Subject, SubjectKind, digest_of
from akashi.domains.guardrails.exchange_log import read_exchange
from akashi.domains.guardrails.guards import guard_folder, open_guards
from akashi.domains.guardrails.masking import mask
from akashi.domains.guardrails.personal import find_personal
from akashi.domains.guardrails.store import event_table, review_table
from akashi.findings.treat import open_finding
from akashi.ledger.model import JsonValue, Record
from akashi.ledger.store import append
from akashi.platform.canonical import canonical_json
from akashi.platform.ids import new_id
from akashi.platform.kit.catalogs import mark
from akashi.platform.site import Site

PURPOSE = "guardrails/review"
MOST_NOTE = 2_000
PROXY, FEEDBACK = "proxy", "feedback"


class Verdict(StrEnum):
    """What a person says of what the guards did."""

    RIGHT = "right"
    TOO_STRICT = "too_strict"
    MISSED = "missed"


class Missed(StrEnum):
    """What the guards missed."""

    PERSONAL = "personal"
    HIJACK = "hijack"
    LEAK = "leak"
    OUTPUT = "output"


REQUIREMENTS = {
    Missed.PERSONAL: "programme-leak",
    Missed.HIJACK: "programme-hijack",
    Missed.LEAK: "programme-leak",
    Missed.OUTPUT: "programme-hallucination",
}
TITLES = {
    Missed.PERSONAL: "ガードが個人情報を見逃した",
    Missed.HIJACK: "ガードが乗っ取りの試みを見逃した",
    Missed.LEAK: "ガードが内部情報の漏えいを見逃した",
    Missed.OUTPUT: "ガードが不適切な出力を見逃した",
}
GONE = mark("The words have been deleted: their time was over, or the conversation was erased.")


@dataclass(frozen=True, slots=True)
class Item:
    """Something to look at, or looked at."""

    event_id: str
    at: datetime
    use_case: str
    door: str
    direction: str
    outcome: str
    noted: tuple[tuple[str, str, int], ...]
    reasons: tuple[str, ...]
    subject: str
    place: int
    why: str
    verdict: str
    reviewer: str
    reviewed_at: datetime | None
    finding_id: str


def list_items(connection: Connection, *, is_open: bool, most: int = 200) -> list[Item]:
    """Return what waits, oldest first, or what was looked at, newest first."""
    reviewed = review_table.c.reviewed_at
    order = review_table.c.queued_at if is_open else reviewed.desc()
    query = _query().where(reviewed.is_(None) if is_open else reviewed.is_not(None))
    return [_item(row) for row in connection.execute(query.order_by(order).limit(most)).mappings()]


def count_open(connection: Connection) -> int:
    """Return how much waits to be looked at."""
    query = sa.select(sa.func.count()).where(review_table.c.reviewed_at.is_(None))
    return int(connection.execute(query).scalar_one())


def read_item(connection: Connection, event_id: str) -> Item:
    """Return one item. Raises: NotFoundError."""
    row = connection.execute(_query().where(review_table.c.event_id == event_id)).mappings().first()
    if row is None:
        raise NotFoundError("Nothing of that kind waits to be looked at.", where=event_id)
    return _item(row)


def read_words(site: Site, connection: Connection, item: Item) -> tuple[tuple[str, str], ...]:
    """Return who said what, masked; empty when the words are gone. Nothing is ever opened here."""
    try:
        if item.door == PROXY:
            words = read_exchange(connection, site.keys, item.subject).words
        elif item.door == FEEDBACK:
            judged = read_feedback(connection, site.keys, item.subject)
            words = tuple(("customer", one.reason) for one in judged if one.sequence == item.place)
        else:
            messages = read_messages(connection, site.keys, item.subject)
            words = tuple((one.author.value, one.text) for one in messages if one.sequence == item.place)
    except (NotFoundError, ConflictError):
        return ()
    terms = open_guards(guard_folder(site)).terms
    return tuple((who, mask(text, None, lambda one: find_personal(one, terms)).text) for who, text in words)


def judge_item(
    site: Site, event_id: str, verdict: Verdict, missed: Missed | None, note: str, actor: Actor
) -> str:
    """Keep what a person says; what was missed becomes a finding, whose id is returned.

    Raises: ConflictError: somebody has judged it already; InputError: a note is too long, or what was
    missed is not named.
    """
    if len(note) > MOST_NOTE:
        raise InputError("Write up to {limit} characters.", where="note", limit=MOST_NOTE)
    if verdict is Verdict.MISSED and missed is None:
        raise InputError("Say what was missed.", where="missed")
    now = site.now()
    with site.database.write() as connection:
        item = read_item(connection, event_id)
        open_ = [review_table.c.event_id == event_id, review_table.c.reviewed_at.is_(None)]
        finding_id = ""
        values: dict[str, Any] = {
            "verdict": verdict.value,
            "reviewer": actor.id,
            "reviewed_at": now,
            "note": site.keys.seal(PURPOSE, note.encode(), event_id) if note.strip() else None,
        }
        if connection.execute(sa.update(review_table).where(*open_).values(values)).rowcount != 1:
            raise ConflictError("Somebody has judged this already.", where=event_id)
        if verdict is Verdict.MISSED and missed is not None:
            finding_id = open_finding(connection, _finding(item, missed, now), actor, now).finding_id
            mine = review_table.c.event_id == event_id
            connection.execute(sa.update(review_table).where(mine).values(finding_id=finding_id))
        payload: dict[str, JsonValue] = {"verdict": verdict.value, "finding": finding_id}
        append(connection, Record("guardrails.reviewed", event_id, actor.id, now, payload))
    return finding_id


def read_note(site: Site, connection: Connection, event_id: str) -> str:
    """Return what the person who looked wrote beside his verdict."""
    query = sa.select(review_table.c.note).where(review_table.c.event_id == event_id)
    sealed = connection.execute(query).scalar_one_or_none()
    return site.keys.unseal(PURPOSE, bytes(sealed), event_id).decode() if sealed else ""


def _finding(item: Item, missed: Missed, now: datetime) -> Finding:
    """Return the finding; the same miss in the same use case is one finding with more evidence."""
    content = canonical_json({"event": item.event_id, "missed": missed.value})
    evidence = Evidence(new_id("evd"), digest_of(content), now, f"guardrails_event/{item.event_id}")
    return Finding(
        room="guardrails",
        source="monitoring",
        subject=Subject(SubjectKind.USE_CASE, item.use_case),
        requirement_id=REQUIREMENTS[missed],
        fingerprint=digest_of(f"{item.use_case} {missed.value}".encode()),
        severity=Severity.HIGH if missed in (Missed.PERSONAL, Missed.LEAK) else Severity.MEDIUM,
        title=TITLES[missed],
        detail=f"人の目による確認：/guard/review/{item.event_id}",
        evidence=(evidence,),
    )


@dataclass(frozen=True, slots=True)
class Judged:
    """Verdicts of a time: of stopped texts and of samples, how many were what."""

    counts: Mapping[tuple[str, str], int]

    def of(self, why: str, verdict: str) -> int:
        """Return how many of a kind got a verdict."""
        return self.counts.get((why, verdict), 0)

    def total(self, *why: str) -> int:
        """Return how many of these kinds were judged."""
        return sum(count for (one, _), count in self.counts.items() if one in why)


def count_verdicts(connection: Connection, first: date, last: date) -> Judged:
    """Return the verdicts on events of the days, both ends included."""
    columns = (review_table.c.why, review_table.c.verdict)
    query = (
        sa.select(*columns, sa.func.count())
        .join(event_table, event_table.c.id == review_table.c.event_id)
        .where(event_table.c.day >= first, event_table.c.day <= last, review_table.c.verdict != "")
        .group_by(*columns)
    )
    return Judged({(row[0], row[1]): int(row[2]) for row in connection.execute(query)})


def _query() -> sa.Select[Any]:
    joined = event_table.join(review_table, review_table.c.event_id == event_table.c.id)
    return sa.select(event_table, review_table).select_from(joined)


def _item(row: Any) -> Item:
    return Item(
        event_id=row["event_id"],
        at=row["at"],
        use_case=row["use_case"],
        door=row["door"],
        direction=row["direction"],
        outcome=row["outcome"],
        noted=tuple((what, treatment, int(count)) for what, treatment, count in row["noted"]),
        reasons=tuple(row["reasons"]),
        subject=row["subject"],
        place=row["place"],
        why=row["why"],
        verdict=row["verdict"],
        reviewer=row["reviewer"],
        reviewed_at=row["reviewed_at"],
        finding_id=row["finding_id"],
    )
