"""The form view of an application, and the summary that is confirmed and sent."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData

from akashi.core.errors import InputError
from akashi.domains.loans.access import COOKIE
from akashi.domains.loans.customer_pages import NO_APPLICATION, describe_progress
from akashi.domains.loans.form_view import Group, describe_summary, fill_application, group_fields
from akashi.domains.loans.intake import read_intake, submit_application
from akashi.domains.loans.measure.wording import Phrase
from akashi.identity.sessions import read_cookie
from akashi.platform.kit import FormDep, mark, redirect, render
from akashi.platform.requests import LanguageDep, SiteDep

router = APIRouter()

MOST_CHARACTERS = 2_000


@router.get("/loans/form", include_in_schema=False)
def show_form(request: Request, site: SiteDep, language: LanguageDep) -> Response:
    """Show all answers in fields."""
    return _render_form(request, site, language, {}, {})


@router.post("/loans/form", include_in_schema=False)
def save_form(request: Request, site: SiteDep, language: LanguageDep, posted: FormDep) -> Response:
    """Keep what was written into the fields; what could not be read stays with its reason."""
    token = read_cookie(request, site.settings, COOKIE)
    if read_intake(site, token, language) is None:
        return redirect(request, "/loans", NO_APPLICATION, "notice")
    entries = _read_entries(posted)
    filled = fill_application(site, token, entries, language)
    if filled.errors:
        return _render_form(request, site, language, filled.entries, filled.errors)
    if filled.is_grown:
        return redirect(request, "/loans/form", mark("Kept. Your answers led to further questions below."))
    return redirect(request, "/loans/summary", mark("Kept."))


@router.get("/loans/summary", include_in_schema=False)
def show_summary(request: Request, site: SiteDep, language: LanguageDep) -> Response:
    """Show every answer, what led to what, and what is still missing."""
    return _render_summary(request, site, language)


@router.post("/loans/submit", include_in_schema=False)
def submit(request: Request, site: SiteDep, language: LanguageDep, posted: FormDep) -> Response:
    """Send the application; the summary was the last look."""
    if posted.get("right") != "yes":
        error = InputError("Please tick the box if all answers are right.", where="right")
        return _render_summary(request, site, language, error)
    token = read_cookie(request, site.settings, COOKIE)
    try:
        submit_application(site, token, language)
    except InputError as error:
        return _render_summary(request, site, language, error)
    return redirect(request, "/loans/summary", mark("Your application has been received."))


def _read_entries(posted: FormData) -> dict[str, str]:
    return {name: value[:MOST_CHARACTERS] for name, value in posted.items() if isinstance(value, str)}


def _render_form(
    request: Request,
    site: SiteDep,
    language: str,
    entries: Mapping[str, str],
    errors: Mapping[str, tuple[Phrase, ...]],
) -> Response:
    intake = read_intake(site, read_cookie(request, site.settings, COOKIE), language)
    if intake is None:
        return redirect(request, "/loans", NO_APPLICATION, "notice")
    if not intake.is_open:
        return redirect(request, "/loans/summary")
    groups: list[Group] = group_fields(intake.talk, entries, errors)
    context = {**describe_progress(intake), "intake": intake, "groups": groups, "errors": errors}
    return render(request, "loans/form.html", context, 422 if errors else 200)


def _render_summary(
    request: Request, site: SiteDep, language: str, error: InputError | None = None
) -> Response:
    intake = read_intake(site, read_cookie(request, site.settings, COOKIE), language)
    if intake is None:
        return redirect(request, "/loans", NO_APPLICATION, "notice")
    context = {
        **describe_progress(intake),
        **describe_summary(intake.talk),
        "intake": intake,
        "error": error,
    }
    return render(request, "loans/summary.html", context, 422 if error else 200)
