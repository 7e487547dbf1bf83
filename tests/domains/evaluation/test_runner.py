"""The runner: nothing is lost at any kill point, at most what was under way is asked again, limits hold."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from akashi.domains.evaluation.interfaces import RetryError
from akashi.domains.evaluation.model import Case, Response, TargetMark
from akashi.domains.evaluation.plans import Limits
from akashi.domains.evaluation.register.cases import read_case
from akashi.domains.evaluation.runner import FAILURES_IN_A_ROW, Runner, Spent
from akashi.domains.evaluation.store import Stored
from tests.domains.evaluation.making import make_row

CASES = [Stored(place, "", read_case(make_row(place))) for place in range(1, 41)]


class KilledError(Exception):
    """Stands for kill -9: nothing after it runs."""


class Scripted:
    """A target in memory: counts what it is asked, and fails as a test wants."""

    mark = TargetMark("scripted", "control", "0" * 64)

    def __init__(self, faults: int = 0, error: str = "", tokens: int = 0) -> None:
        self.asked: Counter[str] = Counter()
        self.at_once = self.most_at_once = 0
        self._faults, self._error, self._tokens = faults, error, tokens

    async def answer(self, case: Case) -> Response:
        self.asked[case.id] += 1
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0)
        self.at_once -= 1
        if self.asked[case.id] <= self._faults:
            raise RetryError("busy")
        return Response(("はい",), error=self._error, tokens_in=self._tokens)

    async def close(self) -> None:
        return None


class Disk:
    """What is durable; dies in the middle of the given write."""

    def __init__(self, dies_after: int = 10**9) -> None:
        self.kept: dict[int, Response] = {}
        self._writes, self._dies_after = 0, dies_after

    def save(self, batch: Sequence[tuple[Stored, Response]]) -> None:
        self._writes += 1
        if self._writes > self._dies_after:
            raise KilledError
        for stored, response in batch:
            assert stored.place not in self.kept
            self.kept[stored.place] = response

    def revive(self) -> None:
        """Let the next process write."""
        self._dies_after = 10**9


def play(target: Scripted, disk: Disk, limits: Limits, answer_tokens: int = 10) -> str:
    """Play what is not durable yet and return why it ended."""
    runner = Runner(target, limits, disk.save, Spent(), answer_tokens)
    left = (stored for stored in CASES if stored.place not in disk.kept)
    return asyncio.run(runner.run(left)).reason


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 12), st.lists(st.integers(0, 12), max_size=4))
def test_at_any_kill_point_nothing_is_lost_and_only_what_was_under_way_is_repeated(
    concurrency: int, deaths: list[int]
) -> None:
    target, disk, limits = Scripted(), Disk(), Limits(concurrency=concurrency)
    for death in deaths:
        disk._writes, disk._dies_after = 0, death
        try:
            play(target, disk, limits)
        except KilledError:
            continue
    disk.revive()
    assert play(target, disk, limits) == "done"
    assert sorted(disk.kept) == [stored.place for stored in CASES]
    assert target.asked.total() <= len(CASES) + concurrency * len(deaths)


def test_no_more_are_under_way_than_allowed() -> None:
    target = Scripted()
    assert play(target, Disk(), Limits(concurrency=3)) == "done"
    assert target.most_at_once == 3


def test_passing_fault_is_tried_again_and_counted() -> None:
    disk = Disk()
    assert play(Scripted(faults=2), disk, Limits(retries=3, pause_ms=1)) == "done"
    assert {one.attempts for one in disk.kept.values()} == {3}
    assert not any(one.error for one in disk.kept.values())


def test_fault_that_stays_is_kept_as_an_error() -> None:
    disk = Disk()
    play(Scripted(faults=9), disk, Limits(retries=1, pause_ms=1))
    assert {one.error for one in disk.kept.values()} == {"busy"}


def test_budget_is_a_hard_stop() -> None:
    """Each case is reserved at its highest price before it is asked, so the limit is never passed."""
    target, disk = Scripted(tokens=100), Disk()
    assert play(target, disk, Limits(concurrency=4, tokens=1000), answer_tokens=80) == "budget"
    assert 0 < len(disk.kept) < len(CASES)
    assert sum(one.tokens_in for one in disk.kept.values()) <= 1000


def test_target_that_is_gone_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("akashi.domains.evaluation.runner.FAILURES_IN_A_ROW", 5)
    disk = Disk()
    assert FAILURES_IN_A_ROW > 5
    assert play(Scripted(error="refused"), disk, Limits(concurrency=2)) == "unreachable"
    assert len(disk.kept) < len(CASES)


def test_fault_of_the_target_that_is_none_of_ours_is_raised() -> None:
    class Broken(Scripted):
        async def answer(self, case: Case) -> Response:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        play(Broken(), Disk(), Limits())
