"""What the catalogue's pages share: choices of filters, evidence in words, tables as files."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from akashi.catalogue.report import KIND_TITLES, STANDING_TITLES
from akashi.core.evidenced import Evidenced
from akashi.core.moments import tokyo_day
from akashi.platform.kit import translator
from akashi.platform.sheets import write_csv, write_xlsx
from akashi.platform.site import Site

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def say(request: Request, one: Evidenced) -> str:
    """Return one piece of evidence in the reader's language, in its room's words."""
    said = translator(request, one.room)(one.title, **one.values)
    return f"{said} [{one.mode}]" if one.mode else said


def offer_kinds(request: Request) -> list[tuple[str, str]]:
    """Return the choices of the filter by kind."""
    speak = translator(request, "catalogue")
    return [(one.value, speak(title)) for one, title in KIND_TITLES.items()]


def send_table(request: Request, site: Site, title: str, table: list[list[str]]) -> Response:
    """Return a table as CSV, or with ``?format=xlsx`` as XLSX."""
    said = translator(request, "catalogue")(title)
    is_xlsx = request.query_params.get("format") == "xlsx"
    name = quote(f"{said}_{tokyo_day(site.now()):%Y%m%d}.{'xlsx' if is_xlsx else 'csv'}")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    if is_xlsx:
        return Response(write_xlsx(said, table), media_type=XLSX, headers=headers)
    return Response(write_csv(table), media_type="text/csv; charset=utf-8", headers=headers)


def offer_standings(request: Request) -> list[tuple[str, str]]:
    """Return the choices of the filter by coverage."""
    speak = translator(request, "catalogue")
    return [(word, speak(title)) for word, title in STANDING_TITLES.items()]
