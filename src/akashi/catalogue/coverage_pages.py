"""The coverage page: which requirement is evidenced by what, since when, and which by nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from akashi.catalogue.coverage import Covered, count_words
from akashi.catalogue.report import KIND_TITLES, STANDING_TITLES, TONES, read_coverage, write_coverage
from akashi.catalogue.views import offer_kinds, offer_standings, say, send_table
from akashi.platform.kit import read_page_number, render, take_page, translator
from akashi.platform.kit.lists import Page
from akashi.platform.requests import LanguageDep, SiteDep

router = APIRouter()


@router.get("/catalogue/coverage", include_in_schema=False)
def show_coverage(
    request: Request,
    site: SiteDep,
    language: LanguageDep,
    q: str = "",
    source: str = "",
    kind: str = "",
    standing: str = "",
    whole: str = "",
) -> Response:
    """Show requirements with their evidence; ``?whole=1`` shows them on one page, to print."""
    covered, failures = read_coverage(site)
    found = narrow(covered, q, source, kind, standing)
    sources = {one.entry.source.id: one.entry.source.title(language) for one in covered}
    asked = {"q": q, "source": source, "kind": kind, "standing": standing}
    context = {
        "page": Page(found, 1, len(found), max(1, len(found)))
        if whole
        else take_page(found, read_page_number(request)),
        "counts": count_words(covered),
        "rows": count_sources(covered, language),
        "failures": failures,
        "source_options": list(sources.items()),
        "kind_options": offer_kinds(request),
        "standing_options": offer_standings(request),
        "kinds": KIND_TITLES,
        "standings": STANDING_TITLES,
        "tones": TONES,
        "say": lambda one: say(request, one),
        "query": urlencode(asked),
        "whole": bool(whole),
    }
    return render(request, "catalogue/coverage.html", context)


@router.get("/catalogue/coverage/export", include_in_schema=False)
def export_coverage(
    request: Request,
    site: SiteDep,
    language: LanguageDep,
    q: str = "",
    source: str = "",
    kind: str = "",
    standing: str = "",
) -> Response:
    """Return the coverage that the address narrows as CSV, or with ``?format=xlsx`` as XLSX."""
    found = narrow(read_coverage(site)[0], q, source, kind, standing)
    table = write_coverage(found, language, lambda one: say(request, one), translator(request, "catalogue"))
    return send_table(request, site, "Coverage of requirements", table)


@router.get("/api/catalogue/coverage")
def list_coverage(site: SiteDep, standing: str = "") -> dict[str, Any]:
    """Return how requirements stand, with the evidence of each that has some."""
    covered, failures = read_coverage(site)
    found = narrow(covered, "", "", "", standing)
    return {
        "counts": count_words(covered),
        "failures": list(failures),
        "requirements": [_describe(one) for one in found],
    }


def narrow(covered: Sequence[Covered], q: str, source: str, kind: str, standing: str) -> tuple[Covered, ...]:
    """Return the requirements that a filter leaves."""
    return tuple(
        one
        for one in covered
        if one.entry.is_wanted(q, source, kind) and (not standing or one.word == standing)
    )


def count_sources(covered: Sequence[Covered], language: str) -> list[dict[str, Any]]:
    """Return for each document how many of its requirements stand how."""
    groups: dict[str, list[Covered]] = {}
    for one in covered:
        groups.setdefault(one.entry.source.id, []).append(one)
    return [
        {
            "id": name,
            "title": group[0].entry.source.title(language),
            "counts": count_words(group),
            "total": len(group),
        }
        for name, group in groups.items()
    ]


def _describe(one: Covered) -> dict[str, Any]:
    return {
        "id": one.entry.id,
        "source": one.entry.source.id,
        "clause": one.entry.clause,
        "standing": one.word,
        "since": one.since.isoformat() if one.since else None,
        "evidence": [
            {
                "room": found.room,
                "standing": found.standing.value,
                "title": found.title.format_map(found.values),
                "since": found.since.isoformat(),
                "locator": found.locator,
                "mode": found.mode,
            }
            for found in one.evidence
        ],
    }
