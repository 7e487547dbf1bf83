"""Japanese encodings are told apart even on short texts; what fits none is refused by byte."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from akashi.core.errors import InputError
from akashi.documents.parsing import parse_bytes
from akashi.documents.parsing.decode import decode

SHORT = ["手数料", "口座を開く", "ご本人さま確認書類", "（お客さま各位）", "振込は１１０円です。", "A銀行"]
ENCODINGS = ["utf-8", "cp932", "euc_jp", "iso2022_jp"]
WORDS = st.sampled_from(
    ["普通預金", "手数料", "お客さま", "カード", "暗証番号", "の", "は", "を", "ください。", "ATM",
     "110円", "インターネットバンキング", "、", "通帳", "届出印", "紛失", "ご連絡", "（注）", "・"]
)  # fmt: skip


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("words", SHORT)
def test_short_text_is_read_in_its_own_encoding(words: str, encoding: str) -> None:
    decoded = decode(words.encode(encoding), "a.txt")
    assert (decoded.text, decoded.encoding) == (words, encoding)


@settings(deadline=None)
@given(st.lists(WORDS, min_size=2, max_size=30).map("".join), st.sampled_from(ENCODINGS))
def test_any_business_text_survives_every_encoding(words: str, encoding: str) -> None:
    assert decode(words.encode(encoding), "a.txt").text == words


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_mark_decides(encoding: str) -> None:
    assert decode("手数料".encode(encoding), "a.txt").text == "手数料"


def test_utf_16_marks_of_both_byte_orders_decide() -> None:
    assert decode(b"\xff\xfe" + "手数料".encode("utf-16-le"), "a").text == "手数料"
    assert decode(b"\xfe\xff" + "手数料".encode("utf-16-be"), "a").text == "手数料"


def test_machine_dependent_characters_of_windows_are_read() -> None:
    assert decode("①㈱髙﨑".encode("cp932") + "の口座です。".encode("cp932"), "a").text.startswith("①㈱髙﨑")


@pytest.mark.parametrize("content", ["普通預金" * 3, "汐見銀行本店　頭取　汐見一郎"])
def test_japanese_without_kana_is_accepted_with_a_warning(content: str) -> None:
    document = parse_bytes("a.txt", content.encode("euc_jp"))
    assert document.text == content
    assert [str(warning)[:23] for warning in document.warnings] == ["The text holds no kana;"]


def test_korean_that_passes_for_japanese_is_not_silent() -> None:
    document = parse_bytes("a.txt", "안녕하세요 고객님 계좌".encode("euc_kr"))
    assert [str(warning)[:23] for warning in document.warnings] == ["The text holds no kana;"]


def test_shift_jis_file_is_accepted_end_to_end() -> None:
    document = parse_bytes("fees.txt", "第１条（手数料）\r\n110円です。\r\n".encode("cp932"))
    assert (document.encoding, document.text) == ("cp932", "第１条（手数料）\n110円です。\n")


@pytest.mark.parametrize(
    ("content", "offset"),
    [
        ("口座".encode() + b"\xff" + "口座を開く手続き".encode(), 6),
        (b"\x00\x01\x02", 0),
        (b"abc\x00def", 3),
        (b"\xff\xfe\x00", 2),
        ("naïve café déjà vu".encode("latin-1"), 2),
        ("Здравствуйте, уважаемые клиенты".encode("cp1251"), 0),
        (bytes(range(128, 256)), 0),
    ],
)
def test_other_bytes_are_refused_at_the_first_that_does_not_fit(content: bytes, offset: int) -> None:
    with pytest.raises(InputError) as caught:
        decode(content, "a.txt")
    assert caught.value.values["offset"] == offset
    assert f"byte {offset} " in str(caught.value)


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_decoded_or_refused(content: bytes) -> None:
    try:
        text = decode(content, "a.txt").text
    except InputError as error:
        text = str(error)
    assert text or content in {b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"}
