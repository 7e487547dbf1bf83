"""Documents on the pages: from a file to an approved version, its difference, its withdrawal."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from starlette.testclient import TestClient

from akashi.core.thread import Question
from akashi.documents.model import VersionState
from akashi.documents.store import find_document, list_versions, read_text, read_version
from akashi.domains.assistant.answering import ask
from akashi.platform.site import Site
from tests.conftest import sign_in

NEW = "# 貸金庫\n\n## 使用料\n\n貸金庫の使用料は年間13,200円です。毎年4月に引き落とします。\n"
CHANGED = NEW.replace("13,200", "14,300")


def upload(client: TestClient, text: str, name: str = "safe_box.md", **fields: str) -> str:
    """Add a file as a draft and return the address of its version."""
    data = {"audience": "customers", "key": "safe_box", "title": "貸金庫規定", **fields}
    answer = client.post(
        "/documents/add", data=data, files={"files": (name, text.encode())}, follow_redirects=False
    )
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_file_is_answered_from_only_after_its_decision(client: TestClient, sample_site: Site) -> None:
    sign_in(client, "isobe_mio")
    version = upload(client, NEW).rpartition("/")[2]
    question = Question("貸金庫の使用料は年間いくらですか", sample_site.now())
    assert version not in {source.version_id for source in ask(sample_site, question).sources}
    with sample_site.database.write() as connection:
        from_page = read_version(connection, version)
    assert from_page.state is VersionState.DRAFT
    submitted = client.post("/documents/submit", data={"version": version}, follow_redirects=False)
    assert submitted.status_code == 303
    with sample_site.database.read() as connection:
        assert read_version(connection, version).state is VersionState.SUBMITTED


def test_same_bytes_again_change_nothing(client: TestClient, sample_site: Site) -> None:
    sign_in(client, "isobe_mio")
    assert upload(client, NEW) == upload(client, NEW)
    with sample_site.database.read() as connection:
        document = find_document(connection, "safe_box")
        assert document is not None
        assert len(list_versions(connection, [document.id])) == 1


def test_difference_is_shown_and_downloaded(client: TestClient) -> None:
    sign_in(client, "isobe_mio")
    old, new = upload(client, NEW), upload(client, CHANGED)
    folder = old.partition("/versions/")[0]
    query = f"?old={old.rpartition('/')[2]}&new={new.rpartition('/')[2]}"
    page = client.get(f"{folder}/difference{query}")
    assert "<del>13,200</del>" in page.text
    assert "<ins>14,300</ins>" in page.text
    table = docx.Document(io.BytesIO(client.get(f"{folder}/difference.docx{query}").content)).tables[0]
    changed = [row.cells for row in table.rows if "13,200" in row.cells[0].text]
    assert len(changed) == 1
    assert "14,300" in changed[0][1].text


def test_withdrawal_needs_a_reason_and_takes_effect_at_once(client: TestClient, sample_site: Site) -> None:
    with sample_site.database.read() as connection:
        document = find_document(connection, "fees")
        assert document is not None
        version = next(one for one in list_versions(connection, [document.id]) if one.number == 1)
    address = f"/documents/{document.id}/versions/{version.id}"
    sign_in(client, "kishimoto_rei")
    assert client.post(f"{address}/withdraw", data={"reason": ""}).status_code == 422
    assert client.post(f"{address}/withdraw", data={"reason": "誤りを確認"}).status_code == 200
    with sample_site.database.read() as connection:
        assert read_version(connection, version.id).state is VersionState.WITHDRAWN


def zip_bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"\0" * 400_000_000)
        archive.writestr("[Content_Types].xml", b"<Types/>")
    return buffer.getvalue()


BAD = {
    "empty.txt": b"",
    "blank.md": b" \n\t\n",
    "bytes.txt": b"\xff\xfe\x00\xd8\x00",
    "table.csv": "件名,本文\n一,二\n".encode(),
    "broken.pdf": b"%PDF-1.7\nnothing",
    "picture.png": b"\x89PNG\r\n\x1a\n",
    "bomb.docx": zip_bomb(),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_file_is_one_clear_sentence_and_nothing_changes(
    client: TestClient, sample_site: Site, name: str
) -> None:
    sign_in(client, "isobe_mio")
    with sample_site.database.read() as connection:
        before = len(list_versions(connection))
    answer = client.post("/documents/add", data={"audience": "customers"}, files={"files": (name, BAD[name])})
    assert answer.status_code == 422
    assert name in answer.text
    assert "callout alert" in answer.text
    with sample_site.database.read() as connection:
        assert len(list_versions(connection)) == before


def test_last_day_before_the_first_is_said_at_the_form(client: TestClient) -> None:
    sign_in(client, "isobe_mio")
    data = {"audience": "customers", "effective_from": "2026-12-01", "effective_to": "2026-11-01"}
    answer = client.post("/documents/add", data=data, files={"files": ("a.md", NEW.encode())})
    assert answer.status_code == 422
    assert "適用終了日が適用開始日より前です" in answer.text


def test_unknown_document_is_not_found(client: TestClient) -> None:
    sign_in(client, "isobe_mio")
    assert client.get("/documents/doc_none").status_code == 404


def test_source_is_saved_and_never_opened_in_place(client: TestClient) -> None:
    sign_in(client, "isobe_mio")
    answer = client.get(upload(client, NEW) + "/source")
    assert answer.content == NEW.encode()
    assert answer.headers["content-disposition"].startswith("attachment")


def test_text_keeps_every_offset(client: TestClient, sample_site: Site) -> None:
    sign_in(client, "isobe_mio")
    version = upload(client, NEW).rpartition("/")[2]
    with sample_site.database.read() as connection:
        assert "13,200円" in read_text(connection, version)
