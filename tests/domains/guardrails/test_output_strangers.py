"""Equal forms of numbers and dates that strangers write, and things that change places in their answers."""

import pytest

from akashi.domains.guardrails.output import check_output

PERIODS = "窓口の端末では引き落としまで2分30秒を要する。前年は3分10秒であった。"
PAUSE = "令和7年6月1日午後10時から6月3日午前6時まで、アプリの利用を停止します。"
REOPENED = "2025年12月30日の窓口は休業します。2026年は1月5日から再開します。"
OF_YEAR = "12月31日から1月3日まで、窓口を休業します。ATMは午前8時から午後8時まで稼働します。"
COURSE = "2025年度の研修は令和7年10月3日に実施し、参加者は41名を見込む。前年度の38名から増える。"
RULES = "内規は平成元年4月1日に制定され、直近の改正は令和5年4月1日である。"
RAISED = "普通預金金利は4月から0.25%とし、従来より0.05%引き上げる。"


@pytest.mark.parametrize(
    ("answer", "source", "is_shown"),
    [
        ("窓口の端末では、引き落としまで150秒かかります。", PERIODS, True),
        ("窓口の端末では、引き落としまで160秒かかります。", PERIODS, False),
        ("停止の時間は、6月1日22時から32時間です。", PAUSE, True),
        ("停止の時間は、6月1日22時から30時間です。", PAUSE, False),
        ("窓口の再開は、2026年1月5日です。", REOPENED, True),
        ("窓口の再開は、2025年1月5日です。", REOPENED, False),
        ("年末年始のATMは、8時から20時まで動いています。", OF_YEAR, True),
        ("年末年始のATMは、8時から19時まで動いています。", OF_YEAR, False),
        ("2025年度の研修は2025年10月3日に行います。", COURSE, True),
        ("内規が最後に改正されたのは、2023年4月1日です。", RULES, True),
        ("内規が制定されたのは、2023年4月1日です。", RULES, False),
        ("普通預金金利は0.05%引き上げて0.25%になります。", RAISED, True),
        ("普通預金金利は0.25%引き上げて0.05%になります。", RAISED, False),
        (
            "同部会は令和7年2月3日の14時に始まりました。",
            "第3回リスク部会は令和7年2月3日午後2時から開催された。",
            True,
        ),
        (
            "証明書の再発行手数料は、1通につき二千二百円です。",
            "証明書を再発行する際の手数料は、1通につき2,200円です。",
            True,
        ),
        (
            "保険の事務手数料は、最低でも3万3千円です。",
            "保険の取り扱いは平成20年に開始しました。事務手数料は契約額の0.5%で、最低額は33,000円です。",
            True,
        ),
    ],
)
def test_another_form_of_a_quantity_is_shown_and_another_quantity_is_not(
    answer: str, source: str, is_shown: bool
) -> None:
    assert check_output(answer, [source]).supported is is_shown


@pytest.mark.parametrize(
    ("answer", "source"),
    [
        ("青葉証券が白樺信託を子会社化しました。", "白樺信託は2021年4月1日、青葉証券を子会社化しました。"),
        ("旅費は、経理部の承認と課長の確認印を得ます。", "旅費は、課長の承認と経理部の確認印を得る。"),
        (
            "預金量は増加し、人数は減少しました。",
            "前年度に比べ、預金量は1.2%減少し、人数は0.5%増加しました。",
        ),
        (
            "これまでは、月払型が1,200円、年払型が残高の0.8%です。",
            "年払型が1,200円、月払型が残高の0.8%です。",
        ),
        (
            "白樺預金は保護され、青葉預金は保護の対象外です。",
            "青葉預金は保護されます。白樺預金は保護の対象外です。",
        ),
    ],
)
def test_things_that_change_places_are_held_back(answer: str, source: str) -> None:
    assert check_output(source, [source]).supported
    assert not check_output(answer, [source]).supported


ABOVE = "購入の申請は、30万円以下は課長、30万円超は本部長が決める。"
OVER = (
    "工事の見積額が200万円を超える場合は、総務委員会の決議を要する。"
    "200万円以下の場合は、支店長の承諾で足りる。"
)


@pytest.mark.parametrize(
    ("answer", "source", "is_shown"),
    [
        ("30万円以下の購入の申請は、課長が決めます。", ABOVE, True),
        ("30万円以下の購入の申請は、本部長が決めます。", ABOVE, False),
        ("30万円超の購入の申請は、課長が決めます。", ABOVE, False),
        ("見積額が200万円以下の工事は、支店長の承諾で足ります。", OVER, True),
        ("見積額が200万円以下の工事は、総務委員会の決議を要します。", OVER, False),
    ],
)
def test_one_case_of_a_limit_does_not_get_what_another_has(answer: str, source: str, is_shown: bool) -> None:
    assert check_output(answer, [source]).supported is is_shown
