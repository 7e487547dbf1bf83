"""Pages and JSON API of the guards: paste a text, see what was found and what a model would receive."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, Field

from akashi.core.errors import AkashiError, InputError
from akashi.domains.guardrails.guards import DEFAULT, guard_folder, open_guards, rule_text
from akashi.domains.guardrails.local_vault import open_sealed, seal_vault
from akashi.domains.guardrails.masking import unmask
from akashi.domains.guardrails.monitoring_pages import router as monitoring_router
from akashi.domains.guardrails.screening import check_length
from akashi.domains.guardrails.use_pages import router as use_router
from akashi.domains.guardrails.vaults import record_unmasking
from akashi.domains.guardrails.views import (
    count_kinds,
    cut_pieces,
    describe_policy,
    describe_ruling,
    describe_span,
)
from akashi.domains.guardrails.words import TREATMENTS
from akashi.platform.kit import render
from akashi.platform.requests import ActorDep, SiteDep, current_language

router = APIRouter()
router.include_router(monitoring_router)
router.include_router(use_router)

LONGEST_SHOWN = 20_000


class TextBody(BaseModel):
    """A text to look at in a use case; ``vault`` is what an earlier call returned."""

    text: str
    use_case: str = Field(default="default", max_length=60)
    vault: str = Field(default="", max_length=4_000_000)


@router.get("/guard", include_in_schema=False)
def show_form(request: Request, site: SiteDep) -> Response:
    """Show the form where a risk officer pastes a text."""
    return _show(request, site, "", DEFAULT)


@router.post("/guard", include_in_schema=False)
def show_verdict(
    request: Request,
    site: SiteDep,
    text: Annotated[str, Form()] = "",
    use_case: Annotated[str, Form(max_length=60)] = DEFAULT,
) -> Response:
    """Show what the guards found in a text and what its policy makes of it; nothing of it is kept."""
    text = text.replace("\r\n", "\n")
    if len(text) > LONGEST_SHOWN:
        error = InputError(
            "The text has {length} characters; this page takes {most}.",
            where="text",
            next_step="Divide it.",
            length=f"{len(text):,}",
            most=f"{LONGEST_SHOWN:,}",
        )
        return _show(request, site, text, use_case, error)
    return _show(request, site, text, use_case)


def _show(
    request: Request, site: SiteDep, text: str, use_case: str, error: AkashiError | None = None
) -> Response:
    guards = open_guards(guard_folder(site))
    ruling = rule_text(guards, use_case, text) if text.strip() and error is None else None
    language = current_language(request)
    shown: dict[str, Any] = {
        "text": text,
        "ruling": ruling,
        "error": error,
        "use_case": use_case,
        "policies": [(one.use_case, one.label(language)) for one in guards.policies.values()],
        "treatments": TREATMENTS,
    }
    if ruling is not None:
        policy = guards.policy(use_case)
        shown |= {"pieces": cut_pieces(text, ruling, policy), "counts": count_kinds(ruling, policy)}
    return render(request, "guardrails/guard.html", shown, 422 if error else 200)


@router.post("/api/guard/check")
def check_text(site: SiteDep, body: TextBody) -> dict[str, Any]:
    """Return what was found in a text and what the policy of its use case makes of it; nothing is kept."""
    return describe_ruling(rule_text(open_guards(guard_folder(site)), body.use_case, body.text))


@router.post("/api/guard/mask")
def mask_text(site: SiteDep, body: TextBody) -> dict[str, Any]:
    """Return the masked text, its spans, and the sealed vault that keeps placeholders stable."""
    vault = open_sealed(site.keys, body.vault) if body.vault else None
    ruling = rule_text(open_guards(guard_folder(site)), body.use_case, body.text, vault)
    return {
        "text": ruling.masked.text,
        "spans": [describe_span(one) for one in ruling.masked.found],
        "refused": not ruling.goes_on,
        "vault": seal_vault(site.keys, ruling.masked.vault),
    }


@router.post("/api/guard/unmask")
def unmask_text(site: SiteDep, actor: ActorDep, body: TextBody) -> dict[str, str]:
    """Return a text with the placeholders of a vault undone; the ledger keeps who and how many."""
    check_length(body.text)
    vault = open_sealed(site.keys, body.vault)
    with site.database.write() as connection:
        record_unmasking(connection, vault, f"vault:{vault.tag}", body.text, actor, site.now())
    return {"text": unmask(body.text, vault)}


@router.get("/api/guard/policies")
def list_policies(site: SiteDep) -> list[dict[str, Any]]:
    """Return what becomes of what in each use case, as a program that uses the proxy may want to know."""
    guards = open_guards(guard_folder(site))
    return [describe_policy(one, one.use_case in guards.own) for one in guards.policies.values()]
