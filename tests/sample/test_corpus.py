"""The sample institution's package data agree with themselves: documents, fees, people, routes, questions."""

from __future__ import annotations

import csv
import re
import tomllib
from collections import Counter
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

import akashi.sample
from akashi.core.people import FIRST_LINE, SECOND_LINE, Role

DATA = Path(akashi.sample.__file__).parent / "data"
FOREVER = date.max
YEN = re.compile(r"\d[\d,]*円(?!単位|相当|以上)")
SENTENCE = re.compile(r"[^。\n]+")


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))


MANIFEST = _load("manifest.toml")
VERSIONS: list[dict[str, Any]] = MANIFEST["document"]
APPROVED = [entry for entry in VERSIONS if entry["state"] == "approved"]
INSTITUTION = _load("institution.toml")
ROUTES = _load("routes.toml")
QUESTIONS = _load("questions.toml")
AS_OF: date = QUESTIONS["as_of"]


def _name(entry: dict[str, Any]) -> str:
    return f"{entry['key']}-v{entry['version']}"


def _text(entry: dict[str, Any]) -> str:
    return Path(DATA, entry["file"]).read_text(encoding="utf-8")


def _faq(entry: dict[str, Any]) -> list[tuple[str, str]]:
    with (DATA / entry["file"]).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, strict=True))
    return [(row["question"], row["answer"]) for row in rows]


def _overlaps(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return bool(
        one["effective_from"] <= other.get("effective_to", FOREVER)
        and other["effective_from"] <= one.get("effective_to", FOREVER)
    )


def _holds_on(entry: dict[str, Any], day: date) -> bool:
    return bool(entry["effective_from"] <= day <= entry.get("effective_to", FOREVER))


def _headings(entry: dict[str, Any]) -> set[str]:
    text = _text(entry)
    if entry["file"].endswith(".html"):
        return set(re.findall(r"<h[1-6]>(.*?)</h[1-6]>", text))
    return set(re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE))


def _answer(key: str, version: int, question: str) -> str:
    entry = next(item for item in VERSIONS if (item["key"], item["version"]) == (key, version))
    return dict(_faq(entry))[question]


def _fee_text(version: int) -> str:
    return _text(next(item for item in VERSIONS if (item["key"], item["version"]) == ("fees", version)))


def _fee_tables(version: int) -> str:
    """Return the fee document from its first table on, without the summary of what changed."""
    return _fee_text(version).split("## 振込手数料\n", 1)[1]


def _fee_row(version: int, section: str, label: str) -> list[str]:
    """Return the cells beside ``label`` in a section of the fee table, as they are printed."""
    body = _fee_text(version).split(f"## {section}\n", 1)[1].split("\n## ", 1)[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in body.splitlines() if "|" in line
    ]
    found = [row[1:] for row in rows if row[0] == label]
    assert len(found) == 1, f"fees v{version}: {section} / {label} stands {len(found)} times"
    return found[0]


FAQ = [entry for entry in VERSIONS if entry["kind"] == "faq"]
DOCUMENTS = [entry for entry in VERSIONS if entry["kind"] == "document"]
CUSTOMERS = [entry for entry in VERSIONS if entry["audience"] == "customers"]


# Documents and their versions


def test_there_are_enough_questions_in_force_today() -> None:
    today = [entry for entry in FAQ if entry["state"] == "approved" and _holds_on(entry, AS_OF)]
    assert sum(len(_faq(entry)) for entry in today) >= 170
    assert len(today) >= 16


def test_at_least_ten_longer_documents_are_in_force_today() -> None:
    today = [entry for entry in DOCUMENTS if entry["state"] == "approved" and _holds_on(entry, AS_OF)]
    assert len(today) >= 10
    assert {_name(entry) for entry in today if not 1500 <= len(_text(entry)) <= 5000} == set()


def test_every_file_is_listed_once_and_every_listed_file_exists() -> None:
    listed = [entry["file"] for entry in VERSIONS]
    kept = [
        path.relative_to(DATA).as_posix() for part in ("faq", "documents") for path in (DATA / part).iterdir()
    ]
    assert sorted(listed) == sorted(kept)


