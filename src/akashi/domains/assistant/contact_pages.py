"""The pages on how customers reach a person: the staff reads, business owners propose changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import wtforms
from fastapi import APIRouter, Request, Response
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from akashi.conversations.model import REASON_LIMIT
from akashi.core.errors import ConflictError, InputError, NotFoundError
from akashi.core.people import Actor, Role
from akashi.domains.assistant.contact import IDLE_MINUTES, PROMISE_MINUTES, read_contact, read_desk
from akashi.domains.assistant.contact_change import (
    PAGE,
    find_change,
    list_differences,
    propose_contact,
    read_change,
)
from akashi.domains.assistant.emergency import known_topics
from akashi.identity.store import find_person
from akashi.platform.kit import Form as KitForm
from akashi.platform.kit import FormDep, mark, parse_form, redirect, render
from akashi.platform.requests import ActorDep, LanguageDep, SiteDep
from akashi.platform.site import Site
from akashi.register.store import list_entries

router = APIRouter()

MOST_TEXT, MOST_LINE = 1000, 120
WORDS = {
    "office": mark("Contact office"),
    "promise_minutes": mark("Wait that customers are told (minutes)"),
    "idle_minutes": mark("A case goes back after (minutes without a deed)"),
    "operators_may_unmask": mark("Whoever holds a case may look at what is masked"),
    "consent": mark("Consent to be called back (Japanese)"),
    "consent_en": mark("Consent to be called back (English)"),
    "slot": mark("Times for calling back"),
    "topic": mark("Emergency"),
    "number": mark("Telephone number"),
    "hours": mark("Hours"),
    "title": mark("Title (Japanese)"),
    "title_en": mark("Title (English)"),
    "hours_text": mark("Hours as customers read them (Japanese)"),
    "hours_text_en": mark("Hours as customers read them (English)"),
    "text": mark("What customers read (Japanese)"),
    "text_en": mark("What customers read (English)"),
    "opens_case": mark("Ask for a person at once as well"),
}
TOPICS = {"lost": mark("Loss or theft"), "fraud": mark("Fraud"), "disaster": mark("Disaster")}


class GeneralForm(KitForm):
    """Who answers, when, and what customers agree to."""

    office = wtforms.SelectField(
        WORDS["office"], [InputRequired()], description="Its hours and holidays in the register decide."
    )
    promise_minutes = wtforms.IntegerField(WORDS["promise_minutes"], [InputRequired(), NumberRange(1, 1440)])
    idle_minutes = wtforms.IntegerField(WORDS["idle_minutes"], [InputRequired(), NumberRange(1, 1440)])
    operators_may_unmask = wtforms.BooleanField(
        WORDS["operators_may_unmask"], description="Message by message, with a purpose, recorded each time."
    )
    consent = wtforms.TextAreaField(WORDS["consent"], [InputRequired(), Length(max=MOST_TEXT)])
    consent_en = wtforms.TextAreaField(WORDS["consent_en"], [InputRequired(), Length(max=MOST_TEXT)])
    slot = wtforms.TextAreaField(
        WORDS["slot"], [Optional(), Length(max=MOST_TEXT)], description="One a line: Japanese | English"
    )
    reason = wtforms.TextAreaField(mark("Reason of the change"), [InputRequired(), Length(max=REASON_LIMIT)])


class NumberForm(KitForm):
    """What customers are told at once in one emergency."""

    number = wtforms.StringField(WORDS["number"], [InputRequired(), Length(max=30)])
    hours = wtforms.StringField(
        WORDS["hours"],
        [InputRequired(), Length(max=MOST_LINE)],
        description="For example: mon-fri 09:00-17:00",
    )
    title = wtforms.StringField(WORDS["title"], [InputRequired(), Length(max=MOST_LINE)])
    title_en = wtforms.StringField(WORDS["title_en"], [InputRequired(), Length(max=MOST_LINE)])
    hours_text = wtforms.StringField(WORDS["hours_text"], [InputRequired(), Length(max=MOST_LINE)])
    hours_text_en = wtforms.StringField(WORDS["hours_text_en"], [InputRequired(), Length(max=MOST_LINE)])
    text = wtforms.TextAreaField(WORDS["text"], [InputRequired(), Length(max=MOST_TEXT)])
    text_en = wtforms.TextAreaField(WORDS["text_en"], [InputRequired(), Length(max=MOST_TEXT)])
    opens_case = wtforms.BooleanField(WORDS["opens_case"])
    reason = wtforms.TextAreaField(mark("Reason of the change"), [InputRequired(), Length(max=REASON_LIMIT)])


@router.get("/assistant/contact", include_in_schema=False)
def show_contact(request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep) -> Response:
    """Show how customers reach a person, and what waits for decision."""
    with site.database.read() as connection:
        table = read_contact(connection)
        context = {
            "table": table,
            "rows": {row["topic"]: row for row in table.get("emergency", ())},
            "desk": read_desk(connection, site.now()),
            "offices": {one.code: one.title for one in list_entries(connection, "office")},
            "change": find_change(connection),
            "topics": TOPICS,
            "words": WORDS,
            "language": language,
            "may_change": actor.has(Role.BUSINESS_OWNER),
        }
    return render(request, "assistant/contact.html", context)


@router.get("/assistant/contact/general", include_in_schema=False)
def edit_general(request: Request, site: SiteDep, language: LanguageDep) -> Response:
    """Show the form on office, times and consent."""
    with site.database.read() as connection:
        table = read_contact(connection)
    data = {"promise_minutes": PROMISE_MINUTES, "idle_minutes": IDLE_MINUTES, **table}
    data["slot"] = "\n".join(f"{row['title']} | {row['title_en']}" for row in table.get("slot", ()))
    return _render_form(request, _general(site, None, language, data), "general")


@router.post("/assistant/contact/general", include_in_schema=False)
def change_general(
    request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, posted: FormDep
) -> Response:
    """Hand in other rules on office, times and consent."""
    form = _general(site, posted, language)
    if not form.validate():
        return _render_form(request, form, "general")
    wanted = {name: form[name].data for name in WORDS if name in form and name != "slot"}
    slots = [line.partition("|") for line in (form.slot.data or "").splitlines() if line.strip()]
    rows = [
        {"name": f"slot{number}", "title": title.strip(), "title_en": english.strip() or title.strip()}
        for number, (title, _, english) in enumerate(slots, 1)
    ]
    return _hand_in(request, site, actor, form, {**wanted, "slot": rows}, "general")


@router.get("/assistant/contact/emergency/{topic}", include_in_schema=False)
def edit_number(request: Request, site: SiteDep, language: LanguageDep, topic: str) -> Response:
    """Show the form on one emergency."""
    _require_topic(topic)
    with site.database.read() as connection:
        rows = {row["topic"]: row for row in read_contact(connection).get("emergency", ())}
    return _render_form(request, parse_form(None, NumberForm, language, rows.get(topic)), topic)


@router.post("/assistant/contact/emergency/{topic}", include_in_schema=False)
def change_number(
    request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, topic: str, posted: FormDep
) -> Response:
    """Hand in another number or text for one emergency."""
    _require_topic(topic)
    form = parse_form(posted, NumberForm, language)
    if not form.validate():
        return _render_form(request, form, topic)
    with site.database.read() as connection:
        rows = {row["topic"]: row for row in read_contact(connection).get("emergency", ())}
    rows[topic] = {"topic": topic, **{name: form[name].data for name in WORDS if name in form}}
    emergency = [rows[name] for name in known_topics() if name in rows]
    return _hand_in(request, site, actor, form, {"emergency": emergency}, topic)


@router.get("/assistant/contact/change/{change_id}", include_in_schema=False)
def show_change(request: Request, site: SiteDep, change_id: str, language: LanguageDep) -> Response:
    """Show what a change would change, before and after side by side."""
    with site.database.read() as connection:
        change = read_change(connection, change_id)
        person = find_person(connection, change.proposed_by)
        context = {
            "change": change,
            "by": person.label(language) if person else change.proposed_by,
            "lines": [
                (*_name_place(place), before, after)
                for place, before, after in list_differences(change.before, change.after)
            ],
        }
    return render(request, "assistant/contact_change.html", context)


def _general(site: Site, posted: Any, language: str, data: Mapping[str, Any] | None = None) -> GeneralForm:
    with site.database.read() as connection:
        offices = [(one.code, one.title) for one in list_entries(connection, "office", state="active")]
    return parse_form(posted, GeneralForm, language, data, choices={"office": offices})


def _hand_in(
    request: Request, site: Site, actor: Actor, form: Any, wanted: Mapping[str, Any], part: str
) -> Response:
    with site.database.read() as connection:
        table = {**read_contact(connection), **wanted}
    try:
        matter = propose_contact(site, actor, table, form.reason.data or "")
    except (InputError, ConflictError) as error:
        form.fail_with(error)
        return _render_form(request, form, part)
    return redirect(request, f"/approvals/matters/{matter.id}", mark("Handed in for decision."))


def _render_form(request: Request, form: KitForm, part: str) -> Response:
    title = TOPICS.get(part, mark("Office, waiting and consent"))
    context = {
        "form": form,
        "title": title,
        "action": f"{PAGE}/{'emergency/' if part in TOPICS else ''}{part}",
    }
    return render(request, "assistant/contact_edit.html", context, 422 if form.errors else 200)


def _name_place(place: str) -> tuple[str, str]:
    """Return the message ids of the emergency, if it is one, and of the field that differ."""
    *above, name = place.split(".")
    return (TOPICS.get(above[1], "") if above else ""), WORDS.get(name, name)


def _require_topic(topic: str) -> None:
    if topic not in known_topics():
        raise NotFoundError("There is no such emergency.")
