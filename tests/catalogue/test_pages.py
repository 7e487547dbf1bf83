"""Pages of the catalogue through the whole application."""

from __future__ import annotations

import io

import openpyxl
from starlette.testclient import TestClient

from akashi.platform.sheets import write_xlsx
from tests.catalogue.test_rules import ROWS
from tests.conftest import sign_in

COMPLIANCE, RISK, OPERATOR, AUDITOR = "kishimoto_rei", "nagisa_makoto", "isobe_mio", "katase_minoru"


def test_list_exports_what_is_filtered(client: TestClient) -> None:
    sign_in(client, AUDITOR)
    answer = client.get("/catalogue/export?format=xlsx&source=guide-aisi")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True))
    assert len(rows) == 11
    assert rows[0][0] == "ID"
    assert client.get("/catalogue?q=断定的判断").text.count("law-") >= 2


def test_rule_is_imported_and_listed_beside_the_law(client: TestClient) -> None:
    sign_in(client, COMPLIANCE)
    data = {"code": "genai", "title": "生成AI利用規程", "edition": "2026-04", "issuer": "汐見銀行"}
    files = {"file": ("rule.xlsx", write_xlsx("規程", ROWS))}
    done = client.post("/catalogue/rules/import", data=data, files=files)
    assert "生成AI利用規程を取り込みました" in done.text
    assert "own-genai_2-2" in client.get("/catalogue?source=own-genai").text
    assert "第2条の2" in client.get("/catalogue/rules/genai").text
    assert "まったく同じ" in client.post("/catalogue/rules/import", data=data, files=files).text


def test_bad_file_is_explained_at_the_field(client: TestClient) -> None:
    sign_in(client, COMPLIANCE)
    data = {"code": "genai", "title": "規程", "edition": "1", "issuer": "汐見銀行"}
    files = {"file": ("rule.xlsx", write_xlsx("規程", [["名前"], ["甲"]]))}
    answer = client.post("/catalogue/rules/import", data=data, files=files)
    assert answer.status_code == 422
    assert "列「条項」" in answer.text


def test_person_attests_and_withdraws(client: TestClient) -> None:
    sign_in(client, RISK)
    page = "/catalogue/ai-tolerance"
    data = {"statement": "許容水準を決裁した", "reference": "決裁2026-12", "holds_until": "2026-12-31"}
    assert client.post(page + "/attest", data=data).status_code == 200
    shown = client.get(page).text
    assert "決裁2026-12" in shown
    name = shown.split("/catalogue/attestations/")[1].split("/")[0]
    client.post(f"/catalogue/attestations/{name}/withdraw")
    assert "取消済み" in client.get(page).text


def test_measured_requirement_cannot_be_attested_on_its_page(client: TestClient) -> None:
    sign_in(client, RISK)
    assert "attest" not in client.get("/catalogue/ai-fairness").text.split("<main")[1]
    answer = client.post(
        "/catalogue/ai-fairness/attest",
        data={"statement": "確認", "reference": "決裁", "holds_until": "2026-12-31"},
    )
    assert answer.status_code == 422


def test_coverage_page_filters_prints_and_exports(client: TestClient) -> None:
    sign_in(client, AUDITOR)
    shown = client.get("/catalogue/coverage?standing=recorded").text
    assert "文書を版ごとに保管" in shown
    assert client.get("/catalogue/coverage?whole=1").text.count("data-row-link") > 300
    table = client.get("/catalogue/coverage/export?standing=nothing").content.decode("utf-8-sig")
    assert table.count("裏付けなし") > 100


def test_operators_neither_import_nor_attest(client: TestClient) -> None:
    sign_in(client, OPERATOR)
    assert client.get("/catalogue/rules/import").status_code == 403
    assert client.post("/catalogue/ai-tolerance/attest", data={}).status_code == 403
    assert client.get("/catalogue/coverage").status_code == 403
    assert client.get("/catalogue").status_code == 200


def test_api_describes_coverage(client: TestClient) -> None:
    sign_in(client, AUDITOR)
    found = client.get("/api/catalogue/coverage?standing=recorded").json()
    assert found["counts"]["recorded"] == len(found["requirements"])
    assert found["requirements"][0]["evidence"][0]["title"]