def test_document_fields_are_complete() -> None:
    offices = {office["id"] for office in INSTITUTION["office"]}
    for entry in VERSIONS:
        assert entry["kind"] in {"faq", "document"}
        assert entry["audience"] in {"customers", "staff"}
        assert entry["state"] in {"approved", "draft", "withdrawn"}
        assert entry["owner_office"] in offices
        assert entry["title"].strip()
        assert entry["title_en"].isascii()


def test_versions_are_numbered_from_one_and_keep_kind_and_audience() -> None:
    for key in {entry["key"] for entry in VERSIONS}:
        versions = [entry for entry in VERSIONS if entry["key"] == key]
        assert [entry["version"] for entry in versions] == list(range(1, len(versions) + 1))
        assert len({(entry["kind"], entry["audience"]) for entry in versions}) == 1


def test_effective_days_are_in_order() -> None:
    for entry in VERSIONS:
        start, end = entry["effective_from"], entry.get("effective_to", FOREVER)
        assert type(start) is date, _name(entry)
        assert date(2025, 4, 1) <= start <= date(2027, 4, 1), _name(entry)
        assert start < end, _name(entry)


def test_approved_versions_of_one_document_never_overlap() -> None:
    clashes = [
        (_name(one), _name(other))
        for one, other in combinations(APPROVED, 2)
        if one["key"] == other["key"] and _overlaps(one, other)
    ]
    assert clashes == []


def test_overlap_is_noticed() -> None:
    first = {"effective_from": date(2026, 4, 1), "effective_to": date(2026, 9, 30)}
    assert _overlaps(first, {"effective_from": date(2026, 9, 30)})
    assert not _overlaps(first, {"effective_from": date(2026, 10, 1)})


def test_a_draft_a_withdrawn_a_past_and_a_coming_version_exist() -> None:
    assert {"draft", "withdrawn"} <= {entry["state"] for entry in VERSIONS}
    past = {entry["key"] for entry in APPROVED if entry.get("effective_to", FOREVER) < AS_OF}
    coming = {entry["key"] for entry in APPROVED if entry["effective_from"] > AS_OF}
    assert past >= {"faq_internet_banking", "disaster_support"}
    assert coming >= {"fees", "faq_fees"}


@pytest.mark.parametrize("entry", FAQ, ids=_name)
def test_a_topic_asks_nothing_twice_and_answers_in_a_readable_length(entry: dict[str, Any]) -> None:
    rows = _faq(entry)
    assert [question for question, count in Counter(q for q, _ in rows).items() if count > 1] == []
    assert [question for question, answer in rows if not 60 <= len(answer) <= 350] == []
    assert all(question == question.strip() and answer.endswith("。") for question, answer in rows)


def test_no_question_stands_in_two_topics() -> None:
    today = [entry for entry in FAQ if entry["state"] == "approved" and _holds_on(entry, AS_OF)]
    counted = Counter(question for entry in today for question, _ in _faq(entry))
    assert [question for question, count in counted.items() if count > 1] == []


# What customers must not see, and what must not exist outside this fiction


def test_staff_only_words_stand_in_no_customers_document() -> None:
    words = MANIFEST["staff_only_terms"]
    leaks = [(_name(entry), word) for entry in CUSTOMERS for word in words if word in _text(entry)]
    assert leaks == []


def test_staff_only_words_do_stand_in_staff_documents() -> None:
    staff = "".join(_text(entry) for entry in VERSIONS if entry["audience"] == "staff")
    assert [word for word in MANIFEST["staff_only_terms"] if word not in staff] == []


def test_phone_numbers_and_mail_addresses_are_fictional() -> None:
    everything = "".join(path.read_text(encoding="utf-8") for path in DATA.rglob("*.*"))
    phones = re.findall(r"(?<![\d-])0\d{1,3}-\d{2,4}-\d{3,4}(?![\d-])", everything)
    assert len(phones) > 50
    assert {phone for phone in phones if not phone.startswith(("0120-000-", "000-000-"))} == set()
    no_packages = re.sub(r"pkg:[^\s\"',]+", "", everything)
    assert {
        host for host in re.findall(r"@([\w.-]+)", no_packages) if not host.endswith("example.jp")
    } == set()


