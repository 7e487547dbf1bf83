"""What documents show on the dashboard."""

from __future__ import annotations

from akashi.core.display import Tile, Tone
from akashi.core.moments import tokyo_day
from akashi.core.people import Actor
from akashi.core.thread import Audience
from akashi.documents.answerable import list_answerable
from akashi.documents.model import VersionState
from akashi.documents.store import list_versions
from akashi.platform.site import Site

ENDING_DAYS = 30


def tiles(site: Site, actor: Actor) -> list[Tile]:
    """Return how many documents are in effect, wait for approval, or end soon without a successor."""
    today = tokyo_day(site.now())
    with site.database.read() as connection:
        versions = list_versions(connection)
        current = list_answerable(connection, Audience.STAFF, today)
    waiting = sum(version.state is VersionState.SUBMITTED for version in versions)
    ending = [
        version
        for version in current.values()
        if version.effective_to is not None
        and (version.effective_to - today).days <= ENDING_DAYS
        and not any(
            other.document_id == version.document_id
            and other.state is VersionState.APPROVED
            and other.effective_from > version.effective_from
            for other in versions
        )
    ]
    return [
        Tile("Documents in effect", len(current), "/documents?state=approved", "documents"),
        Tile(
            "Documents waiting for approval",
            waiting,
            "/documents?state=submitted",
            "documents",
            tone=Tone.NOTICE if waiting else Tone.CALM,
        ),
        Tile(
            "Documents ending within 30 days without a successor",
            len(ending),
            "/documents?state=ending",
            "documents",
            tone=Tone.ALERT if ending else Tone.CALM,
        ),
    ]
