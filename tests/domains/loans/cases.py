"""Cases for tests: a bakery that needs an oven, and a family that buys a home."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

from akashi.domains.loans.measure.case import Case, Handed
from akashi.domains.loans.measure.checks import Reading
from akashi.domains.loans.model import Application, ItemValue, Origin, State, Value
from akashi.domains.loans.register.products import list_products

AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)

OVEN: dict[str, ItemValue] = {
    "business_form": "corporation",
    "company_name": "株式会社しおかぜ製パン",
    "applicant_name": "塩風 太郎",
    "postal_code": "9998501",
    "address": "汐見市白砂町三丁目2-1",
    "phone": "0999-12-3456",
    "industry": "製パン業。食パンと菓子パンを店頭と卸で販売",
    "years_in_business": "P12Y",
    "employees": 14,
    "equipment": "石窯オーブン SK-300 一式",
    "equipment_reason": "いまの窯が古く、1日400斤しか焼けないため",
    "supplier": "北浜厨機株式会社",
    "equipment_price": 12_000_000,
    "own_funds": 2_000_000,
    "amount": 10_000_000,
    "term": "P5Y",
    "delivered_on": "2027-02-15",
    "annual_sales": 120_000_000,
    "ordinary_profit": 8_000_000,
    "depreciation": 2_500_000,
    "has_debts": True,
    "debt_balance": 32_000_000,
    "annual_repayment": 3_600_000,
}
OVEN_DESK: dict[str, ItemValue] = {
    "assessed_rate": "0.024",
    "repayment": "equal_principal",
    "taxes": 2_100_000,
    "sales_prior": 110_000_000,
    "sales_before": 104_500_000,
    "profit_prior": 6_200_000,
    "profit_before": -1_300_000,
    "cash": 12_000_000,
    "total_assets": 70_000_000,
    "net_assets": 18_000_000,
    "extra_profit": 3_000_000,
}
HOME: dict[str, ItemValue] = {
    "purpose": "buy",
    "lived_in": True,
    "applicant_name": "浜野 遥",
    "birth_date": "1988-04-02",
    "postal_code": "9998501",
    "address": "汐見市白砂町一丁目3-5",
    "phone": "090-0000-1234",
    "occupation": "employed",
    "employer": "汐見水産株式会社",
    "years_in_work": "P9Y",
    "annual_income": 6_000_000,
    "has_debts": False,
    "property_address": "汐見市緑が丘5-8",
    "property_price": 36_000_000,
    "costs": 2_000_000,
    "own_funds": 8_000_000,
    "amount": 30_000_000,
    "term": "P35Y",
    "rate_type": "variable",
    "bonus": False,
    "needed_on": "2027-03",
}
HOME_DESK: dict[str, ItemValue] = {
    "assessed_rate": "0.015",
    "repayment": "equal_payment",
    "assessed_value": 32_000_000,
    "prior_liens": 0,
}


def make_value(item: str, value: ItemValue, origin: Origin = Origin.ANSWER, said: str = "") -> Value:
    """Return a confirmed value."""
    return Value(item, value, said or str(value), origin, f"turn:{item}", AT, confirmed=True)


def make_application(product: str, values: Mapping[str, ItemValue]) -> Application:
    """Return a submitted application for a shipped product."""
    return Application(
        id="app_1",
        number="R-2026-000123",
        product=list_products()[product],
        language="ja",
        state=State.SUBMITTED,
        conversation="cnv_1",
        office="shirasuna",
        values={item: make_value(item, value) for item, value in values.items()},
        earlier=(),
        created_at=AT,
        submitted_at=AT,
        consented_at=AT,
    )


def make_case(
    product: str = "equipment",
    values: Mapping[str, ItemValue] = OVEN,
    desk: Mapping[str, ItemValue] = OVEN_DESK,
    readings: tuple[Reading, ...] = (),
    uploads: tuple[Handed, ...] | None = None,
) -> Case:
    """Return a case with every paper handed in once."""
    application = make_application(product, values)
    if uploads is None:
        uploads = tuple(
            Handed(f"upl_{paper.id}_{copy}", paper.id, f"{paper.label['ja']}_{copy}.pdf", AT)
            for paper in application.product.due_documents(application.known)
            for copy in range(1, paper.copies + 1)
        )
    assessed = {
        item: make_value(item, value, Origin.OFFICER, "決算書（令和8年3月期）")
        for item, value in desk.items()
    }
    return Case(application, assessed, uploads, readings, TODAY)


def home_case() -> Case:
    """Return a home loan with everything known."""
    return make_case("home_loan", HOME, HOME_DESK)
