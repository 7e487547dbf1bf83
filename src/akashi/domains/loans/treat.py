"""What an officer does with an application: assess, edit, send back, hand in; what a decision leads to."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from akashi.approvals.matters import act, open_matter, read_matter
from akashi.approvals.measure import measure_state
from akashi.approvals.model import Action, EventKind, Matter, Outcome, Phase, Risk, Subject
from akashi.approvals.model import Draft as Handed
from akashi.conversations.model import Author as Speaker
from akashi.conversations.talk import add_message
from akashi.core.errors import ConflictError, ForbiddenError, InputError
from akashi.core.moments import tokyo_day
from akashi.core.people import SYSTEM, Actor, Role
from akashi.domains.loans import desk_store
from akashi.domains.loans.measure.case import Case
from akashi.domains.loans.measure.case import Handed as Paper
from akashi.domains.loans.measure.checks import Reading
from akashi.domains.loans.measure.drafting import OPINION, make_draft
from akashi.domains.loans.measure.edits import MOST_TEXT, OWN, Edit, Edited, apply_edits, check_edit
from akashi.domains.loans.measure.entering import read_entry
from akashi.domains.loans.measure.freezing import freeze_draft
from akashi.domains.loans.measure.grounds import Author
from akashi.domains.loans.model import Origin, State, Value
from akashi.domains.loans.register.desk import read_desk
from akashi.domains.loans.store import change_state, find_outline, read_application
from akashi.domains.loans.upload_store import REFUSED, list_proposals, list_uploads
from akashi.ledger.model import JsonValue, Record
from akashi.ledger.store import append
from akashi.platform.site import Site

KIND = "loan_ringi"
ROOM = "loans"
DESK_STATES = (State.SUBMITTED,)
NEEDED = ("assessed_rate", "repayment", "proposal")
"""What the officer must have entered before a paper is handed in."""


@dataclass(frozen=True, slots=True)
class Desk:
    """An application on the desk: the case, its draft with the officer's edits, the paper handed in last."""

    case: Case
    edited: Edited
    edits: tuple[Edit, ...]
    handed_in: desk_store.Kept | None

    @property
    def is_open(self) -> bool:
        """Return whether the officer may change something."""
        return self.case.application.state in DESK_STATES


def load_desk(site: Site, connection: Connection, application_id: str) -> Desk:
    """Return an application as its officer sees it. Raises: NotFoundError; ConflictError: erased."""
    case = load_case(site, connection, application_id)
    edits = desk_store.list_edits(connection, site.keys, application_id)
    handed_in = desk_store.find_paper(connection, site.keys, application_id)
    return Desk(case, apply_edits(make_draft(case), edits), edits, handed_in)


def load_case(site: Site, connection: Connection, application_id: str) -> Case:
    """Return the case of an application at this moment. Raises: NotFoundError; ConflictError: erased."""
    application = read_application(connection, site.keys, application_id)
    assessed = desk_store.list_assessments(connection, site.keys, application_id)
    uploads = list_uploads(connection, site.keys, application_id)
    proposals = list_proposals(connection, site.keys, application_id)
    readings = tuple(
        Reading(
            one.proposal.item,
            one.proposal.value,
            one.proposal.said,
            one.upload,
            one.document,
            one.proposal.page,
            one.proposal.area,
        )
        for one in proposals
        if one.state != REFUSED
    )
    papers = tuple(Paper(one.id, one.document, one.name, one.at, one.pages) for one in uploads)
    values = {value.item: value for value in assessed}
    return Case(application, values, papers, readings, tokyo_day(site.now()))


