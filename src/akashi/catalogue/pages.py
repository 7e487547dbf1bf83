"""Pages of the catalogue: list with search, one requirement, and the same as JSON."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from akashi.catalogue.load import shipped_catalogue
from akashi.catalogue.model import Entry, Kind
from akashi.platform.kit import read_page_number, render, take_page, translator
from akashi.platform.requests import current_language

router = APIRouter()

KIND_TITLES = {
    Kind.AUTOMATIC: "Measured",
    Kind.ATTEST: "Attested",
    Kind.DOCUMENT: "Documented",
}


@router.get("/catalogue", include_in_schema=False)
def show_catalogue(request: Request, q: str = "", source: str = "", kind: str = "") -> HTMLResponse:
    """Show the requirements that match the search."""
    catalogue = shipped_catalogue()
    found = catalogue.search(q, source, kind)
    page = take_page(found, read_page_number(request))
    language = current_language(request)
    speak = translator(request, "catalogue")
    titles = {one.id: one.title_ja if language == "ja" else one.title_en for one in catalogue.sources}
    context = {
        "page": page,
        "source_titles": titles,
        "source_options": list(titles.items()),
        "kind_options": [(one.value, speak(title)) for one, title in KIND_TITLES.items()],
        "kinds": KIND_TITLES,
    }
    return render(request, "catalogue/list.html", context)


@router.get("/catalogue/{entry_id}", include_in_schema=False)
def show_requirement(request: Request, entry_id: str) -> HTMLResponse:
    """Show one requirement with its source."""
    entry = shipped_catalogue().find(entry_id)
    return render(request, "catalogue/detail.html", {"entry": entry, "kinds": KIND_TITLES})


@router.get("/api/catalogue")
def list_requirements(q: str = "", source: str = "", kind: str = "") -> list[dict[str, Any]]:
    """Return the requirements that match the search."""
    return [describe_entry(entry) for entry in shipped_catalogue().search(q, source, kind)]


def describe_entry(entry: Entry) -> dict[str, Any]:
    """Return one requirement for machines."""
    return {
        "id": entry.id,
        "source": entry.source.id,
        "edition": entry.source.edition,
        "clause": entry.clause,
        "page": entry.page,
        "kind": entry.kind.value,
        "ja": entry.ja,
        "en": entry.en,
        "evidence_ja": entry.evidence_ja,
        "evidence_en": entry.evidence_en,
        "our_reading": entry.our_reading,
    }
