"""Pages on which a finding is treated: a form for each step, a confirmation where it weighs."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Request
from sqlalchemy.engine import Connection
from starlette.datastructures import FormData
from starlette.responses import Response

from akashi.core.errors import InputError, NotFoundError
from akashi.core.people import Actor
from akashi.core.thread import Acceptance, Evidence, Severity, Treatment, TreatmentKind
from akashi.findings import store, words
from akashi.findings.decisions import propose_acceptance, request_resumption
from akashi.findings.evidence import keep_evidence
from akashi.findings.forms import (
    FORMS,
    EvidenceForm,
    MeasureForm,
    ReasonForm,
    read_evidence,
    read_treatment,
)
from akashi.findings.treat import (
    Step,
    complete_treatment,
    find_status,
    measure_again,
    note,
    propose_treatment,
    regrade_finding,
    signal_lapse,
    withdraw_treatment,
)
from akashi.findings.views import list_owners
from akashi.platform.kit import Form, FormDep, parse_form, redirect, render
from akashi.platform.requests import ActorDep, LanguageDep, SiteDep
from akashi.platform.site import Site

router = APIRouter(include_in_schema=False)

Do = Callable[[Step], object]


@router.get("/findings/{finding_id}/treat/{kind}")
def show_treatment_form(
    request: Request, site: SiteDep, language: LanguageDep, finding_id: str, kind: str
) -> Response:
    """Show the form of a treatment that needs no decision."""
    return _show_treatment(request, site, language, finding_id, _read_kind(kind))


@router.post("/findings/{finding_id}/treat/{kind}")
def propose(
    request: Request,
    site: SiteDep,
    actor: ActorDep,
    language: LanguageDep,
    finding_id: str,
    kind: str,
    posted: FormDep,
) -> Response:
    """Propose a treatment that needs no decision."""

    def do(step: Step, treatment: Treatment) -> str:
        propose_treatment(step.connection, finding_id, treatment, step.actor, step.now)
        return "The treatment was recorded."

    return _propose(request, site, actor, language, (finding_id, _read_kind(kind)), posted, do)


@router.get("/findings/{finding_id}/accept")
def show_acceptance_form(request: Request, site: SiteDep, language: LanguageDep, finding_id: str) -> Response:
    """Show the form of a risk acceptance."""
    return _show_treatment(request, site, language, finding_id, TreatmentKind.ACCEPT)


@router.post("/findings/{finding_id}/accept")
def request_acceptance(
    request: Request,
    site: SiteDep,
    actor: ActorDep,
    language: LanguageDep,
    finding_id: str,
    posted: FormDep,
) -> Response:
    """Propose a risk acceptance and hand it in for decision."""

    def do(step: Step, treatment: Treatment) -> str:
        if not isinstance(treatment, Acceptance):
            raise TypeError("the form of an acceptance gives an acceptance")
        propose_acceptance(step, finding_id, treatment)
        return "The acceptance was handed in for decision. It counts only once it is decided."

    return _propose(request, site, actor, language, (finding_id, TreatmentKind.ACCEPT), posted, do)


@router.get("/findings/{finding_id}/measure")
def show_measure_form(request: Request, site: SiteDep, language: LanguageDep, finding_id: str) -> Response:
    """Ask for the result of measuring again."""
    return _show_step(request, site, parse_form(None, MeasureForm, language), finding_id, "measure")


@router.post("/findings/{finding_id}/measure")
def measure(
    request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, finding_id: str, posted: FormDep
) -> Response:
    """Record the result of measuring again, with its evidence."""
    form = parse_form(posted, MeasureForm, language)

    def do(step: Step) -> None:
        evidence = keep_evidence(step, finding_id, read_evidence(posted))
        passed = form.passed.data == "yes"
        measure_again(step.connection, finding_id, evidence, passed=passed, actor=step.actor, now=step.now)

    return _take(request, site, actor, form, (finding_id, "measure", ""), do, "The measurement was recorded.")


@router.get("/findings/{finding_id}/treatments/{treatment_id}/complete")
def show_complete_form(
    request: Request, site: SiteDep, language: LanguageDep, finding_id: str, treatment_id: str
) -> Response:
    """Ask for the evidence that a treatment was carried out."""
    form = parse_form(None, EvidenceForm, language)
    return _show_step(request, site, form, finding_id, "complete", treatment_id)


@router.post("/findings/{finding_id}/treatments/{treatment_id}/complete")
def complete(
    request: Request,
    site: SiteDep,
    actor: ActorDep,
    language: LanguageDep,
    finding_id: str,
    treatment_id: str,
    posted: FormDep,
) -> Response:
    """Record that a treatment was carried out."""
    form = parse_form(posted, EvidenceForm, language)

    def do(step: Step) -> None:
        handed = read_evidence(posted)
        evidence: tuple[Evidence, ...] = ()
        if handed.content.strip() or _needs_evidence(step.connection, finding_id, treatment_id, step):
            evidence = (keep_evidence(step, finding_id, handed),)
        complete_treatment(step, finding_id, treatment_id, evidence)

    said = "It was recorded as carried out."
    return _take(request, site, actor, form, (finding_id, "complete", treatment_id), do, said)


@router.get("/findings/{finding_id}/treatments/{treatment_id}/withdraw")
def ask_withdraw(request: Request, site: SiteDep, finding_id: str, treatment_id: str) -> Response:
    """Ask before taking a treatment back."""
    with site.database.read() as connection:
        store.load_finding(connection, finding_id)
    back = f"/findings/{finding_id}"
    context = {"action": f"{back}/treatments/{treatment_id}/withdraw", "back": back}
    return render(request, "findings/withdraw.html", context)


@router.post("/findings/{finding_id}/treatments/{treatment_id}/withdraw")
def withdraw(
    request: Request, site: SiteDep, actor: ActorDep, finding_id: str, treatment_id: str
) -> Response:
    """Take a treatment back."""
    with site.database.write() as connection:
        withdraw_treatment(Step(connection, actor, site.now()), finding_id, treatment_id)
    return redirect(request, f"/findings/{finding_id}", "The treatment was withdrawn.")


@router.post("/findings/{finding_id}/treatments/{treatment_id}/signal")
def signal(
    request: Request, site: SiteDep, actor: ActorDep, finding_id: str, treatment_id: str, posted: FormDep
) -> Response:
    """Report a signal on which a treatment lapses."""
    with site.database.write() as connection:
        step = Step(connection, actor, site.now())
        signal_lapse(step, finding_id, treatment_id, str(posted.get("signal", "")))
    return redirect(request, f"/findings/{finding_id}", "The treatment has lapsed.", "notice")


@router.get("/findings/{finding_id}/treatments/{treatment_id}/resume")
def show_resume_form(
    request: Request, site: SiteDep, language: LanguageDep, finding_id: str, treatment_id: str
) -> Response:
    """Ask why what was stopped may run again."""
    form = parse_form(None, ReasonForm, language)
    return _show_step(request, site, form, finding_id, "resume", treatment_id)


@router.post("/findings/{finding_id}/treatments/{treatment_id}/resume")
def resume(
    request: Request,
    site: SiteDep,
    actor: ActorDep,
    language: LanguageDep,
    finding_id: str,
    treatment_id: str,
    posted: FormDep,
) -> Response:
    """Hand in the resumption for decision; nothing runs again before it is decided."""
    form = parse_form(posted, ReasonForm, language)

    def do(step: Step) -> None:
        request_resumption(step, finding_id, treatment_id, str(form.reason.data))

    said = "The resumption was handed in for decision."
    return _take(request, site, actor, form, (finding_id, "resume", treatment_id), do, said)


@router.post("/findings/{finding_id}/note")
def add_note(request: Request, site: SiteDep, actor: ActorDep, finding_id: str, posted: FormDep) -> Response:
    """Add a note to the timeline."""
    with site.database.write() as connection:
        note(Step(connection, actor, site.now()), finding_id, str(posted.get("note", ""))[:4000])
    return redirect(request, f"/findings/{finding_id}", "The note was added.")


@router.post("/findings/{finding_id}/severity")
def regrade(request: Request, site: SiteDep, actor: ActorDep, finding_id: str, posted: FormDep) -> Response:
    """Change the severity."""
    severity = str(posted.get("severity", ""))
    if severity not in set(Severity):
        raise InputError("{value} is not a severity.", where="severity", value=severity[:20])
    with site.database.write() as connection:
        regrade_finding(Step(connection, actor, site.now()), finding_id, Severity(severity))
    return redirect(request, f"/findings/{finding_id}", "The severity was changed.")


def _read_kind(text: str) -> TreatmentKind:
    """Return the kind of a treatment that needs no decision. Raises: NotFoundError: there is no such one."""
    if text not in {TreatmentKind.REMEDIATE, TreatmentKind.MITIGATE, TreatmentKind.STOP}:
        raise NotFoundError("There is no such treatment.", where="treatment")
    return TreatmentKind(text)


def _show_treatment(
    request: Request,
    site: Site,
    language: str,
    finding_id: str,
    kind: TreatmentKind,
    form: Form | None = None,
    status: int = 200,
) -> Response:
    with site.database.read() as connection:
        kept = store.load_finding(connection, finding_id)
        owners = [("", "—"), *list_owners(connection, language)]
    shown = form or parse_form(None, FORMS[kind], language, choices={"owner": owners})
    path = "accept" if kind is TreatmentKind.ACCEPT else f"treat/{kind.value}"
    context = {"kept": kept, "kind": kind, "form": shown, "path": path, "words": words}
    return render(request, "findings/treatment.html", context, status)


def _propose(
    request: Request,
    site: Site,
    actor: Actor,
    language: str,
    target: tuple[str, TreatmentKind],
    posted: FormData,
    do: Callable[[Step, Treatment], str],
) -> Response:
    finding_id, kind = target
    with site.database.read() as connection:
        owners = [("", "—"), *list_owners(connection, language)]
    form = parse_form(posted, FORMS[kind], language, choices={"owner": owners})
    if form.validate():
        try:
            with site.database.write() as connection:
                said = do(Step(connection, actor, site.now()), read_treatment(kind, form))
            return redirect(request, f"/findings/{finding_id}", said)
        except InputError as error:
            form.fail_with(error)
    return _show_treatment(request, site, language, finding_id, kind, form, 422)


def _show_step(
    request: Request,
    site: Site,
    form: Form,
    finding_id: str,
    step: str,
    treatment_id: str = "",
    status: int = 200,
) -> Response:
    with site.database.read() as connection:
        kept = store.load_finding(connection, finding_id)
    middle = f"/treatments/{treatment_id}" if treatment_id else ""
    action = f"/findings/{finding_id}{middle}/{step}"
    context = {"kept": kept, "form": form, "step": step, "action": action}
    return render(request, "findings/step.html", context, status)


def _take(
    request: Request,
    site: Site,
    actor: Actor,
    form: Form,
    target: tuple[str, str, str],
    do: Do,
    said: str,
) -> Response:
    if form.validate():
        try:
            with site.database.write() as connection:
                do(Step(connection, actor, site.now()))
            return redirect(request, f"/findings/{target[0]}", said)
        except InputError as error:
            form.fail_with(error)
    return _show_step(request, site, form, *target, 422)


def _needs_evidence(connection: Connection, finding_id: str, treatment_id: str, step: Step) -> bool:
    one = find_status(connection, finding_id, step.now).treatment(treatment_id)
    return one is not None and one.treatment.kind is TreatmentKind.MITIGATE
