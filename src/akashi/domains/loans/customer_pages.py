"""The applicant's pages: products, consent, the conversation, a person, saving, withdrawing."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response

from akashi.core.errors import InputError
from akashi.domains.loans.access import COOKIE, close_session, make_link, use_link
from akashi.domains.loans.desk_views import list_offices
from akashi.domains.loans.intake import (
    Intake,
    begin_application,
    call_person,
    find_product,
    read_intake,
    say_in_application,
    withdraw_application,
)
from akashi.domains.loans.measure.conversing import LONGEST_SENTENCE
from akashi.domains.loans.register.products import list_products
from akashi.domains.loans.stopping import find_stop
from akashi.identity.limits import Bucket, enforce_limit, take_here
from akashi.identity.origin import client_address
from akashi.identity.sessions import cookie_name, read_cookie, set_cookie
from akashi.platform.kit import mark, redirect, render
from akashi.platform.requests import LanguageDep, SiteDep

router = APIRouter()

BEGINNING = Bucket("loan_begin", 10, 30.0)
"""Per address: ten applications at once, then one each half minute."""
SAYING = Bucket("loan_say", 40, 2.0)
"""Per address and browser: forty sentences at once, then one each two seconds."""
RESUMING = Bucket("loan_resume", 10, 60.0)
"""Per address, on every replica: ten attempts to open a saved application, then one a minute."""
NO_APPLICATION = mark("There is no open application on this device. Begin one, or continue a saved one.")


@router.get("/loans", include_in_schema=False)
def show_products(request: Request, site: SiteDep, language: LanguageDep) -> Response:
    """Show what can be applied for, and how to continue."""
    products = list(list_products(site.settings.home).values())
    intake = read_intake(site, read_cookie(request, site.settings, COOKIE), language)
    with site.database.read() as connection:
        is_stopped = find_stop(connection) is not None
    context = {"products": products, "intake": intake, "is_stopped": is_stopped}
    return render(request, "loans/products.html", context)


@router.get("/loans/start/{product_id}", include_in_schema=False)
def show_start(request: Request, site: SiteDep, product_id: str) -> Response:
    """Show what is collected for what purpose, the conditions, and the question for consent."""
    return _render_start(request, site, product_id)


@router.post("/loans/start/{product_id}", include_in_schema=False)
def start_application(
    request: Request,
    site: SiteDep,
    language: LanguageDep,
    product_id: str,
    consent: Annotated[str, Form(max_length=10)] = "",
    office: Annotated[str, Form(max_length=128)] = "",
) -> Response:
    """Begin an application once the purposes of use were agreed to."""
    if consent != "yes":
        error = InputError("Please tick the box if you agree.", where="consent")
        return _render_start(request, site, product_id, error)
    take_here(site, BEGINNING, client_address(request))
    with site.database.read() as connection:
        offices = {code for code, _ in list_offices(connection)}
    token = begin_application(site, product_id, language, office if office in offices else "")
    response = redirect(request, "/loans/talk#latest")
    set_cookie(response, site.settings, COOKIE, token)
    return response


@router.get("/loans/talk", include_in_schema=False)
def show_talk(request: Request, site: SiteDep, language: LanguageDep) -> Response:
    """Show the conversation with what is asked now."""
    return _render_talk(request, site, language)


@router.post("/loans/talk", include_in_schema=False)
def say_sentence(
    request: Request, site: SiteDep, language: LanguageDep, sentence: Annotated[str, Form()] = ""
) -> Response:
    """Hear one sentence of the applicant."""
    token = read_cookie(request, site.settings, COOKIE)
    take_here(site, SAYING, f"{client_address(request)} {token}")
    try:
        say_in_application(site, token, sentence, language)
    except InputError as error:
        if read_intake(site, token, language) is None:
            return redirect(request, "/loans", NO_APPLICATION, "notice")
        return _render_talk(request, site, language, error, sentence)
    return redirect(request, "/loans/talk#latest")


@router.post("/loans/person", include_in_schema=False)
def ask_person(request: Request, site: SiteDep, language: LanguageDep) -> Response:
    """Ask for a person."""
    token = read_cookie(request, site.settings, COOKIE)
    take_here(site, SAYING, f"{client_address(request)} {token}")
    call_person(site, token, language)
    return redirect(request, "/loans/talk#latest", mark("A person will contact you. Your answers are kept."))


@router.post("/loans/save", include_in_schema=False)
def save_application(request: Request, site: SiteDep, language: LanguageDep) -> Response:
    """Show the link and the separate code once; what was made before ends."""
    intake = read_intake(site, read_cookie(request, site.settings, COOKIE), language)
    if intake is None:
        return redirect(request, "/loans", NO_APPLICATION, "notice")
    take_here(site, SAYING, client_address(request))
    with site.database.write() as connection:
        saved = make_link(connection, site.keys, intake.application.id, site.now())
    link = f"{site.settings.public_origin.rstrip('/')}/loans/resume#{saved.token}"
    return render(request, "loans/saved.html", {"saved": saved, "link": link, "intake": intake})


@router.get("/loans/resume", include_in_schema=False)
def show_resume(request: Request) -> Response:
    """Ask for number and code; nothing else is shown before both fit."""
    return render(request, "loans/resume.html", {"error": None})


@router.post("/loans/resume", include_in_schema=False)
def resume_application(
    request: Request,
    site: SiteDep,
    token: Annotated[str, Form(max_length=400)] = "",
    code: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Open a saved application on this device."""
    enforce_limit(site, RESUMING, request)
    try:
        session = use_link(site, token.rpartition("#")[2], code)
    except InputError as error:
        return render(request, "loans/resume.html", {"error": error}, 422)
    response = redirect(request, "/loans/talk#latest")
    set_cookie(response, site.settings, COOKIE, session)
    return response


