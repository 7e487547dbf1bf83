"""Scripted applicants: what is true of each, and how each writes it. Twenty-four templates, five of each.

A template is one person's way of writing (dialect, numerals, slips) with one plan of corrections and
questions in between; its five applicants differ in their data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random

from akashi.domains.loans.model import ItemValue
from benchmarks.expression_cases import pronounce, spell

TODAY = date(2026, 11, 21)
_FULL = str.maketrans("0123456789,", "０１２３４５６７８９，")


@dataclass(frozen=True, slots=True)
class Template:
    """One way of writing; ``end`` closes short answers."""

    id: str
    product: str
    amounts: str
    periods: str
    end: str
    yes: str
    no: str
    dates: int
    fixes: Mapping[str, str] = field(default_factory=dict)
    """Item corrected → the sentence; ``{new}`` is the right value. Said at the next question."""
    late: Mapping[str, str] = field(default_factory=dict)
    """The same, said three questions later; the sentence names the item."""
    asides: tuple[str, ...] = ()
    slips: Mapping[str, str] = field(default_factory=dict)
    """First answers nobody can read or that hold a slip of the keyboard: ``{}`` is the answer."""
    language: str = "ja"


_WC, _EQ, _HOME = "working_capital", "equipment", "home_loan"
TEMPLATES = (
    Template("polite", _WC, "man", "年", "です。", "はい、お願いいたします", "いいえ、ございません", 0),
    Template("terse", _WC, "short", "年", "", "はい", "なし", 1),
    Template("kansai", _WC, "kanji", "年", "ですわ", "せや", "あらへん", 2,
             fixes={"amount": "あ、やっぱり{new}にしといてください"}),
    Template("tohoku", _WC, "man", "年半", "だべ", "んだ", "ねえです", 3, asides=("金利はなんぼだべか",)),
    Template("kana", _WC, "kana", "かな", "です", "はい", "ありません", 0, slips={"amount": "{}くらい"}),
    Template("full width", _WC, "full", "full", "です", "ハイ", "ナシ", 4,
             late={"term": "さっきの返済期間は{new}に変更します"}),
    Template("hesitating", _WC, "hesitating", "年", "ですかね", "はい、そうです", "特にありません", 5,
             asides=("担保は必要ですか？", "なぜそれを聞くのですか")),
    Template("ledger clerk", _WC, "thousand", "月", "です", "はい", "いいえ", 1,
             late={"annual_sales": "年間の売上高は{new}の間違いでした"}),
    Template("equipment polite", _EQ, "man", "年", "でございます", "はい、相違ございません",
             "ございません", 1,
             asides=("審査にはどのくらい時間がかかりますか",)),
    Template("hakata", _EQ, "man", "年半", "ばい", "よかよ", "なかです", 2,
             fixes={"amount": "いや、{new}の間違いやった"}),
    Template("digits", _EQ, "digits", "月", "", "ok", "無し", 0, slips={"amount": "5"}),
    Template("comma yen", _EQ, "yen", "年", "です", "そうです", "ないです", 3),
    Template("hiroshima", _EQ, "kanji", "年", "じゃけん", "ほうじゃ", "ないけん", 4,
             late={"employees": "従業員は{new}の間違いです"}),
    Template("vague first", _EQ, "man", "年", "です", "はい", "いいえ", 5,
             slips={"amount": "300万から500万くらい", "term": "3〜5年", "delivered_on": "25日ごろ"}),
    Template("changes", _EQ, "man", "年", "です", "はい", "いいえ", 0,
             fixes={"own_funds": "すみません、{new}でした"},
             late={"amount": "希望金額は{new}に変更してください"}),
    Template("half width", _EQ, "half", "月", "ﾃﾞｽ", "ﾊｲ", "ﾅｼ", 2, asides=("担当者と話したい",)),
    Template("home polite", _HOME, "man", "年", "です。", "はい", "いいえ", 0),
    Template("home terse", _HOME, "short", "年", "", "うん", "ない", 1, asides=("保証料はいくら？",)),
    Template("home kansai", _HOME, "kanji", "年", "やで", "そうや", "ないで", 2,
             fixes={"annual_income": "ちゃうわ、{new}やった"}),
    Template("home nagoya", _HOME, "hesitating", "年", "だがね", "そうだよ", "ないがね", 3),
    Template("home okinawa", _HOME, "yen", "年", "さあ", "はい", "ないさ", 4,
             late={"amount": "借入金額はやっぱり{new}で"}),
    Template("home kyoto", _HOME, "man", "かな", "どす", "へえ", "おへん", 5,
             slips={"annual_income": "500くらい"}),
    Template("home slips", _HOME, "slip", "full", "です", "はい", "いいえ", 1,
             asides=("繰上返済はできますか",)),
    Template("home english", _HOME, "english", "english", "", "yes", "no", 6, language="en",
             fixes={"own_funds": "sorry, I meant {new}"}),
)  # fmt: skip

LATER = (
    Template("later casual", _WC, "man", "年", "っす", "そうっす", "ないっす", 5,
             fixes={"amount": "ごめんなさい、{new}でした"}),
    Template("later formal", _WC, "kanji", "月", "と存じます", "左様でございます", "該当ございません", 3,
             late={"amount": "お借入れの希望額につきまして、{new}に改めさせてください"}),
    Template("later sendai", _WC, "short", "年", "だっちゃ", "んだっちゃ", "ねえっちゃ", 2,
             asides=("返済はいつからですか",)),
    Template("later spoken", _WC, "kana", "年半", "でお願いします", "はいはい", "とくにないです", 1,
             slips={"term": "できるだけ長く"}),
    Template("later kagawa", _EQ, "hesitating", "かな", "やけん", "そうや", "ないわ", 4,
             fixes={"equipment_price": "ほんまは{new}じゃった"}),
    Template("later yen mark", _EQ, "full", "full", "也", "はい。", "いいえ。", 0,
             late={"term": "期間、{new}に訂正"}),
    Template("later unsure", _EQ, "man", "年", "かなと思います", "たぶんそうです", "ないと思います", 5,
             slips={"amount": "200か300", "own_funds": "ちょっとだけ"}),
    Template("later swap", _EQ, "yen", "月", "です", "はい", "いいえ", 3,
             fixes={"employees": "違う、{new}だ"}, late={"annual_sales": "売上は{new}です。訂正します"}),
    Template("later brief", _HOME, "digits", "年", "", "yes", "no", 1,
             late={"annual_income": "年収{new}に直して"}),
    Template("later kumamoto", _HOME, "man", "年", "ですたい", "そうたい", "なかですたい", 2,
             asides=("団体信用生命保険には入らないといけませんか",)),
    Template("later slow", _HOME, "slip", "かな", "ですねえ", "そうですねえ、はい", "ええと、ないですねえ", 4,
             fixes={"own_funds": "あれ、{new}だったかな"}),
    Template("later english", _HOME, "english", "english", ".", "Yes.", "No.", 6, language="en",
             late={"amount": "please change the amount to {new}"}),
)  # fmt: skip
"""Written after the engine had been mended by what the others showed; nothing was mended for these."""

_DATES = (
    (("来月末", "2026-12-31"), ("12月20日まで", "2026-12-20"), ("来年の3月末", "2027-03-31")),
    (("2027/1/15", "2027-01-15"), ("2026-12-25", "2026-12-25"), ("2027.2.1", "2027-02-01")),
    (("来年の1月15日ごろ", "2027-01-15"), ("来月の二十日", "2026-12-20"), ("年末まで", "2026-12-31")),
    (("令和9年2月1日", "2027-02-01"), ("令和8年12月20日", "2026-12-20"), ("R9.3.31", "2027-03-31")),
    (("２０２７年１月１５日", "2027-01-15"), ("十二月二十日", "2026-12-20"), ("来年３月", "2027-03")),
    (
        ("えーと、来月の25日までに", "2026-12-25"),
        ("今年中、12月25日には", "2026-12-25"),
        ("来年2月", "2027-02"),
    ),
    (("by 20 December 2026", "2026-12-20"), ("January 15, 2027", "2027-01-15"), ("March 2027", "2027-03")),
)
_BIRTHS = (("昭和55年3月3日", "1980-03-03"), ("1990/7/15", "1990-07-15"), ("S60.12.24", "1985-12-24"),
           ("平成4年4月1日", "1992-04-01"), ("１９７８年１０月５日", "1978-10-05"))  # fmt: skip
_NAMES = (
    "汐見太郎",
    "白砂花子",
    "浜口 健",
    "佐々木一郎",
    "山本さくら",
    "渡辺 直美",
    "高橋誠",
    "小林ゆき",
    "田中 実",
    "大野亜希子",
)
_COMPANIES = (
    "株式会社しおかぜ製パン",
    "有限会社浜町水産",
    "白砂工業株式会社",
    "合同会社みなと木工",
    "株式会社緑が丘印刷",
)
_SHOPS = ("ベーカリーしおかぜ", "食堂はまや", "みなと理容", "サロン白砂", "緑が丘自転車")
_TRADES = ("パンの製造販売", "水産物の加工と卸", "木製家具の製作", "印刷とデザイン", "飲食店")
_TOOLS = ("業務用オーブン", "冷凍ショーケース", "木工旋盤", "オフセット印刷機", "配達用の軽トラック")
_WHY = (
    "古くなって故障が多いため",
    "注文が増えて足りないため",
    "電気代を減らすため",
    "人手が足りないため",
    "新しい商品を作るため",
)
_USES = (
    "年末の仕入れが増えるため材料代に充てます",
    "冬の賞与の支払いに使います",
    "消費税の納付に使います",
    "工事代金の入金までの支払いに使います",
    "店の引っ越しにともなう支払いに使います",
)
_PLACES = (
    "汐見市白砂町三丁目2-1",
    "汐見市浜町1-4-12",
    "汐見市緑が丘5-8",
    "汐見市港一丁目3番5号",
    "汐見市本町2-7 汐見ビル301",
)
_CHOICES = {
    "business_form": "法人です=corporation|個人事業主です=sole_proprietor|株式会社です=corporation"
    "|個人でやっています=sole_proprietor|会社です=corporation",
    "purpose/working_capital": "仕入れです=purchases|ボーナスの支払い=wages|消費税の納税です=taxes"
    "|入金までのつなぎ=bridging|その他です=other",
    "purpose/home_loan": "新築です=build|中古マンションを買います=buy|リフォームです=renovate"
    "|借り換えです=refinance|家を建てる=build",
    "repayment": "毎月返済で=monthly|一括で返します=at_end|毎月返済=monthly|期日一括=at_end|分割で=monthly",
    "collateral": "不動産です=real_estate|なし=none|土地があります=real_estate"
    "|ありません=none|預金です=other",
    "occupation": "会社員です=employed|公務員=employed|自営業です=sole_proprietor"
    "|会社役員です=officer|サラリーマンです=employed",
    "rate_type": "変動で=variable|固定金利にします=fixed|まだ迷っています=undecided"
    "|変動金利型=variable|固定で=fixed",
    "fixed_years": "10年=10|5年で=5|3年固定=3|20年=20|10年です=10",
}
CHOICES: Mapping[str, tuple[tuple[str, str], ...]] = {
    item: tuple((one.partition("=")[0], one.partition("=")[2]) for one in written.split("|"))
    for item, written in _CHOICES.items()
}
ENGLISH = {
    "purpose": ("buy", "buy"), "occupation": ("I am employed", "employed"),
    "rate_type": ("variable", "variable"), "fixed_years": ("10 years", "10"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Applicant:
    """One applicant of a template, with everything that is true of him."""

    template: Template
    number: int
    answers: Mapping[str, tuple[str, ItemValue]]
    """Item → how it is written at first, and what is true."""
    wrong: Mapping[str, str]
    """Item → what is said first where it is corrected afterwards."""
    has_papers: bool


def write_amount(yen: int, way: str) -> str:
    """Return an amount in one of the ways of writing."""
    man = yen // 10_000
    ways = {
        "man": f"{man:,}万円",
        "short": f"{man}万",
        "kanji": spell(yen) + "円",
        "kana": pronounce(yen) + "えん",
        "full": f"{man}万円".translate(_FULL),
        "hesitating": f"えーっと、{man}万円",
        "thousand": f"{yen // 1000:,}千円",
        "digits": f"{yen}",
        "yen": f"{yen:,}円",
        "half": f"{man}ﾏﾝｴﾝ",
        "slip": f"{man} 万 円".translate(_FULL),
        "english": f"{yen:,} yen",
    }
    return ways[way] if yen else "0 yen" if way == "english" else "0円"


def write_period(months: int, way: str) -> str:
    """Return a period in one of the ways of writing."""
    years, rest = divmod(months, 12)
    if way == "english":
        return f"{years} years" if not rest else f"{months} months"
    if way == "月" or not years:
        return f"{months}ヶ月"
    tail = "" if not rest else "半" if rest == 6 and way == "年半" else f"{rest}か月"
    if way == "かな":
        return f"{pronounce(years)}ねん" + (f"{rest}かげつ" if rest else "")
    return f"{years}年{tail}".translate(_FULL if way == "full" else {})


def draw_applicants(seed: int = 2026, templates: Sequence[Template] = TEMPLATES) -> list[Applicant]:
    """Return five applicants of each template; every second one has papers."""
    random = Random(seed)
    return [
        _draw(template, number, (place + number) % 2 == 0, random)
        for place, template in enumerate(templates)
        for number in range(5)
    ]


def _draw(template: Template, number: int, has_papers: bool, random: Random) -> Applicant:
    answers: dict[str, tuple[str, ItemValue]] = {}
    amounts = _amounts(random)
    for item, yen in amounts.items():
        answers[item] = (_close(template, write_amount(yen, template.amounts)), yen)
    years = (10, 35) if template.product == _HOME else (2, 7)
    periods = {
        "years_in_business": random.randint(3, 40) * 12,
        "years_in_work": random.randint(2, 30) * 12,
        "present_remaining": random.randint(5, 25) * 12 + 6,
        "term": (random.randint(*years) * 12 + random.choice((0, 0, 6))),
    }
    for item, months in periods.items():
        answers[item] = (_close(template, write_period(months, template.periods)), f"P{months}M")
    answers |= _others(template, number, random)
    wrong = {}
    for item in (*template.fixes, *template.late):
        slip = {"term": write_period(61, template.periods), "employees": "77名"}
        wrong[item] = slip.get(item) or write_amount(7_770_000, template.amounts)
    return Applicant(template, number, answers, wrong, has_papers=has_papers)


def _amounts(random: Random) -> dict[str, int]:
    def man(least: int, most: int) -> int:
        return random.randint(least, most) * 10_000

    price = man(200, 4000)
    return {
        "amount": man(100, 5000), "annual_sales": man(800, 90_000), "ordinary_profit": man(50, 3000),
        "depreciation": man(10, 900), "receivables": man(20, 4000), "inventory": man(10, 3000),
        "payables": man(20, 3000), "debt_balance": man(100, 5000), "annual_repayment": man(12, 600),
        "equipment_price": price, "own_funds": random.choice((0, man(50, 500))),
        "annual_income": man(250, 1500), "property_price": man(1500, 6000), "costs": man(50, 300),
        "present_balance": man(500, 3000),
    }  # fmt: skip


def _others(template: Template, number: int, random: Random) -> dict[str, tuple[str, ItemValue]]:
    name, end = random.choice(_NAMES), template.end
    phone = random.choice(("090-1234-{:04}", "0869-22-{:04}", "(086)234-{:04}")).format(
        random.randint(0, 9999)
    )
    day, of = random.choice(_DATES[template.dates])
    birth, born = random.choice(_BIRTHS)
    debts, staff = random.random() < 0.5, random.randint(0, 40)
    mail = f"kaze{random.randint(1, 999)}@example.jp"
    place, home = random.choice(_PLACES), random.choice(_PLACES)
    said: dict[str, tuple[str, ItemValue]] = {
        "company_name": (_COMPANIES[number] + _soft(end), _COMPANIES[number]),
        "trade_name": (_SHOPS[number] + _soft(end), _SHOPS[number]),
        "supplier": (_COMPANIES[-1 - number] + _soft(end), _COMPANIES[-1 - number]),
        "employer": (_COMPANIES[number] + _soft(end), _COMPANIES[number]),
        "present_lender": ("しおさい信用金庫" + _soft(end), "しおさい信用金庫"),
        "applicant_name": (name + _soft(end), name),
        "postal_code": (random.choice(("999-8501", "〒999-8501", "9998501", "９９９－８５０１")), "999-8501"),
        "address": (place + _soft(end), place),
        "property_address": (home + _soft(end), home),
        "phone": (phone, "".join(filter(str.isdecimal, phone))),
        "email": (mail, mail),
        "industry": (_TRADES[number], _TRADES[number]),
        "equipment": (_TOOLS[number], _TOOLS[number]),
        "equipment_reason": (_WHY[number], _WHY[number]),
        "purpose_detail": (_USES[number], _USES[number]),
        "employees": (f"{staff}名" + end if staff else "0名", staff),
        "needed_on": (day + (end if end.startswith("で") else ""), of),
        "delivered_on": (day + (end if end.startswith("で") else ""), of),
        "birth_date": (birth, born),
        "has_debts": (template.yes if debts else template.no, debts),
        "lived_in": (template.yes, True),
        "bonus": (template.no, False),
    }
    for item in ("business_form", "repayment", "collateral", "occupation", "rate_type", "fixed_years"):
        said[item] = CHOICES[item][number]
    if f"purpose/{template.product}" in CHOICES:
        said["purpose"] = CHOICES[f"purpose/{template.product}"][number]
    if template.language == "en":
        said |= ENGLISH
    return said


def _soft(end: str) -> str:
    return (
        end
        if end in ("です。", "です", "ですわ", "でございます", "だべ", "ばい", "やで", "どす", "だがね")
        else ""
    )


def _close(template: Template, written: str) -> str:
    return written + template.end
