"""The sample institution's register, from the tables of ``institution.toml``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.engine import Connection

from akashi.core.errors import InputError
from akashi.core.people import SYSTEM
from akashi.register import store
from akashi.register.model import find_kind
from akashi.register.treat import Step, check_texts, create_entry, make_code

Tables = Mapping[str, Any]
Row = Mapping[str, Any]

_WEEK = {"weekdays": "mon-fri", "daily": "mon-sun"}


def seed_register(connection: Connection, tables: Tables, now: datetime) -> int:
    """Add every record that ``tables`` describe and that is not there yet; return how many were added.

    ``tables`` is the parsed file: ``institution`` and the lists ``group_company, office, person, vendor,
    contract, service, system, use_case, dependency``.

    Raises: InputError: a record is incomplete or refers to none; names kind and code.
    """
    step = Step(connection, SYSTEM, now)
    return sum(_add(step, kind, code, texts) for kind, code, texts in list_seeds(tables, now))


def list_seeds(tables: Tables, now: datetime) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield kind, code and texts of every record, referred ones first."""
    yield "company", tables["institution"]["id"], _institution(tables["institution"])
    for row in tables.get("group_company", ()):
        yield "company", row["id"], {**_texts(row), "relation": "group"}
    for row in tables.get("office", ()):
        yield "office", row["id"], _office(row, tables["institution"]["id"])
    for row in tables.get("person", ()):
        yield "posting", "", {"person": row["id"], "office": row["office"], "position": row.get("title", "")}
    for row in tables.get("vendor", ()):
        yield "vendor", row["id"], _rename(row, service="provides", critical="is_critical")
    for row in tables.get("contract", ()):
        yield "contract", row["id"], _rename(row, service="name")
    for row in tables.get("service", ()):
        yield "service", row["id"], _rename(row, critical="is_critical")
    for row in tables.get("system", ()):
        yield "system", row["id"], _texts(row)
    for row in tables.get("use_case", ()):
        yield "use_case", row["id"], _texts(row)
    for row in tables.get("dependency", ()):
        ends = {end: f"{row[f'{end}_kind']}:{row[end]}" for end in ("from", "to")}
        yield "dependency", "", {"source": ends["from"], "target": ends["to"]}


def _add(step: Step, kind_name: str, code: str, texts: Mapping[str, str]) -> bool:
    kind = find_kind(kind_name)
    checked = check_texts(kind, texts)
    where = f"{kind_name} {code}".strip()
    if checked.errors:
        field, error = checked.errors[0]
        raise InputError(error.message, where=f"{where}: {field}", next_step=error.next_step, **error.values)
    if store.has_entry(step.connection, kind_name, make_code(kind, code, checked.values)):
        return False
    create_entry(step, kind_name, code, checked.values)
    return True


def _institution(row: Row) -> dict[str, str]:
    texts = {**_texts(row), "relation": "institution", "business": str(row.get("kind_ja", ""))}
    return {**texts, "address": str(row.get("head_office", ""))}


def _office(row: Row, company: str) -> dict[str, str]:
    texts = {**_texts(row), "number": str(row.get("code", "")), "company": company}
    days = _WEEK.get(str(row.get("days", "")), "")
    if days and row.get("opens"):
        texts["hours"] = f"{days} {_spans(row)}"
        texts["business_days_only"] = "yes" if days == _WEEK["weekdays"] else "no"
    return texts


def _spans(row: Row) -> str:
    start, end = row["opens"], row["closes"]
    if "break_starts" not in row:
        return f"{start}-{end}"
    return f"{start}-{row['break_starts']} {row['break_ends']}-{end}"


def _rename(row: Row, **names: str) -> dict[str, str]:
    texts = _texts(row)
    return {names.get(name, name): text for name, text in texts.items()}


def _texts(row: Row) -> dict[str, str]:
    return {name: _text(value) for name, value in row.items() if name != "id"}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else str(value)
