"""能動的な停止: at once for those named, everywhere; resumed by a decision. An agent obeys it too."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from akashi.core.errors import ConflictError, ForbiddenError, InputError
from akashi.core.people import Actor, ActorKind, Role
from akashi.domains.guardrails.tool_desks import open_desk
from akashi.domains.guardrails.tools import STOPPED, Argument, Field, Outcome, Risk, Tool
from akashi.domains.guardrails.treat import ask_resumption, is_stopped, list_stops, stop_use_case
from akashi.ledger.store import Filter, list_entries
from akashi.platform.site import Site
from akashi.sample.seed import list_actors, walk_route
from tests.conftest import sign_in

CHIEF = Actor("iwasaki_tomoko", ActorKind.PERSON, frozenset({Role.EXECUTIVE}))
RISK = Actor("nagisa_makoto", ActorKind.PERSON, frozenset({Role.RISK_OFFICER}))
CLERK = Actor("isobe_mio", ActorKind.PERSON, frozenset({Role.OPERATOR}))


def stopped(site: Site, use_case: str) -> bool:
    """Return whether a use case is stopped."""
    with site.database.read() as connection:
        return is_stopped(connection, use_case)


def test_stop_holds_for_one_use_case_or_for_all(sample_site: Site) -> None:
    stop_use_case(sample_site, CHIEF, "不審な出力", "general_ai")
    assert (stopped(sample_site, "general_ai"), stopped(sample_site, "proxy")) == (True, False)
    with pytest.raises(ConflictError):
        stop_use_case(sample_site, CHIEF, "不審な出力", "general_ai")
    stop_use_case(sample_site, CHIEF, "すべて止める")
    assert stopped(sample_site, "proxy")


def test_stop_needs_a_reason_and_a_person_named_in_the_table(sample_site: Site) -> None:
    with pytest.raises(InputError):
        stop_use_case(sample_site, CHIEF, " ")
    with pytest.raises(ForbiddenError):
        stop_use_case(sample_site, CLERK, "理由")
    assert not stopped(sample_site, "proxy")


def test_resuming_takes_a_decision(sample_site: Site) -> None:
    stop_use_case(sample_site, CHIEF, "不審な出力")
    with sample_site.database.read() as connection:
        (stop,) = list_stops(connection)
    matter = ask_resumption(sample_site, RISK, "原因を直した", stop.id)
    assert stopped(sample_site, "proxy")
    with sample_site.database.write() as connection:
        walk_route(connection, matter, list_actors(), sample_site.now())
    assert not stopped(sample_site, "proxy")
    with pytest.raises(ConflictError):
        ask_resumption(sample_site, RISK, "もう一度", stop.id)


def test_whole_way_on_the_page(client: TestClient) -> None:
    sign_in(client, "nagisa_makoto")
    assert client.post("/guard/stops", data={"reason": "x"}).status_code == 403
    sign_in(client, "funakoshi_jun")
    assert client.post("/guard/stops", data={"reason": ""}).status_code == 422
    assert client.post("/guard/stops", data={"reason": "点検"}, follow_redirects=False).status_code == 303
    page = client.get("/guard/stops").text
    assert "中継のすべて" in page
    stop_id = page.split("/guard/stops/")[1].split("/")[0]
    answer = client.post(f"/guard/stops/{stop_id}/resume", data={"reason": "済み"}, follow_redirects=False)
    assert answer.headers["location"].startswith("/approvals/matters/")


def agent(site: Site, ran: list[Mapping[str, Argument]]) -> dict[str, Tool]:
    """Return one tool of an agent and a policy that allows it."""

    def rates(given: Mapping[str, Argument]) -> str:
        ran.append(given)
        return "年0.275%"

    folder: Path = site.settings.home / "guard"
    folder.mkdir(exist_ok=True)
    policy = 'use_case = "agent"\ntitle = "A"\n[tools]\nallowed = ["rates"]\nmost_calls = 5\n'
    (folder / "agent.toml").write_text(policy, encoding="utf-8")
    fields = {"product": Field(str, choices=("定期預金",))}
    return {"rates": Tool("rates", Risk.READ_PUBLIC, fields, rates)}


def test_desk_obeys_policy_ledger_and_stop(sample_site: Site) -> None:
    ran: list[Mapping[str, Argument]] = []
    desk = open_desk(sample_site, "agent", agent(sample_site, ran))
    assert desk.request("rates", {"product": "定期預金"}).action.outcome is Outcome.DONE
    assert desk.request("rates", {"product": "山田太郎"}).action.outcome is Outcome.REFUSED
    assert desk.request("電話は090-1234-5678", {}).action.outcome is Outcome.REFUSED
    stop_use_case(sample_site, CHIEF, "点検", "agent")
    assert desk.request("rates", {"product": "定期預金"}).action.reason == STOPPED
    assert len(ran) == 1
    with sample_site.database.read() as connection:
        entries = list_entries(connection, Filter(kind="guardrails.tool_called"), 10)
    said = [json.loads(one.payload) for one in entries]
    assert sorted(one["outcome"] for one in said) == ["done", *["refused"] * 3, "started"]
    assert "090-1234" not in str(said)  # with its hyphen: random ids may spell three digits
    assert "山田" not in str(said)


def test_desk_of_a_use_case_without_a_policy_of_tools_runs_nothing(sample_site: Site) -> None:
    ran: list[Mapping[str, Argument]] = []
    tools = agent(sample_site, ran)
    desk = open_desk(sample_site, "assistant", tools)
    assert desk.request("rates", {"product": "定期預金"}).action.outcome is Outcome.REFUSED
    assert ran == []
