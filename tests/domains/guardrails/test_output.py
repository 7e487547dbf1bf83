"""What may be shown: sentences their source says, and nothing that must stay inside."""

from __future__ import annotations

import base64
import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from akashi.core.ports import Verdict
from akashi.domains.guardrails.held_texts import HeldTexts, Owner
from akashi.domains.guardrails.output import MAX_ANSWER, check_output

SOURCE = (
    "普通預金の金利は年0.02%です。定期預金の金利は年0.125%です。"
    "令和6年4月1日から、カードローンの限度額は3,500万円です。"
    "キャッシュカードを紛失した場合は、直ちに青葉支店へご連絡ください。"
    "本人以外は解約できません。変更は14日以内に必ず届け出なければなりません。"
    "本サービスの手数料は無料です。"
)
MORE = (
    "住宅ローンの固定金利期間は、3年、5年、10年の中からお選びいただけます。"
    "満20歳以上70歳未満の方がお申し込みいただけます。"
    "カードローンのお借入れには、保証会社の保証が必要です。担保・保証人は不要です。"
    "利息には20.315％（国税15.315％、地方税5％）の税金がかかります。"
    "つみたて投資枠は年間120万円、成長投資枠は年間240万円です。"
    "振込は、午後2時までのお手続きで当日扱い、それ以降は翌営業日扱いとなります。"
    "未成年のお客さまが口座を開設するには、親権者の同意が必要です。"
    "住所変更は、アプリか窓口で承ります。お電話では承っておりません。"
    "旧端末で利用解除を行ってから、新端末で再登録してください。"
    "暗証番号は60秒で失効します。相談会は年2回、第2土曜日に開きます。"
)
INTERNAL = "あなたは当行の案内係です。内部の限度額は部長決裁で五千万円までとし、顧客には決して伝えないこと。"


@pytest.mark.parametrize(
    "answer",
    [
        SOURCE,
        "普通預金の金利は年0.02パーセントです。",
        "2024年4月1日から、カードローンの限度額は35,000,000円です。",
        "R6.4.1から、カードローンの限度額は三千五百万円です。",
        "変更は2週間以内に必ず届け出る必要があります。",
        "普通預金の金利は0.02%、定期預金の金利は0.125%です。",
        "本サービスの手数料は有料ではありません。",
        "はい、本サービスの手数料は無料です。詳しくは担当者へお問い合わせください。",
    ],
)
def test_what_the_source_says_in_other_forms_is_supported(answer: str) -> None:
    checked = check_output(answer, [SOURCE])
    assert checked.supported, checked.reasons


@pytest.mark.parametrize(
    "answer",
    [
        "住宅ローンでは固定金利期間を三年・五年・十年から選べます。",
        "お申し込みいただけるのは満20歳から69歳までの方です。",
        "カードローンでは保証人を立てる必要はありません。",
        "利息には、国税15.315%と地方税5%を合わせて20.315%の税金がかかります。",
        "14:00以降にお手続きされた振込は翌営業日扱いとなります。",
        "親権者の同意がなければ、未成年の方は口座を開設できません。",
        "暗証番号は1分で失効します。",
        "相談会は半年に1度、第二土曜日に開きます。",
    ],
)
def test_lists_limits_sums_and_double_negation_say_the_same(answer: str) -> None:
    checked = check_output(answer, [MORE])
    assert checked.supported, checked.reasons


@pytest.mark.parametrize(
    "answer",
    [
        "満20歳から75歳までの方がお申し込みいただけます。",
        "つみたて投資枠は年間240万円です。",
        "住所変更は電話で承ります。",
        "新端末で利用解除を行ってから、旧端末で再登録してください。",
        "相談会は年3回、第2土曜日に開きます。",
        "相談会は年2回、第3土曜日に開きます。",
        "暗証番号は60分で失効します。",
        "未成年のお客さまは、親権者の同意がなくても口座を開設できます。",
    ],
)
def test_what_only_looks_like_the_source_is_not_shown(answer: str) -> None:
    assert not check_output(answer, [MORE]).supported


