"""A business owner looks at a sample of answers and says whether they fit the business (実務適合性)."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from akashi.conversations.masks import Masker
from akashi.conversations.model import REASON_LIMIT, Author
from akashi.conversations.notes import add_note
from akashi.conversations.talk import read_messages
from akashi.core.errors import ConflictError, InputError, NotFoundError
from akashi.core.people import Actor
from akashi.core.thread import Outcome
from akashi.domains.assistant.weekly import Week, questions_before
from akashi.domains.assistant.weekly_store import (
    Fitness,
    Place,
    is_answer,
    list_judged,
    list_places,
    put_verdict,
)
from akashi.ledger.model import Record
from akashi.ledger.store import append
from akashi.platform.site import Site

SAMPLE = 10
MOST_ANSWERS = 50_000
NOTE_KIND = "fitness"


@dataclass(frozen=True, slots=True)
class Sampled:
    """One answer of the sample; personal data in the question is masked."""

    place: Place
    question: str
    answer: str


def read_sample(
    site: Site, week: Week, actor: Actor, make: Callable[[], Masker]
) -> tuple[list[Sampled], int]:
    """Return answers of the week that nobody has judged, drawn at random, and how many are left.

    The draw is the same for everybody in a week. Reading is recorded in the ledger. ``make`` returns what
    masks one conversation.
    """
    with site.database.write() as connection:
        places = list_places(connection, week.since, week.until, Outcome.ANSWERED, MOST_ANSWERS)
        judged = list_judged(connection, places)
        left = [place for place in places if place not in judged]
        random.Random(week.first.isoformat()).shuffle(left)  # noqa: S311  a sample, not a secret
        chosen = [sampled for place in left[:SAMPLE] for sampled in _open(site, connection, place, make())]
        if chosen:
            ids = sorted({one.place.conversation_id for one in chosen})
            payload = {"conversations": ids}
            append(
                connection,
                Record("assistant.sample_read", week.first.isoformat(), actor.id, site.now(), payload),
            )
    return chosen, len(left)


def judge_fitness(site: Site, place: Place, fitness: Fitness, note: str, actor: Actor) -> None:
    """Keep what a business owner says of an answer; the note is sealed with the conversation.

    Raises: NotFoundError: no automatic answer stands there; InputError: a fault without a note, or too long.
    """
    if len(note) > REASON_LIMIT:
        raise InputError("The note is too long.", where="note", next_step="Shorten it.")
    if fitness is not Fitness.CORRECT and not note.strip():
        raise InputError("Write what is wrong or missing.", where="note")
    now = site.now()
    with site.database.write() as connection:
        if not is_answer(connection, place):
            raise NotFoundError("There is no such answer.", next_step="Open the sample again.")
        note_id = ""
        if note.strip():
            content = {"note": note}
            note_id = add_note(
                connection, site.keys, place.conversation_id, NOTE_KIND, content, actor.id, now
            )
        put_verdict(connection, place, fitness, note_id, actor.id, now)


def _open(site: Site, connection: Connection, place: Place, masker: Masker) -> list[Sampled]:
    questions = questions_before(site, connection, place.conversation_id, [place])
    if place not in questions:
        return []
    try:
        messages = read_messages(connection, site.keys, place.conversation_id)
    except ConflictError:
        return []
    answer = next(
        (one.text for one in messages if one.sequence == place.message and one.author is Author.ASSISTANT), ""
    )
    return [Sampled(place, masker.mask(questions[place])[0], answer)]
