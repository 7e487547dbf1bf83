"""Our own assistant in its generative mode, before it is decided: sentences of the model, as customers would.

Nothing measured on extracts counts for it. Mode and digest are its own, and a run in which the model's words
were never shown says nothing of the mode and is invalid.
"""

from __future__ import annotations

import asyncio

from akashi.core.errors import InputError, SetupError
from akashi.core.ports import Assistant, WriteAssistant, Written
from akashi.core.thread import Audience, Question, digest_of
from akashi.domains.evaluation.interfaces import RetryError, Target
from akashi.domains.evaluation.model import Case, Cited, Outcome, Response, TargetMark
from akashi.domains.evaluation.plans import Plan
from akashi.domains.evaluation.targets.assistant import OUTCOMES, read_sources, words_of
from akashi.platform.canonical import canonical_json
from akashi.platform.site import Site

KIND = "generative"
FINAL = frozenset({"budget", "conversation_budget", "not_configured", "too_long", "rejected"})
"""Faults that asking again does not mend."""


def open_generative(site: Site, plan: Plan) -> Target:
    """Return the generative mode of this installation.

    Raises: InputError: it has no assistant that writes; SetupError: endpoint or guards are missing.
    """
    assistant = site.ports.assistant
    if assistant is None or assistant.write is None or assistant.describe_writing is None:
        raise InputError("This installation has no assistant that writes.", where="target")
    if site.ports.screen is None or site.ports.check_output is None:
        raise SetupError("The guards are not here.")
    return GenerativeTarget(site, plan, assistant, assistant.write)


class GenerativeTarget:
    """Asks each of the customer's turns on its own, as the mode itself keeps no memory.

    Instructions of a case are not shown to it; its documents are pasted before the question.
    """

    def __init__(self, site: Site, plan: Plan, assistant: Assistant, write: WriteAssistant) -> None:
        self._site, self._write = site, write
        details = dict(assistant.describe_writing(site)) if assistant.describe_writing else {}
        name = plan.target.name or KIND
        self.mark = TargetMark(name, KIND, digest_of(canonical_json(details)), details)

    async def answer(self, case: Case) -> Response:
        """Return what the customer would read. Raises: RetryError: the endpoint may answer later."""
        return await asyncio.to_thread(self._answer, case)

    async def close(self) -> None:
        """Nothing is open: the gate is the process' own."""

    def _answer(self, case: Case) -> Response:
        pasted = "".join(f"{one.title}\n{one.text}\n\n" for one in case.context.documents)
        replies: list[str] = []
        citations: list[Cited] = []
        sources: list[str] = []
        heard: list[Written] = []
        outcome = Outcome.UNKNOWN
        for text in case.questions:
            asked = Question(pasted + text, self._site.now(), Audience.CUSTOMERS)
            try:
                one = self._write(self._site, asked)
            except InputError as error:
                outcome = Outcome.REFUSED
                replies.append(str(error))
                continue
            if one.fault and not one.sentences:
                if one.fault in FINAL:
                    return Response(error=one.fault)
                raise RetryError(one.fault)
            heard.append(one)
            answer = one.given.answer
            outcome = OUTCOMES[answer.outcome]
            cited, read = read_sources(self._site, one.given)
            citations += cited
            sources += read
            replies.append("\n".join(one.sentences) or words_of(answer.excerpts, answer.choices, outcome))
        return _join(heard, replies, outcome, citations, sources)


def _join(
    heard: list[Written], replies: list[str], outcome: Outcome, citations: list[Cited], sources: list[str]
) -> Response:
    """Return the turns as one response; ``model`` is named only where its words were shown."""
    wrote = [one for one in heard if one.sentences]
    return Response(
        tuple(replies),
        outcome,
        tuple(citations),
        tuple(sources),
        model=wrote[-1].model if wrote else "",
        fingerprint=wrote[-1].fingerprint if wrote else "",
        tokens_in=sum(one.tokens_in for one in heard),
        tokens_out=sum(one.tokens_out for one in heard),
        microyen=sum(one.microyen for one in heard),
    )