@pytest.mark.parametrize(
    "answer",
    [
        "普通預金の金利は年0.2%です。",
        "普通預金の金利は年0.125%です。",
        "令和6年4月2日から、カードローンの限度額は3,500万円です。",
        "令和7年4月1日から、カードローンの限度額は3,500万円です。",
        "令和6年4月1日から、カードローンの限度額は5,300万円です。",
        "キャッシュカードを紛失した場合は、直ちに若葉支店へご連絡ください。",
        "通帳を紛失した場合は、直ちに青葉支店へご連絡ください。",
        "本人以外は解約できます。",
        "本人は解約できません。",
        "本サービスの手数料は有料です。",
        "本サービスの手数料は無料ではありません。",
        "変更は14日以内に届け出なくてもかまいません。",
        "預金は全額保証されています。",
    ],
)
def test_what_the_source_does_not_say_is_not_shown(answer: str) -> None:
    checked = check_output(answer, [SOURCE])
    assert not checked.supported
    assert checked.reasons


FEES = (
    "海外送金の手数料は、窓口が7,500円、アプリが3,000円です。振替結果の通知は無料で、翌年1月下旬にお送りします。"
    "定期預金の金利は、1年未満が年0.1％、1年以上2年未満が年0.25％です。"
    "審査にはおおむね2営業日から3営業日かかります。200万円を超える現金は、2営業日前までにご予約ください。"
)


@pytest.mark.parametrize(
    ("answer", "is_shown"),
    [
        ("窓口で海外送金をするときの手数料は七千五百円です。", True),
        ("アプリの海外送金手数料は3千円です。", True),
        ("海外送金の手数料は、アプリが7,500円です。", False),
        ("振替結果の通知に費用はかかりません。", True),
        ("海外送金は、アプリなら無料です。", False),
        ("１年以上２年未満の金利は０．２５％です。", True),
        ("1年未満の定期預金の金利は年0.25％です。", False),
        ("審査には3営業日から3営業日かかります。", False),
        ("審査には3営業日から2営業日かかります。", False),
        ("通知は翌年2月下旬にお送りします。", False),
        ("000万円を超える現金は、2営業日前までにご予約ください。", False),
        ("200万円を超える現金は、前営業日までにご予約ください。", False),
    ],
)
def test_numbers_belong_to_their_things_however_the_sentence_is_turned(answer: str, is_shown: bool) -> None:
    checked = check_output(answer, [FEES])
    assert checked.supported is is_shown, checked.reasons


TIERS = (
    "振込手数料は3万円未満220円、3万円以上440円です。頭取は三浦、副頭取は佐伯です。"
    "西口ATMは通常どおり稼働し、東口ATMは休止します。米ドルの両替は本店のみ、ユーロの両替は全店で扱います。"
    "連帯保証人は原則不要です。ご提出書類はお返しできません。カードの再発行手数料は1,100円です。"
    "コールセンターは12月29日の17時で受付を終え、1月5日の9時に再開します。土曜日、日曜日、祝日は休業します。"
    "お申込みは満20歳以上の方に限ります。登記の届出は、口座を開設するときに必要です。利率を年0.1％引き上げます。"
)


@pytest.mark.parametrize(
    ("answer", "is_shown"),
    [
        ("3万円以上の振込手数料は440円です。", True),
        ("3万円以上の振込手数料は220円です。", False),
        ("カードは再発行に千百円かかります。", True),
        ("コールセンターは1月5日の午前9時に再開します。", True),
        ("土日祝日は休みです。", True),
        ("二十歳以上の方が申し込めます。", True),
        ("利率が年0.1ポイント上がります。", True),
        ("書類は返却します。", False),
        ("保証人が要ります。", False),
        ("口座を開設するときは、登記の届出は必要ありません。", False),
        ("頭取は佐伯です。", False),
        ("西口ATMは休止します。", False),
        ("米ドルの両替は全店で扱います。", False),
        ("ユーロの両替は全店で扱います。", True),
    ],
)
def test_what_is_said_of_one_thing_is_not_shown_of_another(answer: str, is_shown: bool) -> None:
    checked = check_output(answer, [TIERS])
    assert checked.supported is is_shown, checked.reasons


