"""Pages of the ledger: the list, one entry with its proof, verification, and files to take away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response, StreamingResponse

from akashi.core.errors import InputError, NotFoundError
from akashi.core.people import Role
from akashi.ledger.checkpoints import write_checkpoint
from akashi.ledger.export import export_lines
from akashi.ledger.model import Entry, write_moment
from akashi.ledger.store import (
    Filter,
    count_entries,
    last_checkpoint,
    last_verification,
    list_entries,
    list_kinds,
    next_checkpoint,
    read_entry,
    read_link,
    standing_fault,
    stream_entries,
)
from akashi.ledger.verify import public_key_of, verify_ledger
from akashi.platform.clock import TOKYO
from akashi.platform.kit import Page, read_page_number, redirect, render
from akashi.platform.kit.lists import PAGE_SIZE
from akashi.platform.requests import ActorDep, SiteDep
from akashi.platform.sheets import write_csv
from akashi.platform.site import Site

router = APIRouter()
pages = APIRouter(include_in_schema=False)

VERIFIERS = (Role.AUDITOR, Role.RISK_OFFICER, Role.COMPLIANCE_OFFICER)
EXPORTERS = (*VERIFIERS, Role.EXECUTIVE)
COLUMNS = ("sequence", "at", "kind", "subject", "actor", "payload", "digest", "previous")
BLOCK_LINES = 500

Sequence = Annotated[int, Path(ge=1, le=2**53 - 1)]
Word = Annotated[str, Query(max_length=500)]


@pages.get("/ledger")
def show_list(
    request: Request,
    site: SiteDep,
    actor: ActorDep,
    kind: Word = "",
    subject: Word = "",
    who: Word = "",
    since: Word = "",
    until: Word = "",
) -> Response:
    """Show the newest entries, the last verification, and the filters."""
    asked = _read_filter(kind, subject, who, since, until)
    number = read_page_number(request)
    with site.database.read() as connection:
        total = count_entries(connection, asked)
        number = min(number, max(1, -(-total // PAGE_SIZE)))
        entries = list_entries(connection, asked, PAGE_SIZE, (number - 1) * PAGE_SIZE)
        context: dict[str, Any] = {
            "page": Page(entries, number, total),
            "kinds": _offer_kinds(list_kinds(connection)),
            "end": read_link(connection)[0],
            "verified": standing_fault(connection),
            "whole": last_verification(connection, whole=True),
            "checkpoint": last_checkpoint(connection),
        }
    context["may_verify"] = actor.has(*VERIFIERS)
    context["may_export"] = actor.has(*EXPORTERS)
    context["is_filtered"] = asked != Filter()
    return render(request, "ledger/list.html", context)


@pages.post("/ledger/verify")
def verify(request: Request, site: SiteDep, actor: ActorDep) -> RedirectResponse:
    """Walk the whole chain now, and say what was found."""
    outcome = verify_ledger(site, actor.id)
    if outcome.fault:
        numbers = {"sequence": outcome.fault.sequence, "other": outcome.fault.other}
        return redirect(request, "/ledger", outcome.fault.message, "alert", **numbers)
    return redirect(request, "/ledger", "{entries} entries verify.", "done", entries=outcome.entries)


@pages.get("/ledger/entries.csv")
def export_csv(
    site: SiteDep, kind: Word = "", subject: Word = "", who: Word = "", since: Word = "", until: Word = ""
) -> Response:
    """Send the entries that pass the filters, oldest first, for a spreadsheet."""
    asked = _read_filter(kind, subject, who, since, until)
    return _download(_csv_lines(site, asked), "text/csv; charset=utf-8", "ledger.csv")


@pages.get("/ledger/export.jsonl")
def export_jsonl(
    site: SiteDep,
    first: Annotated[int, Query(alias="from", ge=1, le=2**53 - 1)] = 1,
    last: Annotated[int, Query(alias="to", ge=0, le=2**53 - 1)] = 0,
) -> Response:
    """Send entries as JSON lines that verify without an installation."""
    with site.database.read() as connection:
        end, _digest = read_link(connection)
    last = min(last or end, end)
    if first > last:
        raise InputError(
            "The ledger has no entries from {first} to {last}.", first=first, last=last, where="from"
        )
    return _download(_json_lines(site, first, last), "application/jsonl", "ledger.jsonl")


@pages.get("/ledger/checkpoint.json")
def export_checkpoint(site: SiteDep) -> Response:
    """Send the newest signed checkpoint."""
    with site.database.read() as connection:
        newest = last_checkpoint(connection)
    if newest is None:
        raise NotFoundError("There is no checkpoint yet.", next_step="The first one is signed within a day.")
    return _download(iter([write_checkpoint(newest)]), "application/json", "ledger-checkpoint.json")


@pages.get("/ledger/{sequence}")
def show_entry(request: Request, site: SiteDep, sequence: Sequence) -> Response:
    """Show one entry with what proves it."""
    with site.database.read() as connection:
        entry = read_entry(connection, sequence)
        if entry is None:
            raise NotFoundError("The ledger has no entry {sequence}.", sequence=sequence)
        context = {
            "entry": entry,
            "payload": _show_payload(entry),
            "canonical": entry.canonical().decode(),
            "checkpoint": next_checkpoint(connection, sequence),
            "has_next": read_entry(connection, sequence + 1) is not None,
            "is_whole": entry.fits(),
        }
    return render(request, "ledger/entry.html", context)


@router.get("/api/ledger/entries/{sequence}")
def read_one(site: SiteDep, sequence: Sequence) -> JSONResponse:
    """Return one entry with its digest and the checkpoint that covers it.

    Errors: 404 when there is no such entry.
    """
    with site.database.read() as connection:
        entry = read_entry(connection, sequence)
        covered = next_checkpoint(connection, sequence)
    if entry is None:
        raise NotFoundError("The ledger has no entry {sequence}.", sequence=sequence)
    return JSONResponse(
        {**asdict(entry), "payload": entry.values, "checkpoint": asdict(covered) if covered else None}
    )


def _offer_kinds(kinds: list[str]) -> list[tuple[str, str]]:
    """Return the choices of the filter: every room with all its kinds, then its single kinds."""
    rooms = {kind.partition(".")[0] + "." for kind in kinds}
    return [(word, word + "*" if word.endswith(".") else word) for word in sorted({*rooms, *kinds})]


def _show_payload(entry: Entry) -> str:
    """Return the payload in several lines; as it is stored when somebody changed it."""
    return orjson.dumps(entry.values, option=orjson.OPT_INDENT_2).decode() if entry.fits() else entry.payload


def _read_filter(kind: str, subject: str, who: str, since: str, until: str) -> Filter:
    """Return the filter of an address; ``since`` and ``until`` are Tokyo days, both included."""
    first, last = _read_day(since, "since"), _read_day(until, "until")
    return Filter(
        kind.strip(),
        subject.strip(),
        who.strip(),
        _start_of(first) if first else "",
        _start_of(last + timedelta(days=1)) if last else "",
    )


def _read_day(text: str, where: str) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise InputError(
            "{text} is not a day.", where=where, next_step="Write it as 2026-04-01.", text=text
        ) from error
    if not 1900 <= day.year <= 9000:
        raise InputError("{text} is not a day.", where=where, next_step="Write it as 2026-04-01.", text=text)
    return day


def _start_of(day: date) -> str:
    return write_moment(datetime.combine(day, time(), TOKYO))


def _csv_lines(site: Site, asked: Filter) -> Iterator[bytes]:
    yield write_csv([COLUMNS])
    with site.database.read() as connection:
        block: list[list[str]] = []
        for entry in stream_entries(connection, asked):
            block.append(_cells(entry))
            if len(block) == BLOCK_LINES:
                yield write_csv(block).removeprefix(BOM)
                block = []
        yield write_csv(block).removeprefix(BOM)


BOM = "\ufeff".encode()


def _cells(entry: Entry) -> list[str]:
    values = asdict(entry)
    return [str(values[name]) for name in COLUMNS]


def _json_lines(site: Site, first: int, last: int) -> Iterator[bytes]:
    with site.database.read() as connection:
        block: list[bytes] = []
        for line in export_lines(connection, public_key_of(site), first, last):
            block.append(line)
            if len(block) == BLOCK_LINES:
                yield b"".join(block)
                block = []
        yield b"".join(block)


def _download(content: Iterator[bytes], media_type: str, name: str) -> StreamingResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingResponse(content, media_type=media_type, headers=headers)


router.include_router(pages)
