"""What looks like a name and is nobody's: sides of a contract, firms, faces of bank notes, places."""

import pytest

from akashi.domains.guardrails.model import Kind
from akashi.domains.guardrails.name_denials import is_nobody_here
from akashi.domains.guardrails.personal import find_personal


def persons(text: str) -> list[str]:
    return [one.span.of(text) for one in find_personal(text) if one.kind is Kind.PERSON]


@pytest.mark.parametrize(
    "text",
    [
        "貴行の規程を拝見しました。御行に口座があります。",
        "大家さんの口座が変わりました。",
        "花屋さんへの支払いです。",
        "重要度:[中] 状態:対応中",
        "福沢諭吉の旧札を渋沢栄一の新札に替えてください。",
        "鈴木のバイクを買いたいです。",
        "田中貴金属で積み立てています。",
        "川崎の母に送金したいです。",
        "福島から来ました。",
        "コウフリ ミナトガス",
        "附則 この細則は、四月一日から施行する。",
        "これで三周目です。うち一件は未了です。",
        "十時から受け付けます。",
    ],
)
def test_nobody_is_meant(text: str) -> None:
    assert persons(text) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("川崎の母です。", "川崎"),
        ("四月一日様より入電。", "四月一日"),
        ("担当は四月一日です。", "四月一日"),
        ("鈴木の口座です。", "鈴木"),
        ("福島様から来ました。", "福島"),
        ("監督はジョン・ニーダムだ。", "ジョン・ニーダム"),
        ("口座名義は坂本龍馬です。", "坂本龍馬"),
        ("福沢諭吉は慶應義塾を開いた。", "福沢諭吉"),
    ],
)
def test_a_person_is_still_found(text: str, name: str) -> None:
    assert name in persons(text)


@pytest.mark.parametrize(
    ("text", "name", "is_nobody"),
    [
        ("施行は四月一日からです。", "四月一日", True),
        ("四月一日様をお呼びします。", "四月一日", False),
        ("担当者は四月一日です。", "四月一日", False),
        ("これで三周目です。", "三周目", True),
        ("東の出口です。", "東", True),
        ("西と東にあります。", "東", True),
        ("東様の出口です。", "東", False),
    ],
)
def test_dates_counts_and_directions_are_nobody_whoever_found_them(
    text: str, name: str, is_nobody: bool
) -> None:
    start = text.index(name)
    assert is_nobody_here(text, start, start + len(name)) is is_nobody