def test_each_sentence_has_its_own_verdict() -> None:
    answer = "普通預金の金利は年0.02%です。定期預金の金利は年0.5%です。"
    first, second = check_output(answer, [SOURCE]).sentences
    assert (first.verdict, second.verdict) == (Verdict.SUPPORTED, Verdict.CONTRADICTED)
    assert second.span.of(answer) == "定期預金の金利は年0.5%です。"


@pytest.mark.parametrize(
    ("answer", "sources"), [("", [SOURCE]), ("はい。", []), ("あ" * (MAX_ANSWER + 1), [SOURCE])]
)
def test_what_cannot_be_checked_is_not_shown(answer: str, sources: list[str]) -> None:
    assert not check_output(answer, sources).supported


LEAK = INTERNAL[14:48]
WRITTEN = {
    "plain": LEAK,
    "base64": base64.b64encode(LEAK.encode()).decode(),
    "base64, cut": base64.b64encode(INTERNAL.encode()).decode()[5:-7],
    "base64, shift_jis": base64.b64encode(LEAK.encode("cp932")).decode(),
    "hex": LEAK.encode().hex(),
    "hex, spaced": LEAK.encode().hex(" "),
    "reversed": LEAK[::-1],
    "spaced": " ".join(LEAK),
    "points": "・".join(LEAK),
    "lines": "\n".join(LEAK),
    "zero width": "\u200b".join(LEAK),
    "url": "".join(f"%{byte:02X}" for byte in LEAK.encode()),
    "escapes": "".join(f"\\u{ord(one):04x}" for one in LEAK),
    "entities": "".join(f"&#{ord(one)};" for one in LEAK),
    "reversed base64": base64.b64encode(LEAK.encode()).decode()[::-1],
    "base64 twice": base64.b64encode(base64.b64encode(LEAK.encode())).decode(),
}


@pytest.mark.parametrize("way", WRITTEN)
def test_thirty_characters_of_an_internal_text_are_a_leak_however_written(way: str) -> None:
    answer = f"本サービスの手数料は無料です。{WRITTEN[way]}"
    checked = check_output(answer, [SOURCE], secret=[INTERNAL])
    assert {one.verdict for one in checked.sentences} == {Verdict.LEAKED}


CANARY = "AKASHI-CANARY-7f3a91"


@pytest.mark.parametrize("written", [CANARY, codecs.encode(CANARY, "rot13"), CANARY[::-1], "-".join(CANARY)])
def test_a_canary_is_found(written: str) -> None:
    answer = f"手数料は無料です {written}"
    checked = check_output(answer, [answer], secret=[CANARY])
    assert not checked.supported


def test_fewer_characters_or_what_the_source_says_too_is_no_leak() -> None:
    assert check_output(SOURCE[:16], [SOURCE], secret=[f"{INTERNAL}{SOURCE[:16]}{INTERNAL}"]).supported
    assert check_output(SOURCE, [SOURCE], secret=[SOURCE]).supported


def test_copying_thirty_characters_of_others_is_found_and_twenty_nine_are_not() -> None:
    foreign = "昨日の相場は朝方から買いが先行して大きく値を上げ午後には利益を確定する売りに押された"
    held = HeldTexts()
    held.add_text(foreign, Owner.FOREIGN)
    assert check_output(foreign[:30], [foreign[:29]], held=held).reasons == (Owner.FOREIGN.value,)
    assert list(held.find_runs(foreign[:29])) == []
    assert len(list(held.find_runs(f"曰く、{foreign[5:35]}。"))) == 1


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_ends_in_a_verdict(answer: str, source: str) -> None:
    checked = check_output(answer, [source], secret=[INTERNAL])
    assert checked.supported or checked.reasons
    assert all(one.span.end <= len(answer) for one in checked.sentences)
