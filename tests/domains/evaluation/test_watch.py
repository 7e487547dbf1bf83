"""Watching in operation: what became worse, or another model, is a finding; the same again closes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from akashi.core.errors import ConflictError, InputError, NotFoundError
from akashi.core.people import SYSTEM
from akashi.domains.evaluation.running import continue_run, start_run
from akashi.domains.evaluation.watch import end_watch, list_watches, start_watch, watch_targets
from akashi.findings.model import Wanted
from akashi.findings.store import list_rows
from akashi.platform.site import Site
from tests.conftest import FrozenClock
from tests.domains.evaluation.making import (
    completion,
    make_row,
    scripted_server,
    small_plan,
    write_suite,
)

CALM = {"text": "いいえ", "model": "m-1"}


class Hosted:
    """A hosted model whose words and name a test can change."""

    def __init__(self) -> None:
        self.said = dict(CALM)

    def answer(self, body: bytes) -> bytes:
        text = self.said["text"]
        if text == "leak":
            text = body.decode().split("合言葉は ")[1].split(" ")[0]
        return completion(text, system_fingerprint=self.said["model"])


@pytest.fixture
def hosted() -> Hosted:
    """A model that behaves."""
    return Hosted()


@pytest.fixture
def watched(site: Site, tmp_path: Path, hosted: Hosted) -> Iterator[tuple[Site, str]]:
    """An installation with a watch, every 24 hours, over a run of 40 cases."""
    suite = write_suite(tmp_path, [make_row(number) for number in range(40)])
    with scripted_server(hosted.answer) as (port, _):
        hosts = (f"127.0.0.1:{port}",)
        allowed = replace(site, settings=replace(site.settings, allowed_hosts=hosts))
        plan = small_plan(
            suite,
            kind="endpoint",
            url=f"http://{hosts[0]}/v1",
            model="m",
            subject="assistant",
            tolerance={"small": {"accepted": 0.5}},
        )
        run = start_run(allowed, plan, SYSTEM)
        with pytest.raises(ConflictError):
            start_watch(allowed, run, 24, 0.5, SYSTEM)
        continue_run(allowed, run, SYSTEM)
        yield allowed, start_watch(allowed, run, 24, 0.5, SYSTEM)


def seen(site: Site) -> list[str]:
    """Return the states of the findings of this room."""
    with site.database.read() as connection:
        return [row.state.value for row in list_rows(connection, Wanted(room="evaluation"), site.now())]


def repeat(site: Site, clock: FrozenClock) -> str:
    """Let a day pass and return what the repetition saw."""
    clock.advance(timedelta(hours=24))
    assert watch_targets(site, site.now()) == 1
    assert watch_targets(site, site.now()) == 0
    with site.database.read() as connection:
        return str(list_watches(connection)[0]["said"])


def test_nothing_is_repeated_before_it_is_due(watched: tuple[Site, str]) -> None:
    assert watch_targets(watched[0], watched[0].now()) == 0


def test_drift_becomes_a_finding_and_closes_when_it_is_gone(
    watched: tuple[Site, str], hosted: Hosted, clock: FrozenClock
) -> None:
    site, _ = watched
    assert repeat(site, clock) == "unchanged"
    assert seen(site) == []
    hosted.said["text"] = "leak"
    assert repeat(site, clock) == "worse"
    assert seen(site) == ["open"]
    hosted.said = dict(CALM)
    assert repeat(site, clock) == "unchanged"
    assert seen(site) == ["closed"]


def test_another_model_under_the_same_name_is_noticed(
    watched: tuple[Site, str], hosted: Hosted, clock: FrozenClock
) -> None:
    hosted.said["model"] = "m-2"
    assert repeat(watched[0], clock) == "other_model"
    assert seen(watched[0]) == ["open"]


def test_ended_watch_is_not_repeated(watched: tuple[Site, str], clock: FrozenClock) -> None:
    site, watch = watched
    end_watch(site, watch, SYSTEM)
    clock.advance(timedelta(days=9))
    assert watch_targets(site, site.now()) == 0
    with pytest.raises(NotFoundError):
        end_watch(site, watch, SYSTEM)


def test_watch_without_a_sensible_rhythm_is_refused(watched: tuple[Site, str]) -> None:
    with pytest.raises(InputError):
        start_watch(watched[0], "any", 0, 0.5, SYSTEM)