# Fees: answers and table agree in each version

FLOODED = "台風で通帳も印鑑も流されました。お金を下ろせますか"
PREPAY_BUSINESS = "事業のローンを早めに返すと手数料がかかりますか"
SMALL_BALANCE = "残高が少ない口座でも全員の書類が要りますか"
Row = tuple[str, str]
TRANSFER, ATM, ISSUE = "振込手数料", "ATM利用手数料", "発行・再発行の手数料"
ONLINE = "口座・インターネットバンキング・貸金庫の手数料"
CARD_BY_CUSTOMER = "キャッシュカードの再発行（紛失・盗難・お客さまの事情による破損）"
UNUSED_ACCOUNT = "未利用口座管理手数料（年間）"
CARD_BY_WEAR = "キャッシュカードの再発行（磁気・ICチップの不良）"
LOAN, BUSINESS_LOAN = "住宅ローンの手数料", "事業性融資の手数料"
BY_CARD, BY_CASH = "ATM（当行キャッシュカード）", "ATM（現金）"
PERSONAL, BUSINESS = "個人インターネットバンキング・アプリ", "法人インターネットバンキング"
OWN, STORE, OTHER = (
    "当行ATM（当行カードでのお引出し）",
    "提携コンビニATM（お引出し・お預入れ）",
    "他の金融機関のATM（お引出し）",
)