def assess(site: Site, actor: Actor, application_id: str, item_id: str, text: str, basis: str) -> None:
    """Keep what the officer enters for one of his items, with its ground.

    Raises: InputError: not one value of this kind, or no ground; ConflictError: nothing can be changed.
    """
    require_officer(actor)
    if not basis.strip() or len(basis) > MOST_TEXT:
        raise InputError("Say where it comes from.", where="basis")
    now = site.now()
    with site.database.write() as connection:
        case = _open_case(site, connection, application_id)
        items = {item.id: item for item in read_desk().items_for(case.application.product)}
        items |= {
            item.id: item
            for item in case.application.product.items
            if not item.required and item.id not in case.application.known
        }
        if item_id not in items:
            raise InputError("This item is not entered at the desk.", where="item")
        value = read_entry(items[item_id], text)
        kept = Value(item_id, value, basis.strip(), Origin.OFFICER, actor.id, now, confirmed=True)
        desk_store.add_assessment(connection, site.keys, application_id, kept, actor.id, now)
        append(connection, Record("loans.assessed", application_id, actor.id, now, {"item": item_id}))


def edit_sentence(
    site: Site,
    actor: Actor,
    application_id: str,
    sentence: str,
    text: str,
    basis: str,
    author: Author = Author.OFFICER,
) -> None:
    """Keep an officer's wording of one sentence; an empty text removes it, the rules' own restores it.

    Raises: InputError: no such place, or a number without a ground; ConflictError: nothing can be changed.
    """
    require_officer(actor)
    now = site.now()
    with site.database.write() as connection:
        case = _open_case(site, connection, application_id)
        draft = make_draft(case)
        if sentence.endswith(f".{OWN}"):
            sentence = f"{sentence}_{secrets.token_hex(4)}"
            if not text.strip():
                raise InputError("Write a sentence.", where="text")
        base = check_edit(draft, sentence, text.strip(), basis.strip())
        edit = Edit(0, sentence, text.strip(), basis.strip(), base, actor.id, actor.name, now, author)
        number = desk_store.add_edit(connection, site.keys, application_id, edit)
        payload: dict[str, JsonValue] = {"sentence": sentence, "number": number}
        append(connection, Record("loans.edited", application_id, actor.id, now, payload))


def send_back(site: Site, actor: Actor, application_id: str, reason: str) -> None:
    """Give an application back to the applicant, with what is asked of him as a message to him.

    Raises: InputError: no reason; ConflictError: it is not at the desk.
    """
    require_officer(actor)
    if not reason.strip() or len(reason) > MOST_TEXT:
        raise InputError("Say what the applicant is asked to do.", where="reason")
    now = site.now()
    with site.database.write() as connection:
        outline = find_outline(connection, application_id, lock=True)
        meta = {"kind": "returned", "person": actor.id}
        add_message(connection, site.keys, outline.conversation, Speaker.OPERATOR, reason.strip(), meta, now)
        change_state(
            connection, application_id, State.RETURNED, expected=DESK_STATES, actor=actor.id, now=now
        )


def list_obstacles(desk: Desk) -> tuple[tuple[str, int], ...]:
    """Return what keeps a paper from being handed in, as message ids with a count each."""
    found = []
    lacking = [name for name in NEEDED if name not in desk.case.known]
    if lacking:
        found.append((f"needs:{lacking[0]}", len(lacking)))
    if not desk.edited.draft.section(OPINION).sentences:
        found.append(("opinion", 1))
    if desk.edited.stale:
        found.append(("stale", len(desk.edited.stale)))
    if desk.case.missing:
        found.append(("missing", len(desk.case.missing)))
    return tuple(found)


