"""``akashi guard mail`` on real files: exit codes, JSON, and never the password itself."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pypdfium2
import pytest
from typer.testing import CliRunner, Result

from akashi.core.errors import InputError
from akashi.domains.guardrails.commands import app
from tests.domains.guardrails.mail_files import locked_office, locked_pdf, locked_zip, write_mail

PASSWORD = "Zx9kk21#"


def check(*arguments: object) -> Result:
    """Run the command."""
    return CliRunner().invoke(app, ["mail", *map(str, arguments)])


def test_files_made_here_really_ask_for_a_password() -> None:
    raw = locked_zip("名簿.csv", b"a,b\n", PASSWORD.encode())
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        assert archive.read(archive.namelist()[0], PASSWORD.encode()) == b"a,b\n"
        with pytest.raises(RuntimeError):
            archive.read(archive.namelist()[0])
    with pytest.raises(pypdfium2.PdfiumError):
        pypdfium2.PdfDocument(locked_pdf("secret", PASSWORD))


def test_open_mail_passes(tmp_path: Path) -> None:
    mail = write_mail(tmp_path / "a.eml", "資料をお送りします。", ("資料.csv", b"a,b\n"))
    done = check(mail)
    assert (done.exit_code, done.output) == (0, "")
    assert json.loads(check(mail, "--json").output) == []


def test_each_kind_of_locked_file_is_found(tmp_path: Path) -> None:
    files = {
        "a.zip": locked_zip("meibo.csv", b"a,b\n", PASSWORD.encode()),
        "b.pdf": locked_pdf("meibo", PASSWORD),
        "c.xlsx": locked_office(),
    }
    done = check(write_mail(tmp_path / "a.eml", "お送りします。", *files.items()), "--json")
    assert done.exit_code == 1
    found = json.loads(done.output)
    assert [(one["kind"], one["what"]) for one in found] == [("encrypted_attachment", name) for name in files]
    assert "file service" in found[0]["advice"]


def test_password_on_the_same_path_is_found_and_not_repeated(tmp_path: Path) -> None:
    locked = ("名簿.zip", locked_zip("meibo.csv", b"a,b\n", PASSWORD.encode()))
    first = write_mail(tmp_path / "1.eml", "名簿をお送りします。パスワードは別メールで送ります。", locked)
    second = write_mail(tmp_path / "2.eml", f"先ほどのパスワード：{PASSWORD}", subject="パスワードのご連絡")
    alone, both = check(first), check(first, second)
    assert (alone.exit_code, both.exit_code) == (1, 1)
    assert "password_in_other_mail" not in alone.output
    assert "password_in_other_mail" in both.output
    assert PASSWORD not in both.output


def test_what_is_no_mail_is_bad_input(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(b"\x00\x01")
    for path in (tmp_path / "a.eml", tmp_path / "missing.eml"):
        assert isinstance(check(path).exception, InputError)
