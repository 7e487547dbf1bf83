"""Dates of birth in the ways people write them, and dates that are none."""

from __future__ import annotations

import pytest

from akashi.domains.guardrails.personal import find_personal


def births(text: str) -> list[str]:
    """Return the dates of birth found."""
    return [one.span.of(text) for one in find_personal(text) if one.kind.value == "birth_date"]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("平成9年(1997年)6月3日生まれです", "平成9年(1997年)6月3日"),
        ("1997年(平成9年)6月3日生まれです", "1997年(平成9年)6月3日"),
        ("平成9(1997)年6月3日生まれです", "平成9(1997)年6月3日"),
        ("誕生日は6月3日、1997年です", "6月3日、1997年"),
        ("生年月日:昭58.6.3", "昭58.6.3"),
        ("生年月日 昭・大 22年 6月 3日", "22年 6月 3日"),
        ("result=OK dob=1983-06-03 retry=1", "1983-06-03"),
        ('{"name":"凪","dob":"19830603"}', "19830603"),
        ("本人確認ができません。昭和58年6月3日、電話は後で", "昭和58年6月3日"),
        ("通帳の件です。椎葉 ひより、1983年6月3日、支店は不明", "1983年6月3日"),
        ("番号を送ります。636200003254 椎葉 萌 1983/06/03", "1983/06/03"),
        ("生年月日は580603です", "580603"),
        ("生年月日 S580603", "S580603"),
        ("83年6月3日生まれの者です", "83年6月3日"),
        ("昭和生まれとのことで昭和五十八年六月三日と確認", "昭和五十八年六月三日"),
        ("わたしは昭和58年6月3日の亥年生まれ", "昭和58年6月3日"),
        ("令和4年6月3日に次男が生まれました", "令和4年6月3日"),
        ("たんじょうびは1983.6.3", "1983.6.3"),
        ("対象:小峰 ひかり様 1983-06-03 再提出", "1983-06-03"),
        ("小峰 遼 1983年6月3日 会社員です", "1983年6月3日"),
        ("個人番号と住所 小峰 遼 昭和58年6月3日 高知県高知市", "昭和58年6月3日"),
    ],
)
def test_a_date_of_birth_is_covered_whole(text: str, date: str) -> None:
    assert births(text) == [date]


@pytest.mark.parametrize(
    "text",
    [
        "昭和60年4月1日に創業、2020年に法人となりました",
        "大正12年9月1日の地震から生まれた制度です",
        "2026年6月3日に子会社が生まれました",
        "昭和生まれの方が多いです",
        "マイナンバー法は平成25年5月31日 法律第27号",
        "氏名 平成8年6月24日 東京都告示第5号",
        "生年月日の欄は6桁です",
    ],
)
def test_another_date_is_no_date_of_birth(text: str) -> None:
    assert births(text) == []
