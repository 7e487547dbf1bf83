"""The trial in practice, played on its page: each output is judged once, and what was written is not kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from akashi.core.errors import ConflictError, InputError
from akashi.core.evaluated import Evaluations, Played, Setting
from akashi.core.people import Role
from akashi.domains.governance.tables import sample_table
from akashi.domains.governance.treat import end_trial, read_case, start_trial
from akashi.domains.governance.trial import Talk, judge_played, play
from akashi.platform.site import Site
from tests.conftest import open_client, sign_in
from tests.domains.governance.test_life import person

CODE = "loan_intake"
FIRST = "架空の製パン店です"


def lend(site: Site, digest: str = "a" * 64) -> Site:
    """Return the site with a target that repeats what is said, in the place of the evaluation's."""

    def say(site: Any, target: str, setting: str, language: str, sentences: Sequence[str]) -> Played:
        assert (target, setting, language) == ("loan_intake", "oven", "ja")
        outcomes = ["hand_over" if one == "人に" else "answered" for one in sentences]
        return Played("extractive", digest, tuple(f"「{one}」ですね" for one in sentences), tuple(outcomes))

    evaluations = Evaluations(
        read=lambda *_: (),
        present=lambda *_: ("extractive", digest),
        publish=lambda *_: None,  # type: ignore[arg-type]  # not published here
        repeat=lambda *_: "",  # type: ignore[arg-type]  # not repeated here
        settings=lambda *_: (Setting("oven", {"ja": "窯の資金", "en": "Oven"}, "何にお使いですか"),),
        play=say,
    )
    return replace(site, ports=replace(site.ports, evaluations=evaluations))


def test_an_output_counts_once_in_a_trial_and_again_in_the_next(sample_site: Site) -> None:
    site, owner = lend(sample_site), person(Role.BUSINESS_OWNER)
    talk = Talk("oven", "ja", (FIRST,))
    with pytest.raises(ConflictError, match="no trial"):
        judge_played(site, owner, CODE, talk, "used", 60)
    start_trial(site, owner, CODE)
    judge_played(site, owner, CODE, talk, "used", 60)
    for again in (owner, person(Role.LOAN_OFFICER)):
        with pytest.raises(ConflictError, match="judged already"):
            judge_played(site, again, CODE, talk, "corrected", 0)
    judge_played(lend(sample_site, "b" * 64), owner, CODE, talk, "corrected", 0)
    judge_played(site, owner, CODE, replace(talk, sentences=(FIRST, "人に")), "useless", 0)
    trial = read_case(site, CODE).standing.trial
    assert (trial.samples, trial.corrected, trial.useless, trial.seconds_saved) == (3, 1, 1, 60)
    end_trial(site, owner, CODE, "続ける")
    start_trial(site, owner, CODE)
    judge_played(site, owner, CODE, talk, "used", 60)
    assert read_case(site, CODE).standing.trial.samples == 1


def test_what_was_written_is_not_kept(sample_site: Site) -> None:
    site, owner = lend(sample_site), person(Role.BUSINESS_OWNER)
    start_trial(site, owner, CODE)
    judge_played(site, owner, CODE, Talk("oven", "ja", (FIRST,)), "used", 60, "読みやすい")
    with site.database.read() as connection:
        rows = [dict(row) for row in connection.execute(sa.select(sample_table)).mappings()]
    assert [row["note"] for row in rows] == ["読みやすい"]
    assert FIRST not in str(rows)


def test_what_cannot_be_played_is_said(sample_site: Site) -> None:
    for sentences in (("",), ("　",), ("あ" * 2_001,), ("あ",) * 61):
        with pytest.raises(InputError):
            play(lend(sample_site), CODE, Talk("oven", "ja", sentences))


def test_staff_play_and_judge_on_the_page(sample_site: Site) -> None:
    site, path = lend(sample_site), f"/governance/{CODE}/trial"
    with open_client(site) as page:
        sign_in(page, person(Role.BUSINESS_OWNER).id)
        assert "業務所管が、ユースケースの画面で試行を始めます" in page.get(path).text
        page.post(f"/governance/{CODE}/trial/start")
        first = page.post(f"{path}/play", data={"setting": "oven", "sentence": FIRST}).text
        assert "何にお使いですか" in first
        assert f"「{FIRST}」ですね" in first
        unjudged = {"setting": "oven", "said": [FIRST], "sentence": "人に"}
        assert page.post(f"{path}/play", data=unjudged).status_code == 422
        judged = {**unjudged, "verdict": "used", "seconds_saved": "30"}
        second = page.post(f"{path}/play", data=judged).text
        assert "担当者へ引き継いだ" in second
        assert "この出力は判定済みです" in page.post(f"{path}/play", data=judged).text
        last = {**judged, "said": [FIRST, "人に"], "sentence": "", "verdict": "corrected"}
        assert "50.0%" in page.post(f"{path}/play", data=last).text
        sign_in(page, person(Role.EXECUTIVE).id)
        assert page.get(path).status_code == 403