# question of the topic 振込・手数料 -> rows of the table whose every amount the answer must name
WHOLE_ROWS: dict[str, list[Row]] = {
    "窓口で他の銀行に振り込むといくらかかりますか": [(TRANSFER, "窓口")],
    "現金でATMから振り込めますか": [(TRANSFER, BY_CASH)],
    "会社のネットバンキングの振込手数料を知りたい": [(TRANSFER, BUSINESS)],
    "毎月決まった額を自動で振り込みたい": [(TRANSFER, "定額自動送金")],
    "コンビニATMの手数料を教えて": [(ATM, STORE)],
    "ATMで預け入れるときにも手数料がかかりますか": [(ATM, STORE)],
    "お札を両替したいのですがいくらかかりますか": [
        ("両替・硬貨入金の手数料", "11枚から500枚"),
        ("両替・硬貨入金の手数料", "501枚から1,000枚"),
    ],
    "貸金庫の料金はいくらですか": [
        (ONLINE, "貸金庫（小型・年間）"),
        (ONLINE, "貸金庫（中型・年間）"),
        (ONLINE, "貸金庫（大型・年間）"),
    ],
    "過去の入出金の明細を紙でもらいたい": [(ISSUE, "取引明細表（1口座・1か月分）")],
    "振込先を間違えたので取り消してほしい": [("振込の組戻し・訂正", "振込の組戻し（1件）")],
}
# the same for single columns, counted from the right of the label
CELLS: dict[str, list[tuple[Row, slice]]] = {
    "ATMから他の銀行へ振り込むときの手数料は": [
        ((TRANSFER, BY_CARD), slice(2, None)),
        ((TRANSFER, BY_CASH), slice(2, None)),
    ],
    "ネットで他の銀行に振り込むといくらですか": [((TRANSFER, PERSONAL), slice(2, None))],
    "同じ銀行の中での振込は無料ですか": [
        ((TRANSFER, "窓口"), slice(0, 2)),
        ((TRANSFER, BY_CARD), slice(0, 2)),
        ((TRANSFER, BY_CASH), slice(0, 2)),
    ],
    "平日の昼間にATMでお金を下ろすと手数料はかかりますか": [
        ((ATM, OWN), slice(0, 2)),
        ((ATM, STORE), slice(0, 1)),
        ((ATM, OTHER), slice(0, 1)),
    ],
    "夜にATMを使うと手数料がかかりますか": [
        ((ATM, OWN), slice(1, 2)),
        ((ATM, STORE), slice(1, 2)),
        ((ATM, OTHER), slice(1, 2)),
    ],
    "土日や祝日のATM手数料はいくら": [
        ((ATM, OWN), slice(2, 3)),
        ((ATM, STORE), slice(2, 3)),
        ((ATM, OTHER), slice(2, 3)),
    ],
}
# answers of topics that hold across both fee tables: (topic, its version, question) -> row
UNCHANGED: list[tuple[str, int, str, Row]] = [
    ("faq_cards_atm", 1, "カードが折れた・割れた", (ISSUE, CARD_BY_CUSTOMER)),
    ("faq_cards_atm", 1, "カードがATMで読み取れない", (ISSUE, CARD_BY_WEAR)),
    ("faq_cards_atm", 1, "家族にもキャッシュカードを持たせたい", (ISSUE, "代理人カードの発行")),
    ("faq_lost", 1, "キャッシュカードをなくした", (ISSUE, CARD_BY_CUSTOMER)),
    ("faq_lost", 1, "通帳をなくした", (ISSUE, "通帳・証書の再発行（紛失・盗難）")),
    ("faq_lost", 1, "銀行印をなくした", (ISSUE, "届出印の変更（紛失・盗難による）")),
    ("faq_lost", 1, "印鑑を別のものに変えたい", (ISSUE, "届出印の変更（お客さまのご希望による）")),
    ("faq_accounts", 1, "残高証明書がほしい", (ISSUE, "残高証明書（都度発行・1通）")),
    ("faq_inheritance", 1, "亡くなった親の残高証明書がほしい", (ISSUE, "残高証明書（都度発行・1通）")),
    ("faq_accounts", 1, "使っていない口座に手数料がかかると聞きました", (ONLINE, UNUSED_ACCOUNT)),
    ("faq_home_loan", 1, "住宅ローンを全部返してしまいたい", (LOAN, "全額繰上返済（窓口）")),
    ("faq_home_loan", 1, "住宅ローンを一部だけ早く返したい", (LOAN, "一部繰上返済（窓口）")),
    ("faq_business_loan", 1, PREPAY_BUSINESS, (BUSINESS_LOAN, "全額繰上返済")),
    ("faq_business_loan", 1, PREPAY_BUSINESS, (BUSINESS_LOAN, "一部繰上返済")),
    ("faq_foreign_currency", 1, "海外にお金を送りたい", ("外国為替の手数料", "外国送金（窓口・1件）")),
    ("faq_branches_complaints", 1, "自分の情報を開示してほしい", (ISSUE, "個人情報の開示（1件）")),
    ("faq_internet_banking", 2, "予約した振込をやめたい", ("振込の組戻し・訂正", "振込の組戻し（1件）")),
]  # fmt: skip
# the exchange margin and the guarantee premium are no lines of the fee table
NOT_IN_TABLE = {"外貨預金の為替手数料はいくらですか", "住宅ローンの保証料型と手数料型はどう違いますか"}


def _amounts(cells: list[str]) -> set[str]:
    return {amount for cell in cells for amount in (*YEN.findall(cell), *re.findall("無料", cell))}


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("question", WHOLE_ROWS)
def test_an_answer_names_every_amount_of_its_rows(question: str, version: int) -> None:
    answer = _answer("faq_fees", version, question)
    for section, label in WHOLE_ROWS[question]:
        cells = _rows_of_same_name(version, section, label)
        assert _amounts(cells) <= set(YEN.findall(answer)) | {"無料"}, label
        assert ("無料" in _amounts(cells)) <= ("無料" in answer), label


def _rows_of_same_name(version: int, section: str, label: str) -> list[str]:
    """Return the row; the tables of changing money and of coins share some labels and amounts."""
    if section != "両替・硬貨入金の手数料":
        return _fee_row(version, section, label)
    rows = re.findall(rf"^\| {re.escape(label)} \| (.+?) \|$", _fee_text(version), flags=re.MULTILINE)
    return rows[:1]


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("question", CELLS)
def test_an_answer_names_exactly_the_amounts_of_its_cells(question: str, version: int) -> None:
    answer = _answer("faq_fees", version, question)
    wanted = set().union(*(_amounts(_fee_row(version, *row)[columns]) for row, columns in CELLS[question]))
    assert wanted - {"無料"} == set(YEN.findall(answer))
    assert ("無料" in wanted) <= ("無料" in answer)


