"""Parts of the programme are written down, done and taken out by people; each leaves a ledger entry."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from akashi.core.errors import ConflictError, InputError
from akashi.core.moments import tokyo_day
from akashi.core.people import Actor
from akashi.core.thread import digest_of
from akashi.domains.governance.programme import store
from akashi.domains.governance.programme.model import Item, ItemKind
from akashi.domains.governance.store import list_use_cases
from akashi.ledger.model import JsonValue, Record
from akashi.ledger.order import hold_ledger
from akashi.ledger.store import append
from akashi.platform.canonical import canonical_json
from akashi.platform.ids import new_id
from akashi.platform.site import Site

MOST_ITEMS = 200
MOST_TEXT = 1_000
FIELDS: Mapping[ItemKind, tuple[str, ...]] = {
    ItemKind.THEME: ("purpose", "use_cases"),
    ItemKind.PARTY: ("role", "part"),
    ItemKind.MILESTONE: ("due_on", "done_on", "evidence"),
    ItemKind.FIGURE: ("target", "actual", "unit"),
}


def add_item(site: Site, actor: Actor, kind: ItemKind, title: str, values: Mapping[str, str]) -> Item:
    """Keep a part of the programme.

    Raises: InputError: its title lacks, a use case is not registered, a day or a number is none;
    ConflictError: there are too many parts.
    """
    now, name = site.now(), title.strip()
    if not name or len(name) > 200:
        raise InputError("This must be filled in.", where="title")
    kept = {field: values.get(field, "").strip().replace("\x00", "")[:MOST_TEXT] for field in FIELDS[kind]}
    with site.database.write() as connection:
        hold_ledger(connection)
        known = {one.code for one in list_use_cases(connection)}
        _check(kept, known)
        if sum(len(items) for items in store.list_items(connection).values()) >= MOST_ITEMS:
            raise ConflictError("A programme has at most {most} parts.", most=MOST_ITEMS)
        item = Item(new_id("prg"), kind, name.replace("\x00", ""), kept, actor.id, now)
        store.insert_item(connection, item)
        append(connection, Record("governance.programme_added", item.id, actor.id, now, _tell(item)))
        return item


def finish_milestone(site: Site, actor: Actor, item_id: str, evidence: str) -> None:
    """Keep that a milestone is reached, by what. Raises: ConflictError: it is none, or reached already."""
    now = site.now()
    shown = evidence.strip()
    if not shown or len(shown) > MOST_TEXT:
        raise InputError("Say what shows it.", where="evidence")
    with site.database.write() as connection:
        hold_ledger(connection)
        item = store.load_item(connection, item_id)
        if item.kind is not ItemKind.MILESTONE or item.values.get("done_on"):
            raise ConflictError("This is no open milestone.", next_step="Open the page again.")
        values = {**item.values, "done_on": tokyo_day(now).isoformat(), "evidence": shown}
        store.change_item(connection, item_id, values)
        changed = Item(item.id, item.kind, item.title, values, item.actor, item.at)
        append(connection, Record("governance.programme_done", item_id, actor.id, now, _tell(changed)))


def take_out(site: Site, actor: Actor, item_id: str) -> None:
    """Take a part out of the programme. Raises: NotFoundError: there is none."""
    now = site.now()
    with site.database.write() as connection:
        hold_ledger(connection)
        item = store.load_item(connection, item_id)
        store.remove_item(connection, item_id, now)
        append(connection, Record("governance.programme_removed", item_id, actor.id, now, _tell(item)))


def _check(values: Mapping[str, str], known: set[str]) -> None:
    unknown = [code for code in values.get("use_cases", "").split() if code not in known]
    if unknown:
        raise InputError("There is no use case {code}.", where="use_cases", code=unknown[0])
    for name in ("due_on", "done_on"):
        if values.get(name):
            _read_day(values[name], name)
    for name in ("target", "actual"):
        text = values.get(name, "")
        if text and not _is_number(text):
            raise InputError("Write a number.", where=name)


def _read_day(text: str, name: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError("Write the day as 2026-04-01.", where=name) from error


def _is_number(text: str) -> bool:
    whole, _, part = text.removeprefix("-").partition(".")
    return text.isascii() and whole.isdigit() and (part.isdigit() or "." not in text) and len(text) < 16


def _tell(item: Item) -> dict[str, JsonValue]:
    told = canonical_json({"title": item.title, "values": dict(item.values)})
    return {"kind": item.kind.value, "digest": digest_of(told)}
