"""Receiving papers: what kind the content is, whether a scanner finds something, what it proposes.

A file is read only in the child process of the documents room; what people see of it is a picture made there.
Proposals count only after a person has confirmed them beside their area.
"""

from __future__ import annotations

import logging
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from types import MappingProxyType

from sqlalchemy.engine import Connection

from akashi.core.errors import ConflictError, InputError, NotFoundError, SetupError
from akashi.documents.parsing.areas import PageArea, read_areas
from akashi.documents.parsing.sandbox import check_name
from akashi.domains.loans import upload_store
from akashi.domains.loans.desk_store import add_assessment
from akashi.domains.loans.measure.proposing import Cell, Proposal, propose_values
from akashi.domains.loans.model import Application, Item, NeededDocument, Origin, State, Value
from akashi.domains.loans.register.desk import read_desk
from akashi.domains.loans.stopping import require_running
from akashi.domains.loans.store import OPEN_STATES, add_values, find_outline, read_application
from akashi.domains.loans.upload_store import CONFIRMED, OPEN, REFUSED, NewUpload, Proposed
from akashi.ledger.model import JsonValue, Record
from akashi.ledger.store import append
from akashi.platform.kit import mark
from akashi.platform.site import Site

_LOG = logging.getLogger(__name__)
CUSTOMER = "customer"
MOST_BYTES = 15_000_000
MOST_UPLOADS = 60
SCAN_SECONDS = 60
AT_DESK = (State.SUBMITTED,)
UNCERTAIN = mark("The picture is too uncertain to be read; the values are entered by hand.")
NOTHING_FOUND = mark("No value of this application was found in it.")
NOT_SCANNED = mark("No virus scanner is configured; the file was not scanned.")
GIVES_ORDERS = mark("Something in it reads like an order to an assistant; look at the original.")
_KINDS: Mapping[str, tuple[bytes, str, tuple[str, ...]]] = MappingProxyType(
    {
        "PDF": (b"%PDF-", "application/pdf", (".pdf",)),
        "JPEG": (b"\xff\xd8\xff", "image/jpeg", (".jpg", ".jpeg")),
        "PNG": (b"\x89PNG\r\n\x1a\n", "image/png", (".png",)),
        "XLSX": (
            b"PK\x03\x04",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            (".xlsx",),
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Received:
    """What became of an upload."""

    upload: str
    proposals: int
    warnings: tuple[str, ...]


def find_kind(name: str, content: bytes) -> tuple[str, str]:
    """Return the kind and media type of a file by its content; its suffix has to agree.

    Raises: InputError: another kind, or the content is not what the name says.
    """
    suffix = PurePath(name).suffix.lower()
    for kind, (magic, media_type, suffixes) in _KINDS.items():
        if content.startswith(magic):
            if suffix not in suffixes:
                raise InputError(
                    "The content is {kind}, but the name ends in {suffix}.",
                    where="file",
                    next_step="Give the file the ending of its real kind.",
                    kind=kind,
                    suffix=suffix or "-",
                )
            return kind, media_type
    raise InputError(
        "Only PDF, JPEG, PNG and XLSX can be handed in.",
        where="file",
        next_step="Photograph the paper, or save it as PDF.",
    )


def scan_content(command: Sequence[str], content: bytes) -> bool:
    """Return whether the configured scanner called the content clean; False where none is configured.

    Raises: InputError: it found something; SetupError: it did not answer. Then nothing is kept.
    """
    if not command:
        return False
    try:
        done = subprocess.run(  # noqa: S603 - the administrator's own command, no shell
            list(command), input=content, capture_output=True, timeout=SCAN_SECONDS, check=False
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise SetupError(
            "The virus scanner does not answer; nothing was kept. Check scan_command."
        ) from error
    if done.returncode == 1:
        raise InputError("The virus scanner found something in the file; it was not kept.", where="file")
    if done.returncode != 0:
        _LOG.warning("the virus scanner ended with %s", done.returncode)
        raise SetupError("The virus scanner failed; nothing was kept. Check scan_command.")
    return True


def receive(
    site: Site, application_id: str, document: str, name: str, content: bytes, actor: str = CUSTOMER
) -> Received:
    """Keep a paper that somebody hands in and what it proposes.

    Raises: InputError: not a file we take, damaged, too large or refused by the scanner; NotFoundError: the
    product asks for no such paper; ConflictError: the application can no longer be changed.
    """
    name = check_name(PurePath(name.replace("\\", "/")).name)
    if not content or len(content) > MOST_BYTES:
        raise InputError("A file has at most {limit} MB and is not empty.", where="file", limit=15)
    _, media_type = find_kind(name, content)
    with site.database.read() as connection:
        application = read_application(connection, site.keys, application_id)
        count = len(upload_store.list_uploads(connection, site.keys, application_id))
        paper = _find_paper(application, document)
        _check_open(connection, application.state, actor)
    if count >= MOST_UPLOADS:
        raise ConflictError("An application takes at most {most} files.", most=MOST_UPLOADS)
    is_scanned = scan_content(site.settings.scan_command, content)
    pages = read_areas(name, content)
    proposals = _propose(application, paper, pages)
    warnings = (*_warn(pages, proposals, is_scanned), *_warn_of_orders(site, pages))
    pictures = tuple(page.picture for page in pages)
    new = NewUpload(document, name, media_type, content, pictures, proposals, warnings, is_scanned)
    now = site.now()
    with site.database.write() as connection:
        _check_open(connection, find_outline(connection, application_id, lock=True).state, actor)
        upload_id = upload_store.insert_upload(connection, site.keys, application_id, new, actor, now)
        payload: dict[str, JsonValue] = {
            "upload": upload_id,
            "document": document,
            "proposals": len(proposals),
        }
        append(connection, Record("loans.uploaded", application_id, actor, now, payload))
    return Received(upload_id, len(proposals), warnings)


def _find_paper(application: Application, document: str) -> NeededDocument:
    papers = {paper.id: paper for paper in application.product.documents}
    if document not in papers:
        raise NotFoundError("The product asks for no such paper.", where=document)
    return papers[document]


def _check_open(connection: Connection, state: State, actor: str) -> None:
    if actor == CUSTOMER:
        require_running(connection)
    allowed = OPEN_STATES if actor == CUSTOMER else (*OPEN_STATES, *AT_DESK)
    if state not in allowed:
        raise ConflictError("The application can no longer be changed.", next_step="Open it again.")


def _warn(pages: Sequence[PageArea], proposals: Sequence[Proposal], is_scanned: bool) -> tuple[str, ...]:
    told = []
    if any(page.is_too_uncertain for page in pages):
        told.append(UNCERTAIN)
    elif not proposals:
        told.append(NOTHING_FOUND)
    if not is_scanned:
        told.append(NOT_SCANNED)
    return tuple(told)


def _warn_of_orders(site: Site, pages: Sequence[PageArea]) -> tuple[str, ...]:
    """Return a warning where the guards find that a paper gives orders; nothing is refused."""
    text = "\n".join(line.text for page in pages for line in page.lines)
    return (GIVES_ORDERS,) if site.ports.find_orders is not None and site.ports.find_orders(text) else ()


def _propose(
    application: Application, paper: NeededDocument, pages: Sequence[PageArea]
) -> tuple[Proposal, ...]:
    wanted = list(_wanted(application, paper))
    found: dict[str, Proposal] = {}
    for page in pages:
        cells = [
            Cell(one.text, one.area.left, one.area.top, one.area.right, one.area.bottom, one.confidence)
            for one in page.lines
        ]
        for proposal in propose_values(wanted, page.number, cells):
            found.setdefault(proposal.item, proposal)
    return tuple(found.values())


def _wanted(application: Application, paper: NeededDocument) -> list[tuple[Item, tuple[str, ...]]]:
    """Return the items that this paper may tell, with the words beside which papers show them."""
    desk, product = read_desk(), application.product
    known = {item.id: item for item in product.items}
    own = [known[name] for name in paper.proposes if name in known]
    if any(name in ("annual_sales", "ordinary_profit") for name in paper.proposes):
        own += [item for item in desk.items_for(product) if item.names]
    return [(item, (*desk.labels.get(item.id, ()), item.label["ja"])) for item in own]


def decide_proposal(
    site: Site, application_id: str, proposal_id: str, is_right: bool, actor: str = CUSTOMER
) -> None:
    """Keep a person's yes or no to a proposal; a yes makes it a value whose origin is the paper.

    The applicant's yes sets his own value. An officer's yes sets the value of the desk, which the paper and
    the figures then use, beside the applicant's answer.

    Raises: NotFoundError; ConflictError: decided already, or nothing can be changed any more.
    """
    now = site.now()
    with site.database.write() as connection:
        outline = find_outline(connection, application_id, lock=True)
        _check_open(connection, outline.state, actor)
        found = _find_proposal(
            upload_store.list_proposals(connection, site.keys, application_id), proposal_id
        )
        state = CONFIRMED if is_right else REFUSED
        upload_store.decide_proposal(connection, application_id, proposal_id, state, actor, now)
        if is_right:
            value = _value_of(found, now)
            application = read_application(connection, site.keys, application_id)
            is_asked = value.item in {item.id for item in application.product.items}
            if actor == CUSTOMER and is_asked:
                add_values(connection, site.keys, application_id, (value,), actor=actor, now=now)
            elif actor != CUSTOMER:
                add_assessment(connection, site.keys, application_id, value, actor, now)
        payload = {"proposal": proposal_id, "state": state}
        append(connection, Record("loans.proposal_decided", application_id, actor, now, payload))


def _find_proposal(proposals: Sequence[Proposed], proposal_id: str) -> Proposed:
    for one in proposals:
        if one.id == proposal_id and one.state == OPEN:
            return one
    raise NotFoundError("There is no such proposal.")


def _value_of(found: Proposed, now: datetime) -> Value:
    proposal = found.proposal
    area = ",".join(f"{side:.3f}" for side in proposal.area)
    said = f"{proposal.said}（単位：{proposal.unit}）" if proposal.unit else proposal.said
    reference = f"{found.upload}#page={proposal.page}&area={area}"
    return Value(proposal.item, proposal.value, said, Origin.DOCUMENT, reference, now, confirmed=True)


def remove(site: Site, application_id: str, upload_id: str, actor: str = CUSTOMER) -> None:
    """Take back a paper and destroy its bytes; values that were confirmed from it stay, with their origin.

    Raises: NotFoundError; ConflictError: nothing can be changed any more.
    """
    now = site.now()
    with site.database.write() as connection:
        _check_open(connection, find_outline(connection, application_id, lock=True).state, actor)
        upload_store.remove_upload(connection, application_id, upload_id, now)
        append(connection, Record("loans.upload_removed", application_id, actor, now, {"upload": upload_id}))
