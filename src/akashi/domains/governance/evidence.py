"""What governance shows of requirements: the register, decisions, stops, training and what is published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from sqlalchemy.engine import Connection

from akashi.core.evidenced import Evidenced, Standing
from akashi.core.moments import tokyo_day
from akashi.domains.governance import store
from akashi.domains.governance.bundle.adopting import list_imported
from akashi.domains.governance.model import Deed, Event
from akashi.domains.governance.programme.store import list_items
from akashi.domains.governance.training.store import list_ended
from akashi.domains.governance.training.treat import VALID_DAYS, count_due, list_due
from akashi.platform.kit import mark
from akashi.platform.site import Site

REGISTERED = mark("AI use cases are registered with their tier ({count})")
VALIDATED = mark("Independent validators signed or objected ({count})")
DECIDED = mark("Use cases live by a decision on a route ({count})")
STOPPED = mark("Use cases were stopped at once, to be approved afterwards ({count})")
TRIED = mark("Trials in practice were ended with a conclusion ({count})")
TRAINED = mark("{done} of {all} quizzes of roles are passed and hold")
WRITTEN = mark("The demonstration programme is written down ({count} parts)")
IMPORTED = mark("Bundles of other institutions were verified and imported ({count})")

OF_DEEDS: Mapping[Deed, tuple[str, tuple[str, ...]]] = {
    Deed.VALIDATED: (VALIDATED, ("ai-model-risk", "ai-risk-method")),
    Deed.WENT_LIVE: (DECIDED, ("guide-ai-accountability", "ai-governance-departments")),
    Deed.SUSPENDED: (STOPPED, ("frontier-8-stop",)),
    Deed.TRIAL_ENDED: (TRIED, ("programme-fitness",)),
}
"""What happened -> its words, and the requirements of which it is a record; each is ours to read."""
REGISTER = ("programme-level", "ai-governance-criteria", "ai-vendor-dependence")
TRAINING = ("ai-people-content", "guide-ai-literacy", "law-privacy-24")
PROGRAMME = ("programme-two-cases",)
SHARING = ("programme-burden",)


def list_evidence(site: Site) -> list[Evidenced]:
    """Return what this room keeps as evidence; only training that everybody has passed is called met."""
    now = site.now()
    with site.database.read() as connection:
        return [
            *_registered(connection, now),
            *_happened(connection),
            *_trained(connection, now),
            *_imported(connection),
            *_programme(connection),
        ]


def _registered(connection: Connection, now: datetime) -> Iterator[Evidenced]:
    count = len(store.list_use_cases(connection))
    if count:
        yield from _make(REGISTER, REGISTERED, now, "/governance", count=count)


def _happened(connection: Connection) -> Iterator[Evidenced]:
    found: dict[Deed, list[Event]] = {}
    for events in store.events_by_use_case(connection).values():
        for event in events:
            found.setdefault(event.deed, []).append(event)
    for deed, (title, requirements) in OF_DEEDS.items():
        if events_of := found.get(deed):
            since = min(event.at for event in events_of)
            yield from _make(requirements, title, since, "/governance", count=len(events_of))


def _trained(connection: Connection, now: datetime) -> Iterator[Evidenced]:
    passed = [one for one in list_ended(connection) if one.passed and one.ended_at]
    if not passed:
        return
    counts = count_due(list_due(connection, now), tokyo_day(now))
    standing = Standing.MET if counts["done"] == counts["all"] else Standing.RECORDED
    since = max(one.ended_at for one in passed if one.ended_at)
    if (now - since).days > VALID_DAYS:
        standing = Standing.RECORDED
    values: dict[str, object] = {"done": counts["done"], "all": counts["all"]}
    for one in TRAINING:
        yield Evidenced(one, "governance", standing, TRAINED, since, "/governance/training", values=values)


def _imported(connection: Connection) -> Iterator[Evidenced]:
    bundles = list_imported(connection)
    if bundles:
        since = min(one.imported_at for one in bundles)
        yield from _make(SHARING, IMPORTED, since, "/governance/bundles", count=len(bundles))


def _programme(connection: Connection) -> Iterator[Evidenced]:
    items = [one for kind in list_items(connection).values() for one in kind]
    if items:
        since = min(one.at for one in items)
        yield from _make(PROGRAMME, WRITTEN, since, "/governance/programme", count=len(items))


def _make(
    requirements: Iterable[str], title: str, since: datetime, path: str, **values: object
) -> Iterator[Evidenced]:
    for one in requirements:
        yield Evidenced(one, "governance", Standing.RECORDED, title, since, path, values=dict(values))
