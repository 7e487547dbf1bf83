"""What the customer's page asks for by itself, who answers now, and the wish to be called back."""

from __future__ import annotations

from typing import Any

import wtforms
from fastapi import APIRouter, Request, Response
from sqlalchemy.engine import Connection
from wtforms.validators import InputRequired, Length

from akashi.conversations.cases import read_pulse
from akashi.conversations.talk import find_by_token
from akashi.core.errors import InputError, NotFoundError
from akashi.core.thread import digest_of
from akashi.domains.assistant.callback import MAX_ADDRESS, MAX_NAME, Wish, ask_callback, count_wishes
from akashi.domains.assistant.contact import read_contact, read_desk
from akashi.domains.assistant.reading import COOKIE
from akashi.domains.assistant.streams import last_seen, watch
from akashi.identity.limits import Bucket, take_here
from akashi.identity.origin import client_address
from akashi.identity.sessions import read_cookie
from akashi.platform.kit import Form as KitForm
from akashi.platform.kit import FormDep, mark, parse_form, redirect, render, translate
from akashi.platform.requests import LanguageDep, SiteDep
from akashi.platform.site import Site

router = APIRouter()

WAYS = {"phone": mark("By telephone"), "mail": mark("By mail")}
WISHING = Bucket("callback", 5, 60.0)
"""Per address: five wishes at once, then one a minute."""


class CallbackForm(KitForm):
    """Who wants to be called back, how and when."""

    name = wtforms.StringField("Your name", [InputRequired(), Length(max=MAX_NAME)])
    way = wtforms.RadioField("How we reach you", [InputRequired()], choices=list(WAYS.items()))
    address = wtforms.StringField(
        "Telephone number or mail address",
        [InputRequired(), Length(max=MAX_ADDRESS)],
        description="We never ask for PINs or passwords when we call.",
    )
    slot = wtforms.SelectField("When it suits you", [InputRequired()])
    consent = wtforms.BooleanField("I agree to the text above", [InputRequired()])


@router.get("/talk/events", include_in_schema=False)
async def watch_talk(request: Request, site: SiteDep, seen: str = "") -> Response:
    """Tell the customer's page when an operator has written or taken the case."""
    token = read_cookie(request, site.settings, COOKIE)

    def pulse() -> str | None:
        return read_talk_pulse(site, token) if token else None

    key = f"talk {digest_of(token.encode('utf-8', 'replace'))}"
    return await watch(site, key, last_seen(request, seen), pulse)


@router.get("/callback", include_in_schema=False)
def show_callback(request: Request, site: SiteDep, language: LanguageDep) -> Response:
    """Show the form that asks to be called back; without a conversation there is nothing to call about."""
    if read_talk_pulse(site, read_cookie(request, site.settings, COOKIE)) is None:
        return redirect(request, "/", mark("Please write your question first."), "notice")
    return _render_callback(request, site, language, _parse(site, None, language))


@router.post("/callback", include_in_schema=False)
def wish_callback(request: Request, site: SiteDep, language: LanguageDep, posted: FormDep) -> Response:
    """Keep the wish to be called back, with the consent."""
    take_here(site, WISHING, client_address(request))
    form = _parse(site, posted, language)
    if not form.validate():
        return _render_callback(request, site, language, form)
    wish = Wish(
        form.name.data or "",
        form.way.data or "",
        form.address.data or "",
        dict(_slots(site, language)).get(form.slot.data or "", ""),
        _consent(request, site, language),
    )
    try:
        ask_callback(site, read_cookie(request, site.settings, COOKIE), wish)
    except NotFoundError:
        return redirect(request, "/", mark("Please write your question first."), "notice")
    except InputError as error:
        form.fail_with(error)
        return _render_callback(request, site, language, form)
    return redirect(request, "/#latest", mark("Thank you. An operator will contact you."))


def read_talk_pulse(site: Site, token: str) -> str | None:
    """Return the state of the conversation of ``token`` without telling who serves it; None: nobody's."""
    if not token:
        return None
    with site.database.read() as connection:
        return _find_pulse(connection, token)[1]


def _find_pulse(connection: Connection, token: str) -> tuple[str, str | None]:
    """Return the id of the conversation of ``token`` and its state; nothing and None where it is nobody's."""
    try:
        conversation = find_by_token(connection, token)
    except NotFoundError:
        return "", None
    found = read_pulse(connection, conversation.id)
    return conversation.id, found.partition("-")[0] if found else None


def describe_waiting(site: Site, token: str) -> dict[str, Any]:
    """Return what the customer's page says of a person.

    ``pulse`` and ``waiting`` (none, waits, held) of the conversation, ``desk`` for whether people answer
    now, ``wishes`` for how often the customer has asked to be called back.
    """
    with site.database.read() as connection:
        conversation_id, pulse = _find_pulse(connection, token) if token else ("", None)
        return {
            "pulse": pulse or "",
            "waiting": pulse.rpartition(".")[2] if pulse else "none",
            "desk": read_desk(connection, site.now()),
            "wishes": count_wishes(connection, conversation_id) if pulse else 0,
        }


def _parse(site: Site, posted: Any, language: str) -> CallbackForm:
    return parse_form(posted, CallbackForm, language, choices={"slot": _slots(site, language)})


def _slots(site: Site, language: str) -> list[tuple[str, str]]:
    tail = "_en" if language == "en" else ""
    with site.database.read() as connection:
        rows = read_contact(connection).get("slot", ())
    return [(row["name"], row[f"title{tail}"]) for row in rows] or [
        ("any", mark("Any time in business hours"))
    ]


def _consent(request: Request, site: Site, language: str) -> str:
    with site.database.read() as connection:
        table = read_contact(connection)
    own = table.get("consent_en" if language == "en" else "consent")
    return str(own or translate(request, "I agree that an operator contacts me about this conversation."))


def _render_callback(request: Request, site: Site, language: str, form: CallbackForm) -> Response:
    context = {"form": form, "consent": _consent(request, site, language)}
    return render(request, "assistant/callback.html", context, 422 if form.errors else 200)
