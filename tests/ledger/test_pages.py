"""The pages of the ledger, through the whole application and its role matrix."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from akashi.ledger.chain import EXPLANATIONS
from akashi.ledger.export import verify_export
from akashi.ledger.model import Record
from akashi.ledger.store import append, read_link
from akashi.ledger.verify import take_checkpoint
from akashi.platform.kit.catalogs import read_entries
from akashi.platform.rooms import package_folder
from akashi.platform.site import Site
from tests.conftest import sign_in
from tests.ledger.chains import break_guards

AUDITOR, OPERATOR, EXECUTIVE = "katase_minoru", "isobe_mio", "iwasaki_tomoko"


@pytest.fixture
def auditor(client: TestClient) -> TestClient:
    """A browser of the auditor."""
    sign_in(client, AUDITOR)
    return client


def count(site: Site) -> int:
    """Return the number of the last entry."""
    with site.database.read() as connection:
        return read_link(connection)[0]


def test_list_shows_the_newest_entries_and_what_is_signed(auditor: TestClient, sample_site: Site) -> None:
    page = auditor.get("/ledger")
    assert page.status_code == 200
    assert f'href="/ledger/{count(sample_site)}"' in page.text
    assert "証跡" in page.text
    assert "未実施" in page.text


def test_verification_is_started_and_its_outcome_shown(auditor: TestClient, sample_site: Site) -> None:
    done = auditor.post("/ledger/verify", follow_redirects=True)
    assert f"{count(sample_site)} 件の記録を検証" in done.text
    assert "未実施" not in done.text


def test_fault_is_shown_until_it_is_gone(auditor: TestClient, sample_site: Site) -> None:
    with sample_site.database.write() as connection:
        break_guards(connection)
        connection.execute(sa.text("UPDATE ledger_entry SET at = 'never', payload = '[' WHERE sequence = 2"))
    assert "記録 2 が変更されています" in auditor.post("/ledger/verify", follow_redirects=True).text
    assert "記録 2 が変更されています" in auditor.get("/ledger").text
    assert "書き込み後に変更されています" in auditor.get("/ledger/2").text
    assert "書き込み後に変更されています" not in auditor.get("/ledger/3").text


def test_filters_choose_kind_subject_actor_and_days(auditor: TestClient, sample_site: Site) -> None:
    with sample_site.database.write() as connection:
        append(connection, Record("loans.decided", "case_77", "p77", sample_site.now()))
    last = f'href="/ledger/{count(sample_site)}"'
    for query in (
        "kind=loans.",
        "kind=loans.decided",
        "subject=case_77",
        "who=p77&since=2026-11-20&until=2026-11-20",
    ):
        page = auditor.get(f"/ledger?{query}").text
        assert last in page
        assert 'href="/ledger/1"' not in page
    assert last not in auditor.get("/ledger?until=2026-11-19&who=p77").text
    assert auditor.get("/ledger?since=yesterday").status_code == 422


def test_entry_shows_its_proof(auditor: TestClient, sample_site: Site) -> None:
    assert "チェックポイントは未作成" in auditor.get("/ledger/1").text
    signed = take_checkpoint(sample_site, "system")
    assert signed is not None
    page = auditor.get("/ledger/1").text
    assert signed.fingerprint in page
    assert signed.signature in page
    assert auditor.get("/ledger/999999").status_code == 404
    assert auditor.get("/api/ledger/entries/1").json()["checkpoint"]["digest"] == signed.digest


def test_exported_file_verifies_and_the_spreadsheet_has_every_entry(
    auditor: TestClient, sample_site: Site, tmp_path: Path
) -> None:
    path = tmp_path / "ledger.jsonl"
    path.write_bytes(auditor.get("/ledger/export.jsonl").content)
    header, walk = verify_export(path)
    assert (header.last, walk.fault) == (count(sample_site), None)
    rows = list(csv.DictReader(io.StringIO(auditor.get("/ledger/entries.csv").content.decode("utf-8-sig"))))
    assert [int(row["sequence"]) for row in rows] == list(range(1, count(sample_site) + 1))
    one = auditor.get("/ledger/entries.csv", params={"kind": rows[0]["kind"]}).text
    assert {line.split(",")[2] for line in one.splitlines()[1:]} == {rows[0]["kind"]}
    assert auditor.get("/ledger/export.jsonl?from=900&to=800").status_code == 422


def test_checkpoint_is_handed_out(auditor: TestClient, sample_site: Site) -> None:
    assert auditor.get("/ledger/checkpoint.json").status_code == 404
    signed = take_checkpoint(sample_site, "system")
    assert signed is not None
    assert json.loads(auditor.get("/ledger/checkpoint.json").content)["signature"] == signed.signature


def test_operator_sees_nothing_and_executive_starts_nothing(client: TestClient) -> None:
    sign_in(client, OPERATOR)
    for path in (
        "/ledger",
        "/ledger/1",
        "/ledger/export.jsonl",
        "/ledger/entries.csv",
        "/api/ledger/entries/1",
    ):
        assert client.get(path).status_code in {403, 404}
    sign_in(client, EXECUTIVE)
    assert client.get("/ledger").status_code == 200
    assert client.post("/ledger/verify").status_code in {403, 404}


def test_every_explanation_of_a_fault_is_translated() -> None:
    known = set(read_entries(package_folder("akashi.ledger") / "locale" / "ja.po"))
    assert set(EXPLANATIONS.values()) <= known
