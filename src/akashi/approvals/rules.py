"""Routes and authority table as a file: written out, founded once, changed by a decision."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.approvals import store
from akashi.approvals.matters import open_matter
from akashi.approvals.model import Authority, Draft, EventKind, Matter, Outcome, Risk, Route, Subject, Tables
from akashi.approvals.register import read_tables
from akashi.core.errors import ConflictError, InputError, NotFoundError
from akashi.core.people import Actor
from akashi.ledger.model import JsonValue, Record
from akashi.ledger.store import append

KIND = "authority_change"
MOST_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Change:
    """What a file would change, each by the name of a route or the kind and risk of a line."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


def parse_rules(content: bytes) -> tuple[str, Tables]:
    """Return the text of a TOML file and its tables.

    Raises: InputError: too large, not UTF-8, not TOML, or a rule of deciding is broken; says where.
    """
    if len(content) > MOST_BYTES:
        raise InputError("The file is larger than {most} kilobytes.", where="file", most=MOST_BYTES // 1024)
    try:
        text = content.decode("utf-8-sig")
        return text, read_tables(tomllib.loads(text))
    except UnicodeDecodeError as error:
        raise InputError("The file is not UTF-8 text.", where="file") from error
    except tomllib.TOMLDecodeError as error:
        raise InputError("The file is not TOML: {reason}", where="file", reason=str(error)) from error


def write_rules(tables: Tables) -> str:
    """Return the tables as the TOML text that ``parse_rules`` reads."""
    lines = ["# Routes of deciding and the authority table 職務権限表.", ""]
    for route in tables.routes:
        lines += ["[[route]]", f"id = {_quote(route.id)}", f"title = {_quote(route.title)}"]
        lines += [f"title_en = {_quote(route.title_en)}", "steps = ["]
        for step in route.steps:
            roles = ", ".join(_quote(role.value) for role in sorted(step.roles))
            titles = f"title = {_quote(step.title)}, title_en = {_quote(step.title_en)}"
            lines.append(f"  {{ kind = {_quote(step.kind.value)}, roles = [{roles}], {titles} }},")
        lines += ["]", ""]
    for line in tables.authority:
        emergency = ", ".join(_quote(role.value) for role in sorted(line.emergency))
        lines += ["[[authority]]", f"kind = {_quote(line.kind)}", f"risk = {_quote(line.risk.value)}"]
        lines += [f"decider = {_quote(line.decider.value)}", f"route = {_quote(line.route_id)}"]
        lines += [f"title = {_quote(line.title)}", f"title_en = {_quote(line.title_en)}"]
        lines += [f"emergency = [{emergency}]", ""]
    return "\n".join(lines)


def present_rules(connection: Connection) -> Tables:
    """Return the tables in force."""
    return Tables(tuple(store.list_routes(connection)), tuple(store.list_authority(connection)))


def compare_rules(present: Tables, wanted: Tables) -> Change:
    """Return what becomes different when ``wanted`` replaces ``present``."""
    before, after = _by_name(present), _by_name(wanted)
    return Change(
        added=tuple(name for name in after if name not in before),
        removed=tuple(name for name in before if name not in after),
        changed=tuple(name for name in after if name in before and after[name] != before[name]),
    )


def found_rules(connection: Connection, content: bytes, actor_id: str, now: datetime) -> Tables:
    """Store the first tables of an installation that has none.

    Raises: ConflictError: there are tables, which only a decision changes; InputError: the file is not one.
    """
    _, tables = parse_rules(content)
    if present_rules(connection).routes:
        raise ConflictError(
            "There are routes already; they change by a decision.",
            next_step="Hand the file in on the page Routes.",
        )
    _store(connection, tables, actor_id, "", now)
    return tables


def keep_proposal(connection: Connection, content: bytes, actor: Actor, now: datetime) -> str:
    """Keep a file that somebody wants to hand in and return its SHA-256.

    Raises: InputError: the file is not usable, changes nothing, or leaves no line for its own next change.
    """
    text, tables = parse_rules(content)
    if not compare_rules(present_rules(connection), tables):
        raise InputError("This file changes nothing.", where="file")
    if not any(line.kind == KIND for line in tables.authority):
        raise InputError(
            "The authority table needs a line of the kind {kind}.",
            where="authority",
            next_step="Without it nobody could ever decide on the next change.",
            kind=KIND,
        )
    digest = hashlib.sha256(text.encode()).hexdigest()
    if connection.execute(_proposal(digest)).first() is None:
        values = {"digest": digest, "content": text, "kept_by": actor.id, "kept_at": now}
        connection.execute(sa.insert(store.proposal_table).values(**values))
    return digest


def find_proposal(connection: Connection, digest: str) -> Tables:
    """Return the tables of a kept file. Raises: NotFoundError."""
    row = connection.execute(_proposal(digest)).first()
    if row is None:
        raise NotFoundError("There is no such proposal.", where=digest)
    return read_tables(tomllib.loads(row.content))


def hand_in(connection: Connection, digest: str, actor: Actor, now: datetime) -> Matter:
    """Hand a kept file in; it comes into force when it is decided, and only if nothing else did since.

    Raises: NotFoundError: it was never kept; InputError: no line says who decides; ForbiddenError: not this
    drafter.
    """
    change = compare_rules(present_rules(connection), find_proposal(connection, digest))
    if not change:
        raise ConflictError("This file changes nothing.", next_step="Open the page again.")
    draft = Draft(
        title="決裁経路・職務権限表の変更",
        kind=KIND,
        risk=Risk.HIGH,
        subject=Subject("approvals", digest, subject_digest(connection, digest)),
        summary=f"追加 {len(change.added)}件、変更 {len(change.changed)}件、削除 {len(change.removed)}件",
        link=f"/approvals/routes/change/{digest}",
        callback="akashi.approvals.rules:apply_rules",
        digest_of="akashi.approvals.rules:subject_digest",
    )
    return open_matter(connection, draft, actor, now)


def subject_digest(connection: Connection, digest: str) -> str:
    """Return the digest of a proposal upon the tables in force: it changes when those do."""
    present = write_rules(present_rules(connection))
    return hashlib.sha256(f"{digest}\n{present}".encode()).hexdigest()


def apply_rules(connection: Connection, outcome: Outcome) -> None:
    """Bring a decided file into force; running matters keep the steps they were opened with."""
    if outcome.event.kind is EventKind.DECIDED:
        tables = find_proposal(connection, outcome.matter.draft.subject.id)
        number = outcome.state.number
        _store(connection, tables, outcome.event.actor_id, number, outcome.event.at)


def _store(connection: Connection, tables: Tables, actor_id: str, number: str, now: datetime) -> None:
    store.replace_tables(connection, tables.routes, tables.authority)
    digest = hashlib.sha256(write_rules(tables).encode()).hexdigest()
    payload: dict[str, JsonValue] = {
        "routes": len(tables.routes),
        "authority": len(tables.authority),
        "digest": digest,
        "decision": number,
    }
    append(
        connection,
        Record(kind="approvals.tables_set", subject="routes", actor=actor_id, at=now, payload=payload),
    )


def _proposal(digest: str) -> sa.Select[tuple[str, str]]:
    table = store.proposal_table
    return sa.select(table.c.digest, table.c.content).where(table.c.digest == digest)


def _by_name(tables: Tables) -> Mapping[str, Route | Authority]:
    routes: dict[str, Route | Authority] = {f"{route.title}（{route.id}）": route for route in tables.routes}
    lines = {f"{line.title}（{line.kind} / {line.risk.value}）": line for line in tables.authority}
    return MappingProxyType({**routes, **lines})


def _quote(text: str) -> str:
    """Return a TOML basic string; JSON's escapes are among TOML's."""
    return orjson.dumps(text).decode().replace("\x7f", "\\u007f")