@pytest.mark.parametrize(("topic", "number", "question", "row"), UNCHANGED)
def test_an_answer_that_holds_across_fee_tables_agrees_with_both(
    topic: str, number: int, question: str, row: Row
) -> None:
    answer = _answer(topic, number, question)
    first, second = _fee_row(1, *row), _fee_row(2, *row)
    assert first == second
    assert all(amount in answer for amount in _amounts(first))


def _named_fees(text: str) -> set[str]:
    sentences = [part for part in SENTENCE.findall(text) if "手数料" in part]
    return {amount for part in sentences for amount in YEN.findall(part)}


@pytest.mark.parametrize("entry", [item for item in APPROVED if item["kind"] == "faq"], ids=_name)
def test_every_fee_an_answer_names_stands_in_the_table_of_its_days(entry: dict[str, Any]) -> None:
    tables = [item for item in APPROVED if item["key"] == "fees" and _overlaps(item, entry)]
    assert tables
    for table in tables:
        known = set(YEN.findall(_fee_tables(table["version"])))
        for question, answer in _faq(entry):
            if question not in NOT_IN_TABLE:
                assert _named_fees(answer) <= known, f"{question} against {_name(table)}"


def test_product_pages_print_the_fees_of_both_tables() -> None:
    pages = {
        entry["key"]: _text(entry) for entry in APPROVED if entry["key"] in {"home_loan", "business_loan"}
    }
    for version in (1, 2):
        for label in (
            "一部繰上返済（窓口）",
            "全額繰上返済（窓口）",
            "事務取扱手数料（保証料型）",
            "固定金利期間の再選択",
        ):
            assert _fee_row(version, LOAN, label)[0] in pages["home_loan"]
        for label in ("一部繰上返済", "全額繰上返済", "返済条件の変更", "不動産担保事務（新規設定）"):
            assert f"| {label} | {_fee_row(version, BUSINESS_LOAN, label)[0]} |" in pages["business_loan"]


def test_a_changed_fee_is_noticed() -> None:
    assert "165円" in _named_fees(_answer("faq_fees", 1, "ネットで他の銀行に振り込むといくらですか"))
    assert "165円" not in set(YEN.findall(_fee_tables(2)))


@pytest.mark.parametrize(
    ("key", "question"),
    [
        ("faq_fees", "窓口で他の銀行に振り込むといくらかかりますか"),
        ("faq_fees", "コンビニATMの手数料を教えて"),
        ("faq_fees", "小銭をたくさん口座に入れたいのですが"),
        ("faq_internet_banking", "ネットで1日にいくらまで振り込めますか"),
        ("faq_internet_banking", "確認番号表（カード）はまだ使えますか"),
    ],
)
def test_two_versions_give_different_answers(key: str, question: str) -> None:
    assert _answer(key, 1, question) != _answer(key, 2, question)


