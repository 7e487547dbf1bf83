"""Pages of the register in front of the sample institution."""

from __future__ import annotations

import io
import re
from datetime import datetime

import openpyxl
import pytest
from fastapi.testclient import TestClient

from akashi.core.moments import TOKYO
from akashi.platform.kit.catalogs import read_entries
from akashi.platform.rooms import package_folder
from akashi.platform.site import Site
from akashi.register.model import list_kinds
from akashi.register.offices import find_office, is_open
from tests.conftest import sign_in

OWNER, OPERATOR, ADMINISTRATOR = "namikawa_toru", "isobe_mio", "hoshi_aya"
VENDOR = "/register/vendor/records/tobiuo_tech"


def version_of(client: TestClient, path: str) -> str:
    found = re.search(r'name="version"[^>]*value="(\d+)"', client.get(f"{path}/edit").text)
    assert found is not None
    return found[1]


def test_every_kind_has_list_form_and_export(client: TestClient) -> None:
    sign_in(client, OWNER)
    for kind in list_kinds():
        for path in ("", "?state=all&q=汐見&sort=-code", "/new", "/import", "/export", "/export?format=xlsx"):
            answer = client.get(f"/register/{kind}{path}")
            assert answer.status_code == 200, (kind, path)


def test_every_word_of_every_kind_is_translated() -> None:
    entries = read_entries(package_folder("akashi.register") / "locale" / "ja.po")
    for kind in list_kinds().values():
        words = [kind.label, kind.one, kind.lead]
        for field in kind.fields:
            words += [field.label, field.help, field.unit, *(field.choices or {}).values()]
        assert [word for word in words if word and word not in entries] == []


def test_record_is_added_changed_and_undone(client: TestClient) -> None:
    sign_in(client, OWNER)
    added = client.post("/register/vendor/new", data={"code": "kamome", "name": "かもめ警備"})
    assert "かもめ警備を追加しました" in added.text
    path = "/register/vendor/records/kamome"
    changed = client.post(f"{path}/edit", data={"version": "1", "name": "かもめ警備保障"})
    assert "かもめ警備保障を変更しました" in changed.text
    undone = client.post(f"{path}/undo", data={"version": "2"})
    assert "<h1>かもめ警備</h1>" in undone.text


def test_slower_of_two_writers_sees_his_input_again_and_a_clear_sentence(client: TestClient) -> None:
    sign_in(client, OWNER)
    version = version_of(client, VENDOR)
    client.post(f"{VENDOR}/edit", data={"version": version, "name": "飛魚一号"})
    second = client.post(f"{VENDOR}/edit", data={"version": version, "name": "飛魚二号"})
    assert second.status_code == 409
    assert "ほかの人がこの記録を変更しました" in second.text
    assert "飛魚二号" in second.text


def test_field_errors_stand_at_their_fields(client: TestClient) -> None:
    sign_in(client, OWNER)
    answer = client.post("/register/service/new", data={"code": "x", "name": "", "tolerance_minutes": "多い"})
    assert answer.status_code == 422
    assert 'id="name-error"' in answer.text
    assert "「多い」は整数ではありません" in answer.text


def test_vendor_with_contracts_cannot_be_retired(client: TestClient) -> None:
    sign_in(client, OWNER)
    answer = client.post(f"{VENDOR}/retire", data={"version": version_of(client, VENDOR)})
    assert answer.status_code == 409
    assert "記録から参照されています" in answer.text


def test_import_shows_a_preview_then_imports_all(client: TestClient, sample_site: Site) -> None:
    sign_in(client, OWNER)
    book = openpyxl.load_workbook(io.BytesIO(client.get("/register/office/export?format=xlsx").content))
    sheet = book.worksheets[0]
    names = [cell.value for cell in sheet[1]]
    sheet.cell(2, names.index("電話番号") + 1).value = "000-000-9999"
    file = io.BytesIO()
    book.save(file)
    preview = client.post("/register/office/import", files={"file": ("拠点.xlsx", file.getvalue())})
    assert "17行を読み取りました。1件が変更されます。" in preview.text
    path = re.search(r"/register/office/import/upl_\w+", preview.text)
    assert path is not None
    assert "1件を取り込みました" in client.post(path[0]).text
    assert client.post(path[0]).status_code == 404


def test_faulty_file_is_told_by_line_and_changes_nothing(client: TestClient) -> None:
    sign_in(client, OWNER)
    content = "符号,名称,重要度\r\nx1,新しい,並\r\n".encode("cp932")
    preview = client.post("/register/system/import", files={"file": ("x.csv", content)})
    assert preview.status_code == 422
    assert "「並」は選択肢にありません" in preview.text
    empty = client.post("/register/system/import", files={"file": ("x.csv", b"")})
    assert empty.status_code == 422
    assert client.get("/register/system/records/x1").status_code == 404


@pytest.mark.parametrize(
    "path", ["/register/vendor/new", "/register/vendor/import", f"{VENDOR}/edit", f"{VENDOR}/undo"]
)
def test_operator_reads_but_does_not_write(client: TestClient, path: str) -> None:
    sign_in(client, OPERATOR)
    assert client.get(VENDOR).status_code == 200
    assert client.post(path, data={"version": "1"}).status_code == 403


def test_administrator_reads_nothing(client: TestClient) -> None:
    sign_in(client, ADMINISTRATOR)
    assert client.get("/register").status_code == 403


def test_unknown_kind_and_record_are_not_found(client: TestClient) -> None:
    sign_in(client, OWNER)
    assert client.get("/register/nothing").status_code == 404
    assert client.get("/register/vendor/records/nobody").status_code == 404


def test_sample_branch_is_open_on_friday_morning_and_closed_at_noon(sample_site: Site) -> None:
    with sample_site.database.read() as connection:
        office = find_office(connection, "aoiso")
    assert is_open(office, datetime(2026, 11, 20, 10, tzinfo=TOKYO))
    assert not is_open(office, datetime(2026, 11, 20, 12, tzinfo=TOKYO))
    assert not is_open(office, datetime(2026, 11, 23, 10, tzinfo=TOKYO))
