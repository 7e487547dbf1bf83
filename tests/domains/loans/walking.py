"""Whole applications as lists of sentences, and one way to say them all to the engine."""

from __future__ import annotations

from datetime import date

from akashi.domains.loans.measure.conversing import begin, say
from akashi.domains.loans.measure.talks import Reply, Talk
from akashi.domains.loans.register.products import list_products

TODAY = date(2026, 11, 20)
WORKING = {
    "business_form": "法人です",
    "company_name": "株式会社しおかぜ製パン",
    "applicant_name": "汐見太郎",
    "postal_code": "999-8501",
    "address": "汐見市白砂町三丁目2-1",
    "phone": "090-1234-5678",
    "email": "なし",
    "industry": "パンの製造販売",
    "years_in_business": "12年",
    "employees": "5名",
    "purpose": "仕入れです",
    "purpose_detail": "年末の材料の仕入れ",
    "amount": "300万円",
    "term": "5年",
    "needed_on": "2026年12月25日",
    "annual_sales": "4,800万円",
    "ordinary_profit": "240万円",
    "depreciation": "80万円",
    "receivables": "400万円",
    "inventory": "150万円",
    "payables": "300万円",
    "has_debts": "いいえ",
}
EQUIPMENT = {
    **{
        item: said for item, said in WORKING.items() if item not in ("purpose", "purpose_detail", "needed_on")
    },
    "equipment": "業務用オーブン",
    "equipment_reason": "古くなって故障が多いため",
    "supplier": "みなと厨房株式会社",
    "equipment_price": "450万円",
    "own_funds": "150万円",
    "delivered_on": "2027年1月15日",
}
HOME = {
    "purpose": "中古マンションの購入です",
    "lived_in": "はい",
    "applicant_name": "汐見太郎",
    "birth_date": "1985年4月1日",
    "postal_code": "999-8501",
    "address": "汐見市白砂町三丁目2-1",
    "phone": "090-1234-5678",
    "email": "なし",
    "occupation": "会社員です",
    "employer": "株式会社しおかぜ製作所",
    "years_in_work": "8年",
    "annual_income": "620万円",
    "has_debts": "いいえ",
    "property_address": "汐見市緑が丘5-8",
    "property_price": "2,800万円",
    "costs": "なし",
    "own_funds": "300万円",
    "amount": "2,500万円",
    "term": "30年",
    "rate_type": "変動で",
    "bonus": "いいえ",
    "needed_on": "2027年3月",
}
SCRIPTS = {"working_capital": WORKING, "equipment": EQUIPMENT, "home_loan": HOME}


def walk(product: str, answers: dict[str, str]) -> tuple[Talk, list[Reply]]:
    """Return the talk and every reply when each question gets its answer."""
    talk, reply = begin(list_products()[product], "ja", TODAY)
    replies = [reply]
    talk, reply = say(talk, "同意します")
    while reply.asks and len(replies) < len(answers) + 5:
        replies.append(reply)
        talk, reply = say(talk, "はい" if talk.pending else answers[reply.asks])
    return talk, [*replies, reply]