def hand_in(site: Site, actor: Actor, application_id: str) -> Matter:
    """Freeze the draft as it stands and send it its way; a returned one goes on with its own matter.

    Raises: ConflictError: something keeps it from being handed in; ForbiddenError: not his draft.
    """
    require_officer(actor)
    now = site.now()
    with site.database.write() as connection:
        find_outline(connection, application_id, lock=True)
        desk = load_desk(site, connection, application_id)
        obstacles = list_obstacles(desk)
        if not desk.is_open or obstacles:
            raise ConflictError(
                "The paper cannot be handed in yet.",
                where=obstacles[0][0] if obstacles else "",
                next_step="Look at what is listed above the button.",
            )
        earlier = _returned_matter(connection, application_id)
        content = {"draft": freeze_draft(desk.edited.draft), "salt": secrets.token_hex(16)}
        revision = desk_store.add_paper(connection, site.keys, application_id, content, actor.id, now)
        change_state(connection, application_id, State.DRAFTED, expected=DESK_STATES, actor=actor.id, now=now)
        digest = desk_store.present_digest(connection, application_id)
        if earlier:
            desk_store.set_paper(connection, application_id, revision, matter=earlier, digest=digest)
            return act(connection, earlier, Action.RESUBMIT, actor, now, digest=digest).matter
        matter = open_matter(connection, _handed(desk, digest), actor, now)
        desk_store.set_paper(connection, application_id, revision, matter=matter.id, digest=digest)
        return matter


def _returned_matter(connection: Connection, application_id: str) -> str:
    """Return the matter that was returned and waits for this paper, or an empty text."""
    matter_id = desk_store.find_matter(connection, application_id)
    if not matter_id:
        return ""
    matter = read_matter(connection, matter_id)
    is_returned = measure_state(matter.steps, matter.events).phase is Phase.RETURNED
    return matter_id if is_returned else ""


def _handed(desk: Desk, digest: str) -> Handed:
    application = desk.case.application
    own = "akashi.domains.loans.treat"
    return Handed(
        title=f"融資稟議書 {application.number} {application.product.title['ja']}"[:190],
        kind=KIND,
        risk=size_of(int(desk.case.known.get("amount", 0))),
        subject=Subject(ROOM, application.id, digest),
        summary="",
        link=f"/loans/desk/{application.id}/paper",
        callback=f"{own}:apply_decision",
        digest_of="akashi.domains.loans.desk_store:present_digest",
    )


def size_of(amount: int) -> Risk:
    """Return how large a matter is for the authority table: by the amount alone, as `desk.toml` says.

    >>> size_of(10_000_000).value, size_of(10_000_001).value, size_of(60_000_000).value
    ('low', 'medium', 'high')
    """
    sizes = read_desk().sizes
    if amount <= sizes["low"]:
        return Risk.LOW
    return Risk.MEDIUM if amount <= sizes["medium"] else Risk.HIGH


def apply_decision(connection: Connection, outcome: Outcome) -> None:
    """Let the application follow its paper: decided, back on the desk, or on its way again.

    Raises: ConflictError: it was handed in again past the desk, so that no paper was frozen for this round.
    """
    application_id, event = outcome.matter.draft.subject.id, outcome.event
    now: datetime = event.at
    if event.kind is EventKind.RESUBMITTED:
        if (
            desk_store.present_digest(connection, application_id) != event.digest
            or find_outline(connection, application_id).state is not State.DRAFTED
        ):
            raise ConflictError(
                "A paper is handed in again from the officer's desk.", next_step="Open the application there."
            )
        return
    state = State.DECIDED if event.kind is EventKind.DECIDED else State.SUBMITTED
    change_state(
        connection,
        application_id,
        state,
        expected=(State.DRAFTED, State.SUBMITTED),
        actor=event.actor_id or SYSTEM.id,
        now=now,
        payload={"matter": outcome.matter.id},
    )


def _open_case(site: Site, connection: Connection, application_id: str) -> Case:
    outline = find_outline(connection, application_id, lock=True)
    if outline.state not in DESK_STATES:
        raise ConflictError(
            "The application is not on the desk now.", next_step="Open it again to see where it is."
        )
    return load_case(site, connection, application_id)


def require_officer(actor: Actor) -> None:
    """Let only a loan officer pass. Raises: ForbiddenError."""
    if not actor.has(Role.LOAN_OFFICER):
        raise ForbiddenError("Only a loan officer works on an application.")
