"""The loan conversation of this installation, played as an applicant plays it."""

from __future__ import annotations

import asyncio

from akashi.core.errors import InputError
from akashi.core.ports import Intake
from akashi.core.thread import digest_of
from akashi.domains.evaluation.interfaces import Target
from akashi.domains.evaluation.model import Case, Outcome, Response, TargetMark
from akashi.domains.evaluation.plans import Plan
from akashi.platform.canonical import canonical_json
from akashi.platform.site import Site

APPLICANT = "applicant"
"""Title of a document that holds the sentences of another applicant, who is served before."""
USUAL = "working_capital"


def open_intake(site: Site, plan: Plan) -> Target:
    """Return the loan conversation of this installation. Raises: InputError: it has none."""
    if site.ports.intake is None:
        raise InputError("This installation has no loan conversation.", where="target")
    return IntakeTarget(site, plan, site.ports.intake)


class IntakeTarget:
    """Plays a case as one application.

    The instructions of a case name the product and the language (``home_loan en``); they are not shown to
    anybody. A document titled ``applicant`` is another person served just before; every other one is a paper
    that the applicant hands in.
    """

    def __init__(self, site: Site, plan: Plan, intake: Intake) -> None:
        self._site, self._intake = site, intake
        details = dict(intake.describe(site))
        self.mark = TargetMark(
            plan.target.name or "Loan intake", "extractive", digest_of(canonical_json(details)), details
        )

    async def answer(self, case: Case) -> Response:
        """Return what the applicant would be shown."""
        return await asyncio.to_thread(self._answer, case)

    async def close(self) -> None:
        """Nothing is open."""

    def _answer(self, case: Case) -> Response:
        product, _, language = case.context.system.partition(" ")
        named = product or USUAL, language or "ja"
        papers = []
        for one in case.context.documents:
            if one.title == APPLICANT:
                self._intake.talk(self._site, *named, one.text.splitlines(), ())
            else:
                papers.append(one.text)
        replies = self._intake.talk(self._site, *named, case.questions, papers)
        return Response(replies, Outcome.ANSWERED)
