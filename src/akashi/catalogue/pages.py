"""Pages of the catalogue: the list with search and export, one requirement, attestations, JSON."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from akashi.catalogue.coverage import cover, gather_evidence
from akashi.catalogue.coverage_pages import router as coverage_router
from akashi.catalogue.describe import describe_entry
from akashi.catalogue.forms import AttestForm
from akashi.catalogue.model import Catalogue, Kind
from akashi.catalogue.report import KIND_TITLES, STANDING_TITLES, TONES, write_entries
from akashi.catalogue.rule_pages import router as rule_router
from akashi.catalogue.store import list_attestations
from akashi.catalogue.treat import Step, attest, whole_catalogue, withdraw
from akashi.catalogue.views import offer_kinds, say, send_table
from akashi.core.errors import InputError
from akashi.core.moments import tokyo_day
from akashi.core.people import Actor, Role
from akashi.identity.store import list_people
from akashi.platform.kit import (
    Form,
    FormDep,
    parse_form,
    read_page_number,
    redirect,
    render,
    take_page,
    translator,
)
from akashi.platform.requests import ActorDep, LanguageDep, SiteDep, current_language
from akashi.platform.site import Site

router = APIRouter()

ATTESTERS = frozenset(
    {
        Role.BUSINESS_OWNER,
        Role.RISK_OFFICER,
        Role.COMPLIANCE_OFFICER,
        Role.PRIVACY_OFFICER,
        Role.SECURITY_OFFICER,
        Role.EXECUTIVE,
    }
)
"""Who may answer for a requirement with his word. The third line only reads."""


@router.get("/catalogue", include_in_schema=False)
def show_catalogue(
    request: Request, site: SiteDep, q: str = "", source: str = "", kind: str = ""
) -> Response:
    """Show the requirements that match the search."""
    with site.database.read() as connection:
        catalogue = whole_catalogue(connection)
    found = catalogue.search(q, source, kind)
    language = current_language(request)
    context = {
        "page": take_page(found, read_page_number(request)),
        "source_options": [(one.id, one.title(language)) for one in catalogue.sources],
        "kind_options": offer_kinds(request),
        "kinds": KIND_TITLES,
        "total": len(catalogue.entries),
        "query": urlencode({"q": q, "source": source, "kind": kind}),
    }
    return render(request, "catalogue/list.html", context)


@router.get("/catalogue/export", include_in_schema=False)
def export(
    request: Request, site: SiteDep, language: LanguageDep, q: str = "", source: str = "", kind: str = ""
) -> Response:
    """Return the requirements that match as CSV, or with ``?format=xlsx`` as XLSX."""
    with site.database.read() as connection:
        found = whole_catalogue(connection).search(q, source, kind)
    speak = translator(request, "catalogue")
    return send_table(request, site, "Requirements", write_entries(found, language, speak))


router.include_router(coverage_router)
router.include_router(rule_router)


@router.get("/catalogue/{entry_id}", include_in_schema=False)
def show_requirement(
    request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, entry_id: str
) -> Response:
    """Show one requirement with its source, its evidence and who attested it."""
    return _show_entry(request, site, actor, entry_id, parse_form(None, AttestForm, language))


@router.post("/catalogue/{entry_id}/attest", include_in_schema=False)
def post_attest(
    request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, entry_id: str, posted: FormDep
) -> Response:
    """Keep a person's word that the requirement is met."""
    form = parse_form(posted, AttestForm, language)
    until = form.holds_until.data
    if form.validate() and isinstance(until, date):
        try:
            with site.database.write() as connection:
                step = Step(connection, actor, site.now())
                attest(step, entry_id, str(form.statement.data), str(form.reference.data), until)
            return redirect(request, f"/catalogue/{entry_id}", "The attestation was kept.")
        except InputError as error:
            form.fail_with(error)
    return _show_entry(request, site, actor, entry_id, form, 422)


@router.post("/catalogue/attestations/{attestation_id}/withdraw", include_in_schema=False)
def post_withdraw(request: Request, site: SiteDep, actor: ActorDep, attestation_id: str) -> Response:
    """Withdraw an attestation."""
    with site.database.write() as connection:
        kept = withdraw(Step(connection, actor, site.now()), attestation_id)
    return redirect(request, f"/catalogue/{kept.requirement_id}", "The attestation was withdrawn.")


@router.get("/api/catalogue")
def list_requirements(site: SiteDep, q: str = "", source: str = "", kind: str = "") -> list[dict[str, Any]]:
    """Return the requirements that match the search."""
    with site.database.read() as connection:
        found = whole_catalogue(connection).search(q, source, kind)
    return [describe_entry(entry) for entry in found]


def _show_entry(
    request: Request, site: Site, actor: Actor, entry_id: str, form: Form, status: int = 200
) -> Response:
    evidence, failures = gather_evidence(site)
    today = tokyo_day(site.now())
    language = current_language(request)
    with site.database.read() as connection:
        entry = whole_catalogue(connection).find(entry_id)
        kept = list_attestations(connection, entry_id)
        names = {person.id: person.label(language) for person in list_people(connection)}
    context = {
        "entry": entry,
        "kinds": KIND_TITLES,
        "covered": cover(Catalogue((entry.source,), (entry,)), evidence, today)[0],
        "failures": failures,
        "standings": STANDING_TITLES,
        "tones": TONES,
        "attestations": [(one, one.holds_on(today)) for one in kept],
        "names": names,
        "say": lambda one: say(request, one),
        "form": form,
        "may_attest": actor.has(*ATTESTERS) and entry.kind is not Kind.AUTOMATIC,
    }
    return render(request, "catalogue/detail.html", context, status)
