"""What may not be read ends in one clear sentence, before or inside the child process."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from akashi.core.errors import InputError
from akashi.documents.parsing import Limits, parse_bytes, parse_file

from .files import make_pdf, refuse, show

GOOD = "振込は110円です。\n".encode()


def refuse_path(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        parse_file(path)
    return str(caught.value)


def test_file_is_read_from_its_path(tmp_path: Path) -> None:
    path = tmp_path / "手数料 規定.txt"
    path.write_bytes(GOOD)
    assert show(parse_file(path)) == [((), "振込は110円です。")]


def test_every_sample_is_accepted(samples: dict[str, bytes]) -> None:
    for name, content in samples.items():
        document = parse_bytes(name, content)
        assert any("110円" in body or "本文" in body for _, body in show(document)), name


def test_empty_file_is_refused() -> None:
    assert str(refuse("fees.txt", b"")) == "fees.txt: The file is empty. Choose another file."


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.csv"])
def test_whitespace_only_file_is_refused(name: str) -> None:
    message = refuse(name, "\n \t\u3000\r\n".encode()).message
    assert message.startswith(("The file holds no text", "The columns for question"))


def test_sparse_file_of_one_gigabyte_is_refused_without_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    path.touch()
    os.truncate(path, 1_000_000_000)
    started = time.monotonic()
    assert "1000.0 MB large; at most 50.0 MB" in refuse_path(path)
    assert time.monotonic() - started < 2.0


def test_link_folder_pipe_and_device_are_refused(tmp_path: Path) -> None:
    real = tmp_path / "real.txt"
    real.write_bytes(GOOD)
    (tmp_path / "link.txt").symlink_to(real)
    (tmp_path / "folder.txt").mkdir()
    os.mkfifo(tmp_path / "pipe.txt")
    for name in ("link.txt", "folder.txt", "pipe.txt"):
        assert "not a regular file" in refuse_path(tmp_path / name), name
    assert "not a regular file" in refuse_path(Path("/dev/null"))


def test_missing_file_is_named(tmp_path: Path) -> None:
    assert refuse_path(tmp_path / "none.txt").startswith("none.txt: The file cannot be opened (No")


@pytest.mark.parametrize("name", ["a\u202etxt.exe.txt", "a\x00.txt", "a\nb.txt", "a\u200b.txt", "\ud83d.txt"])
def test_name_with_invisible_characters_is_refused_and_shown_without_them(name: str) -> None:
    error = refuse(name, GOOD)
    assert "invisible" in error.message
    assert "\ufffd" in error.where
    assert str(error).isprintable()


@pytest.mark.parametrize("name", ["", "../../etc/passwd.txt", "あ" * 300 + ".txt"])
def test_name_that_is_no_file_name_is_refused(name: str) -> None:
    assert refuse(name, GOOD).message == "This is not a file name."


def test_pdf_named_txt_is_refused_and_the_real_kind_is_said() -> None:
    error = refuse("fees.txt", make_pdf([["手数料"]]))
    assert "named .txt, but its content is PDF" in str(error)


def test_text_named_pdf_is_refused_and_the_real_kind_is_said() -> None:
    assert "named .pdf, but its content is TXT" in str(refuse("fees.pdf", GOOD))


@pytest.mark.parametrize("head", [b"\x89PNG\r\n\x1a\n", b"\x7fELF\x02", b"\x1f\x8b\x08", b"{\\rtf1"])
def test_other_content_under_a_text_suffix_is_refused(head: bytes) -> None:
    assert "but its content is" in refuse("fees.txt", head + b"\n").message


@pytest.mark.parametrize("name", ["a.docm", "a.xlsm", "a.PPTM"])
def test_macro_suffix_is_refused(name: str) -> None:
    assert "macros" in refuse(name, b"PK\x03\x04").message


@pytest.mark.parametrize("name", ["a.zip", "a.svg", "a.exe", "noext"])
def test_unknown_suffix_is_refused_and_the_known_ones_are_listed(name: str) -> None:
    assert ".docx" in str(refuse(name, GOOD))


def test_file_that_takes_too_long_is_stopped_in_time() -> None:
    many = ("[" * 40_000 + "\n\n") * 20
    started = time.monotonic()
    error = refuse("slow.md", many.encode(), Limits(seconds=1.0))
    assert "longer than 1 seconds" in str(error)
    assert time.monotonic() - started < 5.0


def test_file_that_needs_too_much_memory_is_refused() -> None:
    big = "<p>あ</p>" * 2_000_000
    error = refuse("big.html", big.encode(), Limits(memory_bytes=120_000_000))
    assert error.message.startswith(("The file needs more memory", "The file is damaged"))


def test_text_beyond_the_limit_is_refused() -> None:
    assert "longer than 100 characters" in str(refuse("a.txt", b"x" * 200, Limits(text_chars=100)))


def test_nothing_remains_after_a_hostile_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    before = {path.name for path in Path("/proc/self/fd").iterdir()}
    refuse("slow.md", b"[" * 400_000, Limits(seconds=0.3))
    refuse("fees.txt", b"\xff\xfe\x00")
    assert list(tmp_path.iterdir()) == []
    assert {path.name for path in Path("/proc/self/fd").iterdir()} == before
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
