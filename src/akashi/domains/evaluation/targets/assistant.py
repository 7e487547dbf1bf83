"""Our own assistant in its extractive mode, asked as a customer asks it, without the web between."""

from __future__ import annotations

import asyncio

from akashi.core.errors import InputError
from akashi.core.ports import Assistant, Given
from akashi.core.thread import Audience, Question, digest_of
from akashi.core.thread import Outcome as Said
from akashi.documents.store import read_span
from akashi.domains.evaluation.interfaces import Target
from akashi.domains.evaluation.model import Case, Cited, Outcome, Response, TargetMark
from akashi.domains.evaluation.plans import Plan
from akashi.platform.canonical import canonical_json
from akashi.platform.site import Site

OUTCOMES = {
    Said.ANSWERED: Outcome.ANSWERED,
    Said.CLARIFY: Outcome.CLARIFY,
    Said.HAND_OVER: Outcome.HAND_OVER,
    Said.REFUSED: Outcome.REFUSED,
}


def open_assistant(site: Site, plan: Plan) -> Target:
    """Return the assistant of this installation. Raises: InputError: it has none."""
    assistant = site.ports.assistant
    if assistant is None:
        raise InputError("This installation has no assistant.", where="target")
    return AssistantTarget(site, plan, assistant)


class AssistantTarget:
    """Asks each of the customer's turns on its own: the extractive mode keeps no memory of a conversation.

    It has no place for instructions, so those of a case are not shown to it. Documents of a case are pasted
    before the question, as a customer would: nobody but the institution can put one among the approved.
    """

    def __init__(self, site: Site, plan: Plan, assistant: Assistant) -> None:
        self._site, self._assistant = site, assistant
        details = dict(assistant.describe(site))
        name = plan.target.name or "Assistant (extractive)"
        self.mark = TargetMark(name, "extractive", digest_of(canonical_json(details)), details)

    async def answer(self, case: Case) -> Response:
        """Return what the customer would be shown, each cited place read again from the documents."""
        return await asyncio.to_thread(self._answer, case)

    async def close(self) -> None:
        """Nothing is open."""

    def _answer(self, case: Case) -> Response:
        pasted = "".join(f"{one.title}\n{one.text}\n\n" for one in case.context.documents)
        replies: list[str] = []
        citations: list[Cited] = []
        sources: list[str] = []
        outcome = Outcome.UNKNOWN
        for text in case.questions:
            try:
                given = self._assistant.ask(
                    self._site, Question(pasted + text, self._site.now(), Audience.CUSTOMERS)
                )
            except InputError as error:
                outcome = Outcome.REFUSED
                replies.append(str(error))
                continue
            outcome = OUTCOMES[given.answer.outcome]
            replies.append(words_of(given.answer.excerpts, given.answer.choices, outcome))
            cited, read = read_sources(self._site, given)
            citations += cited
            sources += read
        return Response(tuple(replies), outcome, tuple(citations), tuple(sources))


def read_sources(site: Site, given: Given) -> tuple[list[Cited], list[str]]:
    """Return the citations of an answer, and what stands at each place, read again from the documents."""
    citations, sources = [], []
    for excerpt, version in zip(given.answer.excerpts, given.versions, strict=True):
        place = excerpt.citation
        span = place.interval
        quoted = Cited(excerpt.text, place.document_id, place.version_digest, span.start, span.end)
        citations.append(quoted)
        with site.database.read() as connection:
            sources.append(read_span(connection, version, span))
    return citations, sources


def words_of(excerpts: tuple[object, ...], choices: tuple[str, ...], outcome: Outcome) -> str:
    """Return what a customer reads of an extractive answer."""
    shown = [str(getattr(one, "text", "")) for one in excerpts] or list(choices)
    return "\n".join(shown) if shown else f"({outcome.value})"
