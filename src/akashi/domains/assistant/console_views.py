"""What the console shows: the queue, and a case with draft, conversation and similar pairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import wtforms
from fastapi import Request, Response
from wtforms.validators import InputRequired, Length, Optional

from akashi.conversations.cases import count_open, list_steps, read_pulse, read_queue_pulse
from akashi.conversations.masks import Masker
from akashi.conversations.model import REASON_LIMIT, Author, Message, Note, Step, StepKind
from akashi.conversations.notes import read_notes
from akashi.conversations.words import CHANNELS, PURPOSES, REASONS, URGENCIES, make_masker
from akashi.core.errors import ConflictError, ForbiddenError
from akashi.core.people import Actor, Role
from akashi.domains.assistant.callback import list_callbacks
from akashi.domains.assistant.console import last_question, read_case, read_queue
from akashi.domains.assistant.console_store import list_sent_in
from akashi.domains.assistant.console_words import OUTCOMES, STEPS, VERDICTS
from akashi.domains.assistant.contact import may_operators_unmask
from akashi.domains.assistant.drafting import Help, describe_rows, find_help
from akashi.domains.assistant.model import MAX_QUESTION
from akashi.domains.assistant.reach import (
    OFFICE,
    TAKERS,
    list_colleagues,
    list_offices,
    reach_of,
)
from akashi.domains.assistant.rows import Block, lay_out
from akashi.identity.store import list_people
from akashi.platform.kit import Form as KitForm
from akashi.platform.kit import mark, parse_form, render, translator
from akashi.platform.requests import current_language
from akashi.platform.site import Site
from akashi.register.store import list_entries

QUEUE = "/assistant/console"


class CallForm(KitForm):
    """What a caller asks, as the operator types it."""

    question = wtforms.TextAreaField(
        "What does the caller ask?",
        [InputRequired(), Length(max=MAX_QUESTION)],
        description="In the caller's words, without account numbers or PINs.",
    )


class TransferForm(KitForm):
    """To whom a case goes, and what they must know."""

    target = wtforms.SelectField("Pass on to", [InputRequired()])
    briefing = wtforms.TextAreaField(
        "What the next person must know",
        [InputRequired(), Length(max=REASON_LIMIT)],
        description="Kept encrypted with the conversation.",
    )


class CloseForm(KitForm):
    """How a case ended."""

    outcome = wtforms.RadioField("Outcome", [InputRequired()])
    note = wtforms.TextAreaField("Note", [Optional(), Length(max=REASON_LIMIT)])


def render_queue(request: Request, site: Site, actor: Actor, form: CallForm, office: str = "") -> Response:
    """Return the page of the queue."""
    with site.database.read() as connection:
        reach = reach_of(connection, actor) if actor.has(*TAKERS) else None
    lines, total = read_queue(site, office, reach=reach)
    with site.database.read() as connection:
        pulse = read_queue_pulse(connection)
        offices = {one.code: one.title for one in list_entries(connection, "office", state="active")}
        wishes = {row["handover_id"]: row for row in list_callbacks(connection)}
    names = _names(site, current_language(request))
    free, held = count_open([line.case for line in lines])
    context = {
        "lines": lines,
        "total": total,
        "free": free,
        "held": held,
        "pulse": pulse,
        "offices": offices,
        "wishes": wishes,
        "used_offices": sorted({line.case.office for line in lines if line.case.office}),
        "names": names,
        "is_operator": actor.has(Role.OPERATOR),
        "is_taker": actor.has(*TAKERS),
        "me": actor.id,
        "form": form,
        **_words(),
    }
    return render(request, "assistant/console.html", context, 422 if form.errors else 200)


def render_case(request: Request, site: Site, actor: Actor, case_id: str, given: dict[str, Any]) -> Response:
    """Return the page of a case; ``given`` is what a posted form brings back (texts, errors, forms)."""
    language = current_language(request)
    case, conversation, messages = read_case(site, case_id, actor)
    is_mine = case.taken_by == actor.id and case.closed_at is None
    with site.database.read() as connection:
        reach = reach_of(connection, actor)
        if not (is_mine or reach.takes_unassigned or reach.covers(case) or case.closed_by == actor.id):
            raise ForbiddenError("This case lies with another office.")
        steps = list_steps(connection, case.id)
        notes = read_notes(connection, site.keys, conversation.id) if is_mine else {}
        pulse = read_pulse(connection, conversation.id) or ""
        sent = list_sent_in(connection, conversation.id)
        callbacks = list_callbacks(connection, case.id) if is_mine else []
        offices = {one.code: one.title for one in list_entries(connection, "office", state="active")}
    context: dict[str, Any] = {
        "case": case,
        "conversation": conversation,
        **_mask(request, site, messages, given),
        "is_mine": is_mine,
        "can_take": reach.covers(case),
        "can_recall": reach.takes_unassigned,
        "me": actor.id,
        "steps": [_tell_step(step, notes) for step in steps],
        "briefing": _last_briefing(steps, notes),
        "sent": sent,
        "wishes": [_tell_wish(row, notes) for row in callbacks],
        "pulse": pulse,
        "offices": offices,
        "names": _names(site, language),
        "targets": list_targets(request, site, actor, language),
        "asked": "",
        "error": None,
        "question_error": None,
        "most": MAX_QUESTION,
        **_words(),
        **given,
    }
    if is_mine:
        context |= _help(site, messages, given)
        choices = {"target": list_targets(request, site, actor, language)}
        context.setdefault("transfer", parse_form(None, TransferForm, language, choices=choices))
        outcomes = {"outcome": list(OUTCOMES.items())}
        context.setdefault("close", parse_form(None, CloseForm, language, choices=outcomes))
    status = 200 if not given.keys() & {"error", "question_error", "transfer", "close"} else _status(given)
    return render(request, "assistant/console_case.html", context, status)


def make_case_masker(request: Request, site: Site) -> Masker:
    """Return what masks one case for whoever reads it."""
    with site.database.read() as connection:
        staff = list_people(connection)
    return make_masker(site.ports.find_personal, translator(request, "conversations"), staff)


def _mask(request: Request, site: Site, messages: Sequence[Message], given: dict[str, Any]) -> dict[str, Any]:
    """Return the messages as they are shown; only those in ``given["opened"]`` in the clear."""
    shown = make_case_masker(request, site).show(messages, given.get("opened", ()))
    with site.database.read() as connection:
        may_unmask = may_operators_unmask(connection)
    return {
        "messages": [one.message for one in shown],
        "blocks": {one.message.sequence: _lay_out(one.message) for one in shown},
        "hidden": {one.message.sequence: one.count for one in shown},
        "opened": (),
        "may_unmask": may_unmask,
        "purposes": PURPOSES,
    }


def _lay_out(message: Message) -> tuple[Block, ...]:
    """Return a message as it is read: approved rows of tables in it under the names of their columns."""
    return lay_out(message.text, (*message.meta.get("rows", ()), *message.meta.get("excerpts", ())))


def _help(site: Site, messages: Sequence[Message], given: dict[str, Any]) -> dict[str, Any]:
    """Return draft and pairs for what waits for an answer, or for what the operator looked up."""
    question = given.get("asked") or last_question(messages)
    found = find_help(site, question) if question else Help("", (), 0.0, False, (), ())
    spoken = [one for one in messages if one.author in {Author.CUSTOMER, Author.OPERATOR}]
    is_pending = bool(spoken) and spoken[-1].author is Author.CUSTOMER
    chosen = next((pair.answer for pair in found.pairs if pair.answer.reference == given.get("use")), None)
    pieces = (chosen,) if chosen else found.draft if is_pending or given.get("asked") else ()
    return {
        "help": found,
        "pieces": pieces,
        "rows": describe_rows(pieces),
        "origin": "pair" if chosen else "draft",
        "text": given.get("text", "\n\n".join(piece.text for piece in pieces)),
    }


def _status(given: dict[str, Any]) -> int:
    return 409 if isinstance(given.get("error"), ConflictError) else 422


def _tell_step(step: Step, notes: Mapping[str, Note]) -> dict[str, Any]:
    note = notes.get(step.note_id)
    return {"step": step, "note": note.content["note"] if note else ""}


def _last_briefing(steps: Sequence[Step], notes: Mapping[str, Note]) -> dict[str, Any] | None:
    """Return the last passing on with its note, for whoever holds the case now."""
    last = next((step for step in reversed(steps) if step.kind is StepKind.TRANSFERRED), None)
    return _tell_step(last, notes) if last and last.note_id in notes else None


def _tell_wish(row: Mapping[Any, Any], notes: Mapping[str, Note]) -> dict[str, Any]:
    note = notes.get(row["note_id"])
    return {**(note.content if note else {}), "at": row["consent_at"]}


def _names(site: Site, language: str) -> dict[str, str]:
    with site.database.read() as connection:
        return {person.id: person.label(language) for person in list_people(connection)}


def list_targets(
    request: Request, site: Site, actor: Actor, language: str
) -> dict[str, list[tuple[str, str]]]:
    """Return the colleagues and the offices that can take a case, as groups of choices."""
    said = translator(request, "assistant")
    offices = [
        (OFFICE + code, said("{office} (people: {count})", office=title, count=count))
        for code, title, count in list_offices(site)
    ]
    return {mark("Colleagues"): list_colleagues(site, actor, language), mark("Offices"): offices}


def _words() -> dict[str, Any]:
    return {
        "reasons": REASONS,
        "urgencies": URGENCIES,
        "channels": CHANNELS,
        "outcomes": OUTCOMES,
        "step_words": STEPS,
        "verdicts": VERDICTS,
    }
