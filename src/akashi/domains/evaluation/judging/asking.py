"""A model is asked about a run: first on replies whose verdict is known, then on those nobody has judged.

The runner of evaluations does the asking, so that concurrency, retries and limits are the same; each batch of
votes is durable before the next question goes out, and what was asked once is never asked again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from akashi.core.errors import ConflictError
from akashi.core.people import Actor
from akashi.domains.evaluation import store as runs
from akashi.domains.evaluation.booking import book_responses
from akashi.domains.evaluation.control import load_controls
from akashi.domains.evaluation.judging import store
from akashi.domains.evaluation.judging.opinions import Tried, decide_votes, try_model
from akashi.domains.evaluation.judging.plans import JudgePlan, mark_judge, price_judge
from akashi.domains.evaluation.judging.prompt import SYSTEM, read_vote, write_question
from akashi.domains.evaluation.model import (
    Case,
    Context,
    Expectation,
    Response,
    Risk,
    RunState,
    Trial,
    Turn,
    Verdict,
    Viewpoint,
)
from akashi.domains.evaluation.rescoring import rescore_run
from akashi.domains.evaluation.runner import Runner, Spent
from akashi.domains.evaluation.store import Kept, Stored
from akashi.domains.evaluation.targets.endpoint import open_endpoint
from akashi.ledger.model import Record
from akashi.ledger.store import append
from akashi.platform.site import Site

ASKING, DISQUALIFIED, STOPPED = "asking", "disqualified", "stopped"
MOST_ANSWER = 2_000


@dataclass(frozen=True, slots=True)
class JudgeReport:
    """What became of asking a model. ``state``: qualified, disqualified (by its controls) or stopped."""

    judge: str
    state: str
    reason: str
    tried: Tried | None
    units: int
    passed: int
    failed: int
    flipped: int
    votes: int
    tokens: int
    microyen: int


Watch = Callable[[int], None]


def judge_run(site: Site, run: str, plan: JudgePlan, actor: Actor, watch: Watch | None = None) -> JudgeReport:
    """Ask a model about the cases of a finished run that no fixed rule can judge, and score the run again.

    A model that decides one of the known replies wrongly, or fewer than half of them, is asked nothing else
    and its word does not count. Asking again goes on where it ended.

    Raises: ConflictError: the run goes on, has no such case, or the model would judge itself; InputError,
    SetupError: the endpoint cannot or may not be reached.
    """
    with site.database.read() as connection:
        kept = runs.load_run(connection, run)
        trials = dict(store.stream_judged(connection, run))
    if kept.state is not RunState.FINISHED:
        raise ConflictError("The run is not finished.", where=run)
    if not trials:
        raise ConflictError("The run has no case that a fixed rule cannot judge.", where=run)
    asking = _Asking(site, kept, price_judge(plan, site.settings.endpoint), actor, watch)
    known = {-place: control.trials[0] for place, control in enumerate(load_controls(store.KIND), 1)}
    reason = asking.ask(known)
    tried = asking.try_controls() if reason == "done" else None
    if tried is not None and tried.is_good:
        reason = asking.ask(trials)
    state = STOPPED if reason != "done" else store.QUALIFIED if tried and tried.is_good else DISQUALIFIED
    asking.end(state, reason, tried)
    rescore_run(site, run, actor)
    return asking.report(state, "" if reason == "done" else reason, tried, len(trials))


class _Asking:
    """One model and one run: which votes are there, which are missing, and what they cost."""

    def __init__(self, site: Site, kept: Kept, plan: JudgePlan, actor: Actor, watch: Watch | None) -> None:
        self._site, self._kept, self._plan, self._actor, self._watch = site, kept, plan, actor, watch
        target = open_endpoint(site, plan.target)
        self.mark, details = mark_judge(plan, target.mark)
        judged = kept.target_details
        if (judged.get("address"), judged.get("model")) == (details["address"], details["model"]):
            raise ConflictError("A model does not judge its own replies.", where=str(details["model"]))
        values = {
            "run": kept.id,
            "digest": self.mark.digest,
            "name": target.mark.name,
            "details": details,
            "votes": plan.votes,
            "controls": {},
            "state": ASKING,
            "actor": actor.id,
            "at": site.now(),
        }
        with site.database.write() as connection:
            store.keep_judge(connection, values)
            self._votes = store.read_votes(connection, kept.id, self.mark.digest)
            _, tokens, microyen = store.sum_votes(connection, kept.id, self.mark.digest)
        self._spent = Spent(tokens, microyen)
        self._trials: Mapping[int, Trial] = {}
        self._runner: Runner | None = None

    def ask(self, trials: Mapping[int, Trial]) -> str:
        """Ask for every missing vote on these trials; return ``done`` or why it ended."""
        self._trials = trials
        target = open_endpoint(self._site, self._plan.target)
        self._runner = Runner(target, self._plan.limits, self._save, self._spent, self._plan.answer_tokens)
        ended = asyncio.run(self._runner.run(self._missing(trials)))
        is_whole = all(len(self._votes.get(place, ())) >= self._plan.votes for place in trials)
        return ended.reason if ended.reason != "done" or is_whole else "unanswered"

    def try_controls(self) -> Tried:
        """Return how the model did on the replies whose verdict is known."""
        controls = load_controls(store.KIND)
        expected = {control.id: control.expected for control in controls}
        said = {
            control.id: decide_votes(list(self._votes.get(-place, {}).values()), self._plan.votes)
            for place, control in enumerate(controls, 1)
        }
        return try_model(expected, {name: one for name, one in said.items() if one is not None})

    def end(self, state: str, reason: str, tried: Tried | None) -> None:
        """Keep what became of it."""
        controls = asdict(tried) if tried else {}
        with self._site.database.write() as connection:
            store.update_judge(connection, self._kept.id, self.mark.digest, state=state, controls=controls)
            payload = {"judge": self.mark.digest, "state": state, "reason": reason}
            append(
                connection,
                Record("evaluation.judged", self._kept.id, self._actor.id, self._site.now(), payload),
            )

    def report(self, state: str, reason: str, tried: Tried | None, units: int) -> JudgeReport:
        """Return what the model said and cost."""
        decided = [
            decide_votes(list(votes.values()), self._plan.votes)
            for place, votes in self._votes.items()
            if place > 0
        ]
        with self._site.database.read() as connection:
            votes, tokens, microyen = store.sum_votes(connection, self._kept.id, self.mark.digest)
        return JudgeReport(
            judge=self.mark.digest,
            state=state,
            reason=reason,
            tried=tried,
            units=units,
            passed=decided.count(Verdict.PASS),
            failed=decided.count(Verdict.FAIL),
            flipped=decided.count(Verdict.INCONCLUSIVE),
            votes=votes,
            tokens=tokens,
            microyen=microyen,
        )

    def _missing(self, trials: Mapping[int, Trial]) -> Iterator[Stored]:
        for place, trial in trials.items():
            known = self._votes.get(place, {})
            for number in range(1, self._plan.votes + 1):
                if number not in known:
                    yield Stored(place, str(number), _make_case(place, number, trial))

    def _save(self, batch: Sequence[tuple[Stored, Response]]) -> None:
        rows, now = [], self._site.now()
        for stored, response in batch:
            if response.error:
                continue
            number, trial = int(stored.body), self._trials[stored.place]
            verdict, quote = read_vote(response.text, number, trial.response.text)
            self._votes.setdefault(stored.place, {})[number] = verdict
            rows.append(
                {
                    "run": self._kept.id,
                    "judge": self.mark.digest,
                    "place": stored.place,
                    "number": number,
                    "verdict": verdict.value,
                    "quote": _storable(quote),
                    "answer": _storable(response.text),
                    "tokens": response.tokens_in + response.tokens_out,
                    "microyen": response.microyen,
                    "at": now,
                }
            )
        with self._site.database.write() as connection:
            store.insert_votes(connection, rows)
        heard = [response for _, response in batch]
        target = self._plan.target.target
        if not book_responses(self._site, target, self._kept.subject, self._kept.id, heard) and self._runner:
            self._runner.stop("budget")
        if self._watch is not None:
            self._watch(sum(len(one) for one in self._votes.values()))


def _make_case(place: int, number: int, trial: Trial) -> Case:
    """Return one vote as a case that the runner can play to an endpoint."""
    return Case(
        f"{place}-{number}",
        "judge",
        Risk.OTHER,
        Viewpoint.VERIFIABILITY,
        (),
        (Turn(write_question(trial, number)),),
        Expectation(store.KIND),
        Context(SYSTEM),
        "",
        "",
        "",
    )


def _storable(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "replace").decode()[:MOST_ANSWER]
