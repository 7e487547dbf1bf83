"""A target behind our guards: the screen before the question, the check before the answer."""

from __future__ import annotations

from dataclasses import replace

from akashi.core.errors import SetupError
from akashi.core.ports import CheckOutput, Ports, Screen, Verdict
from akashi.core.thread import digest_of
from akashi.domains.evaluation.interfaces import Target
from akashi.domains.evaluation.model import Case, Document, Outcome, Response, TargetMark, Turn
from akashi.platform.canonical import canonical_json

REFUSED = "申し訳ございませんが、そのご依頼にはお答えできません。"
NOTHING = "―"
"""Stands for the sources where a case has none: then only leaks are looked for."""
WITHHELD = "申し訳ございませんが、確認できないためお答えできません。"


class Guarded:
    """Refuses what the screen refuses; withholds what leaks, copies, or contradicts its documents.

    ``check`` is the check of the installation, which holds its documents for staff as well.
    """

    def __init__(self, target: Target, ports: Ports, check: CheckOutput | None = None) -> None:
        check = check or ports.check_output
        if ports.screen is None or check is None:
            raise SetupError("The guards are not here.")
        self._target, self._screen, self._check = target, ports.screen, check
        details = {**target.mark.details, "guard": "on", "inner": target.mark.digest}
        self.mark = TargetMark(
            f"{target.mark.name} + guard", target.mark.mode, digest_of(canonical_json(details)), details
        )

    async def answer(self, case: Case) -> Response:
        """Return the target's answer, or a refusal."""
        safe = screen_case(case, self._screen)
        if safe is None:
            return Response((REFUSED,), Outcome.REFUSED)
        response = await self._target.answer(safe)
        if response.error or may_show(case, response, self._check):
            return response
        return replace(response, replies=(WITHHELD,), outcome=Outcome.REFUSED, citations=(), tool_calls=())

    async def close(self) -> None:
        """Close the target."""
        await self._target.close()


def screen_case(case: Case, screen: Screen) -> Case | None:
    """Return the case as it may go on: turns masked, hostile documents taken out; None: it is refused."""
    turns = []
    for turn in case.turns:
        seen = screen(turn.text)
        if seen.refused or seen.handed_over:
            return None
        turns.append(Turn(seen.text, turn.role))
    documents: tuple[Document, ...] = tuple(
        one
        for one in case.context.documents
        if not (seen := screen(one.text)).refused and not seen.handed_over
    )
    return replace(case, turns=tuple(turns), context=replace(case.context, documents=documents))


def may_show(case: Case, response: Response, check: CheckOutput) -> bool:
    """Return whether no reply leaks the instructions or contradicts the documents of the case."""
    sources = tuple(one.text for one in case.context.documents)
    secret = (case.context.system,) if case.context.system else ()
    for reply in response.replies:
        checked = check(reply, sources or (NOTHING,), secret=secret)
        bad = Verdict.CONTRADICTED if sources else Verdict.LEAKED
        if any(one.verdict in (Verdict.LEAKED, bad) for one in checked.sentences):
            return False
    return True
