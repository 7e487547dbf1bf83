"""The runner: cases go out, some at once, and nothing counts before it is durable.

A place among those under way is free again only when its result is committed. So after kill -9 no result
is lost and at most ``concurrency`` cases are asked a second time.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

from akashi.domains.evaluation.interfaces import RetryError, Target
from akashi.domains.evaluation.model import Case, Response
from akashi.domains.evaluation.plans import MILLION, Limits
from akashi.domains.evaluation.store import Stored
from akashi.platform.endpoint import estimate_tokens

COMPANY_SECONDS = 0.001
MOST_PAUSE_SECONDS = 60.0
FAILURES_IN_A_ROW = 50
"""So many cases without a reply, one after the other, end a run: the target is gone. Ours."""

Save = Callable[[Sequence[tuple[Stored, Response]]], None]
Sleep = Callable[[float], Awaitable[None]]


@dataclass(slots=True)
class Spent:
    """What a run has used so far, over all its parts."""

    tokens: int = 0
    microyen: int = 0

    def add(self, response: Response) -> None:
        """Count a response."""
        self.tokens += response.tokens_in + response.tokens_out
        self.microyen += response.microyen


@dataclass(frozen=True, slots=True)
class Ended:
    """Why the runner ended: ``done``, ``budget``, ``unreachable`` or ``stopped``."""

    reason: str


class Runner:
    """Plays cases to one target within limits and hands batches of results to ``save``, in a thread."""

    def __init__(self, target: Target, limits: Limits, save: Save, spent: Spent, answer_tokens: int) -> None:
        self._target, self._limits, self._save = target, limits, save
        self._spent, self._answer_tokens = spent, answer_tokens
        self._reserved = Spent()
        self._failures = 0
        self._reason = "done"
        self._is_ending = False
        self._unsaved: list[tuple[Stored, Response, asyncio.Future[None]]] = []
        self._wake = asyncio.Event()

    def stop(self, reason: str = "stopped") -> None:
        """Let what is under way finish and start nothing more."""
        if not self._is_ending:
            self._is_ending, self._reason = True, reason

    async def run(self, cases: Iterator[Stored]) -> Ended:
        """Play every case; returns why it ended. Whatever ``save`` raises ends the run and is raised."""
        writer = asyncio.create_task(self._write())
        workers = [asyncio.create_task(self._work(cases)) for _ in range(self._limits.concurrency)]
        working = asyncio.gather(*workers)
        futures: set[asyncio.Future[Any]] = {writer, working}
        try:
            done, _ = await asyncio.wait(futures, return_when=asyncio.FIRST_COMPLETED)
            for future in done:
                future.result()
        finally:
            for task in (writer, *workers):
                task.cancel()
            await asyncio.gather(writer, working, *workers, return_exceptions=True)
            await self._target.close()
        return Ended(self._reason)

    async def _work(self, cases: Iterator[Stored]) -> None:
        while not self._is_ending:
            stored = next(cases, None)
            if stored is None:
                return
            price = self._reserve(stored.case)
            if price is None:
                self.stop("budget")
                return
            response = await self._try(stored.case)
            self._release(price)
            self._spent.add(response)
            self._watch(response)
            saved: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._unsaved.append((stored, response, saved))
            self._wake.set()
            await saved

    async def _try(self, case: Case) -> Response:
        """Return the response to a case after as many attempts as are allowed."""
        started = monotonic()
        for attempt in range(self._limits.retries + 1):
            try:
                response = await self._target.answer(case)
            except RetryError as error:
                response = Response(error=error.reason)
                if attempt == self._limits.retries or self._is_ending:
                    break
                await asyncio.sleep(self._pause(attempt, error.after))
            else:
                break
        took = int((monotonic() - started) * 1000)
        return replace(response, took_ms=took, attempts=attempt + 1)

    def _pause(self, attempt: int, asked: float) -> float:
        pause = self._limits.pause_ms / 1000 * float(2**attempt) * (1 + random.random())  # noqa: S311
        return min(max(pause, asked), max(MOST_PAUSE_SECONDS, asked))

    def _watch(self, response: Response) -> None:
        self._failures = self._failures + 1 if response.error else 0
        if self._failures >= FAILURES_IN_A_ROW:
            self.stop("unreachable")

    def _reserve(self, case: Case) -> Spent | None:
        """Set aside the highest price of a case; None when a limit would be passed."""
        limits = self._limits
        if not limits.tokens and not limits.yen:
            return Spent()
        sent = estimate_tokens(case.context.system) + sum(
            estimate_tokens(one.text) for one in case.context.documents
        )
        turns = len(case.questions)
        said = sum(estimate_tokens(turn.text) for turn in case.turns)
        tokens_out = self._answer_tokens * turns
        tokens_in = (sent + said + tokens_out) * turns
        price = Spent(tokens_in + tokens_out, limits.microyen(tokens_in, tokens_out))
        tokens = self._spent.tokens + self._reserved.tokens + price.tokens
        microyen = self._spent.microyen + self._reserved.microyen + price.microyen
        if (limits.tokens and tokens > limits.tokens) or (limits.yen and microyen > limits.yen * MILLION):
            return None
        self._reserved.tokens += price.tokens
        self._reserved.microyen += price.microyen
        return price

    def _release(self, price: Spent) -> None:
        self._reserved.tokens -= price.tokens
        self._reserved.microyen -= price.microyen

    async def _write(self) -> None:
        """Commit whatever has come back, again and again, each time everything there is.

        A response that is alone waits a moment for company: a commit costs more than a case.
        """
        while True:
            await self._wake.wait()
            self._wake.clear()
            await asyncio.sleep(COMPANY_SECONDS if len(self._unsaved) < 2 else 0)
            batch, self._unsaved = self._unsaved, []
            if not batch:
                continue
            await asyncio.to_thread(self._save, [(stored, response) for stored, response, _ in batch])
            for _, _, saved in batch:
                if not saved.done():
                    saved.set_result(None)
