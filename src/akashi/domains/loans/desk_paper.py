"""The 融資稟議書 as its readers see it: frozen while it goes its way, with what was decided on it."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from akashi.approvals.matters import read_matter
from akashi.approvals.measure import measure_state
from akashi.approvals.model import EventKind
from akashi.domains.loans import desk_store
from akashi.domains.loans.desk_views import name_house, name_person, paper_day, read_draft
from akashi.domains.loans.ringi import Head, make_paper
from akashi.domains.loans.treat import Desk
from akashi.platform.kit.formats import write_date, write_moment
from akashi.platform.papers import Paper
from akashi.platform.site import Site
from akashi.register.store import list_titles

_STEPS = {
    EventKind.OPENED: "起案",
    EventKind.RESUBMITTED: "再起案",
    EventKind.CIRCULATED: "回付",
    EventKind.CONCURRED: "合議",
    EventKind.RETURNED: "差戻し",
    EventKind.DECIDED: "決裁",
}


def make_ringi(site: Site, connection: Connection, desk: Desk) -> Paper:
    """Return the paper of an application."""
    application = desk.case.application
    kept = desk.handed_in
    is_frozen = kept is not None and not desk.is_open
    office = list_titles(connection).get(("office", application.office), application.office)
    head = Head(
        day=paper_day(kept if is_frozen else None, site.now()),
        issuer=name_house(connection),
        office=office,
        drafter=name_person(connection, kept.actor) if kept and is_frozen else "",
    )
    return make_paper(read_draft(desk), _with_decisions(connection, head, application.id))


def _with_decisions(connection: Connection, head: Head, application_id: str) -> Head:
    matter_id = desk_store.find_matter(connection, application_id)
    if not matter_id:
        return head
    matter = read_matter(connection, matter_id)
    state = measure_state(matter.steps, matter.events)
    rows = tuple(
        (
            _STEPS[event.kind],
            name_person(connection, event.actor_id),
            write_moment(event.at, "ja") + (f"\n{event.reason}" if event.reason else ""),
        )
        for event in matter.events
        if event.kind in _STEPS
    )
    conditions = tuple(
        f"{one.text}（{name_person(connection, one.owner_id)}、期限 {write_date(one.due, 'ja')}）"
        for one in state.conditions
    )
    return Head(head.day, head.issuer, head.office, head.drafter, rows, conditions, state.number)
