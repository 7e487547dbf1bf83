"""Personal data is found in every way of writing, and nothing else is."""

from __future__ import annotations

import base64
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from akashi.domains.guardrails.personal import find_personal
from akashi.domains.guardrails.terms import make_terms
from tests.domains.guardrails.values import MESSAGES, WAYS


def found_in(text: str) -> list[tuple[str, str]]:
    """Return kind and text of each span."""
    return [(one.kind.value, one.span.of(text)) for one in find_personal(text)]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("kind", "message", "draw"), MESSAGES, ids=lambda one: str(one)[:12])
def test_a_number_is_covered_whole_in_every_way_of_writing(
    way: str, kind: str, message: str, draw: object
) -> None:
    assert callable(draw)
    pick = random.Random(f"{way} {message}")
    for _ in range(20):
        value = WAYS[way](draw(pick))
        text = message.format(value)
        covered = {at for one in find_personal(text) for at in range(one.span.start, one.span.end)}
        start = text.index(value)
        assert covered.issuperset(range(start, start + len(value))), text


@pytest.mark.parametrize(
    ("text", "kind", "span"),
    [
        ("山田太郎と申します。", "person", "山田太郎"),
        ("窓口の佐藤さんに聞きました。", "person", "佐藤"),
        ("名義は　サトウ　ハナコです。", "person", "サトウ　ハナコ"),
        ("Card holder: TARO YAMADA", "person", "TARO YAMADA"),
        ("連絡はhanako.sato@example.jpへ", "email", "hanako.sato@example.jp"),
        ("連絡はhanako（at）example.jpへ", "email", "hanako（at）example.jp"),
        ("生年月日：昭和四十年五月六日", "birth_date", "昭和四十年五月六日"),
        ("私は1965/5/6生まれです", "birth_date", "1965/5/6"),
        ("平成元年1月8日生。", "birth_date", "平成元年1月8日"),
        ("夫大友正志(1988.4.16)と申込みます", "birth_date", "1988.4.16"),
        ("母は大正15年6月20日の生まれです", "birth_date", "大正15年6月20日"),
        ("ﾀｹﾉ ﾕｳ様、1948/2/29。カードの件", "birth_date", "1948/2/29"),
        ("生まれたのは2005年11月30日、留学生です", "birth_date", "2005年11月30日"),
        ("生年月日 14 FEB 1992", "birth_date", "14 FEB 1992"),
        ("旅券はM73610482です", "passport", "M73610482"),
        ("住民票の番号入りのです。123456789018と見えます", "my_number", "123456789018"),
        ("支店番号は3けた? １０７の５５２９０１６です", "bank_account", "５５２９０１６"),
        ("返済口座は普通 2 914 703です", "bank_account", "2 914 703"),
        ("新しいのは9800811 仙台市青葉区一番町1丁目8-33", "postal_code", "9800811"),
        ("法人番号 7783-0597-26123", "corporate_number", "7783-0597-26123"),
        ("店の番号は317、普通2048815", "bank_account", "317"),
        ("今は861 4115、熊本市南区川尻3-7-41です", "postal_code", "861 4115"),
        ("向こうの電話は+1 (415) 555-0138です", "phone", "+1 (415) 555-0138"),
        ("本店営業部(101)普通 No.4120987", "bank_account", "4120987"),
        (
            "新住所は横浜市西区みなとみらい二丁目2番1号 ランドタワー1203号室です",
            "address",
            "横浜市西区みなとみらい二丁目2番1号 ランドタワー1203号室",
        ),
        ("パスポート番号はTK1234567", "passport", "TK1234567"),
        ("振込先は0001-001-1234567です", "bank_account", "1234567"),
        ("店番号305の2216604へ送ります", "bank_account", "2216604"),
        ("番号は7712034、普通です", "bank_account", "7712034"),
    ],
)
def test_what_is_personal_is_named(text: str, kind: str, span: str) -> None:
    assert (kind, span) in found_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "定期預金の金利は年0.275%です。",
        "2026年4月1日から手数料は330円になります。",
        "受付番号1234567の件です。",
        "商品コード40213について教えてください。",
        "山口支店の店番は123です。",
        "番号は7712034、普通の紙に書きました。",
        "福島の宮崎支店から長崎へ出張します。",
        "お客さまセンター0120-123-456へお電話ください。",
        "固定10年で3,500万円を35年返済します。",
        "123456789018という数字は何ですか。",
        "",
        "\u200b\u202e",
    ],
)
def test_what_is_nobodys_stays_untouched(text: str) -> None:
    assert found_in(text) == []


def test_a_random_number_is_no_my_number_without_its_label() -> None:
    pick = random.Random(3)
    texts = [f"控えは{pick.randrange(10**12):012}です。" for _ in range(300)]
    assert not any(find_personal(text) for text in texts)


def test_a_branch_number_counts_only_beside_an_account() -> None:
    assert found_in("店番は123ですか。") == []
    assert found_in("店番123、普通1234567です。") == [("bank_account", "123"), ("bank_account", "1234567")]


def test_what_is_hidden_in_an_encoding_is_covered_there() -> None:
    encoded = base64.b64encode("電話は090-1234-5678です".encode()).decode()
    text = f"これを見て {encoded} ください"
    ((kind, span),) = found_in(text)
    assert kind == "phone"
    assert span in encoded


def test_words_of_the_institution_are_found_in_any_width() -> None:
    text = "ﾐｻｺﾞ計画とproject ｋａｉ"
    found = find_personal(text, make_terms(["ミサゴ計画", "Project KAI"]))
    assert [one.span.of(text) for one in found if one.kind == "term"] == ["ﾐｻｺﾞ計画", "project ｋａｉ"]


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="山田太郎様東京都1-2〇九 ー、。\nあアaA@.電話口座号室生年月日R", max_size=120))
def test_spans_are_in_order_disjoint_and_inside(text: str) -> None:
    found = find_personal(text)
    reached = 0
    for one in found:
        assert reached <= one.span.start < one.span.end <= len(text)
        reached = one.span.end


UNITS = [
    "0",
    "0-",
    "東京都",
    "1 ",
    "a@",
    "山田",
    "1年",
    "昭和",
    "(0",
    "ア",
    "〇",
    "口座1234567",
    "生まれ1/1/1",
    "様",
]


@pytest.mark.full
def test_a_megabyte_of_anything_ends() -> None:
    share = 1_000_000 // len(UNITS)
    text = "\n".join(unit * (share // len(unit)) for unit in UNITS)[:1_000_000]
    started = time.process_time()
    find_personal(text)
    assert time.process_time() - started < 120


def seconds_of(unit: str, length: int) -> float:
    """Return the CPU seconds for a text that repeats ``unit``."""
    started = time.process_time()
    find_personal(unit * (length // len(unit)))
    return time.process_time() - started


@pytest.mark.full
@pytest.mark.parametrize("unit", UNITS)
def test_five_times_the_length_takes_five_times_the_time(unit: str) -> None:
    short = min(seconds_of(unit, 20_000) for _ in range(2))
    assert seconds_of(unit, 100_000) < 5 * 2 * short + 0.5


@pytest.mark.parametrize("unit", UNITS)
def test_time_grows_with_the_length_not_its_square(unit: str) -> None:
    started = time.process_time()
    find_personal(unit * (20_000 // len(unit)))
    assert time.process_time() - started < 6