@router.get("/loans/withdraw", include_in_schema=False)
def show_withdraw(request: Request, site: SiteDep, language: LanguageDep) -> Response:
    """Ask whether the application shall be withdrawn."""
    intake = read_intake(site, read_cookie(request, site.settings, COOKIE), language)
    if intake is None:
        return redirect(request, "/loans", NO_APPLICATION, "notice")
    return render(request, "loans/withdraw.html", {"intake": intake})


@router.post("/loans/withdraw", include_in_schema=False)
def withdraw(request: Request, site: SiteDep, language: LanguageDep) -> Response:
    """Withdraw the application."""
    withdraw_application(site, read_cookie(request, site.settings, COOKIE), language)
    return redirect(request, "/loans/talk#latest", mark("The application has been withdrawn."))


@router.post("/loans/leave", include_in_schema=False)
def leave(request: Request, site: SiteDep) -> Response:
    """Close the application on this device."""
    with site.database.write() as connection:
        close_session(connection, read_cookie(request, site.settings, COOKIE))
    response = redirect(request, "/loans", mark("The application has been closed on this device."))
    response.delete_cookie(cookie_name(site.settings, COOKIE))
    return response


def _render_start(
    request: Request, site: SiteDep, product_id: str, error: InputError | None = None
) -> Response:
    product, _ = find_product(site, product_id)
    with site.database.read() as connection:
        offices, stop = list_offices(connection), find_stop(connection)
    context = {"product": product, "offices": offices, "error": error, "is_stopped": stop is not None}
    return render(request, "loans/start.html", context, 422 if error else 200)


def _render_talk(
    request: Request,
    site: SiteDep,
    language: str,
    error: InputError | None = None,
    sentence: str = "",
) -> Response:
    intake = read_intake(site, read_cookie(request, site.settings, COOKIE), language)
    if intake is None:
        return redirect(request, "/loans", NO_APPLICATION, "notice")
    with site.database.read() as connection:
        is_stopped = find_stop(connection) is not None
    context = {
        **describe_progress(intake),
        "intake": intake,
        "error": error,
        "is_stopped": is_stopped,
        "sentence": sentence[:LONGEST_SENTENCE],
        "most": LONGEST_SENTENCE,
    }
    return render(request, "loans/talk.html", context, 422 if error else 200)


def describe_progress(intake: Intake) -> dict[str, Any]:
    """Return how many needed answers are there, of how many."""
    due = [item for item in intake.talk.due if item.required]
    return {"have": sum(item.id in intake.talk.known for item in due), "need": len(due)}
