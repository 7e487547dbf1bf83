"""Pages and JSON API of the guards: paste a text, see what was found and what a model would receive."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, Field

from akashi.core.errors import AkashiError, InputError
from akashi.domains.guardrails.guards import guard_folder, open_guards
from akashi.domains.guardrails.local_vault import open_sealed, seal_vault
from akashi.domains.guardrails.masking import unmask
from akashi.domains.guardrails.monitoring_pages import router as monitoring_router
from akashi.domains.guardrails.screening import Verdict, screen_text
from akashi.domains.guardrails.use_pages import router as use_router
from akashi.domains.guardrails.vaults import record_unmasking
from akashi.domains.guardrails.views import (
    count_kinds,
    cut_pieces,
    describe,
    describe_policy,
    describe_span,
)
from akashi.platform.kit import render
from akashi.platform.requests import ActorDep, SiteDep

router = APIRouter()
router.include_router(monitoring_router)
router.include_router(use_router)

LONGEST_SHOWN = 20_000


class TextBody(BaseModel):
    """A text to look at; ``vault`` is what an earlier call returned, for the same placeholders."""

    text: str = Field(max_length=1_000_000)
    vault: str = Field(default="", max_length=4_000_000)


@router.get("/guard")
def show_form(request: Request) -> Response:
    """Show the form where a risk officer pastes a text."""
    return _show(request, "")


@router.post("/guard")
def show_verdict(request: Request, text: Annotated[str, Form()] = "") -> Response:
    """Show what the guards found in a text; nothing of it is kept."""
    text = text.replace("\r\n", "\n")
    if len(text) > LONGEST_SHOWN:
        error = InputError(
            "The text has {length} characters; this page takes {most}.",
            where="text",
            next_step="Divide it.",
            length=f"{len(text):,}",
            most=f"{LONGEST_SHOWN:,}",
        )
        return _show(request, "", error=error)
    return _show(request, text, screen_text(text) if text.strip() else None)


def _show(
    request: Request, text: str, verdict: Verdict | None = None, error: AkashiError | None = None
) -> Response:
    shown: dict[str, Any] = {"text": text, "verdict": verdict, "error": error, "most": LONGEST_SHOWN}
    if verdict is not None:
        attack = verdict.hijack.span.of(text) if verdict.refused else ""
        shown |= {"pieces": cut_pieces(text, verdict), "counts": count_kinds(verdict), "attack": attack}
    return render(request, "guardrails/guard.html", shown)


@router.post("/api/guard/check")
def check_text(body: TextBody) -> dict[str, Any]:
    """Return what was found in a text and whether it may go on; nothing is kept."""
    return describe(screen_text(body.text))


@router.post("/api/guard/mask")
def mask_text(site: SiteDep, body: TextBody) -> dict[str, Any]:
    """Return the masked text, its spans, and the sealed vault that keeps placeholders stable."""
    verdict = screen_text(body.text, open_sealed(site.keys, body.vault) if body.vault else None)
    return {
        "text": verdict.masked.text,
        "spans": [describe_span(one) for one in verdict.masked.found],
        "refused": verdict.refused,
        "vault": seal_vault(site.keys, verdict.masked.vault),
    }


@router.post("/api/guard/unmask")
def unmask_text(site: SiteDep, actor: ActorDep, body: TextBody) -> dict[str, str]:
    """Return a text with the placeholders of a vault undone; the ledger keeps who and how many."""
    vault = open_sealed(site.keys, body.vault)
    with site.database.write() as connection:
        record_unmasking(connection, vault, f"vault:{vault.tag}", body.text, actor, site.now())
    return {"text": unmask(body.text, vault)}


@router.get("/api/guard/policies")
def list_policies(site: SiteDep) -> list[dict[str, Any]]:
    """Return what becomes of what in each use case, as a program that uses the proxy may want to know."""
    guards = open_guards(guard_folder(site))
    return [describe_policy(one, one.use_case in guards.own) for one in guards.policies.values()]
