"""What the assistant shows of itself: tiles, health, and what it loads at start-up."""

from __future__ import annotations

from datetime import timedelta

from akashi.core.display import Check, Health, Tile, Tone
from akashi.core.moments import tokyo_day
from akashi.core.people import Actor
from akashi.core.thread import Audience, Outcome
from akashi.domains.assistant.contact import list_unset
from akashi.domains.assistant.generating_status import check_endpoint
from akashi.domains.assistant.library import library_of
from akashi.domains.assistant.store import count_outcomes, is_stopped
from akashi.domains.assistant.tuning_store import read_tuning
from akashi.platform.site import Site

PERIOD_DAYS = 7


def tiles(site: Site, actor: Actor) -> list[Tile]:
    """Return the questions of the last seven days, how many went to a person, and whether it is stopped."""
    with site.database.read() as connection:
        counted = count_outcomes(connection, site.now() - timedelta(days=PERIOD_DAYS))
        stopped = is_stopped(connection)
    asked = sum(counted.values())
    state = Tile(
        "Automatic answers",
        "Stopped" if stopped else "In operation",
        "/assistant",
        tone=Tone.ALERT if stopped else Tone.CALM,
    )
    return [
        state,
        Tile("Questions in seven days", asked, "/assistant", "questions"),
        Tile("Handed over to a person", counted.get(Outcome.HAND_OVER.value, 0), "/assistant", "questions"),
    ]


def checks(site: Site) -> list[Check]:
    """Return what index, own settings, emergency numbers and the LLM endpoint, if there is one, need."""
    return [*_check_index(site), _check_tuning(site), _check_numbers(site), *check_endpoint(site)]


def _check_numbers(site: Site) -> Check:
    with site.database.read() as connection:
        unset = list_unset(connection)
    if unset:
        detail = f"No emergency number for: {', '.join(unset)}."
        step = "Propose them at /assistant/contact, or: akashi assistant contact contact.toml"
        return Check("emergency numbers", Health.WARNING, detail, step)
    return Check("emergency numbers", Health.OK, "Every emergency has its number.")


def _check_tuning(site: Site) -> Check:
    with site.database.read() as connection:
        tuning = read_tuning(connection)
    if tuning.stale:
        detail = f"Measured before something changed: {', '.join(sorted(tuning.stale))}."
        return Check("own settings", Health.WARNING, detail, "akashi assistant calibrate FILE")
    detail = ", ".join(sorted(tuning.own)) or "everything as shipped"
    return Check("own settings", Health.OK, f"{detail}; threshold {tuning.calibration.threshold:.3f}")


def _check_index(site: Site) -> list[Check]:
    with site.database.read() as connection:
        shelf = library_of(site).find_shelf(connection, Audience.CUSTOMERS, tokyo_day(site.now()))
    size = len(shelf.index)
    detail = f"{size} passages for customers, generation {shelf.generation}"
    if not size:
        return [Check("index", Health.WARNING, detail, "Add documents and have them approved: /documents")]
    return [Check("index", Health.OK, detail)]


def warm(site: Site) -> None:
    """Make the indexes before the first question comes."""
    with site.database.read() as connection:
        for audience in Audience:
            library_of(site).find_shelf(connection, audience, tokyo_day(site.now()))
