"""What an applicant writes himself passes the guards first, under the policy ``loan_intake``.

What the policy masks is kept masked; what it refuses is neither read nor kept as it was; what it hands over
is kept, sealed, for a person and not read by the engine. Guards that cannot judge raise SetupError, and then
nothing is kept at all.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.engine import Connection

from akashi.conversations.model import Author, HandoverReason, Urgency
from akashi.conversations.talk import add_message, request_person
from akashi.core.ports import Screened
from akashi.domains.loans.measure.asking import ask_again
from akashi.domains.loans.measure.talks import Reply, Talk
from akashi.domains.loans.measure.wording import Phrase
from akashi.domains.loans.model import USE_CASE
from akashi.platform.site import Site

DOOR = "page"


def screen_words(site: Site, text: str) -> Screened:
    """Return what the guards make of words that an applicant wrote. Raises: SetupError, InputError."""
    if site.ports.screen is None or not text.strip():
        return Screened(text, refused=False)
    return site.ports.screen(text, USE_CASE)


def note_words(site: Site, connection: Connection, screened: Screened, conversation: str, place: int) -> None:
    """Let the guards keep what they found (never the words) in this transaction."""
    if site.ports.note_screened is not None and screened.noted:
        where = {"use_case": USE_CASE, "door": DOOR, "subject": conversation}
        site.ports.note_screened(connection, screened, place=place, now=site.now(), **where)


def goes_on(screened: Screened) -> bool:
    """Return whether the engine may read what was written."""
    return not screened.refused and not screened.handed_over


def stop_words(
    site: Site, connection: Connection, conversation: str, talk: Talk, screened: Screened
) -> Reply:
    """Return the reply to words that may not go on: the question stays open, a person may be called."""
    if screened.handed_over:
        request_person(
            connection, site.keys, conversation, HandoverReason.SUSPICIOUS, Urgency.NORMAL, site.now()
        )
    return ask_again(talk, (name_stop(screened),))


def name_stop(screened: Screened) -> Phrase:
    """Return what is said of words that may not go on."""
    return Phrase("passed_on" if screened.handed_over else "not_taken")


def keep_stopped(
    site: Site,
    connection: Connection,
    conversation: str,
    entries: Mapping[str, Screened],
    labels: Mapping[str, str],
) -> dict[str, tuple[Phrase, ...]]:
    """Keep what the guards found in the entries of a form; return what is said of each that may not go on.

    What is handed over goes into the conversation, where a person reads it.
    """
    stopped = dict[str, tuple[Phrase, ...]]()
    for name, screened in entries.items():
        place = 0
        if screened.handed_over:
            said = f"{labels[name]}：{screened.text}"
            kept = add_message(connection, site.keys, conversation, Author.CUSTOMER, said, {}, site.now())
            place, reason = kept.sequence, HandoverReason.SUSPICIOUS
            request_person(connection, site.keys, conversation, reason, Urgency.NORMAL, site.now())
        note_words(site, connection, screened, conversation, place)
        if not goes_on(screened):
            stopped[name] = (name_stop(screened),)
    return stopped
