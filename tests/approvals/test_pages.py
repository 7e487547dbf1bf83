"""The pages of approvals in front of the sample institution."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from akashi.approvals.matters import open_after_fact, open_matter, read_matter
from akashi.approvals.measure import measure_state
from akashi.approvals.model import Draft, Phase, Risk, State, Subject
from akashi.approvals.report import tiles
from akashi.core.display import Tone
from akashi.core.moments import tokyo_day
from akashi.core.people import Role
from akashi.platform.site import Site
from akashi.sample.seed import list_actors
from tests.approvals.conftest import DIGEST
from tests.conftest import sign_in

PEOPLE = list_actors()


def person(role: Role) -> str:
    """Return the first person of the sample institution with this role."""
    return next(actor.id for actor in PEOPLE.values() if actor.has(role))


def draft(title: str, kind: str = "ai_use_case") -> Draft:
    """Return a draft of small risk, which the risk officer decides."""
    return Draft(title, kind, Risk.LOW, Subject("governance", "use_1", DIGEST), summary="行内の試行")


@pytest.fixture
def matter_id(sample_site: Site) -> str:
    """A matter that waits for the risk officer."""
    drafter = PEOPLE[person(Role.BUSINESS_OWNER)]
    with sample_site.database.write() as connection:
        return open_matter(connection, draft("=cmd|行内検索の試行"), drafter, sample_site.now()).id


def read_state(site: Site, matter_id: str) -> State:
    """Return where a matter stands now."""
    with site.database.read() as connection:
        matter = read_matter(connection, matter_id)
        return measure_state(matter.steps, matter.events)


def form(**more: str) -> dict[str, str]:
    """Return what the form of a matter posts."""
    return {"seen": "1", "hand": "", "reason": "", **more}


def test_task_leads_to_a_decision_with_a_condition(
    client: TestClient, sample_site: Site, matter_id: str
) -> None:
    sign_in(client, person(Role.RISK_OFFICER))
    assert f"/approvals/matters/{matter_id}" in client.get("/approvals").text
    page = client.get(f"/approvals/matters/{matter_id}").text
    assert "決裁する" in page
    owner = person(Role.BUSINESS_OWNER)
    fields = {
        "condition_text_1": "月次で点検",
        "condition_owner_1": owner,
        "condition_due_1": "2026-12-20",
    }
    answer = client.post(f"/approvals/matters/{matter_id}/act", data=form(action="decide", **fields))
    assert answer.status_code == 200
    assert "条件付承認" in answer.text
    state = read_state(sample_site, matter_id)
    assert [item.owner_id for item in state.conditions] == [owner]
    sign_in(client, owner)
    assert "月次で点検" in client.get("/approvals").text
    done = client.post(f"/approvals/matters/{matter_id}/conditions/c1", data={"c1-evidence": "点検表を確認"})
    assert "履行済み" in done.text
    assert client.get("/approvals/conditions").status_code == 200


@pytest.mark.parametrize(
    ("posted", "says"),
    [
        ({"action": "return"}, "この項目を入力してください"),
        ({"action": "decide", "condition_text_1": "半端な条件"}, "この項目を入力してください"),
        ({"action": "decide", "reason": "あ" * 2001}, "入力内容をご確認ください"),
        ({"action": "return", "reason": "見えない\u202e文字"}, "目に見えない文字"),
    ],
)
def test_field_that_cannot_be_used_comes_back_with_its_error(
    client: TestClient, sample_site: Site, matter_id: str, posted: dict[str, str], says: str
) -> None:
    sign_in(client, person(Role.RISK_OFFICER))
    answer = client.post(f"/approvals/matters/{matter_id}/act", data=form(**posted))
    assert answer.status_code == 422
    assert says in answer.text or "error-summary" in answer.text
    assert read_state(sample_site, matter_id).phase is Phase.DECISION


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.BUSINESS_OWNER, 403),
        (Role.OPERATOR, 403),
        (Role.AUDITOR, 403),
        (Role.ADMINISTRATOR, 403),
        (Role.RISK_OFFICER, 303),
    ],
)
def test_only_whom_the_authority_table_names_decides(
    client: TestClient, matter_id: str, role: Role, status: int
) -> None:
    sign_in(client, person(role))
    path = f"/approvals/matters/{matter_id}/act"
    answer = client.post(path, data=form(action="decide"), follow_redirects=False)
    assert answer.status_code == status


def test_stale_page_and_unknown_matter_are_told_apart(client: TestClient, matter_id: str) -> None:
    sign_in(client, person(Role.RISK_OFFICER))
    stale = client.post(f"/approvals/matters/{matter_id}/act", data=form(action="decide") | {"seen": "0"})
    assert stale.status_code == 409
    assert client.get("/approvals/matters/mat_absent").status_code == 404
    assert client.post(f"/approvals/matters/{matter_id}/act", data=form(action="dance")).status_code == 422


def test_attachment_goes_up_and_comes_down_as_a_file(client: TestClient, matter_id: str) -> None:
    sign_in(client, person(Role.BUSINESS_OWNER))
    path = f"/approvals/matters/{matter_id}/attachments"
    page = client.post(path, files={"file": ("議事録.html", b"<script>alert(1)</script>", "text/html")})
    assert page.status_code == 200
    link = next(part.split('"')[0] for part in page.text.split('href="') if part.startswith(f"{path}/"))
    file = client.get(link)
    assert file.content == b"<script>alert(1)</script>"
    assert file.headers["content-type"] == "application/octet-stream"
    assert file.headers["content-disposition"].startswith("attachment; ")
    assert client.post(path, files={"file": ("empty.txt", b"", "text/plain")}).status_code == 422
    assert client.post(path, data={}).status_code == 422


def test_csv_holds_the_filtered_matters_and_no_formula(client: TestClient, matter_id: str) -> None:
    sign_in(client, person(Role.AUDITOR))
    answer = client.get("/approvals/matters.csv", params={"q": "行内検索"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 2
    assert rows[1][1] == "'=cmd|行内検索の試行"
    assert rows[1][-1] == matter_id


def test_withdrawal_asks_first(client: TestClient, sample_site: Site, matter_id: str) -> None:
    sign_in(client, person(Role.BUSINESS_OWNER))
    assert "取り下げますか" in client.get(f"/approvals/matters/{matter_id}/withdraw").text
    client.post(f"/approvals/matters/{matter_id}/withdraw")
    assert read_state(sample_site, matter_id).phase is Phase.WITHDRAWN


def test_deputy_is_registered_acts_and_is_ended(
    client: TestClient, sample_site: Site, matter_id: str
) -> None:
    risk, deputy = person(Role.RISK_OFFICER), person(Role.PRIVACY_OFFICER)
    sign_in(client, risk)
    data = {"principal_id": risk, "deputy_id": deputy, "first_day": "2026-11-20", "last_day": "2026-11-30"}
    assert client.post("/approvals/deputies", data=data | {"last_day": "2026-11-01"}).status_code == 422
    page = client.post("/approvals/deputies", data=data)
    assert PEOPLE[deputy].name in page.text
    sign_in(client, deputy)
    assert "の代理として" in client.get(f"/approvals/matters/{matter_id}").text
    client.post(f"/approvals/matters/{matter_id}/act", data=form(action="decide", hand=risk))
    assert read_state(sample_site, matter_id).phase is Phase.DECIDED
    sign_in(client, risk)
    entry = client.get("/approvals/deputies").text.split("/approvals/deputies/dep_")[1].split("/")[0]
    ended = client.post(f"/approvals/deputies/dep_{entry}/end", follow_redirects=False)
    assert ended.status_code == 303
    assert client.post(f"/approvals/deputies/dep_{entry}/end").status_code == 409


@pytest.mark.parametrize(
    "path", ["/approvals", "/approvals/matters", "/approvals/routes", "/approvals/authority"]
)
def test_page_exists_in_both_languages(client: TestClient, path: str) -> None:
    sign_in(client, person(Role.AUDITOR))
    assert client.get(path).status_code == 200
    client.cookies.set("akashi_language", "en")
    assert 'lang="en"' in client.get(path).text


def test_machines_read_matters_without_reasons(client: TestClient, matter_id: str) -> None:
    sign_in(client, person(Role.AUDITOR))
    listed = client.get("/api/approvals/matters", params={"phase": "decision"}).json()
    assert matter_id in [item["id"] for item in listed["matters"]]
    told = client.get(f"/api/approvals/matters/{matter_id}").json()
    assert [event["kind"] for event in told["events"]] == ["opened"]
    assert "reason" not in told["events"][0]


def test_tile_warns_of_a_late_approval_after_the_fact(sample_site: Site) -> None:
    now = sample_site.now()
    security, risk = PEOPLE[person(Role.SECURITY_OFFICER)], PEOPLE[person(Role.RISK_OFFICER)]
    with sample_site.database.write() as connection:
        stop = draft("ATM振込の停止", "service_stop")
        open_after_fact(connection, stop, security, now, tokyo_day(now))
    assert tiles(sample_site, risk)[0].tone is Tone.NOTICE
    advance: Callable[[timedelta], None] = sample_site.clock.advance  # type: ignore[attr-defined]
    advance(timedelta(days=1))
    assert tiles(sample_site, risk)[0].tone is Tone.ALERT