@pytest.mark.parametrize(
    ("amount", "faq", "question", "document", "version"),
    [
        ("50万円", ("faq_internet_banking", 2), "ネットで1日にいくらまで振り込めますか", "ib_terms", 1),
        ("500万円", ("faq_internet_banking", 2), "今すぐネットの振込限度額を上げたい", "ib_terms", 1),
        ("1日20万円", ("faq_disaster", 1), FLOODED, "disaster_support", 2),
        ("500万円以内", ("faq_disaster", 1), "壊れた家を直すお金を借りたい", "disaster_support", 2),
        ("1.2％", ("faq_disaster", 1), "壊れた家を直すお金を借りたい", "disaster_support", 2),
        ("150万円", ("faq_inheritance", 1), "葬儀代を亡くなった人の口座から出したい", "inheritance", 1),
        ("100万円以下", ("faq_inheritance", 1), SMALL_BALANCE, "inheritance", 1),
        ("50万円", ("faq_cards_atm", 1), "1日にATMでいくらまで下ろせますか", "card_terms", 1),
        ("200万円", ("faq_cards_atm", 1), "ATMの引き出し限度額を上げたい", "card_terms", 1),
        ("1億円以内", ("faq_home_loan", 1), "住宅ローンはいくらまで、何年まで借りられますか", "home_loan", 1),
        ("40年以内", ("faq_home_loan", 1), "住宅ローンはいくらまで、何年まで借りられますか", "home_loan", 1),
        ("500万円以内", ("faq_business_loan", 1), "急ぎで事業のお金が必要です", "business_loan", 1),
        ("300万円", ("faq_accounts", 1), "ほかの支店でもお金を下ろせますか", "futsu_deposit_terms", 1),
    ],
)  # fmt: skip
def test_limits_agree_between_answer_and_document(
    amount: str, faq: tuple[str, int], question: str, document: str, version: int
) -> None:
    entry = next(item for item in VERSIONS if (item["key"], item["version"]) == (document, version))
    assert amount in _answer(*faq, question)
    assert amount in _text(entry)


# Register, routes, questions


def _ids(table: str) -> list[str]:
    return [row["id"] for row in INSTITUTION[table]]


@pytest.mark.parametrize(
    ("table", "least"),
    [("office", 10), ("person", 16), ("vendor", 8), ("contract", 8), ("service", 10), ("system", 12)],
)
def test_register_is_filled_with_unique_snake_case_ids(table: str, least: int) -> None:
    ids = _ids(table)
    assert len(ids) >= least
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", item) for item in ids)


def test_people_sit_in_known_offices_with_known_roles() -> None:
    offices = set(_ids("office"))
    roles = Counter(Role(role) for person in INSTITUTION["person"] for role in person["roles"])
    assert {person["id"] for person in INSTITUTION["person"] if person["office"] not in offices} == set()
    assert set(roles) == set(Role) - {Role.AUTHORITY}
    assert all(roles[role] >= 2 for role in FIRST_LINE | {Role.ADMINISTRATOR, Role.EXECUTIVE, Role.VALIDATOR})


def test_offices_of_services_and_systems_and_vendors_of_contracts_exist() -> None:
    for row in (*INSTITUTION["service"], *INSTITUTION["system"]):
        assert row["office"] in _ids("office")
    for contract in INSTITUTION["contract"]:
        assert contract["vendor"] in _ids("vendor")
        assert contract["start"] < contract["end"]
        assert contract["notice_days"] > 0


def test_both_ends_of_every_dependency_exist_and_no_system_stands_alone() -> None:
    ends = {(row[f"{side}_kind"], row[side]) for row in INSTITUTION["dependency"] for side in ("from", "to")}
    known = {(kind, item) for kind in ("service", "system", "vendor") for item in _ids(kind)}
    assert ends == known


def test_authority_table_names_known_routes_and_roles_for_each_size_of_risk() -> None:
    routes = {route["id"]: route for route in ROUTES["route"]}
    assert set(routes) == {"simple", "documents", "major", "loan"}
    lines = ROUTES["authority"]
    sizes = Counter((line["kind"], line["risk"]) for line in lines)
    assert set(sizes.values()) == {1}
    assert sizes.keys() == {(line["kind"], size) for line in lines for size in ("low", "medium", "high")}
    for line in lines:
        decision = next(step for step in routes[line["route"]]["steps"] if step["kind"] == "decision")
        assert line["decider"] in decision["roles"]


def test_first_line_decides_only_after_the_second_line_and_nobody_who_only_reads_takes_part() -> None:
    for route in ROUTES["route"]:
        steps = [(step["kind"], {Role(role) for role in step["roles"]}) for step in route["steps"]]
        assert [kind for kind, _ in steps if kind in {"draft", "decision"}] == ["draft", "decision"]
        assert not any(roles & {Role.AUDITOR, Role.ADMINISTRATOR, Role.AUTHORITY} for _, roles in steps)
        if steps[-1][1] & FIRST_LINE:
            assert any(kind == "concurrence" and roles <= SECOND_LINE for kind, roles in steps)
