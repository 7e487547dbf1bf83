"""Pages of AI use cases: the list, one use case with what stands in its way, and what is done to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from akashi.core.people import Actor, Role
from akashi.documents.differences import write_docx
from akashi.domains.governance import store
from akashi.domains.governance.bundle.pages import router as bundle_router
from akashi.domains.governance.forms import KpiForm, ReasonForm, SampleForm, ValidationForm
from akashi.domains.governance.measure import is_stale, is_trying, list_gates, measure_tier, tier_rules
from akashi.domains.governance.model import Kpi, Phase, Sample
from akashi.domains.governance.papers import paper_of
from akashi.domains.governance.policy_changes import compare_policy
from akashi.domains.governance.programme.pages import router as programme_router
from akashi.domains.governance.report import SHARED, is_due, list_lines, list_shared, tell_line
from akashi.domains.governance.spending_pages import router as spending_router
from akashi.domains.governance.training.pages import router as training_router
from akashi.domains.governance.treat import (
    BEFORE_TRIAL,
    VERDICTS,
    Case,
    ask_live,
    ask_resumption,
    ask_validation,
    end_trial,
    judge_output,
    read_case,
    retire,
    sign_validation,
    start_trial,
    suspend,
)
from akashi.domains.governance.trial_pages import router as trial_router
from akashi.domains.governance.words import DEEDS, MODES, PHASES, TIERS
from akashi.domains.governance.words import VERDICTS as VERDICT_WORDS
from akashi.identity.store import find_person
from akashi.platform.kit import FormDep, Translator, parse_form, redirect, render, translator
from akashi.platform.papers.answers import answer_paper
from akashi.platform.requests import ActorDep, LanguageDep, SiteDep
from akashi.platform.site import Site

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
router = APIRouter()
router.include_router(bundle_router)
router.include_router(training_router)
router.include_router(programme_router)
router.include_router(spending_router)
router.include_router(trial_router)
WAY = (Phase.DRAFTED, Phase.EVALUATED, Phase.VALIDATED, Phase.TRIAL, Phase.ASKED, Phase.LIVE)


@router.get("/governance")
def show_list(request: Request, site: SiteDep) -> Response:
    """Return every AI use case with its tier, its phase and what is stale."""
    said = translator(request, "governance")
    asked, stale = request.query_params.get("phase", ""), request.query_params.get("stale", "")
    lines = list_lines(site)
    shown = [line for line in lines if (not asked or line.phase == asked) and (not stale or is_due(line))]
    context = {
        "lines": shown,
        "is_empty": not lines,
        "shared": list_shared(lines),
        "shared_words": SHARED,
        "phases": PHASES,
        "tiers": TIERS,
        "choices": {
            "phase": [(phase.value, said(title)) for phase, (title, _) in PHASES.items()],
            "stale": [("1", said("Decision is stale"))],
        },
    }
    return render(request, "governance/list.html", context)


@router.get("/governance/tiers")
def show_tiers(request: Request, language: LanguageDep) -> Response:
    """Return the table by which the risk tier follows from the record."""
    return render(
        request, "governance/tiers.html", {"rules": tier_rules(), "tiers": TIERS, "language": language}
    )


@router.get("/api/governance/use-cases")
def api_list(site: SiteDep) -> dict[str, Any]:
    """Return every AI use case: code, name, tier, phase, whether its decision is stale."""
    return {"use_cases": [tell_line(one) for one in list_lines(site)]}


@router.get("/governance/{code}")
def show_case(request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, code: str) -> Response:
    """Return one use case: where it stands, what is missing, what was measured, what may be done."""
    return _show(request, site, actor, language, code)


@router.get("/governance/{code}/{kind}.{form}")
def give_paper(request: Request, site: SiteDep, code: str, kind: str, form: str) -> Response:
    """Return the policy, the evaluation report or the committee paper as HTML, PDF or DOCX."""
    case = read_case(site, code)
    paper = paper_of(site, case, kind, translator(request, "governance"), translator(request, "register"))
    return answer_paper(paper, form, f"{code}-{kind}")


@router.get("/governance/{code}/policy/changes")
def show_changes(
    request: Request,
    site: SiteDep,
    code: str,
    old: Annotated[str, Query(pattern="^[0-9]{0,6}$")] = "",
    new: Annotated[str, Query(pattern="^[0-9]{0,6}$")] = "",
) -> Response:
    """Return what changed in the policy between two versions of the record: 新旧対照表."""
    said = translator(request, "governance")
    change = compare_policy(site, code, said, translator(request, "register"), int(old or 0), int(new or 0))
    if not (old and new):
        path = f"/governance/{code}/policy/changes?old={change.old.version}&new={change.new.version}"
        return redirect(request, path)
    rows = [
        {
            "kind": row.change.value,
            "old": [(piece.text, piece.differs) for piece in row.old],
            "new": [(piece.text, piece.differs) for piece in row.new],
        }
        for row in change.rows
    ]
    choices = [(str(one.version), change.label(one, said)) for one in change.versions]
    context = {
        "change": change,
        "rows": rows,
        "code": code,
        "labels": (change.label(change.old, said), change.label(change.new, said)),
        "choices": choices,
    }
    return render(request, "governance/changes.html", context)


@router.get("/governance/{code}/policy/changes.docx")
def download_changes(
    request: Request,
    site: SiteDep,
    code: str,
    old: Annotated[str, Query(pattern="^[0-9]{0,6}$")] = "",
    new: Annotated[str, Query(pattern="^[0-9]{0,6}$")] = "",
) -> Response:
    """Return the 新旧対照表 as a DOCX for the committee; changed words are underlined."""
    said = translator(request, "governance")
    change = compare_policy(site, code, said, translator(request, "register"), int(old or 0), int(new or 0))
    title = f"{said('Policy on the use of AI')}　{change.title}"
    labels = (change.label(change.old, said), change.label(change.new, said))
    name = quote(f"{code}-新旧対照表.docx")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "Cache-Control": "no-store"}
    return Response(write_docx(title, *labels, list(change.rows)), media_type=DOCX, headers=headers)


@router.post("/governance/{code}/validate", include_in_schema=False)
def validate(
    request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, code: str, posted: FormDep
) -> Response:
    """Sign a validation or object."""
    form = parse_form(posted, ValidationForm, language, choices=_judgments(translator(request, "governance")))
    if not form.validate():
        return _show(request, site, actor, language, code, validation=form)
    words = {
        name: str(form[name].data)
        for name in ("method", "assumptions", "limits", "uncertainty", "conclusion")
    }
    if form.verdict.data == "approved" and (matter := ask_validation(site, actor, code, words)):
        return redirect(request, f"/approvals/matters/{matter.id}", "Signed and handed in for the sign-off.")
    if form.verdict.data != "approved":
        sign_validation(site, actor, code, False, words)
    return redirect(request, f"/governance/{code}", "The validation was signed.")


@router.post("/governance/{code}/trial/start", include_in_schema=False)
def begin_trial(request: Request, site: SiteDep, actor: ActorDep, code: str) -> Response:
    """Begin the trial in practice."""
    start_trial(site, actor, code)
    return redirect(request, f"/governance/{code}#trial", "The trial has begun.")


@router.post("/governance/{code}/trial/sample", include_in_schema=False)
def add_sample(
    request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, code: str, posted: FormDep
) -> Response:
    """Keep one judged output."""
    form = parse_form(posted, SampleForm, language, choices=_verdicts(translator(request, "governance")))
    if not form.validate():
        return _show(request, site, actor, language, code, sample=form)
    day, note = form.day.data.isoformat() if form.day.data else "", str(form.note.data or "")
    judge_output(
        site, actor, Sample(code, day, str(form.verdict.data), int(form.seconds_saved.data or 0), note)
    )
    return redirect(request, f"/governance/{code}#trial", "The output was judged.")


@router.post("/governance/{code}/trial/end", include_in_schema=False)
def finish_trial(
    request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, code: str, posted: FormDep
) -> Response:
    """End the trial with a conclusion."""
    return _with_reason(request, site, actor, language, code, posted, end_trial, "The trial has ended.")


@router.post("/governance/{code}/ask", include_in_schema=False)
def hand_in(request: Request, site: SiteDep, actor: ActorDep, code: str) -> Response:
    """Hand in the decision to go live."""
    matter = ask_live(site, actor, code)
    return redirect(request, f"/approvals/matters/{matter.id}", "Handed in for the decision.")


@router.post("/governance/{code}/suspend", include_in_schema=False)
def stop(
    request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, code: str, posted: FormDep
) -> Response:
    """Stop a live use case at once."""
    return _with_reason(request, site, actor, language, code, posted, suspend, "The use case is stopped.")


@router.post("/governance/{code}/resume", include_in_schema=False)
def resume(
    request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, code: str, posted: FormDep
) -> Response:
    """Hand in the resumption."""
    return _with_reason(
        request, site, actor, language, code, posted, ask_resumption, "Handed in for the decision."
    )


@router.post("/governance/{code}/retire", include_in_schema=False)
def end(
    request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, code: str, posted: FormDep
) -> Response:
    """End a use case for good."""
    return _with_reason(request, site, actor, language, code, posted, retire, "The use case has ended.")


@router.post("/governance/{code}/kpi", include_in_schema=False)
def set_kpi(
    request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, code: str, posted: FormDep
) -> Response:
    """Keep one figure of one month."""
    form = parse_form(posted, KpiForm, language)
    if not form.validate():
        return _show(request, site, actor, language, code, kpi=form)
    with site.database.write() as connection:
        store.read_use_case(connection, code)
        actual = form.actual.data
        kpi = Kpi(
            code,
            str(form.name.data),
            str(form.month.data),
            float(form.plan.data or 0),
            actual,
            str(form.unit.data or ""),
        )
        store.set_kpi(connection, kpi)
    return redirect(request, f"/governance/{code}#kpi", "The figure was kept.")


def _with_reason(
    request: Request,
    site: Site,
    actor: Actor,
    language: str,
    code: str,
    posted: Any,
    act: Callable[[Site, Actor, str, str], object],
    flash: str,
) -> Response:
    form = parse_form(posted, ReasonForm, language)
    if not form.validate():
        return _show(request, site, actor, language, code, reason=form)
    act(site, actor, code, str(form.reason.data))
    return redirect(request, f"/governance/{code}", flash)


def _show(request: Request, site: Site, actor: Actor, language: str, code: str, **forms: Any) -> Response:
    said = translator(request, "governance")
    case = read_case(site, code)
    with site.database.read() as connection:
        samples = store.list_samples(connection, code, 20)
        kpis = store.list_kpis(connection, code)
        people = {one.actor for one in case.standing.events}
        names = {person: _name(connection, person) for person in people}
    shown = {
        "validation": parse_form(None, ValidationForm, language, choices=_judgments(said)),
        "sample": parse_form(None, SampleForm, language, choices=_verdicts(said)),
        "reason": parse_form(None, ReasonForm, language),
        "kpi": parse_form(None, KpiForm, language),
        **forms,
    }
    context = {
        "one": case.standing.use_case,
        "case": case,
        "tier": TIERS[case.standing.tier],
        "reasons": [
            rule.reason_ja if language == "ja" else rule.reason
            for rule in measure_tier(case.standing.use_case)[1]
        ],
        "phase": PHASES[case.phase],
        "way": _way(case, said),
        "gates": list_gates(case.standing),
        "stale": is_stale(case.standing.events, case.standing.digest),
        "deeds": DEEDS,
        "modes": MODES,
        "verdicts": VERDICT_WORDS,
        "samples": samples,
        "kpis": kpis,
        "names": names,
        "may": _allowed(actor, case.phase, is_trying(case.standing.events)),
        "forms": shown,
        "language": language,
    }
    return render(request, "governance/case.html", context, 422 if forms else 200)


def _way(case: Case, said: Translator) -> list[dict[str, Any]]:
    phase = Phase.LIVE if case.phase is Phase.SUSPENDED else case.phase
    at = WAY.index(phase) if phase in WAY else len(WAY)
    return [
        {"title": said(PHASES[step][0]), "state": "done" if place < at else "now" if place == at else "next"}
        for place, step in enumerate(WAY)
    ]


def _allowed(actor: Actor, phase: Phase, is_on_trial: bool) -> set[str]:
    """Return what the actor is offered; the rules themselves are asked again when he does it."""
    owner = actor.has(Role.BUSINESS_OWNER)
    risk = actor.has(Role.RISK_OFFICER)
    offered = {
        "validate": actor.has(Role.VALIDATOR) and phase is not Phase.RETIRED,
        "start": owner and phase in BEFORE_TRIAL and not is_on_trial,
        "judge": phase is Phase.TRIAL
        and is_on_trial
        and (owner or actor.has(Role.OPERATOR) or actor.has(Role.LOAN_OFFICER)),
        "end": owner and phase is Phase.TRIAL and is_on_trial,
        "ask": (owner or risk)
        and phase in {Phase.EVALUATED, Phase.VALIDATED, Phase.TRIAL, Phase.LIVE, Phase.DRAFTED},
        "suspend": phase is Phase.LIVE
        and (risk or actor.has(Role.SECURITY_OFFICER) or actor.has(Role.EXECUTIVE)),
        "resume": phase is Phase.SUSPENDED and (owner or risk),
        "retire": owner and phase not in {Phase.LIVE, Phase.RETIRED, Phase.ASKED},
        "kpi": owner,
        "publish": risk or actor.has(Role.COMPLIANCE_OFFICER),
    }
    return {name for name, holds in offered.items() if holds}


def _judgments(said: Translator) -> dict[str, list[tuple[str, str]]]:
    return {
        "verdict": [
            ("approved", said("Valid for the purpose, within the limits named")),
            ("objected", said("Objection")),
        ]
    }


def _verdicts(said: Translator) -> dict[str, list[tuple[str, str]]]:
    return {"verdict": [(name, said(VERDICT_WORDS[name])) for name in VERDICTS]}


def _name(connection: Any, person: str) -> str:
    found = find_person(connection, person)
    return found.name if found else person
